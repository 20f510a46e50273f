"""Buckets against a model that counts point by point."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.query.buckets import Grid, of_cells, of_points
from kymograph.store.pyramid import NAN, NEGATIVE, POSITIVE, build

numbers = st.floats(-1e6, 1e6, width=32)
values = st.one_of(numbers, st.sampled_from([math.nan, math.inf, -math.inf]))
series = st.lists(st.tuples(numbers, values), max_size=40).map(
    lambda points: sorted(points, key=lambda p: p[0])
)


def naive(points: list[tuple[float, float]], grid: Grid, at: int) -> tuple[float, float, float, int, int]:
    """What bucket `at` holds, found by looking at every point."""
    inside = [value for x, value in points if grid.place(np.array([x]))[0] == at]
    finite = [value for value in inside if math.isfinite(value)]
    odd = sum(
        {NAN if math.isnan(v) else POSITIVE if v > 0 else NEGATIVE for v in inside if not math.isfinite(v)}
    )
    nothing = math.nan
    low, high = min(finite, default=nothing), max(finite, default=nothing)
    return low, high, math.fsum(finite) / len(finite) if finite else nothing, len(inside), odd


@settings(deadline=None)
@given(st.lists(series, min_size=1, max_size=4), st.integers(1, 9))
def test_every_point_counts_once_and_in_its_bucket(runs, points):
    x = np.array([x for run in runs for x, _ in run])
    value = np.array([value for run in runs for _, value in run])
    offsets = np.cumsum([0, *(len(run) for run in runs)])
    grid = Grid(float(x.min()), float(x.max()), points) if len(x) else Grid(0.0, 1.0, points)
    table = of_points(x, value, offsets, grid)
    assert table.count.sum(axis=1).tolist() == [len(run) for run in runs]
    for row, run in enumerate(runs):
        for at in range(points):
            low, high, mean, count, odd = naive(run, grid, at)
            found = (table.min[row, at], table.max[row, at])
            np.testing.assert_array_equal(found, (low, high))
            np.testing.assert_allclose(table.mean[row, at], mean, rtol=1e-9, atol=1e-6)
            assert (table.count[row, at], table.odd[row, at]) == (count, odd)


@settings(deadline=None)
@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.integers(1, 50))
def test_both_ends_of_a_range_are_inside_and_places_rise_with_x(one, other, points):
    grid = Grid(min(one, other), max(one, other), points)
    x = np.array([grid.low, grid.high])
    assert grid.place(x)[0] == 0
    assert grid.place(x)[1] == (points - 1 if 0 < grid.high - grid.low < math.inf else grid.place(x)[1])
    assert len(grid.middles) == points
    many = np.linspace(grid.low / 2, grid.high / 2, 100)
    assert (np.diff(grid.place(np.sort(many))) >= 0).all()


def test_buckets_have_equal_width_and_x_is_their_middle():
    grid = Grid(0.0, 10.0, 5)
    assert grid.middles.tolist() == [1, 3, 5, 7, 9]
    assert grid.place(np.array([0, 1.9, 2.0, 9.9, 10.0])).tolist() == [0, 0, 1, 4, 4]


def test_one_x_only_is_one_bucket():
    table = of_points(np.array([3.0, 3.0]), np.array([1.0, 5.0]), np.array([0, 2]), Grid(3.0, 3.0, 4))
    assert table.count.tolist() == [[2, 0, 0, 0]]
    assert (table.min[0, 0], table.max[0, 0], table.mean[0, 0]) == (1.0, 5.0, 3.0)


def test_a_sum_beyond_float64_is_no_infinite_mean():
    value = np.full(10, 1.5e308)
    table = of_points(np.arange(10.0), value, np.array([0, 10]), Grid(0.0, 9.0, 2))
    np.testing.assert_allclose(table.mean, [[1.5e308, 1.5e308]])


@pytest.mark.parametrize("odd", [False, True])
def test_cells_say_the_same_as_the_points_they_were_made_of(odd):
    random = np.random.default_rng(1)
    x = np.sort(random.uniform(0, 1000, 20_000))
    value = random.normal(size=len(x))
    if odd:
        value[random.integers(0, len(x), 2000)] = np.nan
        value[777] = np.inf
        value[3200:3264] = np.nan  # whole cells without a finite value
    cells = build(x, value)[0]
    grid = Grid(float(x[0]), float(x[-1]), 37)
    found = of_cells(np.concatenate([cells, cells]), np.array([0, len(cells), 2 * len(cells)]), grid)
    place = np.repeat(grid.place(cells["first"] + (cells["last"] - cells["first"]) / 2), 16)
    for at in range(37):
        inside = value[place == at]
        finite = inside[np.isfinite(inside)]
        assert found.count[0, at] == len(inside)
        assert found.min[1, at] == pytest.approx(finite.min(), rel=1e-6)
        assert found.max[1, at] == pytest.approx(finite.max(), rel=1e-6)
        assert found.mean[0, at] == pytest.approx(finite.mean(), abs=1e-5)
        assert bool(found.odd[0, at] & NAN) == bool(np.isnan(inside).any())
    assert found.count.sum(axis=1).tolist() == [20_000, 20_000]
    assert bool((found.odd & POSITIVE).any()) == odd


def test_nothing_is_an_empty_table():
    table = of_points(np.empty(0), np.empty(0), np.array([0, 0, 0]), Grid(0.0, 1.0, 3))
    assert table.count.shape == (2, 3)
    assert np.isnan(table.mean).all()
    assert (
        of_cells(build(np.arange(1.0), np.arange(1.0))[0][:0], np.array([0, 0]), Grid(0, 1, 3)).count.sum()
        == 0
    )
