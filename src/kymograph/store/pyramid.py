"""Turns x-sorted points into levels of cells that say the least, the greatest and the mean of their points.

A cell of level 0 holds BRANCH points, a cell of level L holds BRANCH ** (L + 1); the last of a level holds
what is left. So whatever the zoom, a few cells per pixel tell all that was logged, and no spike is lost.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

BRANCH = 16
SHORTEST = 4096  # points; a shorter series is quicker read whole than by its pyramid
DEEPEST = 7  # levels at most: one cell then holds a quarter of a thousand million points
COARSEST = 64  # a level with no more cells than this is the last

NAN, POSITIVE, NEGATIVE = 1, 2, 4  # the bits of `odd`

CELL = np.dtype(
    [
        ("first", "<f8"),  # x of the cell's first and last point
        ("last", "<f8"),
        ("min", "<f4"),  # over finite values, rounded outwards; NaN where there is none
        ("max", "<f4"),
        ("mean", "<f4"),
        ("count", "<u4"),  # all points
        ("finite", "<u4"),  # those that min, max and mean are over
        ("odd", "u1"),
    ],
    align=True,
)

Cells = NDArray[np.void]  # of dtype CELL
Floats = NDArray[np.float64]

_HEAD = struct.Struct("<IIQdd")  # cells, flags, points, then for regular x: stride and span of a cell
_REGULAR, _ODD = 1, 2


def build(x: Floats, value: Floats) -> list[Cells]:
    """The levels over points that are sorted by x, finest first. No points: no levels.

    x must be finite and must not fall; value may hold anything.
    """
    if len(x) == 0:
        return []
    cells = _finest(x, value)
    levels = [_rounded(cells)]
    while len(cells["first"]) > COARSEST and len(levels) < DEEPEST:
        cells = _coarser(cells)
        levels.append(_rounded(cells))
    return levels


def _groups(length: int) -> NDArray[np.intp]:
    return np.arange(0, length, BRANCH)


def _finest(x: Floats, value: Floats) -> dict[str, NDArray[Any]]:
    starts = _groups(len(x))
    ends = np.minimum(starts + BRANCH, len(x)) - 1
    count = (ends - starts + 1).astype(np.int64)
    cells: dict[str, NDArray[Any]] = {"first": x[starts], "last": x[ends], "count": count}
    finite = np.isfinite(value)
    if finite.all():
        cells["finite"], cells["odd"] = count, np.zeros(len(starts), np.uint8)
        cells["min"], cells["max"] = _each(np.minimum, value), _each(np.maximum, value)
        cells["mean"] = _means(value, count)
    else:
        odd = np.where(np.isnan(value), NAN, np.where(value > 0, POSITIVE, NEGATIVE)) * ~finite
        cells["odd"] = np.bitwise_or.reduceat(odd.astype(np.uint8), starts)
        cells["finite"] = np.add.reduceat(finite, starts, dtype=np.int64)
        cells["min"] = _each(np.minimum, np.where(finite, value, np.inf))
        cells["max"] = _each(np.maximum, np.where(finite, value, -np.inf))
        cells["mean"] = _means(np.where(finite, value, 0.0), cells["finite"])
    return cells


def _each(smaller: np.ufunc, value: Floats) -> Floats:
    """The ufunc over each group of BRANCH; by columns, which is several times faster than by rows."""
    whole = len(value) // BRANCH * BRANCH
    table = value[:whole].reshape(-1, BRANCH)
    result = table[:, 0].copy()
    for column in range(1, BRANCH):
        smaller(result, table[:, column], out=result)
    if whole == len(value):
        return result
    return np.append(result, smaller.reduce(value[whole:]))


def _means(value: Floats, finite: NDArray[Any]) -> Floats:
    """The mean of each group, whose other values are 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean: Floats = _each(np.add, value) / np.maximum(finite, 1)
        if not np.isfinite(mean).all():  # the sum of huge values passes float64: divide first
            mean = _each(np.add, value / np.repeat(np.maximum(finite, 1), BRANCH)[: len(value)])
    return mean


