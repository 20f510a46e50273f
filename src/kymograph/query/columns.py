"""Names that people type -> columns of the index, ready to be compared; kept until those change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from kymograph.query.cells import Cells
from kymograph.query.names import Reference, reference
from kymograph.store.index import Index
from kymograph.store.index_types import STAT_AT, Column

KEPT = 96  # columns

_PATHS = {"host": "program/host", "user": "program/user"}  # built-in names that are attributes of the program
_COMPUTED = ("name", "duration", "fork")


class Columns:
    """The columns of the runs table. Any thread may call; cells that were handed out never change."""

    def __init__(self, index: Index, goal: Callable[[str, str | None], str | None]) -> None:
        self._index = index
        self._goal = goal
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str | None], tuple[tuple[Column, ...], Cells]] = OrderedDict()

    def cells(self, name: str, project: str | None) -> Cells:
        """The column `name`, as typed, over the runs of a project (None: of all), newest first."""
        found = reference(name)
        if found.source == "built-in":
            return self._built_in(found.path, project)
        if found.source == "series":
            return self._series(found, project)
        if found.source == "summary":
            inner = reference(found.path)
            if inner.source != "series":  # the series may be called as a built-in column is
                inner = Reference("series", found.path, found.path)
            return self._first([*_attributes("summary", found), *self._stats(inner, project)], project)
        prefix = "" if found.source == "attribute" else found.source
        return self._first(_attributes(prefix, found), project)

    def _built_in(self, name: str, project: str | None) -> Cells:
        if name not in _COMPUTED:
            return self._first([_PATHS.get(name, name)], project)
        if name == "name":
            return self._first(["name", "id"], project)
        if name == "fork":
            return self._made(name, project, ("fork",), _fork)
        return self._made(name, project, ("created", "ended", "last_activity"), _duration)

    def _series(self, found: Reference, project: str | None) -> Cells:
        count = f"series/{found.path}/count"
        if found.stat is None:
            return self._made(
                "", project, (f"summary/{found.path}", f"series/{found.path}/last", count), _of_series
            )
        whole = f"series/{found.whole}/last"  # a key that happens to end like a statistic
        stats = self._stats(found, project)
        return (
            self._made("", project, (whole, *stats, count), _of_series)
            if stats
            else self._first([whole], project)
        )

    def _stats(self, found: Reference, project: str | None) -> list[str]:
        stat = found.stat or "last"
        if stat in ("best", "best_step"):
            goal = self._goal(found.path, project)
            stat = "" if goal is None else stat.replace("best", goal)
        return [f"series/{found.path}/{stat}"] if stat in STAT_AT else []

    def _first(self, names: list[str], project: str | None) -> Cells:
        """Per run the value of the first of these columns that has one."""
        return self._made("", project, tuple(names), _first_present)

    def _made(
        self, place: str, project: str | None, names: tuple[str, ...], make: Callable[..., Cells]
    ) -> Cells:
        """Cells made of columns; the same ones as long as the index hands out the same columns."""
        columns = tuple(self._index.column(name, project) for name in names)
        place += "\0".join(names)
        with self._lock:
            kept = self._kept.get((place, project))
            same = kept is not None and len(kept[0]) == len(columns)
            if kept and same and all(one is other for one, other in zip(kept[0], columns, strict=True)):
                self._kept.move_to_end((place, project))
                return kept[1]
        cells = make(len(self._index.run_ids(project)), *columns)
        with self._lock:
            self._kept[place, project] = (columns, cells)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return cells


def _attributes(prefix: str, found: Reference) -> list[str]:
    """The paths a typed name may mean: as it stands, and with its full stops as slashes."""
    paths = dict.fromkeys((found.path, found.folded))
    return [f"{prefix}/{path}" if prefix else path for path in paths]


def _first_present(runs: int, *columns: Column) -> Cells:
    there = [column for column in columns if not column.missing.all()]
    if not there:
        return Cells.missing(runs)
    cells = Cells(there[0].values)
    for column in there[1:]:
        if cells.present.all():
            break
        other = Cells(column.values)
        if cells.plain and other.plain:
            cells = Cells(np.where(cells.present, cells.values, other.values))
        else:
            cells = Cells(np.where(cells.present, _objects(cells), _objects(other)))
    return cells


def _of_series(runs: int, *columns: Column) -> Cells:
    """As `_first_present`; the last column counts points, so a logged NaN is a value, not missing."""
    cells = _first_present(runs, *columns[:-1])
    present = cells.present | (Cells(columns[-1].values).numbers > 0)
    return cells if np.array_equal(present, cells.present) else Cells(cells.values, present)


def _objects(cells: Cells) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    values = np.full(len(cells), None, dtype=object)
    values[cells.present] = cells.values[cells.present]
    return values


def _duration(_runs: int, created: Column, ended: Column, active: Column) -> Cells:
    end = Cells(ended.values).numbers
    end = np.where(np.isnan(end), Cells(active.values).numbers, end)
    return Cells(np.maximum(end - Cells(created.values).numbers, 0.0))


def _fork(_runs: int, fork: Column) -> Cells:
    """The id of the run that was forked from."""
    values = fork.values.tolist()
    return Cells.of([value.get("run") if isinstance(value, dict) else None for value in values])
