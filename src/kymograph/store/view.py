"""A run's folder, sealed and live as one, and followed while it is written."""

from __future__ import annotations

import math
import os
import threading
import time as clock
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional, TypeVar, Union, cast

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import CorruptData, FormatTooNew, NotFound
from kymograph.store.attributes import Attributes
from kymograph.store.columns import Floats
from kymograph.store.layout import LogName, SegmentName, log_name, parse, segment_name
from kymograph.store.livelog import LiveLog, noted, own_time
from kymograph.store.logreader import RawFrame
from kymograph.store.points import Points, Texts, join, join_texts, merge_texts
from kymograph.store.segment import Damage, Segment
from kymograph.store.stats import SeriesStats, combine, measure
from kymograph.store.writers import Status, WriterInfo, WriterState, in_order, status_of

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

_FILES = 1 << 31  # a sequence holds no greater number
_ATTEMPTS = 8  # to list a folder whose logs are sealed at this very moment
_Steps = Optional[tuple[float, float]]
_Source = Union[Segment, LiveLog]
_Keep = Callable[[Floats], NDArray[np.bool_]]
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Branch:
    """A tail that was left: the points behind `cut` that a later generation does not go on from."""

    name: str  # "@1000": the step where it was left
    generation: int  # the last one that is on it
    cut: float
    left: float  # when, s since the epoch
    points: int  # of all keys


@dataclass(slots=True)
class _Writer:
    """One writer's files, in the order of their numbers."""

    state: WriterState
    files: dict[SegmentName | LogName, _Source] = field(default_factory=dict)
    known: dict[int, tuple[str, ...]] = field(default_factory=dict)
    noted: int = -1  # the sequence up to which frames were taken in
    damage: dict[str, Damage] = field(default_factory=dict)  # by file: those that cannot be read at all

    def sources(self) -> list[_Source]:
        return [self.files[name] for name in sorted(self.files, key=_first)]


def _first(name: SegmentName | LogName) -> int:
    return name.first if isinstance(name, SegmentName) else name.number


