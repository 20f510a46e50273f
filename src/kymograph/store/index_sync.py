"""Keeps the index in step with the runs' folders: finds the new, follows the live, seals what is done."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import KymographError
from kymograph.store.index_facts import facts, moments, project_of, settled_run
from kymograph.store.index_file import IndexFile
from kymograph.store.index_rows import SettledRun
from kymograph.store.index_types import STAT_AT, Changes
from kymograph.store.index_watch import Brief, Watched, Watcher, at_start, folder_time
from kymograph.store.seal import seal_run
from kymograph.store.view import RunFolder

KEPT = 256  # folders of settled runs that are kept open
_BATCH, _HELD = 64, 16 * 2**20  # runs, and bytes of their pyramids, that are written in one transaction

_NO_MEAN = [at for stat, at in STAT_AT.items() if stat != "mean"]

Progress = Callable[[int, int], None]  # (runs read, runs to read)


class Sync:
    """One per index. `sync` may be called from any thread; one works, the others wait."""

    def __init__(self, file: IndexFile) -> None:
        self.file = file
        self.watched: dict[str, Watched] = {}  # runs that are not settled, or not in the index yet
        self._watcher = Watcher(file.store)
        self._folders: OrderedDict[str, RunFolder] = OrderedDict()
        # Order of locks: _busy, file.lock, a folder's own, _shelf. A folder asks `find` under its own lock.
        self._busy, self._shelf = threading.Lock(), threading.Lock()
        self._generation = 0
        self._ready: dict[str, SettledRun] = {}
        self._held = 0
        self.writable = os.access(file.store.runs, os.W_OK)

    def sync(self, patience: float | None, progress: Progress | None = None) -> Changes:
        """One look at everything. Sealing that does not begin within `patience` seconds waits.

        Without patience (None) nothing is sealed.
        """
        with self._busy:
            changes = Changes()
            self._others(changes)
            marked = self._watcher.marked()
            self._names(changes, marked, progress)
            self._follow(changes, marked)
            waiting = 0 if patience is None else self._seal(changes, time.monotonic() + patience)
            self._settle()
            return Changes(changes.runs, changes.keys, changes.new, changes.removed, waiting)

    def _others(self, changes: Changes) -> None:
        """Take over what other processes wrote into the index; begin anew when the file is another."""
        written, new, removed = self.file.check()
        if self.file.generation != self._generation:
            self._generation = self.file.generation
            self._watcher.again()
            for run in at_start(self.file.settled):
                self._compare(run)
            for run, watched in self.watched.items():
                self._show(run, watched)
        self._gone(removed, changes)
        for run in written:
            if run not in self.watched:
                self._drop(run)
            else:
                self.watched[run].next_look = 0.0
                self._show(run, self.watched[run])  # until this process has seen it settled as well
        changes.runs.update(written)
        changes.new.update(new)

    def _compare(self, run: str) -> None:
        path = os.path.join(self.file.store.runs, run)
        if run not in self.watched and folder_time(path) != self.file.settled.get(run):
            self._watch(run)

    def _names(self, changes: Changes, marked: set[str], progress: Progress | None) -> None:
        """Runs that came and went; runs with a writer; a few settled ones, in turn."""
        for run in self._watcher.scrubbed(self.file.settled):
            self._compare(run)
        listed = self._watcher.listed()
        if listed is not None:
            self._gone([run for run in (*self.file.settled, *self.watched) if run not in listed], changes)
            new = sorted(listed.difference(self.file.settled, self.watched))
            for done, run in enumerate(new):
                self._watch(run)
                self._look(run, self.watched[run], changes)
                if progress is not None:
                    progress(done + 1, len(new))
        for run in marked.difference(self.watched):
            # A marker that somebody forgot is no news: whoever writes again makes a file in the folder.
            now = folder_time(os.path.join(self.file.store.runs, run))
            if now and now != self.file.settled.get(run):
                self._watch(run)

    def _gone(self, runs: Iterable[str], changes: Changes) -> None:
        """Forget runs whose folder is not there any more."""
        gone = [run for run in set(runs) if not os.path.isdir(os.path.join(self.file.store.runs, run))]
        if gone:
            self.file.remove(gone)
        for run in gone:
            self._drop(run)
            changes.removed.add(run)

    def _watch(self, run: str) -> None:
        with self._shelf:
            folder = self._folders.pop(run, None) or self._open(run)
            self.watched[run] = Watched(folder, os.path.join(self.file.store.runs, run))

    def _open(self, run: str) -> RunFolder:
        return RunFolder(Path(self.file.store.runs, run), self.find)

    def _follow(self, changes: Changes, marked: set[str]) -> None:
        """Read what the watched runs' writers appended."""
        now = time.monotonic()
        for run, watched in list(self.watched.items()):
            here = run in marked
            if watched.marked and not here:
                watched.hurry(now)  # its writer is done
            watched.marked = here
            if watched.due(now) and self.watched.get(run) is watched:
                self._look(run, watched, changes)

    def _look(self, run: str, watched: Watched, changes: Changes) -> None:
        try:
            self._read(run, watched, changes)
        except FileNotFoundError:
            self._gone([run], changes)
        except (KymographError, OSError) as error:
            self.file.say(f"run {run} cannot be read: {error}")

    def _read(self, run: str, watched: Watched, changes: Changes) -> None:
        before = folder_time(watched.path)
        changed = watched.folder.refresh()
        watched.folder_time = before
        brief, watched.brief = watched.brief, None
        if brief is not None:
            self._compared(run, watched, brief, changes)
        elif changed or not watched.shown:
            self._changed(run, watched, changes)
        self._collect(run, watched)

    def _compared(self, run: str, watched: Watched, brief: Brief, changes: Changes) -> None:
        """A run that was known in brief is read again: mostly it was sealed, and that is no news."""
        told, now = watched.facts, watched.in_brief()
        grown = {key for key, row in now.stats.items() if not _same(row, brief.stats.get(key))}
        grown.update(set(now.texts).difference(brief.texts))
        self._show(run, watched)
        if grown or not _as_before(told, watched.facts):
            changes.runs.add(run)
            if grown:
                changes.keys.setdefault(run, set()).update(grown)
            with self._shelf:
                self._folders.pop(run, None)  # read before the change

    def _changed(self, run: str, watched: Watched, changes: Changes) -> None:
        before = watched.word
        with self.file.lock:
            new = run not in self.file.table.slots
        self._show(run, watched)
        if not watched.shown:
            return
        changes.runs.add(run)
        if watched.folder.changed_keys:
            changes.keys.setdefault(run, set()).update(watched.folder.changed_keys)
        if new:
            changes.new.add(run)
        if watched.word != before or watched.idle:
            watched.hurry(time.monotonic())

    def _show(self, run: str, watched: Watched) -> None:
        """Put a watched run over what the index says of it. A folder where nobody wrote yet is no run."""
        if watched.brief is None:
            self._told(watched)
        if not watched.shown:
            return
        with self.file.lock:
            self.file.table.live(run, project_of(watched.facts), *moments(watched.facts))
        if watched.closed and not watched.settled and watched.brief is None:
            self._shorten(run, watched)

    def _shorten(self, run: str, watched: Watched) -> None:
        """Let go of the points of a run that only waits to be sealed: there may be very many such runs."""
        brief, fresh = watched.in_brief(), self._open(run)
        with self.file.lock, self._shelf:
            watched.brief, watched.folder = brief, fresh

    def _told(self, watched: Watched) -> None:
        """Take from the folder what it tells."""
        watched.settled = watched.folder.settled
        writers = watched.folder.writers
        if not writers:
            return
        watched.idle = not any(writer.alive for writer in writers)
        watched.facts, watched.shown = facts(watched.folder), True
        watched.word = str(watched.facts["status"])
        watched.closed = all(writer.closed for writer in writers)

    def _collect(self, run: str, watched: Watched) -> None:
        """A settled run goes into the index."""
        if not (watched.shown and watched.settled) or watched.folder_time != folder_time(watched.path):
            return
        ready = self._ready[run] = settled_run(watched.folder, watched.facts, watched.folder_time)
        self._held += ready.size
        if len(self._ready) >= _BATCH or self._held > _HELD:
            self._settle()

    def _settle(self) -> None:
        ready, self._ready, self._held = self._ready, {}, 0
        with self.file.lock:
            if not self.file.write(list(ready.values())):
                return  # they stay watched, and are tried again
            for run in ready:
                folder = self.watched[run].folder
                self._drop(run)
                self._keep(run, folder)

    def _seal(self, changes: Changes, deadline: float) -> int:
        """Seal what can be sealed; how many runs have to wait for the next time."""
        if not self.writable:
            return 0
        now = time.monotonic()
        waiting = ((watched.next_seal, run) for run, watched in self.watched.items())
        due = sorted(entry for entry in waiting if entry[0] <= now)
        for at, (_, run) in enumerate(due):
            if at and time.monotonic() > deadline:
                return len(due) - at
            watched = self.watched.get(run)
            if watched is None or watched.settled:
                continue
            try:
                something = bool(seal_run(Path(watched.path), until=deadline))
            except (KymographError, OSError) as error:
                self.file.say(f"run {run} cannot be sealed: {error}")
                something = False
            watched.sealed(time.monotonic(), something=something)
            if something:
                self._look(run, watched, changes)
        return 0

    # Folders

    def folder(self, run: str) -> RunFolder | None:
        """A run's folder, read; None when it is not there. A bounded number is kept."""
        with self._shelf:
            watched = self.watched.get(run)
            if watched is not None and watched.brief is None:
                return watched.folder
            if run in self._folders:
                self._folders.move_to_end(run)
                return self._folders[run]
        if not os.path.isdir(self.file.store.run_folder(run)):
            return None
        folder = self._open(run)
        try:
            folder.refresh()
        except FileNotFoundError:
            return None
        self._keep(run, folder)
        return folder

    def find(self, run: str) -> RunFolder | None:
        """A run's folder for a fork of it; None when it is not there."""
        try:
            return self.folder(run)
        except (KymographError, OSError):
            return None

    def _keep(self, run: str, folder: RunFolder) -> None:
        with self._shelf:
            self._folders[run] = folder
            self._folders.move_to_end(run)
            while len(self._folders) > KEPT:
                self._folders.popitem(last=False)

    def _drop(self, run: str) -> None:
        with self._shelf:
            self.watched.pop(run, None)
            self._folders.pop(run, None)

    def begin_anew(self, progress: Progress | None) -> Changes:
        """Drop the index and read every run again."""
        with self._busy:
            self.file.empty()
            with self._shelf:
                self.watched.clear()
                self._folders.clear()
        return self.sync(inf, progress)


def _as_before(one: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two runs' facts are the same; NaN is NaN."""
    return one.keys() == other.keys() and all(
        value == other[name] or (value != value and other[name] != other[name])  # only NaN is not itself
        for name, value in one.items()
    )


def _same(one: NDArray[np.float64], other: NDArray[np.float64] | None) -> bool:
    """Whether two rows of STATS are of the same points. Means may be summed up in another order."""
    return other is not None and np.array_equal(one[_NO_MEAN], other[_NO_MEAN], equal_nan=True)
