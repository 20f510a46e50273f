"""Reads series through the index: cells of long ones, points of short ones; keeps what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import NotFound
from kymograph.query.buckets import Grid, Table, of_cells, of_points
from kymograph.query.curves import AXES, Curve, Kept, Range, curve
from kymograph.query.series import Buckets, Drawing, Floats, Raw
from kymograph.store.gather import Window, within
from kymograph.store.index import Index
from kymograph.store.index_types import STAT_AT
from kymograph.store.pyramid import SHORTEST, build

KEPT_POINTS, KEPT_LEVELS = 40 * 2**20, 36 * 2**20  # bytes of points and of pyramids that are kept
BATCH = 2**14  # points that are put into buckets at once: they stay in the processor's cache
RUNS_AT_ONCE = 64  # runs whose cells are gathered at once, and up to which charts get two cells per bucket


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
        self.low, self.high = float(points.x[0]), float(points.x[-1])

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
        found = self._gathered(runs, ask, asked, points)
        grid = Grid(*found.window, points)
        table = Table.empty(len(runs), points)
        rows = {run: at for at, run in enumerate(runs)}
        left_out = self._fill(table, rows, found, grid)
        return _bucketed(ask.key, runs, table, grid, left_out)

    def drawing(self, runs: list[str], key: str, x: str, asked: Range | None, points: int) -> Drawing:
        """Raw where a run has at most two points per bucket in the range, buckets elsewhere."""
        ask = Ask(key, x)
        found = self._gathered(runs, ask, asked, points)
        if found.low > found.high:
            return Drawing(None, None, runs, np.nan, np.nan)
        few = {run: curve for run, curve in found.curves.items() if len(curve) <= 2 * points}
        many = [run for run in runs if run not in few and run not in found.missing]
        raw = _raw(key, list(few), list(few.values())) if few else None
        found.curves = {run: curve for run, curve in found.curves.items() if run not in few}
        buckets = None
        if many:
            grid = Grid(*found.window, points)
            table = Table.empty(len(many), points)
            left_out = self._fill(table, {run: at for at, run in enumerate(many)}, found, grid)
            buckets = _bucketed(key, many, table, grid, left_out)
        return Drawing(raw, buckets, [run for run in runs if run in found.missing], found.low, found.high)

    # What is there

    def _gathered(self, runs: list[str], ask: Ask, asked: Range | None, points: int) -> _Found:
        """Cells of the long series, points of the others, within the window that is asked for or needed."""
        stats = self._index.stats(ask.key, runs)
        counts = stats[:, STAT_AT["count"]].tolist()
        found = _Found({run for run, count in zip(runs, counts, strict=True) if not count > 0})
        there = [run for run in runs if run not in found.missing] if found.missing else runs
        long = [run for run, count in zip(runs, counts, strict=True) if count >= SHORTEST]
        wanted = (2 if len(runs) <= RUNS_AT_ONCE else 1) * points
        if ask.plain:
            steps = stats[:, [STAT_AT["low_step"], STAT_AT["high_step"]]]
            steps = steps[np.isfinite(steps).all(axis=1)]
            if len(steps):
                found.reach(float(steps[:, 0].min()), float(steps[:, 1].max()))
            found.window = asked or found.span
            self._by_step(found, ask, there, long, wanted)
        else:
            self._along_axis(found, ask, there, set(long), asked, wanted)
        return found

    def _by_step(self, found: _Found, ask: Ask, runs: list[str], long: list[str], wanted: int) -> None:
        """Short series point by point, long ones by the cells that the index keeps."""
        whole = set(runs).difference(long)
        slices: set[str] = set()
        for at in range(0, len(long), RUNS_AT_ONCE):
            some = self._index.pyramid(ask.key, long[at : at + RUNS_AT_ONCE], *found.window, wanted)
            if some.runs:
                found.cells.append((some.runs, some.offsets, some.cells))
            slices.update(some.raw)
        for run in runs:
            if run in whole:
                found.add(run, self._curve(run, ask).within(found.window))
            elif run in slices:
                found.add(run, self._slice(run, ask, found.window))

    def _along_axis(
        self, found: _Found, ask: Ask, runs: list[str], long: set[str], asked: Range | None, wanted: int
    ) -> None:
        pyramids: dict[str, _Levels] = {}
        for run in runs:
            if run in long:
                levels = self._levels_of(run, ask)
                if levels is None:
                    found.missing.add(run)
                else:
                    pyramids[run] = levels
                    found.reach(levels.low, levels.high)
            else:
                points = self._curve(run, ask)
                found.add(run, points)
                if len(points):
                    found.reach(float(points.x[0]), float(points.x[-1]))
                else:
                    found.missing.add(run)
        found.window = asked or found.span
        found.curves = {run: points.within(found.window) for run, points in found.curves.items()}
        window = Window(*found.window, wanted)
        for run, levels in pyramids.items():
            cells = levels.cells(window)
            if cells is None:
                found.curves[run] = self._slice(run, ask, found.window)
            else:
                found.cells.append(([run], np.array([0, len(cells)], np.int64), cells))

    def _fill(self, table: Table, rows: dict[str, int], found: _Found, grid: Grid) -> int:
        """Puts everything that was found into the rows of the table."""
        for runs, offsets, cells in found.cells:
            table.put([rows[run] for run in runs], of_cells(cells, offsets, grid))
        batch: list[str] = []
        size = 0
        for run, points in found.curves.items():
            batch.append(run)
            size += len(points)
            if size >= BATCH:
                self._fill_points(table, rows, batch, found, grid)
                batch, size = [], 0
        if batch:
            self._fill_points(table, rows, batch, found, grid)
        return found.left_out

    @staticmethod
    def _fill_points(table: Table, rows: dict[str, int], runs: list[str], found: _Found, grid: Grid) -> None:
        curves = [found.curves[run] for run in runs]
        x = np.concatenate([each.x for each in curves])
        value = np.concatenate([each.value for each in curves])
        table.put([rows[run] for run in runs], of_points(x, value, _offsets(curves), grid))

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

    def _levels_of(self, run: str, ask: Ask) -> _Levels | None:
        version = self._versions.get(run, 0)

        def read() -> _Levels:
            points = self._read(run, ask)
            if not len(points):
                raise NotFound(f"no point of {ask.key} has an x on the axis {ask.x}")
            return _Levels(points)

        try:
            return self._levels.get((run, ask), version, read)
        except NotFound:
            return None

    def _read(self, run: str, ask: Ask, asked: Range | None = None) -> Curve:
        folder = self._index.folder(run)
        by_step = ask.x == "step" and ask.repeats == "all"
        points = folder.points(ask.key, ask.branch, asked if by_step else None)
        clock = None if ask.x in AXES else folder.points(ask.x, ask.branch)
        return curve(points, ask.x, folder.created, clock, ask.repeats)


class _Found:
    """What was gathered for one question, and over which range."""

    def __init__(self, missing: set[str]) -> None:
        self.missing = missing
        self.curves: dict[str, Curve] = {}
        self.cells: list[tuple[list[str], NDArray[np.int64], NDArray[Any]]] = []
        self.low, self.high = np.inf, -np.inf
        self.window: Range = (np.nan, np.nan)
        self.left_out = 0

    def reach(self, low: float, high: float) -> None:
        """Widens the range of all points."""
        self.low, self.high = min(self.low, low), max(self.high, high)

    @property
    def span(self) -> Range:
        """The range of all points; some range where there is none."""
        return (self.low, self.high) if self.low <= self.high else (0.0, 1.0)

    def add(self, run: str, points: Curve) -> None:
        """Takes the points of a run."""
        self.curves[run] = points
        self.left_out += points.left_out


def _offsets(curves: Sequence[Curve]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(each) for each in curves)], dtype=np.int64)


def _raw(key: str, runs: list[str], curves: Sequence[Curve]) -> Raw:
    def joined(name: str) -> Floats:
        return np.concatenate([getattr(each, name) for each in curves]) if curves else np.empty(0)

    left_out = sum(each.left_out for each in curves)
    x, step, time, value = (joined(name) for name in ("x", "step", "time", "value"))
    return Raw(key, runs, _offsets(curves), step, time, value, x, left_out)


def _bucketed(key: str, runs: list[str], table: Table, grid: Grid, left_out: int) -> Buckets:
    return Buckets(
        key, runs, grid.middles, table.min, table.max, table.mean, table.count, table.odd,
        (grid.low, grid.high), left_out,
    )  # fmt: skip
