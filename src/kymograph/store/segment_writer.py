"""Builds the bytes of a sealed segment from what was read from logs."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from kymograph.store import columns
from kymograph.store.columns import CHUNK, Floats, Ints
from kymograph.store.content import Content
from kymograph.store.logreader import Rows, ValueRow
from kymograph.store.segment import HEADER, MAGIC, TRAILER, VERSION
from kymograph.store.stats import measure, to_list

_CHUNK_BYTES = 4 << 20  # of one chunk of values
Block = list[int]


def write_segment(file: BinaryIO, run: str, writer: str, first: int, last: int, content: Content) -> None:
    """Write a whole segment into an empty file."""
    _Writing(file).all(run, writer, first, last, content)


def value_chunks(values: list[ValueRow]) -> Iterator[list[ValueRow]]:
    """Stretches of at most CHUNK rows and, unless a single value is larger, of a few megabytes."""
    chunk: list[ValueRow] = []
    held = 0
    for value in values:
        if chunk and (len(chunk) == CHUNK or held + len(value.data) > _CHUNK_BYTES):
            yield chunk
            chunk, held = [], 0
        chunk.append(value)
        held += len(value.data)
    if chunk:
        yield chunk


class _Writing:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def all(self, run: str, writer: str, first: int, last: int, content: Content) -> None:
        self._put(HEADER.pack(MAGIC, VERSION, 0))
        tables = [self._table(rows) for rows in content.tables]
        values = [self._values(key, same, given=given) for (key, given), same in content.values.items()]
        meta = {
            "format": VERSION,
            "run": run,
            "writer": writer,
            "from": first,
            "to": last,
            "frames": self._block(columns.encode_bytes(b"".join(frame.data for frame in content.frames))),
            "frame_at": self._block(columns.encode_ints(_ints(frame.seq for frame in content.frames))),
            "frame_count": len(content.frames),
            "tables": tables,
            "values": values,
            "damage": [[gap.file, gap.start, gap.end, gap.what] for gap in content.gaps],
        }
        text = json.dumps(meta, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        packed = zlib.compress(text, 9)
        one = len(packed) + -len(packed) % 8 + TRAILER.size
        size = self._at + 2 * one
        for _ in range(2):  # twice: one damaged place must never hide a segment
            offset = self._at
            self._put(packed)
            self._put(TRAILER.pack(offset, len(packed), zlib.crc32(packed), size, MAGIC))

    def _put(self, data: bytes) -> None:
        padded = data + bytes(-len(data) % 8)
        self._file.write(padded)
        self._at += len(padded)

    def _block(self, encoded: tuple[int, bytes]) -> Block:
        encoding, data = encoded
        if not data:
            encoding, data = (
                columns.ZLIB,
                zlib.compress(b""),
            )  # a block is never empty, so that no two begin at one place
        block = [self._at, len(data), zlib.crc32(data), encoding]
        self._put(data)
        return block

    def _table(self, rows: Rows) -> dict[str, Any]:
        count = len(rows.seq)
        chunks = [self._chunk(rows, slice(start, start + CHUNK)) for start in range(0, count, CHUNK)]
        table: dict[str, Any] = {
            "keys": list(rows.keys),
            "given": rows.given,
            "rows": count,
            "chunks": chunks,
        }
        if len(chunks) > 1:
            table["stats"] = [
                to_list(measure(rows.step, rows.values[:, place])) for place in range(len(rows.keys))
            ]
        return table

    def _chunk(self, rows: Rows, part: slice) -> dict[str, Any]:
        step, time = rows.step[part], rows.time[part]
        return {
            "rows": len(step),
            "steps": _range(step),
            "times": _range(time),
            "seq": self._block(columns.encode_ints(rows.seq[part])),
            "time": self._block(columns.encode_times(time, given=rows.given)),
            "step": self._block(columns.encode_floats(step)),
            "values": [
                self._block(columns.encode_floats(np.ascontiguousarray(rows.values[part, place])))
                for place in range(len(rows.keys))
            ],
        }

    def _values(self, key: str, values: list[ValueRow], *, given: bool) -> dict[str, Any]:
        chunks = [self._value_chunk(chunk, given=given) for chunk in value_chunks(values)]
        return {"key": key, "given": given, "rows": len(values), "chunks": chunks}

    def _value_chunk(self, chunk: list[ValueRow], *, given: bool) -> dict[str, Any]:
        step = _floats(value.step for value in chunk)
        time = _floats(value.time for value in chunk)
        return {
            "rows": len(chunk),
            "steps": _range(step),
            "times": _range(time),
            "seq": self._block(columns.encode_ints(_ints(value.seq for value in chunk))),
            "time": self._block(columns.encode_times(time, given=given)),
            "step": self._block(columns.encode_floats(step)),
            "kind": self._block(columns.encode_ints(_ints(value.kind for value in chunk))),
            "size": self._block(columns.encode_ints(_ints(len(value.data) for value in chunk))),
            "bytes": self._block(columns.encode_bytes(b"".join(value.data for value in chunk))),
        }


def _range(column: Floats) -> list[float]:
    return [float(np.fmin.reduce(column)), float(np.fmax.reduce(column))]


def _ints(numbers: Iterator[int]) -> Ints:
    return np.fromiter(numbers, np.int64)


def _floats(numbers: Iterator[float]) -> NDArray[np.float64]:
    return np.fromiter(numbers, np.float64)


def sync_folder(folder: str) -> None:
    """Bring the names in a folder to the disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
