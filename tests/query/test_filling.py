"""Buckets filled run by run say the same as all at once."""

from __future__ import annotations

import numpy as np

from kymograph.query.buckets import Grid, of_points
from kymograph.query.curves import Curve
from kymograph.query.filling import BATCH, Filling, offsets_of


def a_curve(length: int, seed: int) -> Curve:
    x = np.arange(float(length))
    return Curve(x, x, x, np.random.default_rng(seed).normal(size=length), left_out=seed)


def test_batches_make_no_difference():
    curves = {f"run-{seed}": a_curve(BATCH // 3, seed) for seed in range(8)}
    grid = Grid(0.0, BATCH / 3, 50)
    filling = Filling(grid, few=-1)
    for run, points in curves.items():
        filling.points(run, points)
    assert filling.filled() == set(curves)
    found = filling.table(list(curves))
    x, value = (np.concatenate([getattr(each, name) for each in curves.values()]) for name in ("x", "value"))
    wanted = of_points(x, value, offsets_of(list(curves.values())), grid)
    for name in ("min", "max", "mean", "count", "odd"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
    assert filling.left_out == sum(range(8))


def test_runs_with_few_points_stay_as_they_are():
    filling = Filling(Grid(0.0, 10.0, 5), few=10)
    filling.points("few", a_curve(10, 1))
    filling.points("many", a_curve(11, 2))
    assert list(filling.few) == ["few"]
    assert filling.filled() == {"many"}
    assert filling.table(["many"]).count.sum() == 11


def test_a_run_that_was_not_given_has_an_empty_row():
    filling = Filling(Grid(0.0, 10.0, 5), few=-1)
    filling.points("b", a_curve(4, 1))
    assert filling.table(["a", "b"]).count.sum(axis=1).tolist() == [0, 4]
