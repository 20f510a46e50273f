"""`kymograph ls`: the runs table in the terminal."""

from __future__ import annotations

import fnmatch
import math
from dataclasses import dataclass

import click

import kymograph
from kymograph.cli.output import json_option, limit_option, print_json, print_table, store_option
from kymograph.cli.words import duration, moment

ALWAYS = ("name", "id", "status", "created", "duration")
MOMENTS = {"created", "started", "ended"}
KEYS_SHOWN = 8  # series columns when none are asked for
LIMIT = 50


@click.command("ls")
@click.option("--query", "-q", default="", help="Which runs, as in: config.lr < 0.01 and val/acc.max > 0.9")
@click.option("--sort", "-s", metavar="NAME", multiple=True, help="Sort by; -NAME for the other way round.")
@click.option("--project", "-p", metavar="NAME", help="Only this project.")
@click.option("--columns", "-c", metavar="NAMES", help="Comma-separated; * and ? match many: val/*,config.lr")
@limit_option(LIMIT, "runs")
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
    for name in runs.unknown:
        near = ", ".join(runs.nearest(name))
        click.echo(f"no run has {name!r}" + (f"; there is {near}" if near else ""), err=True)
    listing = made(opened, runs, project, columns)
    if as_json:
        print_json(listing.document())
    else:
        show(listing)


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of the runs table under their columns' names; `total` counts the runs before the limit."""

    names: list[str]
    rows: list[list[object]]
    total: int

    def document(self) -> dict[str, object]:
        """The listing as JSON shows it."""
        runs = [dict(zip(self.names, row, strict=True)) for row in self.rows]
        return {"runs": runs, "total": self.total, "truncated": self.total > len(runs)}


def made(
    opened: kymograph.Store, runs: kymograph.Runs, project: str | None = None, columns: str | None = None
) -> Listing:
    """The table of these runs; `columns` as typed, else the keys that have a goal."""
    names = [*ALWAYS, *(_asked(opened, project, columns) if columns else _usual(opened, project))]
    if project is None and len(opened.projects()) > 1:
        names.insert(1, "project")
    names = list(dict.fromkeys(names))
    table = runs.table(names)
    rows = [list(map(or_none, row)) for row in zip(*(table[name].tolist() for name in names), strict=True)]
    return Listing(names, rows, runs.total)


def show(listing: Listing) -> None:
    """Print the table; what is not in it is said on stderr."""
    rows = [
        [_word(name, value) for name, value in zip(listing.names, row, strict=True)] for row in listing.rows
    ]
    left_out = print_table(listing.names, rows)
    notes = []
    if listing.total > len(rows):
        notes.append(f"{listing.total - len(rows)} more runs (--limit)")
    if left_out:
        notes.append(f"{left_out} columns left out for want of width (--columns)")
    if notes:
        click.echo("; ".join(notes), err=True)


def _usual(opened: kymograph.Store, project: str | None) -> list[str]:
    keys = opened.keys(project)
    with_goal = [info.key for info in keys if info.goal]
    found = with_goal or [info.key for info in keys]
    return sorted(found, key=lambda key: not key.startswith(("val", "test", "eval")))[:KEYS_SHOWN]


def _asked(opened: kymograph.Store, project: str | None, columns: str) -> list[str]:
    there = [info.name for info in opened.columns(project)]
    names: list[str] = []
    for pattern in filter(None, (part.strip() for part in columns.split(","))):
        if any(sign in pattern for sign in "*?["):
            names += [name for name in there if fnmatch.fnmatchcase(name, pattern)]
        else:
            names.append(pattern)
    return names


def or_none(value: object) -> object:
    """A column of numbers says NaN where a run has nothing."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _word(name: str, value: object) -> object:
    if isinstance(value, float):
        if name in MOMENTS:
            return moment(value)
        if name == "duration":
            return duration(value)
    return value