class RunFolder:
    """One run's folder, followed. Any thread may call anything; one lock keeps `refresh` and reading apart.

    `find` gives the folder of another run of the store by its id, for the points that a fork inherits.
    Nothing is read before the first `refresh`.
    """

    def __init__(
        self, folder: str | Path, find: Callable[[str], RunFolder | None] = lambda run: None
    ) -> None:
        self.folder = Path(folder)
        self.id = self.folder.name
        self.changed_keys: set[str] = set()
        self.version = 0  # rises with every change
        self._find = find
        self._lock = threading.RLock()
        self._kept: dict[str, tuple[int, object]] = {}
        self._told = ("", False, 0)
        self._forget()

    def _forget(self) -> None:
        self._writers: dict[str, _Writer] = {}
        self._names: frozenset[str] = frozenset()
        self._attributes = Attributes()
        self._holes: list[Damage] = []

    # Following

    def refresh(self) -> bool:
        """Read what was appended since the last call; True if anything changed, also what only time tells."""
        with self._lock:
            self.changed_keys = set()
            changed = self._read()
            if changed:
                self.version += 1
            before, self._told = self._told, (self.status.word, self.settled, len(self._damage()))
            return changed or before != self._told

    def _read(self) -> bool:
        for _ in range(_ATTEMPTS):
            try:
                names = self._list()
                changed = self._follow_files(names) if names != self._names else False
                return self._follow_logs() or changed
            except FileNotFoundError:
                self._names = frozenset()  # sealed between listing and opening: look again
        return True

    def _list(self) -> frozenset[str]:
        try:
            return frozenset(name for name in os.listdir(self.folder) if parse(name) is not None)
        except (FileNotFoundError, NotADirectoryError):
            return frozenset()

    def _follow_files(self, names: frozenset[str]) -> bool:
        wanted = _by_writer(names)
        changed = names != self._names
        gone = self._writers.keys() - wanted.keys()
        if gone or any(self._lost_files(writer, files) for writer, files in wanted.items()):
            for known in self._writers.values():
                self.changed_keys.update(_counts(known.files.values()))
            self._forget()
        for writer, files in wanted.items():
            known = self._writers.get(writer)
            if known is None:
                known = self._writers[writer] = _Writer(WriterState(writer))
            changed |= self._swap(known, files)
        self._holes = [hole for writer, files in wanted.items() for hole in _holes(writer, files)]
        self._names = names
        return changed

    def _lost_files(self, writer: str, files: list[SegmentName | LogName]) -> bool:
        """Whether numbers that were read are no longer there, or some came before those that were."""
        known = self._writers.get(writer)
        if known is None or not known.files:
            return False
        before, now = _numbers(known.files), _numbers(files)
        return bool(_minus(before, now)) or any(number < before[-1][1] for number, _ in _minus(now, before))

    def _swap(self, writer: _Writer, files: list[SegmentName | LogName]) -> bool:
        """Open the files that are new and let go of those that were sealed or removed."""
        before = _counts(writer.files.values())
        opened: dict[SegmentName | LogName, _Source] = {}
        broken: dict[str, Damage] = {}
        for name in files:
            if isinstance(name, SegmentName):
                self._open_segment(writer, name, opened, broken)
        for name in files:
            if isinstance(name, LogName) and not any(_covers(segment, name) for segment in opened):
                opened[name] = writer.files.get(name) or LiveLog(
                    self._path(log_name(*name)), name.number, writer.known
                )
        changed = opened.keys() != writer.files.keys()
        fresh = [opened[name] for name in sorted(opened, key=_first) if name not in writer.files]
        writer.files, writer.damage = opened, broken
        for source in fresh:
            if isinstance(source, Segment):
                writer.state.seen(source.own_time())
                self._note(writer, source.frames())
        after = _counts(
            source for source in opened.values() if isinstance(source, Segment) or source.reader.end
        )
        self.changed_keys.update(
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        )
        return changed

    def _open_segment(
        self,
        writer: _Writer,
        name: SegmentName,
        opened: dict[SegmentName | LogName, _Source],
        broken: dict[str, Damage],
    ) -> None:
        if any(isinstance(other, SegmentName) and _overlap(other, name) for other in opened):
            return  # two sealers on a file system without locks; the first holds the same points
        file = segment_name(*name)
        known = writer.files.get(name)
        try:
            opened[name] = known or Segment(self._path(file))
        except FileNotFoundError:
            raise
        except (OSError, CorruptData, FormatTooNew) as error:
            broken[file] = Damage(file, 0, _size(self._path(file)), str(error))

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _follow_logs(self) -> bool:
        changed = False
        now = clock.time()
        for writer in self._writers.values():
            last = max(map(_last, writer.files), default=-1)
            for name, source in sorted(writer.files.items(), key=lambda item: _first(item[0])):
                if isinstance(source, LiveLog):
                    changed |= self._follow(writer, source, now, final=_last(name) < last)
        return changed

    def _follow(self, writer: _Writer, log: LiveLog, now: float, *, final: bool) -> bool:
        """Read on in one log. In the last one an unreadable place may be half-written, while its writer lives."""
        changed = self._look(writer, log, final=final)
        if not final and (log.reader.waiting or writer.state.closed) and writer.state.gone(now):
            changed |= self._look(writer, log, final=True)
        return changed

    def _look(self, writer: _Writer, log: LiveLog, *, final: bool) -> bool:
        file = log_name(writer.state.id, log.file)
        if file in writer.damage:
            return False
        try:
            batch, keys = log.read(final=final)
        except FileNotFoundError:
            raise
        except (OSError, CorruptData, FormatTooNew) as error:
            writer.damage[file] = Damage(file, 0, _size(self._path(file)), str(error))
            return True
        writer.state.seen(own_time(batch))
        self._note(writer, batch.frames)
        if not writer.state.about:  # just created, or its first frame is damaged
            writer.state.seen(_modified(self._path(file)))
        self.changed_keys |= keys
        return bool(batch)

    def _note(self, writer: _Writer, frames: list[RawFrame]) -> None:
        fresh = [frame for frame in noted(frames) if frame.seq > writer.noted]
        for frame in fresh:
            writer.state.note(frame)
        self._attributes.add(writer.state, fresh)
        if frames:
            writer.noted = max(writer.noted, frames[-1].seq)

    # What is known without reading points

    @property
    def attributes(self) -> dict[str, object]:
        """Path -> value, merged by time, then writer, then sequence. Not to be changed."""
        with self._lock:
            return self._attributes.merged()

    @property
    def writers(self) -> list[WriterInfo]:
        """Who wrote, by their start."""
        now = clock.time()
        with self._lock:
            return in_order([writer.state.info(now) for writer in self._writers.values()])

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
        now = clock.time()
        with self._lock:
            for writer in self._writers.values():
                if any(isinstance(source, LiveLog) for source in writer.files.values()):
                    return False
                if not writer.state.gone(now):
                    return False
            return bool(self._writers)

    @property
    def damage(self) -> list[Damage]:
        """What could not be read, as far as it was met; `verify` reads everything."""
        with self._lock:
            found = self._damage()
        fork = self._fork()
        if fork is not None and self._find(fork[0]) is None:
            found.append(Damage("", 0, 0, f"run {fork[0]}, which this run was forked from, is not there"))
        return found

    @property
    def holes(self) -> list[Damage]:
        """Files that are missing: later ones of the same writer are there."""
        with self._lock:
            return list(self._holes)

    def _damage(self) -> list[Damage]:
        found = list(self._holes)
        for name, writer in self._writers.items():
            found += writer.damage.values()
            for source in writer.sources():
                found += [
                    Damage(log_name(name, gap.file), gap.start, gap.end, gap.what) for gap in source.gaps
                ]
                if isinstance(source, Segment):
                    found += source.damage
        return found

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
                for writer in self._ordered()
                for source in writer.sources()
                for key in getattr(source, kind)()
            ]
        inherited: list[str] = []
        fork = self._parent(seen)
        if fork is not None:
            parent, last = fork
            below = seen | {self.id}
            every = parent._all_keys(kind, below)
            inherited = [key for key in every if kind != "keys" or parent._lowest(key, below) <= last]
        return list(dict.fromkeys([*inherited, *own]))

    def _lowest(self, key: str, seen: frozenset[str]) -> float:
        stats = self._stats(key, seen)
        return stats.low_step if stats.count else math.inf

    def points(self, key: str, branch: str | None = None, steps: _Steps = None) -> Points:
        """A key's points on the main branch, or on one that was left; `steps` is a closed range of steps.

        Order: inherited points first, then writers by their start, within a writer by seq. With a range only
        the parts of segments that may hold such steps are read.
        """
        return self._points(key, branch, steps, frozenset())

    def _points(self, key: str, branch: str | None, steps: _Steps, seen: frozenset[str]) -> Points:
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
        inherited = parent._points(key, None, (low, min(high, last)), seen | {self.id})
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
        inherited = fork[0]._texts(key, None, seen | {self.id})
        return join_texts([inherited.where(inherited.step <= fork[1]), own])

    def stats(self, key: str) -> SeriesStats:
        """A key's statistics on the main branch; zero counts where there are no points."""
        return self._stats(key, frozenset())

    def _stats(self, key: str, seen: frozenset[str]) -> SeriesStats:
        if self._parent(seen) is not None:
            return self._measured(key, seen)  # the parent may grow: nothing is kept
        with self._lock:
            if not self._cuts():
                return combine(source.stats(key) for writer in self._ordered() for source in writer.sources())
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
        with self._lock:
            writers = self.writers
            names = self._branch_names()
        keys = self._all_keys("keys", frozenset({self.id}))
        texts = self._all_keys("text_keys", frozenset({self.id}))
        for name, (generation, cut) in names.items():
            left = min((one.started for one in writers if one.generation == generation), default=math.nan)
            points = sum(len(self.points(key, name)) for key in keys) + sum(
                len(self.texts(key, name)) for key in texts
            )
            found.append(Branch(name, generation - 1, cut, left, points))
        return found

    def _cuts(self) -> dict[int, float]:
        """The step at which each generation that left a tail went on, by generation."""
        cuts: dict[int, float] = {}
        for writer in self._writers.values():
            info = writer.state.told()
            if info.cut is not None and not math.isnan(info.cut):
                cuts[info.generation] = min(info.cut, cuts.get(info.generation, math.inf))
        return dict(sorted(cuts.items()))

    def _branch_names(self) -> dict[str, tuple[int, float]]:
        """Name -> (the generation that left it, its cut)."""
        names: dict[str, tuple[int, float]] = {}
        for generation, cut in self._cuts().items():
            name = base = f"@{int(cut) if cut.is_integer() else cut}"
            number = 2
            while name in names:
                name, number = f"{base}.{number}", number + 1
            names[name] = (generation, cut)
        return names

    def _lines(self, branch: str | None) -> list[tuple[_Writer, _Keep | None]]:
        """The writers in order, each with the test for the steps that lie on the branch; None keeps all."""
        cuts = self._cuts()
        left = None
        if branch is not None:
            names = self._branch_names()
            if branch not in names:
                have = ", ".join(names) or "none"
                raise NotFound(f"run {self.id} has no branch {branch!r}; it has {have}")
            left = names[branch][0]
        lines: list[tuple[_Writer, _Keep | None]] = []
        for writer in self._ordered():
            own = writer.state.told().generation
            if left is not None:
                if own < left:
                    lines.append((writer, _Tail(_least(cuts, own, left), cuts[left])))
                continue
            limit = _least(cuts, own, None)
            lines.append((writer, None if limit is None else _UpTo(limit)))
        return lines

    def _ordered(self) -> list[_Writer]:
        infos = in_order([writer.state.told() for writer in self._writers.values()])
        return [self._writers[info.id] for info in infos]


