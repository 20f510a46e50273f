"""Turns closed record logs into immutable segments, and only then lets go of the logs.

Whoever reads or serves seals; writers never wait for it. A crash at any point loses nothing: a segment counts
under its final name only, is compared with its logs before they go, and a segment with its logs beside it is
compared again by the next who comes.
"""

from __future__ import annotations

import errno
import fcntl
import math
import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store import records
from kymograph.store.content import Content, content_of, gather, same_content
from kymograph.store.layout import (
    LogName,
    SegmentName,
    StoreFolder,
    log_name,
    parse,
    parse_marker,
    segment_name,
)
from kymograph.store.logreader import Batch, LogReader
from kymograph.store.segment import Segment
from kymograph.store.segment_writer import sync_folder, write_segment
from kymograph.store.writers import WriterState

GROUP = 8 << 20  # bytes of logs in one segment, so many are in memory at once
LEAST = 4 << 20  # bytes of closed logs of a living writer that are worth a segment
_HEAD = 64 << 10  # bytes; the first frame of a log says who writes it
_CLOSE_SIZE = 24  # of the frame that ends a writer's last log
_ON_ITS_WAY = 60.0  # seconds in which all that a machine wrote must have come to a network file system
_STALE = 600.0  # seconds after which a marker without any log is no writer that just begins
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(slots=True)
class Sealed:
    """What one call did. `waiting`: logs that were left; their writer may go on, or somebody else seals."""

    segments: list[str] = field(default_factory=list)  # file names
    logs: int = 0  # removed
    waiting: int = 0
    troubles: list[str] = field(default_factory=list)  # why something could not be sealed

    def __bool__(self) -> bool:
        return bool(self.segments or self.logs)


@dataclass(slots=True)
class _Writer:
    state: WriterState
    logs: list[int] = field(default_factory=list)
    segments: list[SegmentName] = field(default_factory=list)
    known: dict[int, tuple[str, ...]] = field(default_factory=dict)


def seal_run(
    folder: str | Path, *, group: int = GROUP, least: int = LEAST, until: float = math.inf
) -> Sealed:
    """Seal what can be sealed of one run.

    Logs that are closed: a later file of the same writer is there, or the writer has closed or is certain to
    be dead. While a writer lives, closed logs of less than `least` bytes together wait for more. At most
    `group` bytes of logs (or a single larger one) go into one segment. Returns at once when somebody else
    seals this run or nothing can be written there. No further segment is begun after `until`, on the
    monotonic clock: what is left waits for the next call.
    """
    path = str(folder)
    done = Sealed()
    with _lock(path) as held:
        if not held:
            done.waiting = len(_logs(path))
            return done
        _remove_half_written(path)
        for writer in _writers(path):
            try:
                _seal_writer(path, writer, done, group, least, until)
            except OSError as error:  # the folder was removed, or cannot be read: no other writer's fault
                done.troubles.append(f"the logs of writer {writer.state.id} could not be sealed: {error}")
        _unmark(path)
    return done


