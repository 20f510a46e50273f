"""Braille lines: numbers in, text out."""

import numpy as np
import pytest

from kymograph.cli.drawing import Curve, draw


def curve(values):
    values = np.asarray(values, float)
    return Curve(np.arange(len(values), dtype=float), values, values, values)


def cells(line):
    return line.split("┤")[-1].split("│")[-1]


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right():
    *lines, feet = draw(curve([0, 1, 2, 3]), 40, 5)
    assert cells(lines[0]).rstrip("⠀")[-1] != "⠀"
    assert cells(lines[0])[0] == "⠀"
    assert cells(lines[-1])[0] != "⠀"
    assert feet.strip().startswith("└0")
    assert feet.endswith("3")


def test_the_axis_names_the_top_and_the_bottom():
    *lines, _ = draw(curve([-1, 5]), 40, 5)
    assert lines[0].strip().startswith("5 ┤")
    assert lines[-2 + 1].strip().startswith("-1 ┤")


def test_no_line_is_wider_than_asked():
    for width in (20, 33, 100):
        assert max(len(line) for line in draw(curve(np.sin(np.arange(500))), width, 6)) <= width


def test_the_envelope_fills_from_the_lowest_to_the_highest():
    one = np.array([0.0, 0.0])
    filled = draw(Curve(np.array([0.0, 1.0]), one - 1, one + 1, one), 20, 2)
    columns = [ord(cells(line)[0]) - 0x2800 for line in filled[:2]]
    assert all(dots & 0x47 == 0x47 for dots in columns), "the left dots of both rows are all set"


def test_nan_leaves_a_gap():
    whole = draw(curve([1, 1, 1, 1, 1]), 20, 1)[0]
    gap = draw(curve([1, np.nan, np.nan, np.nan, 1]), 20, 1)[0]
    assert cells(gap).count("⠀") > cells(whole).count("⠀")


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_nothing_finite_is_said(values):
    assert draw(curve(values), 40, 5) == ["(no finite values to draw)"]


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show():
    *lines, _ = draw(curve([0.001, 0, -1, 1000]), 40, 7, log=True)
    assert lines[0].strip().startswith("1000")
    assert lines[-1].strip().startswith("0.001")


def test_one_point_is_a_dot():
    *lines, _ = draw(curve([3.0]), 30, 3)
    assert sum(character != "⠀" for line in lines for character in cells(line)) == 1
