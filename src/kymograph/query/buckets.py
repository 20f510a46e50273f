"""Puts points, or cells of a pyramid, of many runs into buckets of equal width; pure, no loop over runs.

min, max and mean are over finite values; count is all points; `odd` says which others there were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kymograph.store.pyramid import NAN, NEGATIVE, POSITIVE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """`points` buckets of equal width from `low` to `high`, both ends inside."""

    low: float
    high: float
    points: int

    @property
    def middles(self) -> Floats:
        """X of the middle of each bucket."""
        places = np.arange(self.points, dtype=np.float64) + 0.5
        return self.low + places * ((self.high - self.low) / self.points)

    def place(self, x: Floats) -> Ints:
        """The bucket of each x; what lies outside goes to the first or the last one."""
        width = self.high - self.low
        if not width > 0:
            return np.zeros(len(x), np.int64)
        with np.errstate(invalid="ignore", over="ignore"):
            # Divided before it is multiplied: the other way round a huge range overflows.
            place = (x - self.low) / width * self.points
        np.clip(place, 0, self.points - 1, out=place)
        return place.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Table:
    """Runs x buckets. NaN in min, max and mean where a bucket holds no finite value."""

    min: Floats
    max: Floats
    mean: Floats
    count: NDArray[np.uint32]
    odd: NDArray[np.uint8]

    @classmethod
    def empty(cls, runs: int, points: int) -> Table:
        """A table in which nothing has been counted."""
        shape = (runs, points)
        low, high, mean = (np.full(shape, np.nan) for _ in range(3))
        return cls(low, high, mean, np.zeros(shape, np.uint32), np.zeros(shape, np.uint8))

    def put(self, rows: list[int], other: Table) -> None:
        """Takes over another table, as these rows."""
        for name in ("min", "max", "mean", "count", "odd"):
            getattr(self, name)[rows] = getattr(other, name)


def of_points(x: Floats, value: Floats, offsets: Ints, grid: Grid) -> Table:
    """Buckets of raw points: run i has those from offsets[i] to offsets[i + 1], sorted by x, all inside."""
    table = Table.empty(len(offsets) - 1, grid.points)
    if not len(x):
        return table
    starts, where = _groups(grid.place(x), offsets, grid.points)
    table.count.flat[where] = np.diff(np.append(starts, len(x)))
    finite = np.isfinite(value)
    if finite.all():
        table.min.flat[where] = np.minimum.reduceat(value, starts)
        table.max.flat[where] = np.maximum.reduceat(value, starts)
        table.mean.flat[where] = _mean(value, starts, np.diff(np.append(starts, len(x))))
        return table
    odd = np.where(np.isnan(value), NAN, np.where(value > 0, POSITIVE, NEGATIVE)).astype(np.uint8)
    table.odd.flat[where] = np.bitwise_or.reduceat(np.where(finite, np.uint8(0), odd), starts)
    many = np.add.reduceat(finite, starts, dtype=np.int64)
    some = many > 0
    low = np.minimum.reduceat(np.where(finite, value, np.inf), starts)
    high = np.maximum.reduceat(np.where(finite, value, -np.inf), starts)
    table.min.flat[where] = np.where(some, low, np.nan)
    table.max.flat[where] = np.where(some, high, np.nan)
    mean = _mean(np.where(finite, value, 0.0), starts, np.maximum(many, 1))
    table.mean.flat[where] = np.where(some, mean, np.nan)
    return table


def of_cells(cells: NDArray[Any], offsets: Ints, grid: Grid) -> Table:
    """Buckets of pyramid cells: each counts whole, in the bucket where its middle lies."""
    table = Table.empty(len(offsets) - 1, grid.points)
    if not len(cells):
        return table
    middle = cells["first"] + (cells["last"] - cells["first"]) / 2
    starts, where = _groups(grid.place(middle), offsets, grid.points)
    # A cell without any finite value has NaN as its min, max and mean: fmin and fmax pass over it.
    table.min.flat[where] = np.fmin.reduceat(cells["min"], starts)
    table.max.flat[where] = np.fmax.reduceat(cells["max"], starts)
    table.count.flat[where] = np.add.reduceat(cells["count"], starts, dtype=np.uint32)
    table.odd.flat[where] = np.bitwise_or.reduceat(cells["odd"], starts)
    finite = cells["finite"].astype(np.float64)
    many = np.add.reduceat(finite, starts)
    share = np.where(finite > 0, cells["mean"], 0.0) * finite
    mean = np.add.reduceat(share, starts) / np.maximum(many, 1)
    table.mean.flat[where] = np.where(many > 0, mean, np.nan)
    return table


def _groups(place: Ints, offsets: Ints, points: int) -> tuple[Ints, Ints]:
    """Where each bucket's stretch begins, and its place in the flattened table."""
    runs = len(offsets) - 1
    if runs > 1:
        place += np.repeat(np.arange(runs, dtype=np.int64) * points, np.diff(offsets))
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    return starts, place[starts]


def _mean(value: Floats, starts: Ints, many: Ints) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):
        mean: Floats = np.add.reduceat(value, starts) / many
        if not np.isfinite(mean).all():  # a sum beyond float64: divide before adding
            ends = np.append(starts[1:], len(value))
            mean = np.add.reduceat(value / np.repeat(many, ends - starts), starts)
    return mean
