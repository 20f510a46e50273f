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
        # Divided before it is multiplied: the other way round a huge range overflows.
        with np.errstate(invalid="ignore", over="ignore"):
            place = x - self.low
            place /= width
            place *= self.points
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

    def fill(self, name: str, where: Ints, found: NDArray[Any]) -> None:
        """Sets one array at these places of the flattened table."""
        getattr(self, name).reshape(-1)[where] = found

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
    many = np.diff(starts, append=len(x))
    table.fill("count", where, many)
    finite = np.isfinite(value)
    if finite.all():
        table.fill("min", where, np.minimum.reduceat(value, starts))
        table.fill("max", where, np.maximum.reduceat(value, starts))
        table.fill("mean", where, _mean(value, starts, many))
        return table
    odd = np.where(np.isnan(value), NAN, np.where(value > 0, POSITIVE, NEGATIVE)).astype(np.uint8)
    table.fill("odd", where, np.bitwise_or.reduceat(np.where(finite, np.uint8(0), odd), starts))
    many = np.add.reduceat(finite, starts, dtype=np.int64)
    some = many > 0
    low = np.minimum.reduceat(np.where(finite, value, np.inf), starts)
    high = np.maximum.reduceat(np.where(finite, value, -np.inf), starts)
    table.fill("min", where, np.where(some, low, np.nan))
    table.fill("max", where, np.where(some, high, np.nan))
    mean = _mean(np.where(finite, value, 0.0), starts, np.maximum(many, 1))
    table.fill("mean", where, np.where(some, mean, np.nan))
    return table


def of_cells(cells: NDArray[Any], offsets: Ints, grid: Grid) -> Table:
    """Buckets of pyramid cells: each counts whole, in the bucket where its middle lies."""
    table = Table.empty(len(offsets) - 1, grid.points)
    if not len(cells):
        return table
    middle = cells["first"] + (cells["last"] - cells["first"]) / 2
    starts, where = _groups(grid.place(middle), offsets, grid.points)
    # A cell without any finite value has NaN as its min, max and mean: fmin and fmax pass over it.
    table.fill("min", where, np.fmin.reduceat(cells["min"], starts))
    table.fill("max", where, np.fmax.reduceat(cells["max"], starts))
    table.fill("count", where, np.add.reduceat(cells["count"], starts, dtype=np.uint32))
    table.fill("odd", where, np.bitwise_or.reduceat(cells["odd"], starts))
    finite = cells["finite"].astype(np.float64)
    many = np.add.reduceat(finite, starts)
    share = np.where(finite > 0, cells["mean"], 0.0) * finite
    mean = np.add.reduceat(share, starts) / np.maximum(many, 1)
    table.fill("mean", where, np.where(many > 0, mean, np.nan))
    return table


def _groups(place: Ints, offsets: Ints, points: int) -> tuple[Ints, Ints]:
    """Where each bucket's stretch begins, and its place in the flattened table."""
    runs = len(offsets) - 1
    if runs > 1:
        place += np.repeat(np.arange(runs, dtype=np.int64) * points, np.diff(offsets))
    begins = np.empty(len(place), np.bool_)
    begins[0] = True
    np.not_equal(place[1:], place[:-1], out=begins[1:])
    starts = np.flatnonzero(begins)
    return starts, place[starts]


def _mean(value: Floats, starts: Ints, many: Ints) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):
        mean: Floats = np.add.reduceat(value, starts) / many
        if not np.isfinite(mean).all():  # a sum beyond float64: divide before adding
            ends = np.append(starts[1:], len(value))
            mean = np.add.reduceat(value / np.repeat(many, ends - starts), starts)
    return mean
