"""`kymograph export`: points or the runs table, out of the store."""

from __future__ import annotations

import fnmatch
import os
import sys
from collections.abc import Iterator

import click
from rich.progress import Progress

import kymograph
from kymograph.cli.ls import or_none
from kymograph.cli.output import console, store_option
from kymograph.cli.writers import WRITERS, Batch, Column, Target
from kymograph.query.series import Raw

TABLE_COLUMNS = (
    "id",
    "name",
    "project",
    "status",
    "created",
    "ended",
    "duration",
    "group",
    "parent",
    "notes",
)


@click.command("export")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@click.option("--query", "-q", default="", help="Which runs, when none are named.")
@click.option("--project", "-p", metavar="NAME", help="Only this project.")
@click.option("--table", is_flag=True, help="One row per run instead of one per point.")
@click.option("--key", "-k", "keys", multiple=True, metavar="PATTERN", help="Only these keys: val/*, loss.")
@click.option("--format", "-f", "kind", type=click.Choice(list(WRITERS)), help="Default: as FILE ends.")
@click.option("--output", "-o", metavar="FILE", default="-", help="Default: standard output.")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@store_option
def command(
    runs: tuple[str, ...],
    query: str,
    project: str | None,
    table: bool,
    keys: tuple[str, ...],
    kind: str | None,
    output: str,
    force: bool,
    store: str | None,
) -> None:
    """Write every point (run, key, step, time, value or text), exact and unsampled; or one row per run."""
    kind = kind or _ending(output)
    if kind == "parquet" and output == "-":
        raise click.UsageError("parquet is binary: name a file with --output FILE")
    if output != "-" and os.path.exists(output) and not force:
        raise click.UsageError(f"{output} is there already; --force replaces it")
    opened = kymograph.open(store)
    chosen = _chosen(opened, runs, query, project)
    with Target(output) as file:
        writer = WRITERS[kind](file)
        for batch in [_table(opened, chosen, project)] if table else _points(chosen, keys):
            writer.write(batch)
        writer.close()


def _ending(output: str) -> str:
    ending = os.path.splitext(output)[1][1:]
    if output != "-" and ending not in WRITERS:
        raise click.UsageError(f"{output} does not end in .{', .'.join(WRITERS)}; name one with --format")
    return "csv" if output == "-" else ending


def _chosen(
    opened: kymograph.Store, named: tuple[str, ...], query: str, project: str | None
) -> kymograph.Runs:
    if named:
        ids = [opened.run(run, project).id for run in named]
        query = "id in [" + ", ".join(f'"{run}"' for run in ids) + "]"
    return opened.runs(query, project=project)


def _points(runs: kymograph.Runs, patterns: tuple[str, ...]) -> Iterator[Batch]:
    looks = sys.stderr.isatty()
    with Progress(console=console(error=True), disable=not looks, transient=True) as progress:
        for view in progress.track(list(runs), description="exporting"):
            for key in _matching(view.keys(), patterns):
                series = view.series(key)
                assert isinstance(series, Raw)  # no number of buckets was asked for
                yield _rows(view, key, series.step, series.time, value=series.value)
            for key in _matching(view.text_keys(), patterns):
                texts = view.texts(key)
                yield _rows(view, key, texts.step, texts.time, text=texts.text)


def _rows(
    view: kymograph.RunView,
    key: str,
    step: Column,
    time: Column,
    value: Column | None = None,
    text: Column | None = None,
) -> Batch:
    none = [None] * len(step)
    names = {"run": [view.id] * len(step), "key": [key] * len(step)}
    values = {"value": none if value is None else value, "text": none if text is None else text}
    return {**names, "step": step, "time": time, **values}


def _table(opened: kymograph.Store, runs: kymograph.Runs, project: str | None) -> Batch:
    names = dict.fromkeys((*TABLE_COLUMNS, *(info.name for info in opened.columns(project))))
    return {name: [or_none(value) for value in runs.column(name).tolist()] for name in names}


def _matching(keys: list[str], patterns: tuple[str, ...]) -> list[str]:
    if not patterns:
        return keys
    return [key for key in keys if any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)]
