"""Values, durations and moments in few characters."""

import math

import pytest

from kymograph.cli.words import cell, duration, moment, number, size


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.978123456, "0.97812"),
        (1e-5, "1e-05"),
        (113130.0, "113130"),
        (112847.5, "112848"),
        (2.0, "2"),
        (1e12, "1e+12"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_numbers(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.25, "0.2s"), (59.9, "59.9s"), (200, "3m 20s"), (7500, "2h 5m"), (356400, "4d 3h")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (12345678901, "12345678901"),
        ({"best": True, "seed": 3}, "best, seed=3"),
        (["a", 1.5], "a, 1.5"),
        ("two\nlines", "two lines"),
    ],
)
def test_cells_are_one_line(value, text):
    assert cell(value) == text


def test_sizes():
    assert [size(412), size(1234), size(9_300_000), size(2.5e12)] == ["412 B", "1.2 kB", "9.3 MB", "2.5 TB"]


def test_a_moment_that_is_not_known_is_empty():
    assert moment(None) == ""
    assert moment(math.nan) == ""
