"""Many runs at once: which there are, their attributes and statistics as columns, their pyramids.

Settled runs are in SQLite; runs that are written, or not sealed yet, are asked from their folders. All of it
is derived from the runs' folders: an index that is lost, damaged or of another version is made anew.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import NotFound
from kymograph.store.gather import Known, LiveSeries, Window, levels_of
from kymograph.store.index_file import IndexFile
from kymograph.store.index_rows import ATTRIBUTE, SERIES, SOURCES, TEXT, kind_name, kind_of
from kymograph.store.index_sync import Progress, Sync
from kymograph.store.index_types import STAT_AT, Changes, Column, ColumnInfo, Gathered, ProjectInfo
from kymograph.store.layout import StoreFolder
from kymograph.store.pyramid import SHORTEST, Cells
from kymograph.store.view import RunFolder

DAYS = 30  # of activity
_DAY = 86_400.0
_T = TypeVar("_T")


class Index:
    """The runs of one store. Any thread may call any method; nothing is seen to change but by `sync`."""

    def __init__(self, store: StoreFolder) -> None:
        self.store = store
        self._file = IndexFile(store)
        self._sync = Sync(self._file)
        self._live: dict[tuple[str, str], LiveSeries] = {}
        self._catalogue: dict[str | None, tuple[tuple[int, int], list[ColumnInfo]]] = {}
        self._definitions: dict[str | None, tuple[tuple[int, int], dict[str, dict[str, object]]]] = {}

    @classmethod
    def open(cls, store: StoreFolder) -> Index:
        """The index of a store; `sync` brings it up to date. Raises FormatTooNew.

        It lies in the store; when that cannot be written, or is on a network file system, in the user's cache
        folder; when that cannot be written either, in memory.
        """
        store.check_format()
        return cls(store)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def place(self) -> str:
        """Where the index lies: a path, or ":memory:"."""
        return self._file.place

    @property
    def notices(self) -> list[str]:
        """Sentences for the user: an index made anew, a run that cannot be read. Each is there once."""
        return list(self._file.notices)

    @property
    def readonly(self) -> bool:
        """Whether the store cannot be written."""
        return not self._sync.writable

    def sync(self, patience: float | None = 0.25, progress: Progress | None = None) -> Changes:
        """Look at what changed: new runs, live runs, runs that are gone; seal and index what is ready.

        All runs are up to date afterwards; only sealing is put off when it does not begin within `patience`
        seconds (`Changes.waiting`); with None nothing is sealed. `progress` is called with (runs read, runs
        to read) on the way.
        """
        try:
            return self._sync.sync(patience, progress)
        except sqlite3.DatabaseError as error:
            self._file.damaged(error)
            return self._sync.sync(patience, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make the index anew from the runs' folders."""
        self._sync.begin_anew(progress)

    def _ask(self, question: Callable[[], _T]) -> _T:
        """Ask under the lock, of a new file when this one is damaged. Not to be called under the lock."""
        with self._file.lock:
            try:
                return question()
            except sqlite3.DatabaseError as error:
                self._file.damaged(error)
        self.sync()
        with self._file.lock:
            return question()

    # Runs

    def run_ids(self, project: str | None = None) -> list[str]:
        """Ids, newest first. The same list until runs come or go; not to be written to."""
        with self._file.lock:
            return self._file.table.order(project)[0]

    def has(self, run_id: str) -> bool:
        """Whether there is such a run."""
        with self._file.lock:
            return run_id in self._file.table.slots

    def project_of(self, run_id: str) -> str:
        """The project of a run. Raises NotFound."""
        with self._file.lock:
            if run_id not in self._file.table.slots:
                raise NotFound(f"no run {run_id!r} in {self.store.path}")
            return self._file.table.project(run_id)

    def live_ids(self) -> set[str]:
        """Runs whose status is running now."""
        with self._file.lock:
            watched = list(self._sync.watched.items())
            return {run for run, entry in watched if entry.shown and entry.word == "running"}

    def folder(self, run_id: str) -> RunFolder:
        """A run's folder, opened on demand; a bounded number is kept. Raises NotFound."""
        folder = self._sync.folder(run_id)
        if folder is None:
            raise NotFound(f"no run {run_id!r} in {self.store.path}")
        return folder

    def projects(self) -> list[ProjectInfo]:
        """All projects, by name."""
        with self._file.lock:
            table = self._file.table
            live = Counter(table.project(run) for run in self.live_ids())
            today = math.floor(time.time() / _DAY)
            found = []
            for name in table.projects():
                created, active = table.times(name)
                days = today - np.floor(created / _DAY)
                days = days[(days >= 0) & (days < DAYS)].astype(np.int64)
                activity = np.bincount(days, minlength=DAYS)[::-1].tolist()
                found.append(ProjectInfo(name, len(created), live[name], float(active.max()), activity))
            return found

    # Columns

    def column(self, name: str, project: str | None = None) -> Column:
        """One value per run, in the order of `run_ids(project)`: `config/lr`, `status`, `series/loss/last`, …

        Beside what was logged every run has `id`, `project`, `status`, `created` and `last_activity`; some
        have `status_reason`, `ended` and `troubles` (how much went wrong). Nobody has an unknown name.
        """
        return self._ask(lambda: self._file.table.column(name, project, self._look))

    def _look(self, run: str, name: str) -> object:
        return self._sync.watched[run].value(name)

    def columns(self, project: str | None = None) -> list[ColumnInfo]:
        """All there is to ask for in a project, or in all: attributes, series and string series.

        Not to be written to: the same list is handed out until something changes.
        """
        state = self._state()
        known = self._catalogue.get(project)
        if known is None or known[0] != state:
            known = self._catalogue[project] = (state, self._columns(project))
        return known[1]

    def _state(self) -> tuple[int, int]:
        """Another one after every change. What is kept with it is worked out without the lock: see `_ask`."""
        with self._file.lock:
            return self._file.generation, self._file.table.version

    def _columns(self, project: str | None) -> list[ColumnInfo]:
        found, live = self._ask(lambda: (self._file.rows.catalogue(project), self._live_names(project)))
        kinds: dict[tuple[int, str], int] = {}
        runs: Counter[tuple[int, str]] = Counter()
        for source, name, kind, number in found:
            kinds[source, name] = kinds.get((source, name), 0) | kind
            runs[source, name] += number
        for (source, name), (kind, number) in live.items():
            kinds[source, name] = kinds.get((source, name), 0) | kind
            runs[source, name] += number
        infos = (
            ColumnInfo(name, SOURCES[source], kind_name(kinds[source, name]), number)
            for (source, name), number in runs.items()
            if number > 0
        )
        return sorted(infos, key=lambda info: (info.source, info.name))

    def _live_names(self, project: str | None) -> dict[tuple[int, str], tuple[int, int]]:
        """What watched runs add to the catalogue, less what the index already counts of them."""
        found: dict[tuple[int, str], tuple[int, int]] = {}

        def count(source: int, name: str, kind: int, runs: int) -> None:
            kinds, number = found.get((source, name), (0, 0))
            found[source, name] = (kinds | kind, number + runs)

        for run, watched in list(self._sync.watched.items()):
            if not watched.shown or (project is not None and watched.facts["project"] != project):
                continue
            known = self._file.rows.names_of(run) if run in self._file.settled else None
            for source, names in enumerate(known or ()):
                for name in names:
                    count(source, name, 0, -1)
            for name, value in watched.facts.items():
                count(ATTRIBUTE, name, kind_of(value), 1)
            for key in watched.keys():
                count(SERIES, key, 1, 1)
            for key in watched.text_keys():
                count(TEXT, key, 2, 1)
        return found

    def stats(self, key: str, run_ids: Sequence[str]) -> NDArray[np.float64]:
        """A table of runs x STATS for one key: NaN where a run has not the key."""
        return self._ask(lambda: self._file.table.stats(key, list(run_ids), self._look_stats))

    def _look_stats(self, run: str, key: str) -> NDArray[np.float64] | None:
        return self._sync.watched[run].stats(key)

    def definitions(self, project: str | None = None) -> dict[str, dict[str, object]]:
        """What `define` said: pattern -> goal, unit, clock, doc; where several match a key the last counts.

        Older runs come first, and of one run what it defined first. Not to be written to.
        """
        state = self._state()
        known = self._definitions.get(project)
        if known is None or known[0] != state:
            known = self._definitions[project] = (state, self._define(project))
        return known[1]

    def _define(self, project: str | None) -> dict[str, dict[str, object]]:
        prefix = "define/"
        names = set(self._ask(lambda: self._file.rows.names_below(prefix)))
        for watched in list(self._sync.watched.values()):
            names.update(name for name in watched.facts if name.startswith(prefix))
        found: list[tuple[int, int, str, dict[str, object]]] = []
        for name in sorted(names):
            column = self.column(name, project)
            having = np.flatnonzero(~column.missing)
            if len(having) and isinstance(column.values[having[0]], dict):
                run = int(having[0])
                place = self._place(column.ids[run], name)
                found.append((-run, place, name[len(prefix) :], column.values[run]))
        return {pattern: dict(said) for _, _, pattern, said in sorted(found, key=lambda item: item[:2])}

    def _place(self, run: str, name: str) -> int:
        """How many attributes of a run come before this one."""
        watched = self._sync.watched.get(run)
        if watched is not None and watched.shown:
            names = list(watched.facts)
        else:
            known = self._ask(lambda: self._file.rows.names_of(run))
            names = known[0] if known is not None else []
        return names.index(name) if name in names else len(names)

    def definition(self, key: str, project: str | None = None) -> dict[str, object]:
        """What is said of one key: of all patterns that match it, the last; {} where none does."""
        said: dict[str, object] = {}
        for pattern, words in self.definitions(project).items():
            if pattern == key or fnmatchcase(key, pattern):
                said = words
        return said

    # Drawing

    def pyramid(
        self,
        key: str,
        run_ids: Sequence[str],
        low: float = -math.inf,
        high: float = math.inf,
        cells: int = 1000,
    ) -> Gathered:
        """Cells by step of one key over runs: of each the coarsest level with `cells` cells in [low, high].

        A cell that only touches the range is there whole. Runs with too few points for that are in `.raw`.
        """
        window = Window(low, high, cells)
        stats = self.stats(key, run_ids)
        depths = [levels_of(points) for points in stats[:, STAT_AT["count"]].tolist()]
        return self._ask(lambda: self._gather(key, list(run_ids), depths, window))

    def _gather(self, key: str, run_ids: list[str], depths: list[int], window: Window) -> Gathered:
        numbers = self._file.table.numbers(run_ids)
        known = [Known(*run) for run in zip(run_ids, numbers, depths, strict=True)]
        watched = [run.id for run in known if run.levels and run.id in self._sync.watched]
        live = {run: self._live_levels(run, key) for run in watched}
        return self._file.gatherer.gather(key, known, live, window)

    def _live_levels(self, run: str, key: str) -> list[Cells]:
        points = self.folder(run).points(key)
        if len(points.step) < SHORTEST:
            return []
        series = self._live.setdefault((run, key), LiveSeries())
        for place in [place for place in self._live if place[0] not in self._sync.watched]:
            del self._live[place]
        return series.follow(points.seq, points.step, points.value)
