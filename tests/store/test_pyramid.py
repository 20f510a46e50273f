"""The pyramid against a naive model that looks at every point of every cell."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kymograph.store.pyramid import BRANCH, CELL, COARSEST, build, extend, pack, unpack

ANY = st.floats(allow_nan=True, allow_infinity=True, width=64)
PLAIN = st.floats(-1e6, 1e6)


def series(values, longest=1500):
    return st.integers(1, longest).flatmap(
        lambda n: st.tuples(
            arrays(np.float64, n, elements=st.floats(-1e9, 1e9), fill=st.floats(-1e9, 1e9)).map(np.sort),
            arrays(np.float64, n, elements=values, fill=values),
        )
    )


def check_cell(cell, x, value):
    finite = value[np.isfinite(value)]
    assert (cell["first"], cell["last"]) == (x[0], x[-1])
    assert (cell["count"], cell["finite"]) == (len(value), len(finite))
    odd = np.isnan(value).any() * 1 | (value == np.inf).any() * 2 | (value == -np.inf).any() * 4
    assert cell["odd"] == odd
    if not len(finite):
        assert math.isnan(cell["min"]) and math.isnan(cell["max"]) and math.isnan(cell["mean"])
        return
    assert cell["min"] <= finite.min() and cell["max"] >= finite.max()
    with np.errstate(over="ignore", under="ignore"):
        below = np.nextafter(cell["min"], np.float32(np.inf))
        above = np.nextafter(cell["max"], np.float32(-np.inf))
    assert below > finite.min() or cell["min"] == finite.min()
    assert above < finite.max() or cell["max"] == finite.max()
    assert cell["min"] <= cell["mean"] <= cell["max"]
    largest = abs(finite).max()
    if largest < 1e30:
        mean = math.fsum(finite) / len(finite)
        assert cell["mean"] == pytest.approx(mean, rel=1e-5, abs=1e-6 * largest)


@settings(deadline=None, max_examples=60)
@given(series(ANY))
def test_every_cell_of_every_level_tells_of_exactly_its_points(given):
    x, value = given
    levels = build(x, value)
    for level, cells in enumerate(levels):
        size = BRANCH ** (level + 1)
        assert len(cells) == math.ceil(len(x) / size)
        for at, cell in enumerate(cells):
            check_cell(cell, x[at * size : (at + 1) * size], value[at * size : (at + 1) * size])
    assert len(levels[-1]) <= COARSEST


@settings(deadline=None, max_examples=40)
@given(series(ANY), st.booleans())
def test_a_packed_level_is_read_back_to_the_last_bit(given, regular):
    x, value = given
    x = np.arange(len(x), dtype=np.float64) if regular else x
    for level, cells in enumerate(build(x, value)):
        assert unpack(pack(cells, level)).tobytes() == cells.tobytes()


def test_a_regular_series_of_finite_numbers_takes_less_than_a_byte_per_point():
    x = np.arange(100_000, dtype=np.float64)
    size = sum(len(pack(cells, level)) for level, cells in enumerate(build(x, np.sin(x))))
    assert size < 0.85 * len(x)


def test_one_spike_among_a_million_points_is_seen_at_every_level():
    value = np.zeros(1_000_000)
    value[777_777] = 1e-40  # below float32's normal numbers
    for cells in build(np.arange(1_000_000, dtype=np.float64), value):
        assert cells["max"].max() >= 1e-40


def test_the_envelope_holds_numbers_that_float32_cannot():
    cells = build(np.zeros(3), np.array([1e300, -1e300, 0.1]))[0]
    assert cells["min"][0] == -np.inf and cells["max"][0] == np.inf
    assert math.isfinite(cells["mean"][0])


def test_the_sum_of_huge_values_does_not_make_the_mean_infinite():
    cells = build(np.arange(16.0), np.full(16, 1.7e308))[0]
    assert cells["mean"][0] == np.finfo(np.float32).max


def test_no_points_make_no_levels():
    assert build(np.zeros(0), np.zeros(0)) == []


@settings(deadline=None, max_examples=40)
@given(series(st.one_of(PLAIN, st.just(math.nan)), 6000), st.data())
def test_a_pyramid_made_longer_equals_one_built_at_once(given, data):
    x, value = given
    at = data.draw(st.integers(0, len(x)))
    longer, whole = extend(build(x[:at], value[:at]), x, value), build(x, value)
    assert [len(cells) for cells in longer] == [len(cells) for cells in whole]
    for one, other in zip(longer, whole, strict=True):
        for name in CELL.names:
            if name != "mean":
                assert np.array_equal(one[name], other[name], equal_nan=name in {"min", "max"})
        np.testing.assert_allclose(one["mean"], other["mean"], rtol=1e-5, atol=2.0)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_do_more_than_raise_value_error(data):
    try:
        cells = unpack(data)
    except ValueError:
        return
    assert len(cells) <= len(data)


def test_a_level_cut_anywhere_is_refused():
    data = pack(build(np.arange(100.0), np.arange(100.0))[0], 0)
    for at in range(len(data)):
        with pytest.raises(ValueError, match="not a level"):
            unpack(data[:at])
