"""`kymograph ls`: the runs table in the terminal."""

from __future__ import annotations

import fnmatch

import click

import kymograph
from kymograph.cli.output import json_option, limit_option, print_json, print_table, store_option
from kymograph.cli.words import duration, moment
from kymograph.query.project import Store

ALWAYS = ("name", "id", "status", "created", "duration")
KEYS_SHOWN = 8  # series columns when none are asked for


@click.command("ls")
@click.option("--query", "-q", default="", help="Which runs, as in: config.lr < 0.01 and val/acc.max > 0.9")
@click.option("--sort", "-s", metavar="NAME", multiple=True, help="Sort by; -NAME for the other way round.")
@click.option("--project", "-p", metavar="NAME", help="Only this project.")
@click.option("--columns", "-c", metavar="NAMES", help="Comma-separated; * and ? match many: val/*,config.lr")
@limit_option(50, "runs")
@json_option
@store_option
def command(
    query: str,
    sort: tuple[str, ...],
    project: str | None,
    columns: str | None,
    limit: int,
    as_json: bool,
    store: str | None,
) -> None:
    """List runs, newest first. Columns that do not fit the terminal are left out from the right."""
    opened = kymograph.open(store)
    runs = opened.runs(query, project=project, sort=list(sort) or None, limit=limit)
    names = [*ALWAYS, *(_asked(opened, project, columns) if columns else _usual(opened, project))]
    if project is None and len(opened.projects()) > 1:
        names.insert(2, "project")
    names = list(dict.fromkeys(names))
    table = {name: runs.column(name) for name in names}
    rows = [list(row) for row in zip(*table.values(), strict=True)]
    if as_json:
        found = [dict(zip(names, row, strict=True)) for row in rows]
        print_json({"runs": found, "total": runs.total, "truncated": runs.total > len(found)})
        return
    left_out = print_table(
        names, [[_word(name, value) for name, value in zip(names, row, strict=True)] for row in rows]
    )
    _say_what_is_not_shown(runs.total - len(rows), left_out)


def _usual(opened: Store, project: str | None) -> list[str]:
    keys = opened.keys(project)
    with_goal = [info.key for info in keys if info.goal]
    return [_quoted(key) for key in (with_goal or [info.key for info in keys])[:KEYS_SHOWN]]


def _asked(opened: Store, project: str | None, columns: str) -> list[str]:
    there = [info.name for info in opened.columns(project)]
    names: list[str] = []
    for pattern in filter(None, (part.strip() for part in columns.split(","))):
        if any(sign in pattern for sign in "*?["):
            names += [name for name in there if fnmatch.fnmatchcase(name, pattern)]
        else:
            names.append(pattern)
    return names


def _word(name: str, value: object) -> object:
    if isinstance(value, float):
        if name in {"created", "started", "ended"}:
            return moment(value)
        if name == "duration":
            return duration(value)
    return value


def _say_what_is_not_shown(runs: int, columns: int) -> None:
    notes = []
    if runs > 0:
        notes.append(f"{runs} more runs (--limit)")
    if columns > 0:
        notes.append(f"{columns} columns left out for want of width (--columns)")
    if notes:
        click.echo("; ".join(notes), err=True)
