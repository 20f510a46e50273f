"""A store that is read: its projects, its runs, what there is to ask for. What `kymograph.open()` gives."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import NotFound, StoreError, StoreNotFound
from kymograph.query.catalogue import Catalogue, ColumnInfo, KeyInfo
from kymograph.query.cells import Cells, Mask
from kymograph.query.columns import Columns
from kymograph.query.language import SortKey, parse, parse_sort
from kymograph.query.nearest import hint
from kymograph.query.reader import Reader
from kymograph.query.runs import Runs
from kymograph.query.runview import RunView
from kymograph.store import upkeep
from kymograph.store.index import Index
from kymograph.store.index_types import Changes, ProjectInfo
from kymograph.store.layout import StoreFolder

__all__ = ["Changes", "ColumnInfo", "KeyInfo", "ProjectInfo", "RunView", "Runs", "Store"]

SHORTEST_PREFIX = 4  # characters of an id that may stand for it
SLOWEST = 0.1  # seconds after which a glance looks again at the latest
PATIENCE = 0.05  # seconds within which a refresh begins to seal: a question may wait for one to end


class LateRun(Protocol):
    """What the front door opens for points and attributes that come late."""

    def log(self, values: Any, step: float | None = None, time: float | None = None) -> None: ...
    def finish(self) -> None: ...
    def _write(self, changes: dict[str, Any], gone: list[str]) -> None: ...


Attach = Callable[[str, str], LateRun]


class Store:
    """A store for reading, while others write or not. Any thread may use it.

    Every question looks at what was appended since the last one; `refresh` says what that was.
    """

    def __init__(self, path: str | os.PathLike[str], attach: Attach | None = None) -> None:
        folder = StoreFolder(path)
        if not folder.exists():
            raise StoreNotFound(
                f"no store at {folder.path}; kymograph.init() makes one where a training runs"
            )
        self.path = Path(folder.path)
        self.index = Index.open(folder)
        self.reader = Reader(self.index)
        self._folder = folder
        self._attach = attach
        self._catalogue = Catalogue(self.index)
        self._columns = Columns(self.index, self._catalogue.goal)
        self._lock = threading.RLock()
        self._late: dict[str, LateRun] = {}
        self._news = Changes()
        self._again = 0.0  # when a glance looks again
        self._rows: tuple[list[str], dict[str, int]] = ([], {})
        self._sync(PATIENCE)
        self._again = 0.0  # opening an index costs more than a look

    @property
    def readonly(self) -> bool:
        """Whether nothing can be written here."""
        return self.index.readonly

    def close(self) -> None:
        """Ends late writing and lets go of the index."""
        with self._lock:
            for late in self._late.values():
                late.finish()
            self._late.clear()
        self.index.close()

    # What changes

    def refresh(self) -> Changes:
        """Reads what was appended; says what changed since the last `refresh`: .runs .new .removed .keys."""
        with self._lock:
            self._sync(PATIENCE)
            news, self._news = self._news, Changes()
            return news

    def look(self) -> None:
        """Reads what was appended. Seals nothing: a question is not made to wait for that."""
        with self._lock:
            self._sync(None)

    def glance(self) -> None:
        """Reads what was appended, unless looking again so soon would take a third of the time."""
        if time.monotonic() > self._again:
            self.look()

    def _sync(self, patience: float | None) -> None:
        began = time.monotonic()
        changes = self.index.sync(patience)
        now = time.monotonic()
        self._again = now + min(2 * (now - began), SLOWEST)
        if not changes:
            return
        self._catalogue.changed(changes)
        self.reader.changed(changes.runs | changes.removed)
        self._news = _merged(self._news, changes)

    # Questions

    def projects(self) -> list[ProjectInfo]:
        """All projects, by name: .name .runs .live .last_activity .activity (runs begun per day, 30 days)."""
        self.look()
        return self.index.projects()

    def keys(self, project: str | None = None) -> list[KeyInfo]:
        """The keys that have a series of numbers: .key .runs .goal .unit .clock .doc."""
        self.glance()
        return self._catalogue.keys(project)

    def columns(self, project: str | None = None) -> list[ColumnInfo]:
        """The columns, named as they are typed in queries: .name .source .kind .runs."""
        self.glance()
        return self._catalogue.columns(project)

    def runs(
        self,
        query: str = "",
        project: str | None = None,
        sort: str | Sequence[str] | None = None,
        limit: int | None = None,
    ) -> Runs:
        """The runs that a query finds; all, newest first, without one.

        sort: a column, "-column" for the other way round, several with commas or in a list. Ties stay newest
        first; runs without a value come last. Raises QueryError, which says where.
        """
        expression, keys = (
            parse(query),
            parse_sort(sort if sort is None or isinstance(sort, str) else list(sort)),
        )
        if limit is not None and limit < 0:
            raise ValueError(f"limit is {limit}; it is a number of runs, or None for all")
        self.look()
        with self._lock:
            ids = self.index.run_ids(project)
            mask = expression.matches(lambda name: self.cells(name, project))
            rows = (
                self._sorted(mask, keys, project) if keys else None if mask is None else np.flatnonzero(mask)
            )
        total = len(ids) if rows is None else len(rows)
        found = ids[:limit] if rows is None else [ids[row] for row in rows[:limit].tolist()]
        return Runs(self, found, total, project, [*expression.columns, *(key.name for key in keys)])

    def _sorted(self, mask: Mask | None, keys: list[SortKey], project: str | None) -> NDArray[np.int64]:
        """The rows of the mask (None: all), in the order of the keys."""
        if len(keys) == 1:
            order = self.cells(keys[0].name, project).order(descending=keys[0].descending)
            return order if mask is None else order[mask[order]]
        ranks = []
        rows = np.arange(len(self.index.run_ids(project))) if mask is None else np.flatnonzero(mask)
        for key in keys:
            rank = self.cells(key.name, project).ranks[rows]
            ranks.append(-rank if key.descending else rank)
        return rows[np.lexsort(ranks[::-1])]

    def run(self, id_or_name: str, project: str | None = None) -> RunView:
        """One run, by its id, the beginning of it (4 characters at least), or its name.

        Raises NotFound, which names the nearest; for a name that several runs have it names their ids.
        """
        self.look()
        if self.index.has(id_or_name) and project in (None, self.index.project_of(id_or_name)):
            return RunView(self, id_or_name)
        ids = self.index.run_ids(project)
        names = self.cells("name", project).values.tolist()
        found = [id for id, name in zip(ids, names, strict=True) if name == id_or_name]
        if not found and len(id_or_name) >= SHORTEST_PREFIX:
            found = [id for id in ids if id.startswith(id_or_name)]
        if len(found) == 1:
            return RunView(self, found[0])
        where = f"in project {project!r} of {self.path}" if project is not None else f"in {self.path}"
        if found:
            some = ", ".join(found[:10]) + (", …" if len(found) > 10 else "")  # noqa: PLR2004 - enough to choose
            raise NotFound(f"{len(found)} runs {where} are called {id_or_name!r}; name one by its id: {some}")
        known = [*(str(name) for name in dict.fromkeys(names)), *ids]
        raise NotFound(f"no run {id_or_name!r} {where}{hint(id_or_name, known)}")

    # For Runs and RunView

    def goal(self, key: str, project: str | None) -> str | None:
        """Whether more ("max") or less ("min") of a key is better; None when nobody said."""
        return self._catalogue.goal(key, project)

    def cells(self, name: str, project: str | None) -> Cells:
        """The column `name`, as typed, in the order of `index.run_ids(project)`."""
        return self._columns.cells(name, project)

    def column_of(self, name: str, ids: list[str], project: str | None) -> NDArray[Any]:
        """The column of these runs; runs that are gone by now have no value."""
        with self._lock:
            order = self.index.run_ids(project)
            cells = self.cells(name, project)
            values: NDArray[Any] = cells.values
            if ids is order or (len(ids) == len(order) and ids == order):
                return values.copy()
            places = self._places(order)
        rows = np.array([places.get(id, -1) for id in ids], np.int64)
        if not len(values):
            return np.full(len(ids), np.nan)
        found = values[rows]
        if (rows < 0).any():
            found[rows < 0] = None if values.dtype == object else np.nan
        return found

    def value(self, id: str, name: str) -> Any:
        """One value of one run. Raises NotFound when the run is gone."""
        with self._lock:
            cells = self.cells(name, None)
            row = self._places(self.index.run_ids(None)).get(id)
        if row is None:
            raise NotFound(f"run {id} is not in {self.path} any more")
        return cells.values[row]

    def _places(self, order: list[str]) -> dict[str, int]:
        """Row by id; made anew when runs came or went."""
        if self._rows[0] is not order:
            self._rows = (order, {id: row for row, id in enumerate(order)})
        return self._rows[1]

    # Writing afterwards

    def late(self, id: str) -> LateRun:
        """The run, opened for points that come late; it stays open until the process ends or `close`."""
        with self._lock:
            if id not in self._late:
                self._late[id] = self._opened(id)
            self._again = 0.0
            return self._late[id]

    def write(self, id: str, changes: dict[str, Any], gone: list[str]) -> None:
        """Appends attributes to a run."""
        with self._lock:
            open_already = self._late.get(id)
            late = open_already or self._opened(id)
            late._write(changes, gone)  # noqa: SLF001 - the one door for attributes of any path
            if open_already is None:
                late.finish()
            self._again = 0.0

    def _opened(self, id: str) -> LateRun:
        self.index.project_of(id)  # raises NotFound
        if self.readonly:
            raise StoreError(f"{self.path} cannot be written; run {id} stays as it is")
        if self._attach is None:
            raise StoreError("this store was opened for reading only; open it with kymograph.open()")
        return self._attach(str(self.path), id)

    def trash(self, id: str) -> None:
        """Moves a run to the trash. Raises NotFound, and StoreError while it is written."""
        with self._lock:
            late = self._late.pop(id, None)
            if late is not None:
                late.finish()
            upkeep.trash(self._folder, id)
            self.look()

    def restore(self, id: str) -> None:
        """Takes a run out of the trash. Raises NotFound, and StoreError when its id is taken."""
        with self._lock:
            upkeep.restore(self._folder, id)
            self.look()

    def __repr__(self) -> str:
        return f"<Store {self.path}: {len(self.index.run_ids(None))} runs>"


def _merged(first: Changes, then: Changes) -> Changes:
    """What happened in both, as one."""
    keys = {run: set(names) for run, names in first.keys.items() if run not in then.removed}
    for run, names in then.keys.items():
        keys.setdefault(run, set()).update(names)
    return Changes(
        (first.runs - then.removed) | then.runs,
        keys,
        (first.new - then.removed) | then.new,
        (first.removed - then.new) | then.removed,
        then.waiting,
    )
