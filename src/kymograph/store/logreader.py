"""Follows one growing record log and turns what was appended into columns.

The file is written through a shared mapping by another process while it is read here, so nothing counts but
a frame whose check is right. Any bytes whatever may be met: work and memory stay within a small multiple of
the file's size.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store import records
from kymograph.store.columns import Floats, Ints, whole_milliseconds

_LAST_VERSION = 1000  # a version beyond it is a flipped bit
_FLIPPED = 8  # bits of a header that may be wrong
_FIRST_LOOK = 64 << 10  # bytes; most refreshes bring less
_OWN = (records.POINTS_OWN, records.POINTS_OWN_AT)
_GIVEN = (records.POINTS_AT, records.POINTS_OWN_AT, records.VALUE_AT)

# What is said of a place that could not be read.
TORN = "torn"  # nothing sound follows: what a crash left unfinished
DAMAGED = "damaged"
UNDEFINED = "undefined"  # sound frames of a key set whose definition is lost; kept as they are


@dataclass(frozen=True, slots=True)
class Rows:
    """Points of keys that were logged together, in the order they were written. `values` is rows x keys."""

    keys: tuple[str, ...]
    given: bool  # whether the caller gave the times
    seq: Ints
    time: Floats
    step: Floats
    values: Floats


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value that is not a number."""

    key: str
    given: bool
    seq: int
    time: float
    step: float
    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class RawFrame:
    """A frame that is neither points nor a value, as it lies on disk."""

    seq: int
    data: bytes

    @property
    def kind(self) -> int:
        """What the frame is; see records."""
        return self.data[4]

    @property
    def payload(self) -> memoryview:
        """What is between head and check."""
        return memoryview(self.data)[8:-8]


@dataclass(frozen=True, slots=True)
class Gap:
    """A place of a log that could not be read: bytes `start` to `end` of file `file`."""

    file: int
    start: int
    end: int
    what: str


@dataclass(slots=True)
class Batch:
    """What one look at a log brought."""

    tables: list[Rows] = field(default_factory=list)
    values: list[ValueRow] = field(default_factory=list)
    frames: list[RawFrame] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tables or self.values or self.frames or self.gaps)


class LogReader:
    """One record log, read from where the last look ended.

    `known` is shared by the files of one writer: its key sets by number, for a file whose own definition
    is damaged. Not for several threads at once.
    """

    def __init__(self, path: str, file: int, known: dict[int, tuple[str, ...]] | None = None) -> None:
        self.path = path
        self.file = file
        self.end = 0  # behind the last sound frame
        self.waiting = False  # the last look ended before bytes that may be a frame in the making
        self._known: dict[int, tuple[str, ...]] = {} if known is None else known
        self._defined: dict[int, tuple[str, ...]] = {}
        self._finished = False
        self._spent = 0  # bytes summed for candidates that were no frames, in the life of this reader

    def read(self, *, final: bool = False) -> Batch:
        """Everything appended since the last look.

        With `final` the writer is known to append no more, so what cannot be read is told as a gap instead of
        waited for. Raises OSError, FormatTooNew, and CorruptData for a file that is no record log.
        """
        batch = Batch()
        if self._finished:
            return batch
        fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(fd).st_size
            if self.end > 0 or self._begin(fd, size, batch, final=final):
                self._follow(fd, size, batch, final=final)
        finally:
            os.close(fd)
        self._finished = final
        return batch

    def _begin(self, fd: int, size: int, batch: Batch, *, final: bool) -> bool:
        """Check the header; False while it is not there."""
        head = os.pread(fd, records.HEADER_SIZE, 0)
        right = records.file_header()
        if head != right:
            begun = right.startswith(head.rstrip(b"\0")) and not (final and any(os.pread(fd, 8, len(right))))
            if begun or len(head) < len(right):
                if final and any(head):
                    batch.gaps.append(Gap(self.file, 0, size, TORN))
                return False  # just created, or never used
            self._judge_header(head)
            batch.gaps.append(Gap(self.file, 0, records.HEADER_SIZE, DAMAGED))
        self.end = records.HEADER_SIZE
        return True

    def _judge_header(self, head: bytes) -> None:
        """Flipped bits or zeros in the header hide no file; other bytes altogether are no record log."""
        version = records.file_version(head)
        if version is not None and records.VERSION < version <= _LAST_VERSION:
            raise FormatTooNew(self.path, version, records.VERSION)
        right = np.frombuffer(records.file_header(), np.uint8)
        wrong = np.unpackbits(right ^ np.frombuffer(head.ljust(len(right), b"\0"), np.uint8))
        if any(head) and int(wrong.sum()) > _FLIPPED:
            raise CorruptData(f"{self.path} does not begin like a record log; it starts with {head[:8]!r}", 0)

    def _follow(self, fd: int, size: int, batch: Batch, *, final: bool) -> None:
        self.waiting = False
        look = _FIRST_LOOK
        if not final and not any(os.pread(fd, 8, self.end)):
            return  # a frame never begins with zeros: the cheap end of most looks
        while self.end < size:
            data = os.pread(fd, look, self.end)
            whole = self.end + len(data) >= size
            scan = _Scan(self, data, batch)
            scan.run(whole=whole, final=final)
            self.end += scan.done
            if whole or len(data) < records.SMALLEST_FRAME:
                self.waiting = scan.waiting
                return
            if scan.done < len(data) // 2:
                look = size - self.end  # a large frame, a damaged place or free space: see all of it
            else:
                look *= 8

    def keys_of(self, number: int) -> tuple[str, ...] | None:
        """The keys of a key set, as far as its definition was met."""
        return self._defined.get(number) or self._known.get(number)

    def define(self, number: int, keys: tuple[str, ...]) -> None:
        """Remember a definition."""
        self._defined[number] = self._known[number] = keys

    def spend(self, length: int, size: int) -> bool:
        """Whether summing `length` bytes more for a mere candidate is still within bounds."""
        self._spent += length
        return self._spent <= 16 * size + (64 << 20)


