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
    _derived: dict[str, NDArray[Any]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where no run has a value."""
        if "missing" not in self._derived:
            numbers = self.values.dtype != object
            self._derived["missing"] = np.isnan(self.values) if numbers else np.equal(self.values, None)
        return self._derived["missing"]

    @property
    def ranks(self) -> NDArray[np.float64]:
        """Numbers that sort as the values do: numbers, then text, then the rest; NaN where missing."""
        if "ranks" not in self._derived:
            self._derived["ranks"] = self.values if self.values.dtype != object else _ranks(self.values)
        return self._derived["ranks"]


def _ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    distinct: dict[Any, float] = {}
    keys = [_sortable(value) for value in values]
    for rank, key in enumerate(sorted({key for key in keys if key is not None})):
        distinct[key] = float(rank)
    return np.array([np.nan if key is None else distinct[key] for key in keys], np.float64)


def _sortable(value: object) -> tuple[int, float, str] | None:
    if value is None or value != value:  # NaN is missing too
        return None
    if isinstance(value, (bool, int, float)):
        return (0, float(value), "")
    return (1, 0.0, value) if isinstance(value, str) else (2, 0.0, repr(value))


@dataclass(frozen=True, slots=True)
class Gathered:
    """Cells of many runs, one after the other: run i has `cells[offsets[i]:offsets[i + 1]]`, sorted by x.

    `raw` names the runs that have no pyramid, or too few cells in the range: their points are read instead.
    """

    runs: list[str]
    offsets: NDArray[np.int64]
    cells: Cells
    raw: list[str]
