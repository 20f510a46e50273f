"""Reads series through the index: cells of long ones, points of short ones; keeps what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kymograph.query.buckets import Grid
from kymograph.query.curves import AXES, Curve, Kept, Range, curve
from kymograph.query.filling import Filling, offsets_of
from kymograph.query.series import Buckets, Drawing, Floats, Raw
from kymograph.store.gather import Window, within
from kymograph.store.index import Index
from kymograph.store.index_types import STAT_AT
from kymograph.store.pyramid import SHORTEST, build

KEPT_POINTS, KEPT_LEVELS = 40 * 2**20, 36 * 2**20  # bytes of points and of pyramids that are kept
RUNS_AT_ONCE = 64  # runs whose cells are gathered at once
NOWHERE = (np.inf, -np.inf)  # the range of no points


class Ask(NamedTuple):
    """One question about a key: the axis, the rule for repeated steps, the branch."""

    key: str
    x: str = "step"
    repeats: str = "all"
    branch: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the index keeps pyramids for this."""
        return self.x == "step" and self.repeats == "all" and self.branch is None


class _Levels:
    """The pyramid of a long series along an axis of which the index keeps none."""

    def __init__(self, points: Curve) -> None:
        self.levels = build(points.x, points.value)
        while self.nbytes > KEPT_LEVELS:  # a deep zoom into such a series reads its points
            del self.levels[0]
        self.low, self.high = (float(points.x[0]), float(points.x[-1])) if len(points) else NOWHERE
        self.left_out = points.left_out

    @property
    def nbytes(self) -> int:
        return sum(level.nbytes for level in self.levels)

    def cells(self, window: Window) -> NDArray[Any] | None:
        """The coarsest level with enough cells in the window; None when there are too few points for that."""
        for level in reversed(self.levels):
            found = within(level, window)
            if len(found) >= window.cells:
                return found
        return None


