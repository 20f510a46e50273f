"""Record <-> bytes, as FORMAT.md says; pure, standard library only."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple
from zlib import crc32

# FORMAT.md, "Record log". On disk for ever: add, never change.
MAGIC = b"KYMOLOG\0"
VERSION = 1
HEADER = struct.Struct("<8sII")
HEADER_SIZE = HEADER.size
SMALLEST_FRAME = 16

WRITER = 1
KEYSET = 2
POINTS = 3
POINTS_AT = 4
POINTS_OWN = 5
POINTS_OWN_AT = 6
VALUE = 7
VALUE_AT = 8
ATTRIBUTES = 9
LINES = 10
STATUS = 11
HEARTBEAT = 12
CLOSE = 13
EDIT = 14
FILE = 15

TEXT = 1  # value kind

_HEAD = struct.Struct("<II")
_TAIL = struct.Struct("<Q")
_TIME = struct.Struct("<d")
_VALUE = struct.Struct("<ddII")


class Frame(NamedTuple):
    """One frame of a record log; `at` is its offset in the file."""

    kind: int
    id: int
    at: int
    payload: memoryview


def file_header() -> bytes:
    """The first bytes of a record log."""
    return HEADER.pack(MAGIC, VERSION, 0)


def file_version(data: bytes | memoryview) -> int | None:
    """The format version of a record log; None when the bytes are not the start of one."""
    if len(data) < HEADER_SIZE:
        return None
    magic, version, _ = HEADER.unpack_from(data)
    return version if magic == MAGIC else None


def frame_head(kind: int, number: int, length: int) -> int:
    """The first 8 bytes of a frame as one whole number: length, kind and id."""
    return length | kind << 32 | number << 40


def close_frame(body: bytes) -> bytes:
    """Head and payload with the check behind them: a frame as it lies on disk."""
    return body + _TAIL.pack(crc32(body))


def frame(kind: int, number: int, payload: bytes) -> bytes:
    """One frame; the payload is padded with zeros to a multiple of 8."""
    payload += bytes(-len(payload) % 8)
    return close_frame(_TAIL.pack(frame_head(kind, number, len(payload) + SMALLEST_FRAME)) + payload)


def points_layout(keys: int, *, own_steps: bool = False) -> tuple[struct.Struct, int]:
    """The Struct of a points frame without its check, and the frame's whole length.

    Its fields: head, time, then one step (or one per key with `own_steps`), then one value per key.
    """
    body = struct.Struct(f"<Qd{keys}d{keys}d" if own_steps else f"<Qdd{keys}d")
    return body, body.size + 8


def check_layout(size: int) -> struct.Struct:
    """The Struct of a whole frame from its head and payload, `size` bytes together, and its check."""
    return struct.Struct(f"<{size}sQ")


def json_frame(kind: int, content: object, *, time: float | None = None) -> bytes:
    """A frame whose payload is JSON, behind its time where the kind has one."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    text += b" " * (-len(text) % 8)
    return frame(kind, 0, text if time is None else _TIME.pack(time) + text)


