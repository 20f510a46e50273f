"""Column <-> bytes, as FORMAT.md says; pure.

Every encoder keeps each bit of what it is given: signs of zero, infinities and the payloads of NaN. Every
decoder is told how many rows there are and never makes more, whatever the bytes say.
"""

from __future__ import annotations

import zlib
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pcodec import ChunkConfig, standalone

from kymograph.errors import CorruptData

# FORMAT.md, "Sealed segment". On disk for ever: add, never change.
CONSTANT = 0
PCO_FLOAT64 = 1
PCO_FLOAT32 = 2
PCO_WHOLE = 3
RAW_FLOAT64 = 4
ZLIB = 5
PCO_INT64 = 6
RAW_BYTES = 7

CHUNK = 4096  # rows at most; small, so that a narrow zoom decodes little
_FLOAT = 8  # bytes
_EXACT = 2.0**53  # whole numbers below it are exact in a float64
# What zlib makes of a block is at most this many times its size (or a megabyte); what would shrink
# further is kept raw. So a reader knows beforehand how much memory a block can ask for.
_DENSEST = 256
_SMALL = 1 << 20
_CONFIG = ChunkConfig(compression_level=6)  # 8 is twice as slow and one per cent smaller

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_T = TypeVar("_T", bound=np.generic)


def whole_milliseconds(time: Floats) -> Floats:
    """Times of the library's own clock, rounded to a millisecond: what live and sealed data both show."""
    with np.errstate(over="ignore"):
        rounded = np.rint(time * 1000.0) / 1000.0
    return np.where(np.abs(time) < _EXACT / 1000.0, rounded, time)


def encode_floats(column: Floats) -> tuple[int, bytes]:
    """A float column as (encoding, bytes), in whatever encoding is smallest for its kind of numbers."""
    bits = column.view(np.int64)
    if len(column) and (bits == bits[0]).all():
        return CONSTANT, column[:1].tobytes()
    encoding, data = _encode_varied(column, bits)
    return (encoding, data) if len(data) < column.nbytes else (RAW_FLOAT64, column.tobytes())


def _encode_varied(column: Floats, bits: Ints) -> tuple[int, bytes]:
    with np.errstate(invalid="ignore", over="ignore"):
        small = np.abs(column) < _EXACT  # false for NaN and the infinities
        if small.all():
            whole = column.astype(np.int64)
            if np.array_equal(whole.astype(np.float64).view(np.int64), bits):  # not so for -0.0
                return PCO_WHOLE, _compress(whole)
        single = column.astype(np.float32)
        if np.array_equal(single.astype(np.float64).view(np.int64), bits):
            return PCO_FLOAT32, _compress(single)
    return PCO_FLOAT64, _compress(column)


def encode_ints(column: Ints) -> tuple[int, bytes]:
    """A column of whole numbers that stays one, as (encoding, bytes)."""
    return PCO_INT64, _compress(column)


def encode_times(time: Floats, *, given: bool) -> tuple[int, bytes]:
    """A time column: whole milliseconds for the library's own clock, as it is when the caller gave it."""
    if not given and (np.abs(time) < _EXACT / 1000.0).all():
        milliseconds = np.rint(time * 1000.0).astype(np.int64)
        if np.array_equal((milliseconds / 1000.0).view(np.int64), time.view(np.int64)):
            return encode_ints(milliseconds)
    return encode_floats(time)


def encode_bytes(data: bytes) -> tuple[int, bytes]:
    """Bytes as (encoding, bytes)."""
    packed = zlib.compress(data, 6)
    if len(packed) >= len(data) or len(data) > expansion(len(packed)):
        return RAW_BYTES, data
    return ZLIB, packed


def expansion(length: int) -> int:
    """The most bytes that a zlib block of this length may hold."""
    return max(_SMALL, _DENSEST * length)


def decode_floats(encoding: int, data: bytes, rows: int) -> Floats:
    """A float column of `rows` rows. Raises CorruptData."""
    if encoding == CONSTANT:
        if len(data) != _FLOAT:
            raise CorruptData(f"a constant of {len(data)} bytes; {_FLOAT} were expected")
        return np.full(rows, np.frombuffer(data, "<f8")[0])
    if encoding == RAW_FLOAT64:
        if len(data) != 8 * rows:
            raise CorruptData(f"{len(data)} bytes of raw numbers; {8 * rows} were expected for {rows} rows")
        return np.frombuffer(data, "<f8").astype(np.float64)
    if encoding == PCO_FLOAT64:
        return _decompress(data, np.empty(rows, np.float64))
    if encoding == PCO_FLOAT32:
        return _decompress(data, np.empty(rows, np.float32)).astype(np.float64)
    if encoding == PCO_WHOLE:
        return _decompress(data, np.empty(rows, np.int64)).astype(np.float64)
    raise CorruptData(f"encoding {encoding} for a float column; known are 0 to 4")


def decode_ints(encoding: int, data: bytes, rows: int) -> Ints:
    """A column of whole numbers. Raises CorruptData."""
    if encoding != PCO_INT64:
        raise CorruptData(f"encoding {encoding} for a column of whole numbers; known is 6")
    return _decompress(data, np.empty(rows, np.int64))


def decode_times(encoding: int, data: bytes, rows: int) -> Floats:
    """A time column in seconds. Raises CorruptData."""
    if encoding == PCO_INT64:
        return decode_ints(encoding, data, rows) / 1000.0
    return decode_floats(encoding, data, rows)


def decode_bytes(encoding: int, data: bytes) -> bytes:
    """What was given to encode_bytes. Raises CorruptData, also for what would grow beyond all measure."""
    if encoding == RAW_BYTES:
        return data
    if encoding == ZLIB:
        return inflate(data)
    raise CorruptData(f"encoding {encoding} for bytes; known are 5 and 7")


def inflate(data: bytes) -> bytes:
    """Undo zlib.compress, within `expansion`. Raises CorruptData."""
    limit = expansion(len(data))
    stream = zlib.decompressobj()
    try:
        result = stream.decompress(data, limit)
    except zlib.error as error:
        raise CorruptData(f"a compressed block cannot be read: {error}") from error
    if not stream.eof:
        raise CorruptData(
            f"a compressed block of {len(data)} bytes is cut off or holds more than {limit} bytes"
        )
    return result


def _compress(column: NDArray[np.generic]) -> bytes:
    return bytes(standalone.simple_compress(np.ascontiguousarray(column), _CONFIG))


def _decompress(data: bytes, into: NDArray[_T]) -> NDArray[_T]:
    try:
        progress = standalone.simple_decompress_into(data, into)
    except (RuntimeError, TypeError, ValueError) as error:
        raise CorruptData(f"a packed column cannot be read: {error}") from error
    except BaseException as error:
        # A panic inside pcodec is no Exception; anything else that is none must go on.
        if type(error).__name__ != "PanicException":
            raise
        raise CorruptData(f"a packed column cannot be read: {error}") from error
    if progress.n_processed != len(into) or not progress.finished:
        raise CorruptData(
            f"a packed column holds {progress.n_processed} rows or more; {len(into)} were expected"
        )
    return into
