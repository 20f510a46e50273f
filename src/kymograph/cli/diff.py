"""`kymograph diff RUN RUN`: where two runs differ."""

from __future__ import annotations

from collections.abc import Mapping

import click

import kymograph
from kymograph.cli.output import json_option, limit_option, print_json, print_table, store_option
from kymograph.cli.runs import stated

MISSING = object()


@click.command("diff")
@click.argument("first")
@click.argument("second")
@limit_option(200, "differences")
@json_option
@store_option
def command(first: str, second: str, limit: int, as_json: bool, store: str | None) -> None:
    """Show where two runs differ: config, tags, summary and the last values of their series."""
    opened = kymograph.open(store)
    a, b = opened.run(first), opened.run(second)
    differences = compare(described(a), described(b))
    shown = differences[:limit]
    if as_json:
        listed = [{"name": name, "first": one, "second": two} for name, one, two in shown]
        about = {"first": a.id, "second": b.id, "differences": listed, "total": len(differences)}
        print_json({**about, "truncated": len(differences) > limit})
        return
    if not differences:
        click.echo(f"{a.name} and {b.name} do not differ")
        return
    print_table(("", a.name, b.name), shown, keep=3)
    if len(differences) > limit:
        click.echo(f"{len(differences) - limit} more differences (--limit)", err=True)


def described(view: kymograph.RunView) -> dict[str, object]:
    """A run's facts under the names that queries use."""
    facts: dict[str, object] = {
        "project": view.project,
        "status": view.status,
        "group": view.group,
        "notes": view.notes,
        "duration": view.duration,
    }
    for word, block in (("config", view.config), ("tag", view.tags), ("summary", stated(view))):
        facts.update({f"{word}.{name}": value for name, value in flat(block).items()})
    facts.update({key: view.stats(key).last for key in view.keys()})
    return facts


def flat(block: Mapping[str, object], above: str = "") -> dict[str, object]:
    """Nested mappings as one, names joined by /."""
    found: dict[str, object] = {}
    for name, value in block.items():
        path = f"{above}{name}"
        found.update(flat(value, f"{path}/") if isinstance(value, Mapping) else {path: value})
    return found


def compare(a: Mapping[str, object], b: Mapping[str, object]) -> list[tuple[str, object, object]]:
    """Name, first value, second value of everything that differs; None where one has nothing."""
    names = [*a, *(name for name in b if name not in a)]
    return [
        (name, a.get(name), b.get(name))
        for name in names
        if not _same(a.get(name, MISSING), b.get(name, MISSING))
    ]


def _same(one: object, two: object) -> bool:
    return one == two or (one != one and two != two)