def keyset_frame(number: int, keys: list[str]) -> bytes:
    """The definition of a key set; comes before the first use of its number in a file."""
    text = json.dumps(keys, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return frame(KEYSET, number, text + b" " * (-len(text) % 8))


def value_frame(number: int, time: float, step: float, value_kind: int, data: bytes, *, given: bool) -> bytes:
    """A value that is not a number, for the key set `number` of one key."""
    payload = _VALUE.pack(time, step, value_kind, len(data)) + data
    return frame(VALUE_AT if given else VALUE, number, payload)


def time_frame(kind: int, time: float) -> bytes:
    """A frame that says only when: heartbeat, close."""
    return frame(kind, 0, _TIME.pack(time))


def read_json(payload: memoryview) -> Any:
    """The content of a JSON payload. Raises ValueError when it is not JSON."""
    try:
        return json.loads(bytes(payload).decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error


def read_timed_json(payload: memoryview) -> tuple[float, Any]:
    """Time and content of an ATTRIBUTES or STATUS payload. Raises ValueError when it is neither."""
    if len(payload) < _TIME.size:
        raise ValueError("a timed payload is at least 8 bytes")
    return _TIME.unpack_from(payload)[0], read_json(payload[_TIME.size :])


def read_time(payload: memoryview) -> float:
    """The time of a HEARTBEAT or CLOSE payload. Raises ValueError when there is none."""
    if len(payload) < _TIME.size:
        raise ValueError("a time payload is 8 bytes")
    when: float = _TIME.unpack_from(payload)[0]
    return when


def read_value(payload: memoryview) -> tuple[float, float, int, bytes]:
    """Time, step, value kind and bytes of a VALUE payload. Raises ValueError when it is none."""
    if len(payload) < _VALUE.size:
        raise ValueError("a value payload is at least 24 bytes")
    time, step, value_kind, size = _VALUE.unpack_from(payload)
    if size > len(payload) - _VALUE.size:
        raise ValueError(f"a value of {size} bytes in a payload of {len(payload)}")
    return time, step, value_kind, bytes(payload[_VALUE.size : _VALUE.size + size])


def frame_at(data: memoryview, at: int) -> Frame | None:
    """The frame at an offset; None when its length or its check is wrong."""
    if len(data) - at < SMALLEST_FRAME:
        return None
    length, word = _HEAD.unpack_from(data, at)
    if length < SMALLEST_FRAME or length % 8 or length > len(data) - at:
        return None
    end = at + length - 8
    if _TAIL.unpack_from(data, end)[0] != crc32(data[at:end]):
        return None
    return Frame(word & 0xFF, word >> 8, at, data[at + 8 : end])


def find_frame(data: memoryview, at: int) -> int | None:
    """The offset of the next sound frame at or behind `at`, looking 8 bytes at a time.

    Bounded work: a candidate whose length is plausible costs one check over that length, so candidates
    are checked only until four times the bytes looked at were summed; what is damaged by design of an
    adversary is then given up, not looked at for ever.
    """
    budget = 4 * (len(data) - at) + (1 << 20)
    limit = len(data) - SMALLEST_FRAME
    while at <= limit:
        length, word = _HEAD.unpack_from(data, at)
        if length == 0 and word == 0:
            at = _skip_zeros(data, at)
            continue
        if _plausible(data, at, length, word):
            budget -= length
            if budget < 0:
                return None
            if frame_at(data, at) is not None:
                return at
        at += 8
    return None


def _plausible(data: memoryview, at: int, length: int, word: int) -> bool:
    """Whether the check of this candidate is worth summing: a frame's last four bytes are zeros."""
    if length < SMALLEST_FRAME or length % 8 or length > len(data) - at or not word & 0xFF:
        return False
    return not any(data[at + length - 4 : at + length])


def _skip_zeros(data: memoryview, at: int) -> int:
    """The next 8-aligned offset (counted from `at`) whose 8 bytes are not all zero, or the end."""
    step = 4096
    zeros = bytes(step)
    while data[at : at + step] == zeros:
        at += step
    end = min(at + step, len(data))
    while at < end and not any(data[at : at + 8]):
        at += 8
    return at


class Walk:
    """Iterates over the sound frames of a record log's bytes.

    Afterwards `end` is the offset behind the last sound frame and `damage` the places between sound
    frames that could not be read, as (from, to) offsets. What lies behind `end` is preallocated space,
    a frame that is just being written, or a torn tail.
    """

    def __init__(self, data: bytes | bytearray | memoryview, start: int = HEADER_SIZE) -> None:
        self._data = memoryview(data)
        self.end = start
        self.damage: list[tuple[int, int]] = []

    def __iter__(self) -> Iterator[Frame]:
        data = self._data
        while True:
            found = frame_at(data, self.end)
            if found is None:
                after = find_frame(data, self.end)
                if after is None:
                    return
                self.damage.append((self.end, after))
                self.end = after
                continue
            self.end = found.at + len(found.payload) + SMALLEST_FRAME
            yield found


def walk(data: bytes | bytearray | memoryview, start: int = HEADER_SIZE) -> Walk:
    """Iterate over the sound frames from `start`; see Walk."""
    return Walk(data, start)
