"""Fills buckets as points and cells of runs come in; holds no more than a batch of points for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kymograph.query.buckets import Grid, Table, of_cells, of_points
from kymograph.query.curves import Curve

BATCH = 2**14  # points that are put into buckets at once: they stay in the processor's cache


class Filling:
    """Buckets of many runs, and the runs with at most `few` points as they are. Each run is given once."""

    def __init__(self, grid: Grid, few: int) -> None:
        self.grid = grid
        self.few: dict[str, Curve] = {}
        self.left_out = 0
        self._most = few
        self._parts: list[tuple[list[str], Table]] = []
        self._batch: dict[str, Curve] = {}
        self._size = 0

    def points(self, run: str, points: Curve) -> None:
        """Takes the points of a run that lie within the grid."""
        self.left_out += points.left_out
        if len(points) <= self._most:
            self.few[run] = points
            return
        self._batch[run] = points
        self._size += len(points)
        if self._size >= BATCH:
            self._flush()

    def cells(self, runs: list[str], offsets: NDArray[np.int64], cells: NDArray[Any]) -> None:
        """Takes pyramid cells: run i has those from offsets[i] to offsets[i + 1]."""
        if runs:
            self._parts.append((runs, of_cells(cells, offsets, self.grid)))

    def _flush(self) -> None:
        curves = list(self._batch.values())
        x = np.concatenate([each.x for each in curves])
        value = np.concatenate([each.value for each in curves])
        self._parts.append((list(self._batch), of_points(x, value, offsets_of(curves), self.grid)))
        self._batch, self._size = {}, 0

    def filled(self) -> set[str]:
        """The runs that have buckets."""
        return {run for runs, _ in self._parts for run in runs}.union(self._batch)

    def table(self, runs: Sequence[str]) -> Table:
        """The buckets of these runs, in this order; empty rows for those that were not given."""
        if self._batch:
            self._flush()
        table = Table.empty(len(runs), self.grid.points)
        rows = {run: at for at, run in enumerate(runs)}
        for some, part in self._parts:
            table.put([rows[run] for run in some], part)
        return table


def offsets_of(curves: Sequence[Curve]) -> NDArray[np.int64]:
    """Where each curve begins when they are concatenated, and the end."""
    return np.cumsum([0, *(len(each) for each in curves)], dtype=np.int64)
