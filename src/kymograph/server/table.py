"""One page of the runs table: its rows, and what is said of each column over all matched runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import NotFound
from kymograph.query.names import reference
from kymograph.query.nearest import hint
from kymograph.query.project import Runs, Store
from kymograph.server.schema import (
    Cell,
    Goal,
    Kind,
    RunRow,
    RunsAsk,
    RunsReply,
    TableColumn,
    as_goal,
    cell,
    finite,
)

OF_A_VALUE = {None, "last", "min", "max", "mean", "first", "best"}  # a goal speaks of these, not of counts
FIXED = ("name", "status", "created", "ended", "duration", "attributes.colour", "group", "parent")
KINDS: dict[type, Kind] = {bool: "bool", int: "number", float: "number", str: "text"}
TROUBLE = "attributes.trouble/"
Values = NDArray[Any]


def table(store: Store, project: str, ask: RunsAsk) -> RunsReply:
    """The matched runs in their order, cut to one page."""
    infos = {info.name: info for info in store.projects()}
    if project not in infos:
        raise NotFound(f"no project {project!r}{hint(project, infos)}")
    matched = store.runs(ask.query, project=project, sort=ask.sort or None)
    goals = {key.key: key.goal for key in store.keys(project)}
    wanted = [np.asarray(matched.column(name)) for name in ask.columns]
    return RunsReply(
        total=infos[project].runs,
        matched=len(matched),
        live=infos[project].live,
        columns=[
            about(name, values, goal_of(name, goals))
            for name, values in zip(ask.columns, wanted, strict=True)
        ],
        rows=rows(store, project, matched, slice(ask.offset, ask.offset + ask.limit), wanted),
    )


def rows(store: Store, project: str, matched: Runs, page: slice, wanted: Sequence[Values]) -> list[RunRow]:
    """The rows of one page. What every row has is read for the page only: there may be 100,000 runs."""
    ids = matched.ids[page]

    def column(name: str) -> list[Cell]:
        return cells(store.column_of(name, ids, project))

    fixed = {name: column(name) for name in FIXED}
    cut = [cells(values[page]) for values in wanted]
    troubles = trouble_counts(store, project, ids)
    return [
        RunRow(
            id=id,
            name=text(fixed["name"][i]) or id,
            status=text(fixed["status"][i]) or "",
            colour=text(fixed["attributes.colour"][i]),
            created=seconds(fixed["created"][i]),
            ended=seconds(fixed["ended"][i]),
            duration=seconds(fixed["duration"][i]),
            group=text(fixed["group"][i]),
            parent=text(fixed["parent"][i]),
            troubles=troubles[i],
            cells=[column[i] for column in cut],
        )
        for i, id in enumerate(ids)
    ]


def cells(values: Values) -> list[Cell]:
    """A part of a column as it goes on the wire; what is missing is null."""
    if values.dtype == object:
        return [cell(value) for value in values.tolist()]
    return [None if value != value else cell(value) for value in values.tolist()]


def text(value: Cell) -> str | None:
    return None if value is None else str(value)


def seconds(value: Cell) -> float | None:
    return finite(value) if isinstance(value, float) else None


def trouble_counts(store: Store, project: str, ids: list[str]) -> list[int]:
    """How many kinds of trouble each of these runs had; projects without any have no such columns."""
    kinds = [info.name for info in store.columns(project) if info.name.replace("`", "").startswith(TROUBLE)]
    counts = np.zeros(len(ids), np.int64)
    for name in kinds:
        counts += [value is not None for value in cells(store.column_of(name, ids, project))]
    return counts.tolist()


def goal_of(name: str, goals: dict[str, str | None]) -> Goal | None:
    """Whether more or less is better in this column, as `run.define` said of its key."""
    meant = reference(name)
    if meant.source == "series" and meant.whole in goals:
        return as_goal(goals[meant.whole])
    if meant.source not in {"series", "summary"} or meant.stat not in OF_A_VALUE:
        return None
    return as_goal(goals.get(meant.path))


def about(name: str, values: Values, goal: Goal | None) -> TableColumn:
    """What the table says of one column, over all matched runs."""
    numbers = as_numbers(values)
    there = np.flatnonzero(np.isfinite(numbers)) if numbers is not None else np.empty(0, np.int64)
    best = low = high = None
    if numbers is not None and len(there):
        low, high = float(numbers[there].min()), float(numbers[there].max())
        if goal:
            best = int(there[numbers[there].argmin() if goal == "min" else numbers[there].argmax()])
    return TableColumn(name=name, kind=kind_of(values), goal=goal, best=best, low=low, high=high)


def as_numbers(values: Values) -> NDArray[np.float64] | None:
    """The column as numbers, NaN where there is none; None when it holds anything else."""
    if values.dtype != object:
        return values.astype(np.float64, copy=False) if values.dtype.kind in "fiu" else None
    if kind_of(values) != "number":
        return None
    return np.array([np.nan if value is None else value for value in values], np.float64)


def kind_of(values: Values) -> Kind | None:
    """What the column holds: one kind, or "json" for a mixture; None when it is empty."""
    if values.dtype != object:
        if values.dtype.kind == "b":
            return "bool"
        return "number" if not np.isnan(values).all() else None
    types = set(map(type, values.tolist())) - {type(None)}
    kinds = {KINDS.get(each, "json") for each in types}
    return "json" if len(kinds) > 1 else next(iter(kinds), None)
