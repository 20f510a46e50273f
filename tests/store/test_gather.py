"""Gathering cells: the level that is chosen, the range that is cut, what is kept."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.store.gather import Gatherer, Known, LiveSeries, Window, levels_of, within
from kymograph.store.pyramid import SHORTEST, build, pack


class Kept:
    """Pyramids by run number, packed as the index keeps them, and how often they were read."""

    def __init__(self, *series):
        self.levels = {no: build(x, value) for no, (x, value) in enumerate(series, 1)}
        self.read_levels = []

    def read(self, key, level, nos):
        self.read_levels.append((level, list(nos)))
        return {no: pack(self.levels[no][level], level) for no in nos if level < len(self.levels[no])}

    def known(self):
        return [Known(f"run{no}", no, len(levels)) for no, levels in self.levels.items()]


def regular(n, shape=np.sin):
    x = np.arange(n, dtype=np.float64)
    return x, shape(x)


@pytest.mark.parametrize("points", [0, 1, SHORTEST - 1, SHORTEST, 16385, 20_000, 300_000, 5_000_000])
def test_the_number_of_levels_follows_from_the_number_of_points(points):
    expected = len(build(*regular(points))) if points >= SHORTEST else 0
    assert levels_of(points) == expected


def test_a_series_that_is_not_there_has_no_levels():
    assert levels_of(math.nan) == 0


@settings(deadline=None, max_examples=60)
@given(
    st.integers(SHORTEST, 60_000),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 3000),
    st.sampled_from([1.0, 0.5, 3.0]),
)
def test_a_run_gives_enough_cells_over_all_of_the_range_or_is_read_raw(n, one, other, wanted, power):
    x = np.linspace(0, 1, n) ** power  # spread evenly or not
    low, high = sorted((one, other))
    kept = Kept((x, np.arange(n, dtype=np.float64)))
    found = Gatherer(kept.read).gather("k", kept.known(), {}, Window(low, high, wanted))
    inside = int(((x >= low) & (x <= high)).sum())
    if found.raw:
        assert inside < 16 * (wanted + 1)
        return
    assert len(found.cells) >= wanted
    assert len(found.cells) < 16 * wanted + 34
    assert found.cells["count"].sum() >= inside
    assert (found.cells["first"] <= high).all() and (found.cells["last"] >= low).all()
    counts = np.flatnonzero((x >= low) & (x <= high))
    if len(counts):
        assert found.cells["min"].min() <= counts[0] and found.cells["max"].max() >= counts[-1]


def test_runs_of_all_lengths_come_in_the_order_they_were_asked_for():
    kept = Kept(regular(5000), regular(100_000), regular(5000, np.cos))
    asked = [kept.known()[at] for at in (2, 0, 1)]
    found = Gatherer(kept.read).gather("k", [*asked, Known("short", 0, 0)], {}, Window(cells=100))
    assert found.runs == ["run3", "run1", "run2"]
    assert found.raw == ["short"]
    for at, no in enumerate((3, 1, 2)):
        cells = found.cells[found.offsets[at] : found.offsets[at + 1]]
        level = next(level for level in reversed(kept.levels[no]) if len(level) >= 100)
        assert np.array_equal(cells, level)


def test_what_was_unpacked_is_not_read_again_until_it_makes_room():
    kept = Kept(regular(100_000))
    gatherer = Gatherer(kept.read, budget=1)
    for _ in range(3):
        gatherer.gather("k", kept.known(), {}, Window(cells=10))
    assert kept.read_levels == [(2, [1])]
    gatherer.gather("k", kept.known(), {}, Window(cells=1000))
    gatherer.gather("k", kept.known(), {}, Window(cells=10))
    assert [level for level, _ in kept.read_levels].count(2) > 1


def test_the_cells_of_a_live_run_are_taken_as_they_come():
    x, value = regular(10_000)
    live = LiveSeries().follow(np.arange(10_000), x, value)
    found = Gatherer(Kept().read).gather("k", [Known("live", 0, 2)], {"live": live}, Window(0, 100, 5))
    assert found.runs == ["live"]
    assert found.cells["last"].max() >= 100 > found.cells["first"].max() - 16
    assert Gatherer(Kept().read).gather("k", [Known("live", 0, 2)], {"live": live}, Window(0, 9, 5)).raw == [
        "live"
    ]


def test_points_without_a_finite_step_are_in_no_cell():
    x = np.array([1.0, math.nan, 2.0, math.inf])
    levels = LiveSeries().follow(np.arange(4), x, np.array([1.0, 9.0, 2.0, 9.0]))
    assert levels[0]["count"].sum() == 2
    assert levels[0]["max"].max() == 2


def test_a_range_takes_the_cells_it_touches():
    cells = build(*regular(160))[0]
    assert len(within(cells, Window(16, 31))) == 1
    assert len(within(cells, Window(15, 32))) == 3
    assert len(within(cells, Window(15.2, 15.8))) == 0
    assert len(within(cells, Window(-5, -1))) == 0
    assert len(within(cells, Window())) == 10