@contextmanager
def _lock(folder: str) -> Iterator[bool]:
    """The run's seal lock; False when it is taken, or cannot be had."""
    try:
        fd = os.open(os.path.join(folder, "seal.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if error.errno in (*_READ_ONLY, errno.ENOENT, errno.ENOSPC, errno.EDQUOT):
            yield False
            return
        raise
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Taken, or a file system without locks: there nobody seals, and logs are read as they are.
            if error.errno not in (*_NO_LOCKS, errno.EWOULDBLOCK, errno.EACCES):
                raise
            yield False
            return
        yield True
    finally:
        os.close(fd)


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _logs(folder: str) -> list[LogName]:
    found = [parse(name) for name in _listed(folder)]
    return [name for name in found if isinstance(name, LogName)]


def _remove_half_written(folder: str) -> None:
    """What a sealer that was killed left behind. A file that a writer has prepared ahead is not ours."""
    for name in _listed(folder):
        if name.startswith(".") and name.endswith(".seg.tmp"):
            os.unlink(os.path.join(folder, name))


def _writers(folder: str) -> list[_Writer]:
    writers: dict[str, _Writer] = {}
    for name in sorted(_listed(folder)):
        parsed = parse(name)
        if parsed is None:
            continue
        writer = writers.setdefault(parsed.writer, _Writer(WriterState(parsed.writer)))
        if isinstance(parsed, LogName):
            writer.logs.append(parsed.number)
        else:
            writer.segments.append(parsed)
    return [writer for writer in writers.values() if writer.logs]


# One writer


def _seal_writer(folder: str, writer: _Writer, done: Sealed, group: int, least: int, until: float) -> None:
    writer.logs.sort()
    _finish_interrupted(folder, writer, done)
    if not writer.logs:
        return
    closed = _closed(folder, writer)
    done.waiting += len(writer.logs) - len(closed)
    if len(closed) < len(writer.logs) and sum(_size(folder, writer, number) for number in closed) < least:
        done.waiting += len(closed)
        return
    for numbers in _groups(folder, writer, closed, group):
        if time.monotonic() > until and done.segments:
            done.waiting += len(numbers)
        else:
            _seal_group(folder, writer, numbers, done)


def _finish_interrupted(folder: str, writer: _Writer, done: Sealed) -> None:
    """A segment and its logs are both there: the logs go if it holds what they hold, else the segment."""
    for name in list(writer.segments):
        numbers = [number for number in writer.logs if name.first <= number <= name.last]
        if not numbers:
            continue
        try:
            batches = [_read(folder, writer, number) for number in numbers]
            same = _holds(os.path.join(folder, segment_name(*name)), batches, numbers)
        except (FormatTooNew, CorruptData) as error:
            done.troubles.append(str(error))
            writer.logs = [number for number in writer.logs if number not in numbers]
            continue
        if same:
            _remove_logs(folder, writer, numbers, done)
        elif len(numbers) == name.last - name.first + 1:
            os.unlink(os.path.join(folder, segment_name(*name)))
            writer.segments.remove(name)
        else:
            done.troubles.append(
                f"{segment_name(*name)} does not hold what the logs beside it hold; both are kept"
            )
            writer.logs = [number for number in writer.logs if number not in numbers]


def _closed(folder: str, writer: _Writer) -> list[int]:
    """The logs nothing is appended to any more: all but the last, and the last when its writer is gone."""
    *earlier, last = writer.logs
    path = _path(folder, writer, last)
    with open(path, "rb") as file:
        head = memoryview(file.read(_HEAD))
        writer.state.seen(os.fstat(file.fileno()).st_mtime)
        file.seek(max(0, os.fstat(file.fileno()).st_size - _CLOSE_SIZE))
        end = records.frame_at(memoryview(file.read()), 0)
    for frame in (records.frame_at(head, records.HEADER_SIZE), end):
        if frame is not None:
            writer.state.note_frame(frame.kind, frame.payload)
    followed = any(name.last > last for name in writer.segments)
    closed = writer.logs if followed or writer.state.gone(time.time()) else earlier
    if writer.state.here():
        return closed
    # What another machine wrote reaches this one late: nothing is sealed that is still on its way.
    return [number for number in closed if time.time() - _modified(folder, writer, number) > _ON_ITS_WAY]


def _path(folder: str, writer: _Writer, number: int) -> str:
    return os.path.join(folder, log_name(writer.state.id, number))


def _size(folder: str, writer: _Writer, number: int) -> int:
    try:
        return os.stat(_path(folder, writer, number)).st_size
    except OSError:
        return 0


def _modified(folder: str, writer: _Writer, number: int) -> float:
    return os.stat(_path(folder, writer, number)).st_mtime


def _groups(folder: str, writer: _Writer, numbers: Sequence[int], limit: int) -> Iterator[list[int]]:
    """Consecutive numbers whose files are together no larger than the limit; a larger file goes alone."""
    group: list[int] = []
    held = 0
    for number in numbers:
        size = _size(folder, writer, number)
        if group and (held + size > limit or number != group[-1] + 1):
            yield group
            group, held = [], 0
        group.append(number)
        held += size
    if group:
        yield group


def _read(folder: str, writer: _Writer, number: int) -> Batch:
    return LogReader(_path(folder, writer, number), number, writer.known).read(final=True)


def _seal_group(folder: str, writer: _Writer, numbers: list[int], done: Sealed) -> None:
    try:
        batches = [_read(folder, writer, number) for number in numbers]
    except FileNotFoundError:
        return
    except (FormatTooNew, CorruptData) as error:
        done.troubles.append(str(error))
        if len(numbers) > 1:  # one log that cannot be read keeps no other from being sealed
            for number in numbers:
                _seal_group(folder, writer, [number], done)
        else:
            done.waiting += 1
        return
    name = segment_name(writer.state.id, numbers[0], numbers[-1])
    if not _write(folder, name, writer, numbers, gather(batches), done):
        return
    del batches
    # Compared with the logs as they are now: what was appended meanwhile, against all rules, is not lost.
    if not _holds(os.path.join(folder, name), [_read(folder, writer, number) for number in numbers], numbers):
        os.unlink(os.path.join(folder, name))
        done.troubles.append(f"{name} does not read back as its logs do; they are kept")
        done.waiting += len(numbers)
        return
    done.segments.append(name)
    _remove_logs(folder, writer, numbers, done)


def _write(
    folder: str, name: str, writer: _Writer, numbers: list[int], content: Content, done: Sealed
) -> bool:
    half = os.path.join(folder, f".{name}.tmp")
    try:
        with open(half, "xb") as file:
            write_segment(file, os.path.basename(folder), writer.state.id, numbers[0], numbers[-1], content)
            file.flush()
            os.fsync(file.fileno())  # before the rename: after a crash the segment is whole or absent
        os.rename(half, os.path.join(folder, name))
        sync_folder(folder)
    except OSError as error:
        if os.path.exists(half):
            os.unlink(half)
        done.troubles.append(f"{name} could not be written: {error.strerror or error}")
        done.waiting += len(numbers)
        return False
    return True


def _remove_logs(folder: str, writer: _Writer, numbers: list[int], done: Sealed) -> None:
    for number in numbers:
        os.unlink(_path(folder, writer, number))
        done.logs += 1
    writer.logs = [number for number in writer.logs if number not in numbers]


# Reading back


def _holds(path: str, batches: Sequence[Batch], files: Collection[int]) -> bool:
    """Whether the segment holds exactly what these files hold, bit by bit, and passes all its checks."""
    try:
        segment = Segment(path)
        found = content_of(segment, files)
    except CorruptData:
        return False
    return not segment.damage and same_content(found, gather(batches))


def _unmark(folder: str) -> int:
    """Remove the run's markers of writers that have nothing unsealed and write no more; how many."""
    removed = 0
    run, store = os.path.basename(folder), StoreFolder(os.path.dirname(os.path.dirname(folder)))
    parsed = [name for name in map(parse, _listed(folder)) if name is not None]
    unsealed = {name.writer for name in parsed if isinstance(name, LogName)}
    sealed = {name.writer for name in parsed if isinstance(name, SegmentName)}
    for marker in _listed(store.live):
        about = parse_marker(marker)
        if about is None or about[0] != run or about[1] in unsealed:
            continue
        path = os.path.join(store.live, marker)
        try:
            # A writer makes its marker first: one without any file may just begin.
            if about[1] in sealed or time.time() - os.stat(path).st_mtime > _STALE:
                os.unlink(path)
                removed += 1
        except OSError:
            continue
    return removed