@dataclass(frozen=True, slots=True)
class _UpTo:
    """Steps that no later generation has hidden."""

    limit: float

    def __call__(self, step: Floats) -> NDArray[np.bool_]:
        return step <= self.limit


@dataclass(frozen=True, slots=True)
class _Tail:
    """Steps that one generation has hidden, and none before it."""

    before: float | None
    cut: float

    def __call__(self, step: Floats) -> NDArray[np.bool_]:
        hidden: NDArray[np.bool_] = ~(step <= self.cut)
        return hidden if self.before is None else hidden & (step <= self.before)


def _least(cuts: dict[int, float], above: int, below: int | None) -> float | None:
    """The least cut of the generations above one, and below another."""
    return min(
        (cut for one, cut in cuts.items() if one > above and (below is None or one < below)), default=None
    )


def _by_writer(names: Iterable[str]) -> dict[str, list[SegmentName | LogName]]:
    """The files by writer, segments before the logs they may replace, the widest first."""
    found: dict[str, list[SegmentName | LogName]] = {}
    for name in names:
        parsed = parse(name)
        if parsed is not None and _last(parsed) < _FILES:
            found.setdefault(parsed.writer, []).append(parsed)
    for files in found.values():
        files.sort(key=lambda name: (isinstance(name, LogName), _first(name), -_last(name)))
    return found