class Reader:
    """Reads series through the index. Any thread may call; what was read is kept until the run changes."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._curves: Kept[Curve] = Kept(KEPT_POINTS)
        self._levels: Kept[_Levels] = Kept(KEPT_LEVELS)
        self._versions: dict[str, int] = {}

    def changed(self, runs: set[str]) -> None:
        """These runs have new points, or are gone."""
        for run in runs:
            self._versions[run] = self._versions.get(run, 0) + 1

    @property
    def held(self) -> int:
        """Bytes of points and pyramids that are kept now."""
        return self._curves.held + self._levels.held

    def known(self, runs: list[str], key: str) -> bool:
        """Whether any of the runs has a point of this key."""
        return bool((self._index.stats(key, runs)[:, STAT_AT["count"]] > 0).any())

    def raw(self, runs: list[str], ask: Ask, asked: Range | None) -> Raw:
        """Every point of these runs in a range of x."""
        curves = [self._read(run, ask, asked).within(asked) for run in runs]
        return _raw(ask.key, runs, curves)

    def buckets(self, runs: list[str], ask: Ask, asked: Range | None, points: int) -> Buckets:
        """Buckets of all these runs."""
        found = self._gathered(runs, ask, asked, points, few=-1)
        return _bucketed(ask.key, runs, found.filling)

    def drawing(self, runs: list[str], key: str, x: str, asked: Range | None, points: int) -> Drawing:
        """Raw where a run has at most two points per bucket in the range, buckets elsewhere."""
        found = self._gathered(runs, Ask(key, x), asked, points, few=2 * points)
        if found.low > found.high:
            return Drawing(None, None, runs, np.nan, np.nan)
        few, filled = found.filling.few, found.filling.filled()
        raw = _raw(key, list(few), list(few.values())) if few else None
        buckets = _bucketed(key, [run for run in runs if run in filled], found.filling) if filled else None
        return Drawing(raw, buckets, [run for run in runs if run in found.missing], found.low, found.high)

    # What is there

    def _gathered(self, runs: list[str], ask: Ask, asked: Range | None, points: int, few: int) -> _Found:
        """Cells of the long series, points of the others, within the window that is asked for or needed."""
        if ask.branch is not None:  # the index knows the main branch only
            return self._along_axis(runs, ask, asked, points, few, set(runs))
        stats = self._index.stats(ask.key, runs)
        counts = dict(zip(runs, stats[:, STAT_AT["count"]].tolist(), strict=True))
        there = [run for run, count in counts.items() if count > 0]
        long = {run for run, count in counts.items() if count >= SHORTEST}
        if not ask.plain:
            found = self._along_axis(there, ask, asked, points, few, long)
        else:
            steps = stats[:, [STAT_AT["low_step"], STAT_AT["high_step"]]]
            steps = steps[np.isfinite(steps).all(axis=1)]
            reach = (float(steps[:, 0].min()), float(steps[:, 1].max())) if len(steps) else NOWHERE
            filling = Filling(_grid(reach, asked, points), few)
            self._by_step(filling, ask, there, long)
            found = _Found(set(), reach, filling)
        found.missing.update(set(runs).difference(there))
        return found

    def _by_step(self, filling: Filling, ask: Ask, runs: list[str], long: set[str]) -> None:
        """Short series point by point, long ones by the cells that the index keeps."""
        window = (filling.grid.low, filling.grid.high)
        cells = _cells_wanted(filling.grid.points, len(runs))
        pyramids = [run for run in runs if run in long]
        slices: set[str] = set()
        for at in range(0, len(pyramids), RUNS_AT_ONCE):
            some = self._index.pyramid(ask.key, pyramids[at : at + RUNS_AT_ONCE], *window, cells)
            filling.cells(some.runs, some.offsets, some.cells)
            slices.update(some.raw)
        for run in runs:
            if run not in long:
                filling.points(run, self._curve(run, ask).within(window))
            elif run in slices:
                filling.points(run, self._slice(run, ask, window))

    def _along_axis(
        self, runs: list[str], ask: Ask, asked: Range | None, points: int, few: int, long: set[str]
    ) -> _Found:
        """Along an axis of which the index keeps no pyramids: they are made here, when they are needed."""
        curves = {run: self._curve(run, ask) for run in runs if run not in long}
        pyramids = {run: self._levels_of(run, ask) for run in runs if run in long}
        ends = [(each.x[0], each.x[-1]) for each in curves.values() if len(each)]
        ends += [(each.low, each.high) for each in pyramids.values() if each.levels]
        reach = (
            (float(min(low for low, _ in ends)), float(max(high for _, high in ends))) if ends else NOWHERE
        )
        filling = Filling(_grid(reach, asked, points), few)
        window = Window(filling.grid.low, filling.grid.high, _cells_wanted(points, len(runs)))
        missing = {run for run, each in curves.items() if not len(each)}
        missing.update(run for run, each in pyramids.items() if not each.levels)
        for run, each in curves.items():
            if run in missing:
                filling.left_out += each.left_out
            else:
                filling.points(run, each.within((window.low, window.high)))
        for run, levels in pyramids.items():
            cells = levels.cells(window)
            if cells is not None:
                filling.left_out += levels.left_out
                filling.cells([run], np.array([0, len(cells)], np.int64), cells)
            elif run in missing:
                filling.left_out += levels.left_out
            else:
                filling.points(run, self._slice(run, ask, (window.low, window.high)))
        return _Found(missing, reach, filling)

    # One run

    def _curve(self, run: str, ask: Ask) -> Curve:
        """All points of one run's series; kept, when it is short."""
        version = self._versions.get(run, 0)
        return self._curves.get((run, ask), version, lambda: self._read(run, ask))

    def _slice(self, run: str, ask: Ask, asked: Range) -> Curve:
        """A small part of a long series; kept."""
        version = self._versions.get(run, 0)

        def read() -> Curve:
            part = self._read(run, ask, asked).within(asked)
            # Copies, so that what is kept does not hold on to the whole series.
            step, time, value = (np.array(each) for each in (part.step, part.time, part.value))
            return Curve(step if part.x is part.step else np.array(part.x), step, time, value, part.left_out)

        return self._curves.get((run, ask, asked), version, read)

    def _levels_of(self, run: str, ask: Ask) -> _Levels:
        version = self._versions.get(run, 0)
        return self._levels.get((run, ask), version, lambda: _Levels(self._read(run, ask)))

    def _read(self, run: str, ask: Ask, asked: Range | None = None) -> Curve:
        folder = self._index.folder(run)
        by_step = ask.x == "step" and ask.repeats == "all"
        points = folder.points(ask.key, ask.branch, asked if by_step else None)
        clock = None if ask.x in AXES else folder.points(ask.x, ask.branch)
        return curve(points, ask.x, folder.created, clock, ask.repeats)


class _Found:
    """What was gathered for one question: the runs without a point, the range of all points, the buckets."""

    def __init__(self, missing: set[str], reach: Range, filling: Filling) -> None:
        self.missing = missing
        self.low, self.high = reach
        self.filling = filling


def _grid(reach: Range, asked: Range | None, points: int) -> Grid:
    low, high = asked or (reach if reach[0] <= reach[1] else (0.0, 1.0))
    return Grid(low, high, points)


def _cells_wanted(points: int, runs: int) -> int:
    """Charts of few runs get two cells per bucket, those of many one per two: the most that memory allows."""
    return 2 * points if runs <= RUNS_AT_ONCE else max(points // 2, 1)


def _raw(key: str, runs: list[str], curves: Sequence[Curve]) -> Raw:
    def joined(name: str) -> Floats:
        return np.concatenate([getattr(each, name) for each in curves]) if curves else np.empty(0)

    left_out = sum(each.left_out for each in curves)
    x, step, time, value = (joined(name) for name in ("x", "step", "time", "value"))
    return Raw(key, runs, offsets_of(curves), step, time, value, x, left_out)


def _bucketed(key: str, runs: list[str], filling: Filling) -> Buckets:
    table, grid = filling.table(runs), filling.grid
    return Buckets(
        key, runs, grid.middles, table.min, table.max, table.mean, table.count, table.odd,
        (grid.low, grid.high), filling.left_out,
    )  # fmt: skip
