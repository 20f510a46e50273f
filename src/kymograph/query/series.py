"""Series of one or many runs: every point (Raw), buckets of equal width (Buckets), or both as a chart needs.

min, max and mean of a bucket are over finite values, count is all points. Short series are put into buckets
point by point. Long ones come from their pyramid: a cell counts whole in the bucket where its middle lies, so
a bucket's numbers are exact for the points it counts, and the first and the last bucket of a range may count
a few points just outside of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import NotFound
from kymograph.query.curves import Range

if TYPE_CHECKING:
    from kymograph.query.project import Store

Floats = NDArray[np.float64]

MOST_BUCKETS = 100_000


@dataclass(frozen=True, slots=True)
class Raw:
    """Every point, run after run: run i has those from offsets[i] up to offsets[i + 1], sorted by x.

    `time` is seconds since the epoch. `left_out` counts points that have no x on this axis.
    """

    key: str
    runs: list[str]
    offsets: NDArray[np.int64]
    step: Floats
    time: Floats
    value: Floats
    x: Floats
    left_out: int = 0

    @property
    def exact(self) -> bool:
        """Always true: these are the points themselves."""
        return True

    @property
    def n(self) -> int:
        """How many points."""
        return len(self.value)

    def of(self, run: str) -> Raw:
        """The points of one of the runs. Raises NotFound."""
        if run not in self.runs:
            raise NotFound(f"no run {run!r} in this series; it has {', '.join(self.runs[:5])}")
        at = self.runs.index(run)
        part = slice(self.offsets[at], self.offsets[at + 1])
        offsets = np.array([0, part.stop - part.start], np.int64)
        return Raw(self.key, [run], offsets, self.step[part], self.time[part], self.value[part], self.x[part])


@dataclass(frozen=True, slots=True)
class Buckets:
    """Buckets of equal width in x over `range`; `x` is the middle of each.

    min, max, mean (NaN where there is no finite value), count and odd (bits: 1 NaN, 2 +inf, 4 -inf) have one
    row per run and one column per bucket; asked of one run they are that run's row.
    """

    key: str
    runs: list[str]
    x: Floats
    min: Floats
    max: Floats
    mean: Floats
    count: NDArray[np.uint32]
    odd: NDArray[np.uint8]
    range: Range
    left_out: int = 0

    @property
    def exact(self) -> bool:
        """Whether no bucket holds more than one point."""
        return not bool((self.count > 1).any())

    @property
    def n(self) -> int:
        """How many points the buckets count."""
        return int(self.count.sum(dtype=np.int64))

    def single(self) -> Buckets:
        """The same for one run, without the dimension of the runs."""
        rows = {name: getattr(self, name)[0] for name in ("min", "max", "mean", "count", "odd")}
        return replace(self, **rows)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart draws: raw points of the runs that have few in the range, buckets of the others.

    `missing` names the runs without a point on this axis; `low` and `high` are the x-range of all points,
    whatever was asked (NaN without points).
    """

    raw: Raw | None
    buckets: Buckets | None
    missing: list[str]
    low: float
    high: float


def drawing(
    store: Store,
    run_ids: Sequence[str],
    key: str,
    x: str = "step",
    range: Range | None = None,
    points: int = 1000,
) -> Drawing:
    """What a chart `points` pixels wide needs to show `key` of these runs over a range of x (None: all)."""
    store.glance()
    return store.reader.drawing(list(run_ids), key, x, range, checked_points(points))


def checked_points(points: int) -> int:
    """A number of buckets that can be."""
    if not 1 <= points <= MOST_BUCKETS:
        raise ValueError(f"points is {points}; 1 to {MOST_BUCKETS:,} buckets are possible")
    return points
