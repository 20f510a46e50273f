"""Reads a sealed segment: what is in it first, columns when asked."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store import cache, columns, records
from kymograph.store.columns import Floats, Ints
from kymograph.store.logreader import Gap, RawFrame, Rows, ValueRow
from kymograph.store.points import Points, Texts, decode_text, merge, merge_texts
from kymograph.store.stats import SeriesStats, from_list, measure

# FORMAT.md, "Sealed segment". On disk for ever: add, never change.
MAGIC = b"KYMOSEG\0"
VERSION = 1
HEADER = struct.Struct("<8sII")
TRAILER = struct.Struct("<QIIQ8s")
FLOAT, INT, TIME = "float", "int", "time"

_WRONG_META = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
_LARGEST_META = 16 << 20  # bytes, packed; where the copy of a damaged one is looked for
_FEWEST = 3  # blocks of a chunk besides its values: seq, time, step


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes `start` to `end` of a file of the run's folder that could not be read, and what that means."""

    file: str
    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class Table:
    """Points of the keys that were logged together; `blocks` is chunks x (seq, time, step, keys...) x 4."""

    keys: tuple[str, ...]
    given: bool
    rows: Ints
    steps: Floats  # chunks x (low, high)
    times: Floats
    blocks: Ints
    stats: tuple[SeriesStats, ...] | None  # per key; for tables of several chunks


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Values of one key; `blocks` is chunks x (seq, time, step, kind, size, bytes) x 4."""

    key: str
    given: bool
    rows: Ints
    times: Floats
    blocks: Ints


class Segment:
    """One sealed segment. Opening reads its meta; `damage` grows by what turns out not to be readable.

    Any thread may call. Raises OSError, FormatTooNew and CorruptData when opened; afterwards what does not
    pass its check is left out and told in `damage`.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.damage: list[Damage] = []
        self._told: set[int] = set()
        self._measured: dict[str, SeriesStats] = {}
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            about = os.fstat(fd)
            self.size = about.st_size
            self._identity = (path, about.st_ino, about.st_mtime_ns)
            meta, self.body = self._read_meta(fd)
            self._judge_header(os.pread(fd, HEADER.size, 0))
        finally:
            os.close(fd)
        try:
            self._take(meta)
        except _WRONG_META as error:
            raise CorruptData(
                f"the meta of {path} makes no sense: {type(error).__name__}: {error}"
            ) from error

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, open; -1 when it is gone, so that whatever is read of it counts as damaged."""
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            fd = -1
        try:
            yield fd
        finally:
            if fd >= 0:
                os.close(fd)

    # The meta

    def _read_meta(self, fd: int) -> tuple[dict[str, Any], int]:
        """The meta and where it begins, behind all blocks. It is there twice; the last sound one counts."""
        last = self.size - TRAILER.size
        for at in self._trailers(fd, last):
            try:
                meta, offset = self._meta_at(fd, at)
            except CorruptData:
                continue
            if at != last:
                self._tell(
                    at + TRAILER.size, self.size, "the end of the segment; read from the copy before it"
                )
            version = meta.get("format")
            if not isinstance(version, int) or version < 1:
                continue
            if version > VERSION:
                raise FormatTooNew(self.path, version, VERSION)
            return meta, offset
        raise CorruptData(
            f"{self.path} has no readable meta; it is no sealed segment or was cut off", self.size
        )

    def _trailers(self, fd: int, last: int) -> Iterator[int]:
        """Where trailers may be, from the end; two only, a third is not written."""
        if last < HEADER.size:
            return
        yield last
        # The copy ends where the last meta begins; its place is found by the magic that ends it.
        window = min(self.size, _LARGEST_META)
        tail = os.pread(fd, window, self.size - window)
        at = len(tail) - 1
        for _ in range(4):
            at = tail.rfind(MAGIC, 0, at)
            if at < 0:
                return
            place = self.size - window + at + len(MAGIC) - TRAILER.size
            if HEADER.size <= place < last:
                yield place

    def _meta_at(self, fd: int, at: int) -> tuple[dict[str, Any], int]:
        trailer = os.pread(fd, TRAILER.size, at)
        if len(trailer) < TRAILER.size:
            raise CorruptData("no trailer", at)
        offset, length, check, _, magic = TRAILER.unpack(trailer)
        if magic != MAGIC or offset < HEADER.size or offset + length > at:
            raise CorruptData("no trailer", at)
        packed = os.pread(fd, length, offset)
        if crc32(packed) != check:
            raise CorruptData("the meta does not pass its check", offset)
        try:
            meta = json.loads(columns.inflate(packed).decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise CorruptData(f"the meta is no JSON: {error}", offset) from error
        if not isinstance(meta, dict):
            raise CorruptData("the meta is no object", offset)
        return meta, offset

    def _judge_header(self, head: bytes) -> None:
        if head != HEADER.pack(MAGIC, VERSION, 0):
            self._tell(0, HEADER.size, "the header; nothing else depends on it")

    def _take(self, meta: dict[str, Any]) -> None:
        self.run, self.writer = _text(meta["run"]), _text(meta["writer"])
        self.first, self.last = int(meta["from"]), int(meta["to"])
        self.gaps = [
            Gap(int(file), int(start), int(end), _text(what)) for file, start, end, what in meta["damage"]
        ]
        self._frames = np.array([meta["frames"], meta["frame_at"]], np.int64)
        self._frame_count = int(meta["frame_count"])
        if self._frames.shape != (2, 4) or not 0 <= self._frame_count <= columns.expansion(
            int(self._frames[0, 1])
        ):
            raise ValueError("frames")
        self.tables = [_table(one) for one in meta["tables"]]
        self.values = [_value_table(one) for one in meta["values"]]
        self._check_places()
        self._where: dict[str, list[tuple[Table, int]]] = {}
        for table in self.tables:
            for place, key in enumerate(table.keys):
                self._where.setdefault(key, []).append((table, place))

    def _check_places(self) -> None:
        """Blocks lie within the file and never on each other: its size bounds what they decode to."""
        points = [table.blocks.reshape(-1, 4) for table in self.tables]
        values = [table.blocks.reshape(-1, 4) for table in self.values]
        places = np.concatenate([self._frames, *points, *values])
        places = places[np.argsort(places[:, 0], kind="stable")]
        start, length = places[:, 0], places[:, 1]
        if (
            (start < HEADER.size).any()
            or (length < 1).any()
            or (start > self.body).any()
            or (length > self.body).any()
        ):
            raise ValueError("a block outside the file")
        end = start + length
        if (end > self.body).any() or (end[:-1] > start[1:]).any():
            raise ValueError("blocks that overlap or end outside the file")

    # What is in it

    def keys(self) -> list[str]:
        """The number series that have points here."""
        return list(self._where)

    def text_keys(self) -> list[str]:
        """The series that have values which are not numbers here."""
        return list(dict.fromkeys(table.key for table in self.values))

    def count(self, key: str) -> int:
        """Points and values of a key."""
        points = sum(int(table.rows.sum()) for table, _ in self._where.get(key, ()))
        return points + sum(int(table.rows.sum()) for table in self.values if table.key == key)

    def own_time(self) -> float:
        """The latest time of the library's own clock among points and values; -inf when there is none."""
        times = [table.times[:, 1] for table in self.tables if not table.given]
        times += [table.times[:, 1] for table in self.values if not table.given]
        return float(np.fmax.reduce(np.concatenate(times))) if times else -np.inf

    def rows(self) -> int:
        """Points and values, each key's for itself."""
        points = sum(int(table.rows.sum()) * len(table.keys) for table in self.tables)
        return points + sum(int(table.rows.sum()) for table in self.values)

    def frames(self) -> list[RawFrame]:
        """What was neither points nor values, in order."""
        start = int(self._frames[0, 0])
        with self._opened() as fd:
            try:
                data = columns.decode_bytes(int(self._frames[0, 3]), self._bytes(fd, self._frames[0]))
                block = self._frames[1]
                seqs = columns.decode_ints(int(block[3]), self._bytes(fd, block), self._frame_count)
            except CorruptData as error:
                self._tell(start, int(self._frames[1, :2].sum()), f"attributes and status: {error}")
                return []
        frames = _split(data, seqs.tolist())
        if frames is None:
            end = int(self._frames[0, :2].sum())
            self._tell(start, end, "attributes and status: frames are missing")
        return frames or []

    def points(self, key: str, steps: tuple[float, float] | None = None) -> Points:
        """A key's points in the order of their sequences; with `steps` those in the closed range only."""
        wanted = self._where.get(key)
        if not wanted:
            return merge([])
        with self._opened() as fd:
            parts = [part for table, place in wanted for part in self._parts(fd, table, place, steps)]
        return merge(parts)

    def _parts(
        self, fd: int, table: Table, place: int, steps: tuple[float, float] | None
    ) -> Iterator[Points]:
        for chunk in _chunks(table, steps):
            found = self._columns(
                fd, table.blocks[chunk], int(table.rows[chunk]), (INT, TIME, FLOAT), value=_FEWEST + place
            )
            if found is not None:
                seq, time, step, value = found
                yield Points(seq, step, time, value).within(steps)

    def _columns(
        self, fd: int, blocks: Ints, rows: int, kinds: Sequence[str], value: int | None = None
    ) -> list[NDArray[Any]] | None:
        wanted = [*enumerate(kinds)] if value is None else [*enumerate(kinds), (value, FLOAT)]
        try:
            return [self._column(fd, blocks[place], rows, kind) for place, kind in wanted]
        except CorruptData:
            return None

    def _column(self, fd: int, block: Ints, rows: int, kind: str) -> NDArray[Any]:
        return cache.shared.get((*self._identity, int(block[0])), lambda: self._decode(fd, block, rows, kind))

    def _decode(self, fd: int, block: Ints, rows: int, kind: str) -> NDArray[Any]:
        decode = {FLOAT: columns.decode_floats, INT: columns.decode_ints, TIME: columns.decode_times}[kind]
        try:
            return decode(int(block[3]), self._bytes(fd, block), rows)
        except CorruptData as error:
            self._tell(int(block[0]), int(block[0] + block[1]), f"{rows} rows: {error}")
            raise

    def _bytes(self, fd: int, block: Ints) -> bytes:
        offset, length, check = (int(number) for number in block[:3])
        try:
            data = os.pread(fd, length, offset)
        except OSError as error:
            raise CorruptData(f"it cannot be read: {error.strerror}", offset) from error
        if crc32(data) != check:
            raise CorruptData("a block does not pass its check", offset)
        return data

    def stats(self, key: str) -> SeriesStats:
        """A key's statistics, from the meta where they are there."""
        wanted = self._where.get(key, [])
        if len(wanted) == 1 and (kept := wanted[0][0].stats) is not None:
            return kept[wanted[0][1]]
        measured = self._measured.get(key)
        if measured is None:
            points = self.points(key)
            measured = self._measured[key] = measure(points.step, points.value)
        return measured

    def texts(self, key: str) -> Texts:
        """A key's strings in the order of their sequences."""
        parts = []
        with self._opened() as fd:
            for table in self.values:
                if table.key == key:
                    parts += [
                        part
                        for chunk in range(len(table.rows))
                        if (part := self._texts(fd, table, chunk)) is not None
                    ]
        return merge_texts(parts)

    def _texts(self, fd: int, table: ValueTable, chunk: int) -> Texts | None:
        found = self._value_chunk(fd, table, chunk, self._columns)
        if found is None:
            return None
        seq, time, step, kind, data = found
        return Texts(seq, step, time, [decode_text(one) for one in data]).where(kind == records.TEXT)

    def _value_chunk(
        self, fd: int, table: ValueTable, chunk: int, read: Callable[..., list[NDArray[Any]] | None]
    ) -> tuple[Ints, Floats, Floats, Ints, list[bytes]] | None:
        blocks, rows = table.blocks[chunk], int(table.rows[chunk])
        found = read(fd, blocks[:5], rows, (INT, TIME, FLOAT, INT, INT))
        if found is None:
            return None
        seq, time, step, kind, size = found
        block = blocks[5]
        try:
            data = columns.decode_bytes(int(block[3]), self._bytes(fd, block))
            parts = _parts_of(data, size)
        except CorruptData as error:
            self._tell(int(block[0]), int(block[0] + block[1]), f"{rows} values: {error}")
            return None
        return seq, time, step, kind, parts

    # Everything, for sealing and verifying

    def rows_of(self, table: Table, chunk: int) -> Rows | None:
        """One chunk of a table; None when any of it is damaged."""
        blocks, rows = table.blocks[chunk], int(table.rows[chunk])
        with self._opened() as fd:
            found = self._all(fd, blocks, rows, (INT, TIME, FLOAT, *[FLOAT] * len(table.keys)))
        if found is None:
            return None
        seq, time, step, *values = found
        return Rows(table.keys, table.given, seq, time, step, np.stack(values, axis=1))

    def _all(self, fd: int, blocks: Ints, rows: int, kinds: Sequence[str]) -> list[NDArray[Any]] | None:
        """Columns read from the disk, whatever is cached; each damaged one is told, then None."""
        read: list[NDArray[Any]] = []
        for block, kind in zip(blocks, kinds, strict=True):
            try:
                read.append(self._decode(fd, block, rows, kind))
            except CorruptData:
                continue
        return read if len(read) == len(kinds) else None

    def values_of(self, table: ValueTable, chunk: int) -> list[ValueRow] | None:
        """One chunk of values; None when any of it is damaged."""
        with self._opened() as fd:
            found = self._value_chunk(fd, table, chunk, self._all)
        if found is None:
            return None
        seq, time, step, kind, data = (
            column if isinstance(column, list) else column.tolist() for column in found
        )
        return [
            ValueRow(table.key, table.given, *row) for row in zip(seq, time, step, kind, data, strict=True)
        ]

    def _tell(self, start: int, end: int, what: str) -> None:
        if start not in self._told:
            self._told.add(start)
            self.damage.append(Damage(os.path.basename(self.path), start, end, what))