class _Scan:
    """One stretch of bytes of a log, turned into a batch: first where the frames are, then their columns."""

    def __init__(self, reader: LogReader, data: bytes, batch: Batch) -> None:
        self.reader = reader
        self.batch = batch
        self.base = reader.file << 32 | reader.end
        self.done = 0  # bytes behind which the next look goes on
        self.waiting = False
        self._data = data
        self._words = memoryview(data)[: len(data) & ~7].cast("Q")
        self._points: dict[int, list[int]] = {}  # head of the frame -> where such frames are, in words

    def run(self, *, whole: bool, final: bool) -> None:
        """`whole`: the stretch reaches the end of the file."""
        at = 0
        while True:
            at = self._sound_frames(at)
            self.done = 8 * at
            if not whole:
                break
            after = self._next_sound(at)
            if after is None:
                self._tail(at, final=final)
                break
            self._gap(8 * at, 8 * after, DAMAGED)
            at = after
        self._flush()

    def _sound_frames(self, at: int) -> int:
        # The hot loop of reading: for points like the ones before, one check per frame and nothing else.
        words, data, points = self._words, self._data, self._points
        total = len(words)
        while at < total:
            head = words[at]
            length = head & 0xFFFFFFFF
            size = length >> 3
            if length < records.SMALLEST_FRAME or length & 7:
                break
            kind = head >> 32 & 0xFF
            if not records.POINTS <= kind <= records.POINTS_OWN_AT:
                after = at + size
                if after > total or crc32(data[8 * at : 8 * after - 8]) != words[after - 1]:
                    break
                self._other(kind, head >> 40, at, after)
                at = after
                continue
            places = points.setdefault(head, [])
            first, checked = at, length - 8
            while at < total and words[at] == head:
                start = at << 3
                after = at + size
                if after > total or crc32(data[start : start + checked]) != words[after - 1]:
                    break
                places.append(at)
                at = after
            if at == first:
                break
        return at

    def _other(self, kind: int, number: int, at: int, after: int) -> None:
        frame = RawFrame(self.base + 8 * at, self._data[8 * at : 8 * after])
        if kind in (records.VALUE, records.VALUE_AT):
            self._value(frame, kind, number)
            return
        if kind == records.KEYSET:
            self._keyset(frame, number)
        self.batch.frames.append(frame)

    def _keyset(self, frame: RawFrame, number: int) -> None:
        try:
            keys = records.read_json(frame.payload)
        except ValueError:
            keys = None
        if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
            self._undefined(frame)
            return
        if self.reader.keys_of(number) not in (None, tuple(keys)):
            self._flush()  # never done by a writer; then the earlier points keep the earlier names
        self.reader.define(number, tuple(keys))

    def _value(self, frame: RawFrame, kind: int, number: int) -> None:
        keys = self.reader.keys_of(number)
        try:
            time, step, value_kind, data = records.read_value(frame.payload)
        except ValueError:
            keys = None
        if keys is None or len(keys) != 1:
            self.batch.frames.append(frame)
            self._undefined(frame)
            return
        given = kind in _GIVEN
        if not given:
            time = float(whole_milliseconds(np.array([time]))[0])
        self.batch.values.append(ValueRow(keys[0], given, frame.seq, time, step, value_kind, data))

    def _undefined(self, frame: RawFrame) -> None:
        start = frame.seq & 0xFFFFFFFF
        self.batch.gaps.append(Gap(self.reader.file, start, start + len(frame.data), UNDEFINED))

    def _gap(self, start: int, end: int, what: str) -> None:
        begin = self.base & 0xFFFFFFFF
        self.batch.gaps.append(Gap(self.reader.file, begin + start, begin + end, what))

    def _tail(self, at: int, *, final: bool) -> None:
        """Behind the last sound frame: free space, a frame in the making, or a torn one."""
        rest = self._data[8 * at :]
        used = len(rest.rstrip(b"\0"))
        if final and used:
            self._gap(8 * at, 8 * at + used, TORN)
        self.waiting = used > 0 and not final

    def _next_sound(self, at: int) -> int | None:
        """Where the next sound frame begins, in words; looks at every word, but sums only plausible ones."""
        words = np.frombuffer(self._data, "<u8", count=len(self._words))
        start, look = at + 1, 1024
        while start < len(words):
            heads = words[start : start + look]
            lengths = (heads & 0xFFFFFFFF).astype(np.int64)
            ends = np.arange(start, start + len(heads)) + (lengths >> 3)
            plausible = (lengths >= records.SMALLEST_FRAME) & (lengths & 7 == 0) & (heads >> 32 & 0xFF > 0)
            plausible &= ends <= len(words)
            # The last four bytes of a frame are zeros.
            plausible[plausible] = words[ends[plausible] - 1] >> 32 == 0
            for offset in np.flatnonzero(plausible).tolist():
                place, end = start + offset, int(ends[offset])
                if crc32(self._data[8 * place : 8 * end - 8]) == int(words[end - 1]):
                    return place
                if not self.reader.spend(8 * (end - place), len(self._data)):
                    return None
            start += look
            look *= 2
        return None

    def _flush(self) -> None:
        """Turn the places of points found so far into columns."""
        words = np.frombuffer(self._data, "<u8", count=len(self._words))
        for head, places in self._points.items():
            if places:
                self._columns(head, words, np.array(places, np.int64))
        self._points.clear()

    def _columns(self, head: int, words: NDArray[np.uint64], places: Ints) -> None:
        kind, inner = head >> 32 & 0xFF, ((head & 0xFFFFFFFF) >> 3) - 2
        keys = self.reader.keys_of(head >> 40)
        own = kind in _OWN
        if keys is None or inner != (1 + 2 * len(keys) if own else 2 + len(keys)):
            for place in places.tolist():
                frame = RawFrame(self.base + 8 * place, self._data[8 * place : 8 * place + 8 * inner + 16])
                self.batch.frames.append(frame)
                self._undefined(frame)
            return
        numbers = words[places[:, None] + np.arange(1, inner + 1)].view(np.float64)
        given = kind in _GIVEN
        seq = self.base + 8 * places
        time = numbers[:, 0].copy() if given else whole_milliseconds(numbers[:, 0])
        if not own:
            rows = Rows(keys, given, seq, time, numbers[:, 1].copy(), numbers[:, 2:])
            self.batch.tables.append(rows)
            return
        for place, key in enumerate(keys):
            value = numbers[:, 1 + len(keys) + place : 2 + len(keys) + place]
            self.batch.tables.append(Rows((key,), given, seq, time, numbers[:, 1 + place].copy(), value))
