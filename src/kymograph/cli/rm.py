"""`kymograph rm`: runs to the trash, back, or gone for good."""

from __future__ import annotations

import os

import click

import kymograph
from kymograph.cli.output import json_option, print_json, store_option
from kymograph.cli.runs import folder_of
from kymograph.cli.words import size
from kymograph.errors import NotFound
from kymograph.store import upkeep
from kymograph.store.layout import StoreFolder
from kymograph.store.view import RunFolder


@click.command("rm")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@click.option("--query", "-q", default="", help="The runs that a query finds, besides those that are named.")
@click.option("--restore", is_flag=True, help="Take the runs out of the trash.")
@click.option("--purge", is_flag=True, help="Remove the runs for good; without a RUN, empty the trash.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@json_option
@store_option
def command(
    runs: tuple[str, ...],
    query: str,
    restore: bool,
    purge: bool,
    yes: bool,
    as_json: bool,
    store: str | None,
) -> None:
    """Move runs to the store's trash, where they can be taken back until they are purged."""
    if restore and purge:
        raise click.UsageError("--restore and --purge say opposite things; give one")
    if not runs and not query and not purge:
        raise click.UsageError("name a run, or give --query")
    folder = folder_of(store)
    if restore:
        done, word = _restored(folder, runs), "restored"
    elif purge:
        done, word = _purged(folder, runs, query, yes), "purged"
    else:
        done, word = _trashed(folder, runs, query, yes), "trashed"
    if as_json:
        print_json({word: done, "truncated": False})
    else:
        click.echo(
            f"{len(done)} {'run' if len(done) == 1 else 'runs'} {word}"
            + (f": {', '.join(done)}" if done else "")
        )
        if word == "trashed" and done:
            click.echo(
                "`kymograph rm --restore RUN` takes one back, `kymograph rm --purge` empties the trash"
            )


def _trashed(folder: StoreFolder, runs: tuple[str, ...], query: str, yes: bool) -> list[str]:
    store = kymograph.open(folder.path)
    chosen = _named(store, runs, query)
    if query and not yes:
        click.confirm(f"move {len(chosen)} runs to the trash?", abort=True, err=True)
    for run in chosen:
        store.trash(run)
    return chosen


def _restored(folder: StoreFolder, runs: tuple[str, ...]) -> list[str]:
    if not runs:
        raise click.UsageError("name the runs to restore")
    chosen = [_in_trash(folder, run) for run in runs]
    for run in chosen:
        upkeep.restore(folder, run)
    return chosen


def _purged(folder: StoreFolder, runs: tuple[str, ...], query: str, yes: bool) -> list[str]:
    there = {entry.id: entry.size for entry in upkeep.trashed(folder)}
    chosen: list[str] = []
    still_here: list[str] = []
    if runs or query:
        store = kymograph.open(folder.path)
        for run in runs:
            try:
                chosen.append(_in_trash(folder, run))
            except NotFound:
                still_here.append(store.run(run).id)
        still_here += _named(store, (), query) if query else []
    else:
        chosen = list(there)
    count = len(chosen) + len(still_here)
    if count and not yes:
        freed = sum(there.get(run, 0) for run in chosen)
        freed += sum(upkeep.size_of(folder.run_folder(run)) for run in still_here)
        click.confirm(f"remove {count} runs ({size(freed)}) for good?", abort=True, err=True)
    for run in still_here:
        store.trash(run)
    upkeep.purge(folder, [*chosen, *still_here])
    return [*chosen, *still_here]


def _named(store: kymograph.Store, runs: tuple[str, ...], query: str) -> list[str]:
    found = [store.run(run).id for run in runs]
    found += store.runs(query).ids if query else []
    return list(dict.fromkeys(found))


def _in_trash(folder: StoreFolder, run: str) -> str:
    """The id of a run in the trash, named by its id or its name."""
    ids = [entry.id for entry in upkeep.trashed(folder)]
    if run in ids:
        return run
    found = [id for id in ids if _name(os.path.join(folder.trash, id)) == run]
    if len(found) > 1:
        raise NotFound(
            f"{len(found)} runs in the trash are called {run!r}; name one by its id: {', '.join(found)}"
        )
    if not found:
        raise NotFound(f"no run {run!r} in the trash of {folder.path}")
    return found[0]


def _name(path: str) -> object:
    view = RunFolder(path)
    view.refresh()
    return view.attributes.get("name")
