"""Gathers the cells of one key over many runs: the coarsest level that has enough of them in a range."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kymograph.store.index_types import Gathered
from kymograph.store.pyramid import (
    BRANCH,
    CELL,
    COARSEST,
    DEEPEST,
    SHORTEST,
    Cells,
    Floats,
    build,
    extend,
    unpack,
)

BUDGET = 40 * 2**20  # bytes of unpacked levels that are kept

_NOTHING = np.zeros(0, np.uint8)

Read = Callable[[str, int, Sequence[int]], Mapping[int, bytes]]  # (key, level, run numbers) -> packed levels


def levels_of(points: float) -> int:
    """How many levels a pyramid over so many points has; 0 where none is kept."""
    if not points >= SHORTEST:
        return 0
    cells, levels = -(-int(points) // BRANCH), 1
    while cells > COARSEST and levels < DEEPEST:
        cells, levels = -(-cells // BRANCH), levels + 1
    return levels


class Known(NamedTuple):
    """A run, its number in the index (0: not there), and how many levels this key has in it."""

    id: str
    no: int
    levels: int


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: a range of x, both ends in it, and how many cells there should be at least."""

    low: float = -math.inf
    high: float = math.inf
    cells: int = 1000


class LiveSeries:
    """The pyramid of one growing series, made longer as it grows."""

    def __init__(self) -> None:
        self.levels: list[Cells] = []
        self._points = 0
        self._last = -1  # sequence of the last point that is in `levels`

    def follow(self, seq: NDArray[np.int64], x: Floats, value: Floats) -> list[Cells]:
        """The levels over all points, in the order of RunFolder.points."""
        if len(x) == self._points and (self._points == 0 or seq[-1] == self._last):
            return self.levels
        if not np.isfinite(x).all():
            keep = np.isfinite(x)
            seq, x, value = seq[keep], x[keep], value[keep]
        rising = bool((x[1:] >= x[:-1]).all())
        if rising and 0 < self._points <= len(x) and seq[self._points - 1] == self._last:
            self.levels = extend(self.levels, x, value)
        else:
            order = None if rising else np.argsort(x, kind="stable")
            self.levels = build(x, value) if order is None else build(x[order], value[order])
        self._points = len(x) if rising else 0
        self._last = int(seq[-1]) if len(seq) else -1
        return self.levels


class Gatherer:
    """Levels that were asked for, kept unpacked within a budget. One thread at a time."""

    def __init__(self, read: Read, budget: int = BUDGET) -> None:
        self._read, self._budget, self._size = read, budget, 0
        self._kept: OrderedDict[tuple[str, int], dict[int, Cells]] = OrderedDict()

    def forget(self) -> None:
        """Drop all that is kept: run numbers mean something else now."""
        self._kept.clear()
        self._size = 0

    def gather(
        self, key: str, runs: Sequence[Known], live: Mapping[str, list[Cells]], window: Window
    ) -> Gathered:
        """Cells of runs that are in the index; those of live runs come as their levels."""
        parts: dict[str, Cells] = {}
        wanted: dict[int, list[Known]] = {}
        for run in runs:
            if run.id in live:
                cells = _coarsest_enough(live[run.id], window)
                if cells is not None:
                    parts[run.id] = cells
            elif run.no and run.levels:
                wanted.setdefault(run.levels - 1, []).append(run)
        for level in range(max(wanted, default=-1), -1, -1):
            self._take(key, level, wanted, window, parts)
        ids = [run.id for run in runs if run.id in parts]
        lengths = np.array([0, *(len(parts[id]) for id in ids)], np.int64)
        # As bytes, because numpy copies records field by field, which takes five times as long.
        cells = np.concatenate([_NOTHING, *(parts[id].view(np.uint8) for id in ids)]).view(CELL)
        return Gathered(ids, np.cumsum(lengths), cells, [run.id for run in runs if run.id not in parts])

    def _take(
        self, key: str, level: int, wanted: dict[int, list[Known]], window: Window, parts: dict[str, Cells]
    ) -> None:
        """Take what this level offers; runs that have too few cells here are asked of a finer one."""
        runs = wanted.get(level, [])
        found = self._unpacked(key, level, [run.no for run in runs]) if runs else {}
        for run in runs:
            if run.no not in found:
                continue
            cells = within(found[run.no], window)
            if len(cells) >= window.cells:
                parts[run.id] = cells
                continue
            finer = level
            while finer >= 0 and len(cells) * BRANCH ** (level - finer) < window.cells:
                finer -= 1
            if finer >= 0:
                wanted.setdefault(finer, []).append(run)

    def _unpacked(self, key: str, level: int, nos: list[int]) -> dict[int, Cells]:
        kept = self._kept.setdefault((key, level), {})
        self._kept.move_to_end((key, level))
        missing = [no for no in nos if no not in kept]
        if missing:
            for no, data in self._read(key, level, missing).items():
                kept[no] = unpack(data)
                self._size += kept[no].nbytes
        while self._size > self._budget and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._size -= sum(cells.nbytes for cells in dropped.values())
        return kept


def _coarsest_enough(levels: list[Cells], window: Window) -> Cells | None:
    for cells in reversed(levels):
        some = within(cells, window)
        if len(some) >= window.cells:
            return some
    return None


def within(cells: Cells, window: Window) -> Cells:
    """The cells that hold a point of the window, or could."""
    if window.low == -math.inf and window.high == math.inf:
        return cells
    # bisect, because numpy would copy a field of a table before it searches it
    start = bisect_left(cells["last"], window.low)
    end = bisect_right(cells["first"], window.high)
    return cells[start:end]