def _split(data: bytes, seqs: list[int]) -> list[RawFrame] | None:
    """The frames that lie in `data` one behind the other; None when it holds anything else."""
    frames, at, view = [], 0, memoryview(data)
    for seq in seqs:
        found = records.frame_at(view, at)
        if found is None:
            return None
        end = at + len(found.payload) + records.SMALLEST_FRAME
        frames.append(RawFrame(seq, data[at:end]))
        at = end
    return frames if at == len(data) else None


def _parts_of(data: bytes, size: Ints) -> list[bytes]:
    if (size < 0).any() or (size > len(data)).any() or int(size.sum()) != len(data):
        raise CorruptData("sizes that do not add up to the bytes there are")
    ends = np.cumsum(size).tolist()
    return [data[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _chunks(table: Table, steps: tuple[float, float] | None) -> list[int]:
    """The chunks that may hold points of the range; one that has a NaN for a bound may."""
    if steps is None:
        return list(range(len(table.rows)))
    outside = (table.steps[:, 1] < steps[0]) | (table.steps[:, 0] > steps[1])
    found: list[int] = np.flatnonzero(~outside).tolist()
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def _rows(one: dict[str, Any]) -> Ints:
    rows = np.array([chunk["rows"] for chunk in one["chunks"]], np.int64)
    if len(rows) and not (rows.min() > 0 and rows.max() <= columns.CHUNK):
        raise ValueError("rows of a chunk")
    return rows


def _ranges(one: dict[str, Any], name: str) -> Floats:
    return np.array([chunk[name] for chunk in one["chunks"]], np.float64).reshape(len(one["chunks"]), 2)


def _blocks(one: dict[str, Any], names: Sequence[str], more: int) -> Ints:
    per_chunk = [
        [*(chunk[name] for name in names), *(chunk["values"] if more else ())] for chunk in one["chunks"]
    ]
    return np.array(per_chunk, np.int64).reshape(len(per_chunk), len(names) + more, 4)


def _table(one: dict[str, Any]) -> Table:
    keys = tuple(_text(key) for key in one["keys"])
    if not keys:
        raise ValueError("a table without keys")
    kept = one.get("stats")
    stats = None if kept is None else tuple(from_list(numbers) for numbers in kept)
    if stats is not None and len(stats) != len(keys):
        raise ValueError("statistics")
    blocks = _blocks(one, ("seq", "time", "step"), len(keys))
    return Table(
        keys, bool(one["given"]), _rows(one), _ranges(one, "steps"), _ranges(one, "times"), blocks, stats
    )


def _value_table(one: dict[str, Any]) -> ValueTable:
    blocks = _blocks(one, ("seq", "time", "step", "kind", "size", "bytes"), 0)
    return ValueTable(_text(one["key"]), bool(one["given"]), _rows(one), _ranges(one, "times"), blocks)