def _coarser(cells: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    length = len(cells["first"])
    starts = _groups(length)
    ends = np.minimum(starts + BRANCH, length) - 1
    finite = np.add.reduceat(cells["finite"], starts)
    share = cells["finite"] / np.repeat(np.maximum(finite, 1), BRANCH)[:length]
    return {
        "first": cells["first"][starts],
        "last": cells["last"][ends],
        "count": np.add.reduceat(cells["count"], starts),
        "finite": finite,
        "odd": np.bitwise_or.reduceat(cells["odd"], starts),
        "min": np.minimum.reduceat(cells["min"], starts),
        "max": np.maximum.reduceat(cells["max"], starts),
        "mean": np.add.reduceat(cells["mean"] * share, starts),
    }


def _rounded(cells: dict[str, NDArray[Any]]) -> Cells:
    """As it is kept: float32, the envelope rounded outwards so that it never says less than the points."""
    result = np.zeros(len(cells["first"]), CELL)
    for name in ("first", "last", "count", "finite", "odd"):
        result[name] = cells[name]
    empty = cells["finite"] == 0
    with np.errstate(over="ignore"):
        low, high, mean = (cells[name].astype(np.float32) for name in ("min", "max", "mean"))
        low = np.where(low > cells["min"], np.nextafter(low, np.float32(-np.inf)), low)
        high = np.where(high < cells["max"], np.nextafter(high, np.float32(np.inf)), high)
    limit = np.finfo(np.float32).max
    mean = np.clip(np.clip(mean, -limit, limit), low, high)
    for name, column in (("min", low), ("max", high), ("mean", mean)):
        result[name] = np.where(empty, np.float32(np.nan), column)
    return result


def pack(cells: Cells, level: int) -> bytes:
    """One level as bytes: 12 bytes per cell where x is regular and all values are finite."""
    points = int(cells["count"].sum())
    stride, span = _regular(cells)
    regular = stride is not None
    odd = bool((cells["finite"] != cells["count"]).any())
    flags = _REGULAR * regular | _ODD * odd | level << 8
    parts = [_HEAD.pack(len(cells), flags, points, stride or 0.0, span)]
    if regular:
        parts.append(struct.pack("<dd", cells["first"][0], cells["last"][-1]))
    else:
        parts += [cells["first"].tobytes(), cells["last"].tobytes()]
    parts += [cells[name].tobytes() for name in ("min", "max", "mean")]
    if odd:
        parts += [cells["finite"].tobytes(), cells["odd"].tobytes()]
    return b"".join(parts)


def _regular(cells: Cells) -> tuple[float | None, float]:
    """Stride and span when x of every cell follows from them to the last bit; else None."""
    first, last = cells["first"], cells["last"]
    if len(cells) == 1:
        return 0.0, 0.0
    stride, span = float(first[1] - first[0]), float(last[0] - first[0])
    start = first[0] + stride * np.arange(len(cells))
    same = np.array_equal(start, first) and np.array_equal((start + span)[:-1], last[:-1])
    return (stride if same else None), span


def unpack(data: bytes | memoryview) -> Cells:
    """The level that `pack` made into bytes. Raises ValueError for any other bytes."""
    try:
        result, at = _unpack(data)
    except (struct.error, IndexError, ValueError) as error:
        raise ValueError(f"not a level of a pyramid: {len(data)} bytes, {error}") from error
    if at != len(data):
        raise ValueError(f"not a level of a pyramid: {len(data)} bytes where {at} were expected")
    return result


def _unpack(data: bytes | memoryview) -> tuple[Cells, int]:
    """The level, and where its bytes end."""
    cells, flags, points, stride, span = _HEAD.unpack_from(data)
    if not 0 < cells <= len(data):  # a wrong number must not allocate without bound
        raise ValueError(f"{cells} cells")
    result = np.zeros(cells, CELL)
    at = _HEAD.size
    if flags & _REGULAR:
        start, end = struct.unpack_from("<dd", data, at)
        at += 16
        with np.errstate(all="ignore"):
            result["first"] = start + stride * np.arange(cells)
            result["last"] = result["first"] + span
        result["last"][-1] = end
    else:
        at = _columns(data, at, result, ("first", "last"))
    at = _columns(data, at, result, ("min", "max", "mean"))
    _count(result, flags >> 8, points)
    if flags & _ODD:
        at = _columns(data, at, result, ("finite", "odd"))
    else:
        result["finite"] = result["count"]
    return result, at


def _columns(data: bytes | memoryview, at: int, cells: Cells, names: tuple[str, ...]) -> int:
    for name in names:
        column = np.frombuffer(data, cells.dtype[name], len(cells), at)
        cells[name] = column
        at += column.nbytes
    return at


def _count(cells: Cells, level: int, points: int) -> None:
    if level >= DEEPEST:
        raise ValueError(f"level {level}")
    full = BRANCH ** (level + 1)
    last = points - full * (len(cells) - 1)
    if not 0 < last <= full:
        raise ValueError(f"{len(cells)} cells of {full} for {points} points")
    cells["count"] = full
    cells["count"][-1] = last


def extend(levels: list[Cells], x: Floats, value: Floats) -> list[Cells]:
    """The levels over all of x, where `levels` are those of its beginning: as `build`, and much quicker.

    Means above the second level are put together from rounded ones: the same to about seven digits.
    """
    known = int(levels[0]["count"].sum(dtype=np.int64)) if levels else 0
    whole = known // BRANCH**2 * BRANCH**2
    if len(levels) < 2 or whole == 0 or whole == len(x):  # noqa: PLR2004 - the two levels that are kept
        return levels if known == len(x) else build(x, value)
    fine = _finest(x[whole:], value[whole:])
    result = [np.concatenate([levels[0][: whole // BRANCH], _rounded(fine)])]
    coarse = _coarser(fine)
    result.append(np.concatenate([levels[1][: whole // BRANCH**2], _rounded(coarse)]))
    cells = _unrounded(result[1])
    while len(cells["first"]) > COARSEST and len(result) < DEEPEST:
        cells = _coarser(cells)
        result.append(_rounded(cells))
    return result


def _unrounded(cells: Cells) -> dict[str, NDArray[Any]]:
    empty = cells["finite"] == 0
    result: dict[str, NDArray[Any]] = {name: cells[name] for name in ("first", "last", "odd")}
    result |= {name: cells[name].astype(np.int64) for name in ("count", "finite")}
    for name, nothing in (("min", np.inf), ("max", -np.inf), ("mean", 0.0)):
        result[name] = np.where(empty, nothing, cells[name].astype(np.float64))
    return result
