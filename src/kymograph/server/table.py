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
    """The rows of one page."""
    fixed = {
        name: cells(matched.column(name), page) for name in ("name", "status", "created", "ended", "duration")
    }
    others = {name: texts(matched.column(name), page) for name in ("attributes.colour", "group", "parent")}
    cut = [cells(values, page) for values in wanted]
    troubles = trouble_counts(store, project, matched, page)
    return [
        RunRow(
            id=id,
            name=str(fixed["name"][i] or id),
            status=str(fixed["status"][i] or ""),
            colour=others["attributes.colour"][i],
            created=seconds(fixed["created"][i]),
            ended=seconds(fixed["ended"][i]),
            duration=seconds(fixed["duration"][i]),
            group=others["group"][i],
            parent=others["parent"][i],
            troubles=troubles[i],
            cells=[column[i] for column in cut],
        )
        for i, id in enumerate(matched.ids[page])
    ]


def cells(values: Any, page: slice) -> list[Cell]:
    """A column's part of the page; what is missing is null."""
    part = np.asarray(values)[page]
    if part.dtype == object:
        return [cell(value) for value in part.tolist()]
    return [None if value != value else cell(value) for value in part.tolist()]


def texts(values: Any, page: slice) -> list[str | None]:
    return [None if value is None else str(value) for value in cells(values, page)]


def seconds(value: Cell) -> float | None:
    return finite(value) if isinstance(value, float) else None


def trouble_counts(store: Store, project: str, matched: Runs, page: slice) -> list[int]:
    """How many kinds of trouble each run of the page had; projects without any have no such columns."""
    ids = matched.ids[page]
    kinds = {info.name for info in store.columns(project) if info.name.strip("`").startswith(TROUBLE)}
    counts = [0] * len(ids)
    for name in kinds:
        for i, value in enumerate(cells(matched.column(name), page)):
            counts[i] += value is not None
    return counts


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
    kinds = {kind_of_one(value) for value in values.tolist() if value is not None}
    return "json" if len(kinds) > 1 else next(iter(kinds), None)


def kind_of_one(value: object) -> Kind:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "json"
