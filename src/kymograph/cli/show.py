"""`kymograph show RUN`: everything about one run."""

from __future__ import annotations

import click

import kymograph
from kymograph.cli.diff import flat
from kymograph.cli.output import console, json_option, limit_option, print_json, print_table, store_option
from kymograph.cli.runs import stated
from kymograph.cli.words import cell, duration, moment, size

STATS = ("count", "last", "min", "max", "mean", "first")


@click.command("show")
@click.argument("run")
@limit_option(100, "keys")
@json_option
@store_option
def command(run: str, limit: int, as_json: bool, store: str | None) -> None:
    """Show everything about one RUN, named by its id or its name."""
    view = kymograph.open(store).run(run)
    keys = view.keys()
    series = {key: {stat: _stat(view, key, stat) for stat in STATS} for key in keys[:limit]}
    if as_json:
        print_json({**_facts(view), "keys": series, "total_keys": len(keys), "truncated": len(keys) > limit})
        return
    _print_facts(view)
    if series:
        click.echo()
        print_table(("key", *STATS), [(key, *stats.values()) for key, stats in series.items()])
    if len(keys) > limit:
        click.echo(f"{len(keys) - limit} more keys (--limit)", err=True)
    if view.traceback:
        click.echo(f"\n{view.traceback.rstrip()}")


def _facts(view: kymograph.RunView) -> dict[str, object]:
    return {
        "id": view.id,
        "name": view.name,
        "project": view.project,
        "status": view.status,
        "reason": view.status_reason,
        "traceback": view.traceback,
        "created": view.created,
        "ended": view.ended,
        "duration": view.duration,
        "group": view.group,
        "parent": view.parent,
        "fork": view.fork,
        "notes": view.notes,
        "tags": view.tags,
        "config": view.config,
        "summary": stated(view),
        "troubles": view.troubles,
        "size": view.size,
        "path": view.path,
    }


def _print_facts(view: kymograph.RunView) -> None:
    facts = _facts(view)
    facts["created"], facts["ended"] = moment(view.created), moment(view.ended)
    facts["duration"], facts["size"] = duration(view.duration), size(view.size)
    del facts["traceback"]  # it comes last, on its own lines
    for block in ("config", "summary"):
        facts.pop(block)
    out = console()
    for name, value in facts.items():
        if cell(value):
            out.print(f"{name:>10}  {cell(value)}", soft_wrap=True)
    for block, values in (("config", flat(view.config)), ("summary", stated(view))):
        for name, value in values.items():
            out.print(f"{block:>10}  {name} = {cell(value)}", soft_wrap=True)
            block = ""  # noqa: PLW2901 - said once, in the first line


def _stat(view: kymograph.RunView, key: str, stat: str) -> object:
    return getattr(view.stats(key), stat)
