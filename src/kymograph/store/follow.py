"""Follows the files of one run: opens segments, reads on in logs, keeps what they tell of their writers."""

from __future__ import annotations

import math
import os
import time as clock
from collections.abc import Iterable
from dataclasses import dataclass, field

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store.attributes import Attributes
from kymograph.store.files import (
    FileName,
    by_writer,
    covers,
    first_of,
    last_of,
    minus,
    missing,
    numbers,
    overlap,
)
from kymograph.store.layout import LogName, SegmentName, log_name, parse, segment_name
from kymograph.store.livelog import LiveLog, noted, own_time
from kymograph.store.logreader import RawFrame
from kymograph.store.segment import Damage, Segment
from kymograph.store.writers import WriterState, in_order

Source = Segment | LiveLog

_ATTEMPTS = 8  # to list a folder whose logs are sealed at this very moment


@dataclass(slots=True)
class FollowedWriter:
    """One writer's files, in the order of their numbers."""

    state: WriterState
    files: dict[FileName, Source] = field(default_factory=dict)
    known: dict[int, tuple[str, ...]] = field(default_factory=dict)
    noted: int = -1  # the sequence up to which frames were taken in
    damage: dict[str, Damage] = field(default_factory=dict)  # by file: those that cannot be read at all

    def sources(self) -> list[Source]:
        """Its files that can be read, in the order of their numbers."""
        return [self.files[name] for name in sorted(self.files, key=first_of)]


class Follower:
    """One run's folder. Not for several threads at once."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.changed_keys: set[str] = set()  # that grew in the last read
        self._forget()

    def _forget(self) -> None:
        self.writers: dict[str, FollowedWriter] = {}
        self.attributes = Attributes()
        self.holes: list[Damage] = []  # files that are missing: later ones of the same writer are there
        self._names: frozenset[str] = frozenset()

    def ordered(self) -> list[FollowedWriter]:
        """The writers by their start."""
        infos = in_order([writer.state.told() for writer in self.writers.values()])
        return [self.writers[info.id] for info in infos]

    def settled(self) -> bool:
        """Whether all is sealed and nobody is writing."""
        now = clock.time()
        for writer in self.writers.values():
            if any(isinstance(source, LiveLog) for source in writer.files.values()):
                return False
            if not writer.state.gone(now):
                return False
        return bool(self.writers)

    def damage(self) -> list[Damage]:
        """What could not be read, as far as it was met."""
        found = list(self.holes)
        for name, writer in self.writers.items():
            found += writer.damage.values()
            for source in writer.sources():
                found += [
                    Damage(log_name(name, gap.file), gap.start, gap.end, gap.what) for gap in source.gaps
                ]
                if isinstance(source, Segment):
                    found += source.damage
        return found

    def read(self) -> bool:
        """Read what was appended since the last call; whether anything was."""
        self.changed_keys = set()
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
        wanted = by_writer(names)
        changed = names != self._names
        gone = self.writers.keys() - wanted.keys()
        if gone or any(self._lost_files(writer, files) for writer, files in wanted.items()):
            for writer_then in self.writers.values():
                self.changed_keys.update(_counts(writer_then.files.values()))
            self._forget()
        for writer, files in wanted.items():
            known = self.writers.get(writer)
            if known is None:
                known = self.writers[writer] = FollowedWriter(WriterState(writer))
            changed |= self._swap(known, files)
        self.holes = [_hole(writer, *range_) for writer, files in wanted.items() for range_ in missing(files)]
        self._names = names
        return changed

    def _lost_files(self, writer: str, files: list[FileName]) -> bool:
        """Whether numbers that were read are no longer there, or some came before those that were."""
        known = self.writers.get(writer)
        if known is None or not known.files:
            return False
        before, now = numbers(known.files), numbers(files)
        return bool(minus(before, now)) or any(number < before[-1][1] for number, _ in minus(now, before))

    def _swap(self, writer: FollowedWriter, files: list[FileName]) -> bool:
        """Open the files that are new and let go of those that were sealed or removed."""
        before = _counts(writer.files.values())
        opened: dict[FileName, Source] = {}
        broken: dict[str, Damage] = {}
        for name in files:
            if isinstance(name, SegmentName):
                self._open_segment(writer, name, opened, broken)
        for name in files:
            if isinstance(name, LogName) and not any(covers(segment, name) for segment in opened):
                opened[name] = writer.files.get(name) or LiveLog(
                    self._path(log_name(*name)), name.number, writer.known
                )
        changed = opened.keys() != writer.files.keys()
        fresh = [opened[name] for name in sorted(opened, key=first_of) if name not in writer.files]
        told = [(source.own_time(), source.frames()) for source in fresh if isinstance(source, Segment)]
        writer.files, writer.damage = opened, broken  # nothing below raises: each frame is taken in once
        for time, frames in told:
            writer.state.seen(time)
            self._note(writer, frames)
        after = _counts(
            source for source in opened.values() if isinstance(source, Segment) or source.reader.end
        )
        self.changed_keys.update(
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        )
        return changed

    def _open_segment(
        self,
        writer: FollowedWriter,
        name: SegmentName,
        opened: dict[FileName, Source],
        broken: dict[str, Damage],
    ) -> None:
        file = segment_name(*name)
        for other in opened:
            if isinstance(other, SegmentName) and overlap(other, name):
                broken[file] = Damage(
                    file, 0, 0, f"replaces logs that {segment_name(*other)} replaces, too; not read"
                )
                return
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
        for writer in self.writers.values():
            last = max(map(last_of, writer.files), default=-1)
            for name, source in sorted(writer.files.items(), key=lambda item: first_of(item[0])):
                if isinstance(source, LiveLog):
                    changed |= self._follow(writer, source, now, final=last_of(name) < last)
        return changed

    def _follow(self, writer: FollowedWriter, log: LiveLog, now: float, *, final: bool) -> bool:
        """Read on in one log. While its writer lives, an unreadable place in the last may be half-written."""
        changed = self._look(writer, log, final=final)
        if not final and (log.reader.waiting or writer.state.closed) and writer.state.gone(now):
            changed |= self._look(writer, log, final=True)
        return changed

    def _look(self, writer: FollowedWriter, log: LiveLog, *, final: bool) -> bool:
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

    def _note(self, writer: FollowedWriter, frames: list[RawFrame]) -> None:
        fresh = [frame for frame in noted(frames) if frame.seq > writer.noted]
        for frame in fresh:
            writer.state.note(frame)
        self.attributes.add(writer.state, fresh)
        if frames:
            writer.noted = max(writer.noted, frames[-1].seq)


def _hole(writer: str, first: int, last: int) -> Damage:
    what = "missing" if first == last else f"missing, as are all up to {log_name(writer, last)}"
    return Damage(log_name(writer, first), 0, 0, what)


def _counts(sources: Iterable[Source]) -> dict[str, int]:
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
