"""What is known of a series without reading it again: counts, extremes, first and last; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np

from kymograph.store.columns import Floats

_NAN = math.nan


@dataclass(frozen=True, slots=True)
class SeriesStats:
    """Of one series, in the order of its points as they were written.

    `min`, `max` and `mean` are over what is not NaN, `mean` over what is finite too; NaN where there is none.
    `count` counts all points, `nan` those that are NaN. `min_step` is the step of the (first) least value.
    """

    count: int = 0
    nan: int = 0
    min: float = _NAN
    max: float = _NAN
    total: float = 0.0  # sum of the finite values
    finite: int = 0  # how many they are
    first: float = _NAN
    last: float = _NAN
    first_step: float = _NAN
    last_step: float = _NAN
    min_step: float = _NAN
    max_step: float = _NAN
    low_step: float = _NAN  # the least step there is, whatever its value
    high_step: float = _NAN

    @property
    def mean(self) -> float:
        """Of the finite values; NaN when there is none."""
        return self.total / self.finite if self.finite else _NAN

    def then(self, later: SeriesStats) -> SeriesStats:
        """The statistics of these points followed by those."""
        if not self.count or not later.count:
            return later if not self.count else self
        lower = later.min < self.min or math.isnan(self.min)
        higher = later.max > self.max or math.isnan(self.max)
        return SeriesStats(
            count=self.count + later.count,
            nan=self.nan + later.nan,
            min=later.min if lower else self.min,
            max=later.max if higher else self.max,
            total=self.total + later.total,
            finite=self.finite + later.finite,
            first=self.first,
            last=later.last,
            first_step=self.first_step,
            last_step=later.last_step,
            min_step=later.min_step if lower else self.min_step,
            max_step=later.max_step if higher else self.max_step,
            low_step=float(np.fmin(self.low_step, later.low_step)),
            high_step=float(np.fmax(self.high_step, later.high_step)),
        )


NOTHING = SeriesStats()


def measure(step: Floats, value: Floats) -> SeriesStats:
    """The statistics of points given in the order they were written."""
    if not len(value):
        return NOTHING
    finite = value[np.isfinite(value)]
    numbers = np.flatnonzero(~np.isnan(value))
    nan = len(value) - len(numbers)
    some = len(numbers) > 0
    least = int(numbers[np.argmin(value[numbers])]) if some else 0
    most = int(numbers[np.argmax(value[numbers])]) if some else 0
    with np.errstate(over="ignore"):
        total = float(finite.sum())
    return SeriesStats(
        count=len(value),
        nan=nan,
        min=float(value[least]),
        max=float(value[most]),
        total=total,
        finite=len(finite),
        first=float(value[0]),
        last=float(value[-1]),
        first_step=float(step[0]),
        last_step=float(step[-1]),
        min_step=float(step[least]) if some else _NAN,
        max_step=float(step[most]) if some else _NAN,
        low_step=float(np.fmin.reduce(step)),
        high_step=float(np.fmax.reduce(step)),
    )


def combine(parts: Iterable[SeriesStats]) -> SeriesStats:
    """The statistics of several stretches of points, one after the other."""
    result = NOTHING
    for part in parts:
        result = result.then(part)
    return result


def to_list(stats: SeriesStats) -> list[float]:
    """As FORMAT.md keeps them in a segment's meta."""
    return list(astuple(stats))


def from_list(numbers: list[float]) -> SeriesStats:
    """Undo to_list. Raises TypeError or ValueError for what is no such list."""
    if len(numbers) != len(SeriesStats.__dataclass_fields__):
        raise ValueError(f"{len(numbers)} statistics; {len(SeriesStats.__dataclass_fields__)} were expected")
    count, nan, low, high, total, finite, *others = numbers
    return SeriesStats(
        int(count), int(nan), float(low), float(high), float(total), int(finite), *map(float, others)
    )