def _last(name: SegmentName | LogName) -> int:
    return name.last if isinstance(name, SegmentName) else name.number


def _covers(segment: SegmentName | LogName, log: LogName) -> bool:
    return isinstance(segment, SegmentName) and segment.first <= log.number <= segment.last


def _overlap(one: SegmentName, other: SegmentName) -> bool:
    return one.first <= other.last and other.first <= one.last


def _numbers(files: Iterable[SegmentName | LogName]) -> list[tuple[int, int]]:
    """The file numbers that are there, as rising closed ranges that do not touch."""
    ranges: list[tuple[int, int]] = []
    for first, last in sorted((_first(name), _last(name)) for name in files):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges


def _minus(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of the ranges the others do not hold."""
    left = []
    for start, end in some:
        at = start
        for first, last in others:
            if last < at or first > end:
                continue
            if first > at:
                left.append((at, first - 1))
            at = last + 1
        if at <= end:
            left.append((at, end))
    return left


def _holes(writer: str, files: list[SegmentName | LogName]) -> list[Damage]:
    """Files that must have been there, because later ones are."""
    numbers = _numbers(files)
    missing = _minus([(0, numbers[-1][1])], numbers)
    return [
        Damage(
            log_name(writer, first),
            0,
            0,
            "missing" if first == last else f"missing, as are all up to {log_name(writer, last)}",
        )
        for first, last in missing
    ]


def _counts(sources: Iterable[_Source]) -> dict[str, int]:
    """Points and values by key."""
    counts: dict[str, int] = {}
    for source in sources:
        for key in {*source.keys(), *source.text_keys()}:
            counts[key] = counts.get(key, 0) + source.count(key)
    return counts


def _modified(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return -math.inf


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
