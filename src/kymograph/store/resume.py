"""What somebody who goes on with a run must know of it: attributes, generations, where each key stopped.

Standard library only, because it runs in the training process. Readers with numpy use view.py.
"""

from __future__ import annotations

import json
import math
import os
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Any

from kymograph.errors import FormatTooNew
from kymograph.store import records
from kymograph.store.layout import LogName, SegmentName, parse

_TRAILER = struct.Struct("<QIIQ8s")
_SEGMENT_MAGIC = b"KYMOSEG\0"
_SEGMENT_HEADER = struct.Struct("<8sII")
_RAW_BYTES = 7  # an encoding; see FORMAT.md
_POINT_KINDS = (records.POINTS, records.POINTS_AT, records.POINTS_OWN, records.POINTS_OWN_AT)
_VALUE_KINDS = (records.VALUE, records.VALUE_AT)


TOGETHER = 600.0  # seconds within which processes that resume at the same step are taken as one start


class Past:
    """A run's folder as it is now. Damaged places are passed over: verify is there to tell of them."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.generation = 0
        self.cuts: dict[int, float] = {}
        self.attributes: dict[str, Any] = {}
        self._cut_at = -math.inf
        self._highest: dict[str, float] | None = None
        self._files = _files(folder)
        changes: list[tuple[float, int, dict[str, Any]]] = []
        for data, _ in self._frames():
            for frame in records.walk(data, 0):
                self._note(frame, changes)
        for _, _, change in sorted(changes, key=lambda item: item[:2]):
            _apply(self.attributes, change)

    def _frames(self) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """Of each file its frames that are not points, and what its meta says of the points."""
        for name, parsed in self._files:
            path = os.path.join(self.folder, name)
            try:
                if isinstance(parsed, SegmentName):
                    yield _read_segment(path)
                else:
                    yield _without_points(path), {}
            except (OSError, ValueError, KeyError, TypeError, zlib.error, struct.error):
                continue

    def _note(self, frame: records.Frame, changes: list[tuple[float, int, dict[str, Any]]]) -> None:
        try:
            if frame.kind == records.WRITER:
                about = records.read_json(frame.payload)
                generation = int(about.get("generation", 0))
                self.generation = max(self.generation, generation)
                if about.get("cut") is not None:
                    self.cuts[generation] = float(about["cut"])
                    self._cut_at = max(self._cut_at, float(about.get("started", -math.inf)))
            elif frame.kind == records.ATTRIBUTES:
                time, change = records.read_timed_json(frame.payload)
                changes.append((time, len(changes), change))
        except (ValueError, TypeError, AttributeError):
            pass

    def is_young(self) -> bool:
        """Whether the newest cut is at most ten minutes old: its processes may still be starting."""
        return time.time() - self._cut_at < TOGETHER

    def next_step(self, key: str, cut: float | None = None) -> int:
        """The first whole step behind all points of a key (up to `cut`); 0 when it has none."""
        if self._highest is None:
            self._highest = self._read_highest()
        highest = self._highest.get(key)
        if highest is None:
            return 0
        return math.floor(highest if cut is None else min(highest, cut)) + 1

    def last_step(self) -> float:
        """The highest step of all keys; -1 when there are no points."""
        self.next_step("")
        return max(self._highest.values(), default=-1.0) if self._highest else -1.0

    def _read_highest(self) -> dict[str, float]:
        highest: dict[str, float] = {}
        for name, parsed in self._files:
            path = os.path.join(self.folder, name)
            try:
                if isinstance(parsed, SegmentName):
                    _segment_steps(_read_segment(path)[1], highest)
                else:
                    _log_steps(path, highest)
            except (OSError, ValueError, KeyError, TypeError, zlib.error, struct.error):
                continue
        return highest


def exists(folder: str) -> bool:
    """Whether a run is there."""
    return os.path.isdir(folder)


def _files(folder: str) -> list[tuple[str, LogName | SegmentName]]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    parsed = [(name, found) for name in names if (found := parse(name)) is not None]
    sealed = [found for _, found in parsed if isinstance(found, SegmentName)]
    return [
        (name, found)
        for name, found in parsed
        if isinstance(found, SegmentName)
        or not any(s.writer == found.writer and s.first <= found.number <= s.last for s in sealed)
    ]


def _apply(attributes: dict[str, Any], change: dict[str, Any]) -> None:
    for path in change.get("unset", ()):
        for known in [known for known in attributes if known == path or known.startswith(f"{path}/")]:
            del attributes[known]
    attributes.update(change.get("set", {}))


def _read_segment(path: str) -> tuple[bytes, dict[str, Any]]:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        magic, version, _ = _SEGMENT_HEADER.unpack(file.read(_SEGMENT_HEADER.size))
        if magic == _SEGMENT_MAGIC and version > records.VERSION:
            raise FormatTooNew(path, version, records.VERSION)
        file.seek(size - _TRAILER.size)
        offset, length, check, whole, magic = _TRAILER.unpack(file.read(_TRAILER.size))
        if magic != _SEGMENT_MAGIC or whole != size or offset + length > size:
            raise ValueError(f"{path} is not a whole segment")
        file.seek(offset)
        packed = file.read(length)
        if zlib.crc32(packed) != check:
            raise ValueError(f"{path}: the meta does not pass its check")
        meta = json.loads(zlib.decompress(packed))
        start, size, check, encoding = meta["frames"]
        file.seek(start)
        frames = file.read(size)
        return (frames if encoding == _RAW_BYTES else zlib.decompress(frames)), meta


def _segment_steps(meta: dict[str, Any], highest: dict[str, float]) -> None:
    for table in meta["tables"]:
        top = max((chunk["steps"][1] for chunk in table["chunks"]), default=None)
        for key in table["keys"]:
            _raise(highest, key, top)
    for series in meta["values"]:
        for chunk in series["chunks"]:
            _raise(highest, series["key"], chunk["steps"][1] if "steps" in chunk else series["rows"] - 1)


def _raise(highest: dict[str, float], key: str, step: float | None) -> None:
    if step is not None and math.isfinite(step) and step > highest.get(key, -math.inf):
        highest[key] = step


def _read_log(path: str) -> bytes:
    with open(path, "rb") as file:
        data = file.read()
    version = records.file_version(data)
    if version is None:
        raise ValueError(f"{path} is not a record log")
    if version > records.VERSION:
        raise FormatTooNew(path, version, records.VERSION)
    return data


def _without_points(path: str) -> bytes:
    """The frames of a log that are not points, one behind the other."""
    kept = bytearray()
    data = _read_log(path)
    for frame in records.walk(data):
        if frame.kind not in _POINT_KINDS:
            kept += data[frame.at : frame.at + len(frame.payload) + records.SMALLEST_FRAME]
    return bytes(kept)


def _log_steps(path: str, highest: dict[str, float]) -> None:
    keysets: dict[int, list[str]] = {}
    tops: dict[int, float] = {}
    double = struct.Struct("<d")
    for frame in records.walk(_read_log(path)):
        if frame.kind == records.KEYSET:
            keysets[frame.id] = records.read_json(frame.payload)
        elif frame.kind in (records.POINTS, records.POINTS_AT, *_VALUE_KINDS):
            step = double.unpack_from(frame.payload, 8)[0]
            if step > tops.get(frame.id, -math.inf):
                tops[frame.id] = step
        elif frame.kind in (records.POINTS_OWN, records.POINTS_OWN_AT):
            for position, key in enumerate(keysets.get(frame.id, ())):
                _raise(highest, key, double.unpack_from(frame.payload, 8 + 8 * position)[0])
    for number, top in tops.items():
        for key in keysets.get(number, ()):
            _raise(highest, key, top)
