"""A run's folder, sealed and live as one, and followed while it is written."""

from __future__ import annotations

import math
import os
import threading
import time as clock
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from kymograph.errors import NotFound
from kymograph.store.branches import Branch, Branches, Keep
from kymograph.store.follow import FollowedWriter, Follower
from kymograph.store.points import Points, Texts, join, join_texts, merge_texts
from kymograph.store.segment import Damage
from kymograph.store.stats import SeriesStats, combine, measure
from kymograph.store.writers import Status, WriterInfo, in_order, status_of

__all__ = [
    "Branch",
    "Damage",
    "Points",
    "RunFolder",
    "SeriesStats",
    "Status",
    "Texts",
    "WriterInfo",
]

_Range = tuple[float, float] | None
_Kept = TypeVar("_Kept")


def _nowhere(_: str) -> RunFolder | None:
    return None


class RunFolder:
    """One run's folder, followed. Any thread may call anything; one lock keeps `refresh` and reading apart.

    `find` gives the folder of another run of the store by its id, for the points that a fork inherits.
    Nothing is read before the first `refresh`.
    """

    def __init__(self, folder: str | Path, find: Callable[[str], RunFolder | None] | None = None) -> None:
        self.folder = Path(folder)
        self.id = self.folder.name
        self.changed_keys: set[str] = set()
        self.version = 0  # rises with every change
        self._find = find or _nowhere
        self._lock = threading.RLock()
        self._kept: dict[str, tuple[int, object]] = {}
        self._told = ("", False, 0)
        self._files = Follower(str(folder))

    # Following

    def refresh(self) -> bool:
        """Read what was appended since the last call; True if anything changed, also what only time tells."""
        with self._lock:
            changed = self._files.read()
            self.changed_keys = self._files.changed_keys
            if changed:
                self.version += 1
            before, self._told = self._told, (self.status.word, self.settled, len(self._files.damage()))
            return changed or before != self._told

    # What is known without reading points

    @property
    def attributes(self) -> dict[str, object]:
        """Path -> value, merged by time, then writer, then sequence. Not to be changed."""
        with self._lock:
            return self._files.attributes.merged()

    @property
    def writers(self) -> list[WriterInfo]:
        """Who wrote, by their start."""
        now = clock.time()
        with self._lock:
            return in_order([writer.state.info(now) for writer in self._files.writers.values()])

    @property
    def status(self) -> Status:
        """How the run stands now; lost is derived: a main writer died without saying how it ended."""
        return status_of(self.writers)

    @property
    def created(self) -> float:
        """When the run was made, s since the epoch; NaN when nothing says so."""
        told = self.attributes.get("created")
        if isinstance(told, (int, float)) and math.isfinite(told):
            return float(told)
        return min(
            (writer.started for writer in self.writers if math.isfinite(writer.started)), default=math.nan
        )

    @property
    def ended(self) -> float | None:
        """When the run ended, s since the epoch; None while it runs."""
        status = self.status
        if status.word == "running":
            return None
        return status.since if math.isfinite(status.since) else self.last_activity

    @property
    def last_activity(self) -> float:
        """The latest time any writer told of its own clock; NaN when there is none."""
        times = (writer.last_activity for writer in self.writers)
        return max((time for time in times if math.isfinite(time)), default=math.nan)

    @property
    def settled(self) -> bool:
        """Whether all is sealed and nobody is writing."""
        with self._lock:
            return self._files.settled()

    @property
    def damage(self) -> list[Damage]:
        """What could not be read, as far as it was met; `verify` reads everything."""
        with self._lock:
            found = self._files.damage()
        fork = self._fork()
        if fork is not None and self._find(fork[0]) is None:
            found.append(Damage("", 0, 0, f"run {fork[0]}, which this run was forked from, is not there"))
        return found

    @property
    def holes(self) -> list[Damage]:
        """Files that are missing: later ones of the same writer are there."""
        with self._lock:
            return list(self._files.holes)

    def size(self) -> int:
        """Bytes on disk, of all files of the folder."""
        total = 0
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    try:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                    except OSError:
                        continue
        except OSError:
            pass
        return total

    # Series

    def keys(self) -> list[str]:
        """The number series, in the order they were first written; those a fork inherits come first."""
        return self._all_keys("keys", frozenset())

    def text_keys(self) -> list[str]:
        """The series of strings."""
        return self._all_keys("text_keys", frozenset())

    def _all_keys(self, kind: str, seen: frozenset[str]) -> list[str]:
        with self._lock:
            own = [
                key
                for writer in self._files.ordered()
                for source in writer.sources()
                for key in getattr(source, kind)()
            ]
        inherited: list[str] = []
        fork = self._parent(seen)
        if fork is not None:
            parent, last = fork
            below = seen | {self.id}
            every = parent._all_keys(kind, below)  # noqa: SLF001 -- one of our kind, as below
            lowest = parent._lowest  # noqa: SLF001
            inherited = [key for key in every if kind != "keys" or lowest(key, below) <= last]
        return list(dict.fromkeys([*inherited, *own]))

    def _lowest(self, key: str, seen: frozenset[str]) -> float:
        stats = self._stats(key, seen)
        return stats.low_step if stats.count else math.inf

    def points(self, key: str, branch: str | None = None, range: _Range = None) -> Points:
        """A key's points on the main branch, or on one that was left; `range` is of steps, both ends in it.

        Order: inherited points first, then writers by their start, within a writer by seq. With a range only
        the parts of segments that may hold such steps are read.
        """
        return self._points(key, branch, range, frozenset())

    def _points(self, key: str, branch: str | None, steps: _Range, seen: frozenset[str]) -> Points:
        with self._lock:
            parts = []
            for writer, keep in self._lines(branch):
                for source in writer.sources():
                    part = source.points(key, steps)
                    parts.append(part if keep is None else part.where(keep(part.step)))
        own = join(parts)
        fork = None if branch is not None else self._parent(seen)
        if fork is None:
            return own
        parent, last = fork
        low, high = steps or (-math.inf, math.inf)
        range_ = (low, min(high, last))
        inherited = parent._points(key, None, range_, seen | {self.id})  # noqa: SLF001
        return join([inherited, own])

    def texts(self, key: str, branch: str | None = None) -> Texts:
        """A key's strings, in the order of `points`."""
        return self._texts(key, branch, frozenset())

    def _texts(self, key: str, branch: str | None, seen: frozenset[str]) -> Texts:
        with self._lock:
            parts = [
                part if keep is None else part.where(keep(part.step))
                for writer, keep in self._lines(branch)
                for part in [merge_texts([source.texts(key) for source in writer.sources()])]
            ]
        own = join_texts(parts)
        fork = None if branch is not None else self._parent(seen)
        if fork is None:
            return own
        inherited = fork[0]._texts(key, None, seen | {self.id})  # noqa: SLF001
        return join_texts([inherited.where(inherited.step <= fork[1]), own])

    def stats(self, key: str) -> SeriesStats:
        """A key's statistics on the main branch; zero counts where there are no points."""
        return self._stats(key, frozenset())

    def _stats(self, key: str, seen: frozenset[str]) -> SeriesStats:
        if self._parent(seen) is not None:
            return self._measured(key, seen)  # the parent may grow: nothing is kept
        with self._lock:
            if not self._cuts().cuts:
                return combine(
                    source.stats(key) for writer in self._files.ordered() for source in writer.sources()
                )
        return self._keep(f"stats of {key}", lambda: self._measured(key, seen))

    def _measured(self, key: str, seen: frozenset[str]) -> SeriesStats:
        points = self._points(key, None, None, seen)
        return measure(points.step, points.value)

    def _keep(self, what: str, make: Callable[[], _Kept]) -> _Kept:
        """What `make` gives, made once for each version."""
        with self._lock:
            version = self.version
            kept = self._kept.get(what)
        if kept is not None and kept[0] == version:
            return cast("_Kept", kept[1])
        made = make()
        with self._lock:
            self._kept[what] = (version, made)
        return made

    # Forks and branches

    def _fork(self) -> tuple[str, float] | None:
        """The run this one was forked from, and the last step it inherits."""
        fork = self.attributes.get("fork")
        if not isinstance(fork, dict):
            return None
        run, step = fork.get("run"), fork.get("step")
        if not isinstance(run, str) or isinstance(step, bool) or not isinstance(step, (int, float)):
            return None
        return run, float(step)

    def _parent(self, seen: frozenset[str]) -> tuple[RunFolder, float] | None:
        """Whose points are inherited, and up to which step. Not called under the lock: `find` has its own."""
        fork = self._fork()
        if fork is None or fork[0] == self.id or fork[0] in seen:
            return None
        parent = self._find(fork[0])
        return None if parent is None else (parent, fork[1])

    @property
    def branches(self) -> list[Branch]:
        """The tails that were left, oldest first."""
        return self._keep("branches", self._branches)

    def _branches(self) -> list[Branch]:
        found = []
        writers = self.writers
        with self._lock:
            branches = self._cuts()
        keys = self._all_keys("keys", frozenset({self.id}))
        texts = self._all_keys("text_keys", frozenset({self.id}))
        for name, generation in branches.names.items():
            left = min((one.started for one in writers if one.generation == generation), default=math.nan)
            points = sum(len(self.points(key, name)) for key in keys)
            points += sum(len(self.texts(key, name)) for key in texts)
            found.append(Branch(name, generation - 1, branches.cuts[generation], left, points))
        return found

    def _cuts(self) -> Branches:
        return Branches(writer.state.told() for writer in self._files.writers.values())

    def _lines(self, branch: str | None) -> list[tuple[FollowedWriter, Keep | None]]:
        """The writers in order, each with the test for the steps that lie on the branch; None keeps all."""
        branches = self._cuts()
        if branch is not None and branch not in branches.names:
            have = ", ".join(branches.names) or "none"
            raise NotFound(f"run {self.id} has no branch {branch!r}; it has {have}")
        lines: list[tuple[FollowedWriter, Keep | None]] = []
        for writer in self._files.ordered():
            generation = writer.state.told().generation
            if branch is None:
                lines.append((writer, branches.main(generation)))
            elif (keep := branches.tail(branch, generation)) is not None:
                lines.append((writer, keep))
        return lines
