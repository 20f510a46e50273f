"""What the index hands out: changes, projects, columns and gathered cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kymograph.store.pyramid import Cells

# One row of statistics per series and run, in this order; NaN where there is none. `min_step` is the step of
# the least value, `low_step` the least step.
STATS = (
    "count", "nan", "min", "max", "mean", "first", "last", "first_step", "last_step", "min_step", "max_step",
    "low_step", "high_step",
)  # fmt: skip
STAT_AT = {stat: at for at, stat in enumerate(STATS)}


@dataclass(frozen=True, slots=True)
class Changes:
    """What one `sync` saw. `runs` holds new ones and changed ones; `keys` names the series that grew."""

    runs: set[str] = field(default_factory=set)
    keys: dict[str, set[str]] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    waiting: int = 0  # runs whose sealing was put off to the next sync

    def __bool__(self) -> bool:
        return bool(self.runs or self.removed)


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """One project; `activity` counts runs begun per day, UTC, over 30 days, today last."""

    name: str
    runs: int
    live: int
    last_activity: float
    activity: list[int]


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """One entry of the catalogue: an attribute's path or a series' key, and how many runs have it."""

    name: str
    source: str  # attribute | series | text
    kind: str  # number | text | bool | json
    runs: int


@dataclass(frozen=True, slots=True)
class Column:
    """One value per run, in the order of `Index.run_ids`. Neither part may be written to.

    values: float64 with NaN where missing, or objects (str, bool, int, float, list, dict) with None there.
    The same object is handed out until something in it changes, so what is derived from it can be kept.
    """

    ids: list[str]
    values: NDArray[Any]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where a run has no value."""
        numbers = self.values.dtype != object
        found: NDArray[np.bool_] = np.isnan(self.values) if numbers else self.values == np.array(None)
        return found


@dataclass(frozen=True, slots=True)
class Gathered:
    """Cells of many runs, one after the other: run i has `cells[offsets[i]:offsets[i + 1]]`, sorted by x.

    `raw` names the runs that have no pyramid, or too few cells in the range: their points are read instead.
    """

    runs: list[str]
    offsets: NDArray[np.int64]
    cells: Cells
    raw: list[str]
