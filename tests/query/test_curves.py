"""Points along an axis, the rules for repeated steps, and the keeper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.query.curves import Curve, Kept, curve


@dataclass(frozen=True)
class Points:
    step: np.ndarray
    time: np.ndarray
    value: np.ndarray


def points(*rows: tuple[float, float, float]) -> Points:
    columns = np.array(rows, dtype=float).reshape(-1, 3).T
    return Points(*columns)


def test_points_are_sorted_by_step_and_repeated_ones_keep_their_order():
    found = curve(points((3, 10, 1), (1, 11, 2), (3, 12, 3)), "step", 0.0, None)
    assert found.x.tolist() == [1, 3, 3]
    assert found.value.tolist() == [2, 1, 3]
    assert found.time.tolist() == [11, 10, 12]


def test_relative_time_counts_from_the_begin_of_the_run():
    assert curve(points((0, 100, 1), (1, 103, 2)), "relative", 100.0, None).x.tolist() == [0, 3]
    assert curve(points((0, 103, 1), (1, 100, 2)), "time", 100.0, None).value.tolist() == [2, 1]


def test_a_clock_gives_its_value_at_the_same_step_and_points_without_one_are_counted():
    clock = points((0, 0, 5), (1, 0, 7), (1, 0, 6), (9, 0, np.nan))
    found = curve(points((0, 1, 10), (1, 2, 11), (2, 3, 12), (9, 4, 13)), "epoch", 0.0, clock)
    assert found.x.tolist() == [5, 6]
    assert found.value.tolist() == [10, 11]
    assert found.left_out == 2
    assert curve(points((0, 1, 10)), "epoch", 0.0, None).left_out == 1


def test_of_repeated_steps_all_stay_or_the_last_counts_or_their_mean():
    given_points = points((1, 10, 1), (2, 11, 5), (1, 12, 3))
    assert curve(given_points, "step", 0.0, None, "all").value.tolist() == [1, 3, 5]
    assert curve(given_points, "step", 0.0, None, "last").value.tolist() == [3, 5]
    assert curve(given_points, "step", 0.0, None, "mean").value.tolist() == [2, 5]
    assert curve(given_points, "time", 0.0, None, "last").x.tolist() == [11, 12]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 9), st.integers(-9, 9)), max_size=30))
def test_rules_for_repeated_steps_agree_with_a_loop(rows):
    by_step: dict[float, list[float]] = {}
    for step, _, value in rows:
        by_step.setdefault(step, []).append(value)
    steps = sorted(by_step)
    last = curve(points(*rows), "step", 0.0, None, "last")
    mean = curve(points(*rows), "step", 0.0, None, "mean")
    assert last.x.tolist() == mean.x.tolist() == steps
    assert last.value.tolist() == [by_step[step][-1] for step in steps]
    np.testing.assert_allclose(mean.value, [np.mean(by_step[step]) for step in steps])


def test_a_range_includes_both_ends():
    found = curve(points(*((step, step, step) for step in range(10))), "step", 0.0, None)
    assert found.within((2, 4)).value.tolist() == [2, 3, 4]
    assert found.within((20, 30)).value.tolist() == []
    assert found.within((2.5, 2.6)).value.tolist() == []
    assert found.within(None) is found
    assert found.within((-1, 9)) is found


def a_curve(length: int) -> Curve:
    x = np.arange(float(length))
    return Curve(x, x, x, x)


def test_the_keeper_makes_things_once_per_version_and_stays_within_its_budget():
    kept: Kept[Curve] = Kept(8000)
    made: list[str] = []

    def make(name: str) -> Curve:
        made.append(name)
        return a_curve(100)  # 800 bytes

    for name in ["a", "a", "b", "a"]:
        kept.get(name, 0, lambda name=name: make(name))
    assert made == ["a", "b"]
    kept.get("a", 1, lambda: make("a"))
    assert made == ["a", "b", "a"]
    assert kept.held == 1600
    for number in range(30):
        kept.get(number, 0, lambda: make("more"))
    assert kept.held <= 8000
    kept.get("a", 1, lambda: make("a again"))
    assert made[-1] == "a again"


def test_what_is_larger_than_the_budget_is_not_kept():
    kept: Kept[Curve] = Kept(8000)
    assert len(kept.get("huge", 0, lambda: a_curve(1500))) == 1500
    assert kept.held == 0


@pytest.mark.parametrize("x", ["step", "time"])
def test_an_array_under_two_names_counts_once(x):
    step = np.arange(10.0)
    assert Curve(step, step, step, np.zeros(10)).nbytes == 160
