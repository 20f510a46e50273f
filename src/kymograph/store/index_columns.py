"""The runs of a store as a table in memory: one slot per run, one array per column that was asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kymograph.store.index_rows import Rows, RunRow, from_sql, numbers_or_objects
from kymograph.store.index_types import STAT_AT, STATS, Column

BUDGET = 192 * 2**20  # bytes of columns that are kept
_MANY = 200  # changed runs: above, the whole column is read again

Look = Callable[[str, str], object]  # (run, column) -> the value a live run has now; None where it has none
LookStats = Callable[[str, str], NDArray[np.float64] | None]


class RunTable:
    """Which runs there are, and the columns over them. A slot is never used for another run."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.slots: dict[str, int] = {}
        self.ids: list[str] = []
        self.version = 1  # rises with every change of anything
        self._order_version = 1  # rises when runs come, go, or change project
        self._projects: list[str | None] = []  # None: the run is gone
        self._created = np.zeros(64)
        self._active = np.zeros(64)
        self._changed = np.zeros(64, np.int64)  # the version at which a slot last changed
        self._no = np.zeros(64, np.int64)  # run numbers in the index; 0 while it is not there
        self._live: set[str] = set()
        self._slot_of: NDArray[np.int64] = np.full(64, -1, np.int64)  # by run number
        self._orders: dict[str | None, tuple[int, list[str], NDArray[np.int64]]] = {}
        self._columns: OrderedDict[str, _Kept] = OrderedDict()
        self._given: OrderedDict[tuple[str, str | None], tuple[int, int, Column]] = OrderedDict()

    # Runs

    def settle(self, row: RunRow) -> None:
        """A run is in the index as this row says."""
        slot = self._place(row.id, row.project, row.created, row.active)
        self._slot_of[self._no[slot]] = -1
        self._no[slot] = row.no
        if row.no >= len(self._slot_of):
            more = np.full(max(row.no + 1, 2 * len(self._slot_of)) - len(self._slot_of), -1, np.int64)
            self._slot_of = np.append(self._slot_of, more)
        self._slot_of[row.no] = slot
        self._live.discard(row.id)

    def live(self, id: str, project: str, created: float, active: float) -> None:
        """A run is not settled and has changed: its values are asked from the folder."""
        self._place(id, project, created, active)
        self._live.add(id)

    def _place(self, id: str, project: str, created: float, active: float) -> int:
        slot = self.slots.get(id)
        if slot is None:
            slot = self.slots[id] = len(self.ids)
            self.ids.append(id)
            self._projects.append(None)
            if slot >= len(self._created):
                for array in ("_created", "_active", "_changed", "_no"):
                    setattr(self, array, np.resize(getattr(self, array), 2 * slot))
            self._no[slot] = 0
        self.version += 1
        if self._projects[slot] != project or self._created[slot] != created:
            self._order_version = self.version
        self._projects[slot], self._created[slot], self._active[slot] = project, created, active
        self._changed[slot] = self.version
        return slot

    def remove(self, id: str) -> None:
        """A run is gone."""
        slot = self.slots.pop(id, None)
        if slot is None:
            return
        self.version += 1
        self._order_version = self.version
        self._projects[slot], self._changed[slot] = None, self.version
        self._slot_of[self._no[slot]] = -1
        self._live.discard(id)

    def project(self, id: str) -> str:
        """The project of a run that is there."""
        return self._projects[self.slots[id]] or ""

    def projects(self) -> list[str]:
        """The names of all projects."""
        return sorted({name for name in set(self._projects) if name is not None})

    def order(self, project: str | None) -> tuple[list[str], NDArray[np.int64]]:
        """Ids and slots of a project's runs, or of all, newest first."""
        kept = self._orders.get(project)
        if kept is not None and kept[0] == self._order_version:
            return kept[1], kept[2]
        if project is None:
            slots = [slot for slot, name in enumerate(self._projects) if name is not None]
        else:
            slots = [slot for slot, name in enumerate(self._projects) if name == project]
        found = np.array(slots, np.int64)
        found = found[np.lexsort((-found, -self._created[found]))]
        ids = [self.ids[slot] for slot in found.tolist()]
        if len(self._orders) > len(self.slots) + 1:
            self._orders.clear()  # projects that are gone
        self._orders[project] = (self._order_version, ids, found)
        return ids, found

    def times(self, project: str | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """When each run was created and last active, in the order of `order`."""
        slots = self.order(project)[1]
        return self._created[slots], self._active[slots]

    def numbers(self, ids: list[str]) -> list[int]:
        """Run numbers in the index; 0 for runs that are live, unknown or not there yet."""
        slots = (-1 if id in self._live else self.slots.get(id, -1) for id in ids)
        return [int(self._no[slot]) if slot >= 0 else 0 for slot in slots]

    # Columns

    def column(self, name: str, project: str | None, look: Look) -> Column:
        """One column over a project's runs, or all; the same object until it changes."""
        ids, slots = self.order(project)
        kept = self._fresh(name, lambda: self._read(name), lambda slot: self._value(name, slot, look))
        place = (name, project)
        given = self._given.get(place)
        if given is not None and given[0] == kept.changed and given[1] == self._order_version:
            return given[2]
        values = kept.values[slots]
        values.setflags(write=False)
        column = Column(ids, values)
        self._given[place] = (kept.changed, self._order_version, column)
        self._given.move_to_end(place)
        while len(self._given) > len(self._columns) * 2 + 16:
            self._given.popitem(last=False)
        return column

    def stats(self, key: str, ids: list[str], look: LookStats) -> NDArray[np.float64]:
        """A table of runs x STATS for one key; NaN where a run has not the key, or is not there."""
        name = f"\0{key}"  # no attribute is called so
        kept = self._fresh(name, lambda: self._read_stats(key), lambda slot: self._stats(key, slot, look))
        if not len(kept.values):
            return np.full((len(ids), len(STATS)), np.nan)
        slots = np.array([self.slots.get(id, -1) for id in ids], np.int64)
        return np.where((slots >= 0)[:, None], kept.values[slots], np.nan)

    def _fresh(self, name: str, read: Callable[[], NDArray[Any]], value: Callable[[int], object]) -> _Kept:
        kept = self._columns.get(name)
        if kept is None:
            kept = self._columns[name] = _Kept(read(), self.version)
            dirty = [self.slots[id] for id in self._live]
        elif kept.version == self.version:
            return kept
        else:
            dirty = np.flatnonzero(self._changed[: len(self.ids)] > kept.version).tolist()
            if len(dirty) > _MANY:
                kept.replace(read(), self.version)
                dirty = [self.slots[id] for id in self._live]
        kept.grow(len(self.ids))
        for slot in dirty:
            kept.set(slot, value(slot), self.version)
        kept.version = self.version
        self._columns.move_to_end(name)
        self._keep_within(BUDGET)
        return kept

    def _keep_within(self, budget: int) -> None:
        size = sum(kept.size for kept in self._columns.values())
        while size > budget and len(self._columns) > 1:
            name, kept = self._columns.popitem(last=False)
            size -= kept.size
            for place in [place for place in self._given if place[0] == name]:
                del self._given[place]

    def _read(self, name: str) -> NDArray[Any]:
        """A column of the settled runs, by slot."""
        series = series_stat(name)
        if series is not None:
            key, stat = series
            runs, table = self.rows.series(key)
            values: NDArray[Any] = table[:, STAT_AT[stat]]
        else:
            runs, found = self.rows.attribute(name)
            values = numbers_or_objects(found)
        if values.dtype == object:
            column: NDArray[Any] = np.full(len(self.ids), None, object)
        else:
            column = np.full(len(self.ids), np.nan)
        slots, known = self._known(runs)
        column[slots] = values[known]
        return column

    def _read_stats(self, key: str) -> NDArray[np.float64]:
        runs, table = self.rows.series(key)
        column = np.full((len(self.ids), len(STATS)), np.nan)
        slots, known = self._known(runs)
        column[slots] = table[known]
        return column

    def _known(self, runs: list[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Slots of run numbers; numbers that another process has just written are left out until `sync`."""
        numbers = np.array(runs, np.int64)
        last = len(self._slot_of) - 1
        slots = np.where(numbers <= last, self._slot_of[np.minimum(numbers, last)], -1)
        return slots[slots >= 0], slots >= 0

    def _value(self, name: str, slot: int, look: Look) -> object:
        id = self.ids[slot]
        if self._projects[slot] is None:
            return None
        if id in self._live:
            return look(id, name)
        series = series_stat(name)
        if series is not None:
            table = self.rows.series(series[0], int(self._no[slot]))[1]
            return float(table[0, STAT_AT[series[1]]]) if len(table) else None
        found = self.rows.attribute(name, int(self._no[slot]))[1]
        return from_sql(found[0]) if found else None

    def _stats(self, key: str, slot: int, look: LookStats) -> NDArray[np.float64] | None:
        id = self.ids[slot]
        if self._projects[slot] is None:
            return None
        if id in self._live:
            return look(id, key)
        table = self.rows.series(key, int(self._no[slot]))[1]
        return table[0] if len(table) else None


class _Kept:
    """A column by slot, and the version of the table that it is true for."""

    def __init__(self, values: NDArray[Any], version: int) -> None:
        self.values, self.version, self.changed = values, version, version

    def replace(self, values: NDArray[Any], version: int) -> None:
        self.values, self.changed = values, version

    @property
    def size(self) -> int:
        """Bytes, about: small objects are counted too."""
        return self.values.nbytes * (8 if self.values.dtype == object else 1)

    def grow(self, length: int) -> None:
        """Make room for new runs, which have no value until it is set."""
        more = length - len(self.values)
        if more > 0:
            empty = np.full((more, *self.values.shape[1:]), None if self.values.dtype == object else np.nan)
            self.values = np.concatenate([self.values, empty.astype(self.values.dtype)])

    def set(self, slot: int, value: Any, version: int) -> None:
        """Set one run's value. What was handed out before stays as it was: it is a copy."""
        if self.values.dtype != object:
            if value is None:
                value = np.nan
            elif isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray)):
                self.values = np.array([None if v != v else v for v in self.values.tolist()] or [], object)
        if not _same(self.values[slot], value):
            self.values[slot] = value
            self.changed = version


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return bool(np.array_equal(old, np.broadcast_to(new, old.shape), equal_nan=True))
    if type(old) is type(new) or (isinstance(old, float) and isinstance(new, (int, float))):
        return bool(old == new or (old != old and new != new))
    return False


def series_stat(name: str) -> tuple[str, str] | None:
    """Key and statistic of a column `series/KEY/STAT`; None for any other name."""
    if not name.startswith("series/"):
        return None
    key, _, stat = name[len("series/") :].rpartition("/")
    return (key, stat) if stat in STAT_AT and key else None
