"""The binary reply: what goes in comes out of a decoder that knows only what the documentation says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kymograph.query.series import Buckets, Drawing, Raw
from kymograph.server.reply import Refused
from kymograph.server.schema import SeriesHeader
from kymograph.server.series import Columns, check_range, series

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(
    st.lists(
        st.sampled_from(["f8", "f4", "u4", "u1"]).flatmap(
            lambda kind: arrays.arrays(
                np.dtype(kind), st.integers(0, 40) | st.tuples(st.integers(0, 6), st.integers(0, 6))
            )
        ),
        max_size=6,
    )
)
def test_any_arrays_come_back_bit_by_bit(decoded, given_arrays):
    columns = Columns()
    refs = [columns.add(array, array.dtype) for array in given_arrays]
    _, array = decoded(columns.reply(SeriesHeader(series=[])))
    for ref, put_in in zip(refs, given_arrays, strict=True):
        got = array({"type": ref.type, "at": ref.at, "length": ref.length})
        assert got.tobytes() == put_in.tobytes()


@st.composite
def drawings(draw):
    """What a chart may get: raw points of some runs, buckets of others, either or none."""
    counts = draw(st.lists(st.integers(0, 5), max_size=4))
    total, many, width = sum(counts), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    x, value = (draw(arrays.arrays(np.float64, total, elements=FLOATS)) for _ in range(2))
    offsets = np.cumsum([0, *counts])
    raw = Raw("loss", [f"raw{i}" for i in range(len(counts))], offsets, x, x, value, x)
    table = [draw(arrays.arrays(np.float64, (many, width), elements=st.floats(width=32))) for _ in range(3)]
    count = draw(arrays.arrays(np.uint32, (many, width)))
    odd = draw(arrays.arrays(np.uint8, (many, width), elements=st.integers(0, 7)))
    runs = [f"many{i}" for i in range(many)]
    buckets = Buckets("loss", runs, np.arange(float(width)), *table, count, odd, (0.0, float(width)))
    low = draw(st.floats())
    return Drawing(
        draw(st.sampled_from([raw, None])), draw(st.sampled_from([buckets, None])), ["gone"], low, low
    )


@given(st.lists(drawings(), max_size=3))
def test_a_drawing_is_told_whole(decoded, drawn):
    columns = Columns()
    header = SeriesHeader(
        series=[series(one, columns, f"key {i}", "step", "s", "min") for i, one in enumerate(drawn)]
    )
    said, array = decoded(columns.reply(header))
    assert [one["key"] for one in said["series"]] == [f"key {i}" for i in range(len(drawn))]
    for one, told in zip(drawn, said["series"], strict=True):
        assert told["missing"] == ["gone"]
        assert told["low"] == (one.low if np.isfinite(one.low) else None)
        assert told["exact"] is (one.buckets is None)
        points = 0
        if one.raw is None:
            assert told["raw"] is None
        else:
            assert told["raw"]["runs"] == one.raw.runs
            assert told["raw"]["counts"] == np.diff(one.raw.offsets).tolist()
            np.testing.assert_array_equal(array(told["raw"]["x"]), one.raw.x)
            np.testing.assert_array_equal(array(told["raw"]["value"]), one.raw.value)
            points += one.raw.n
        if one.buckets is None:
            assert told["buckets"] is None
        else:
            assert told["buckets"]["runs"] == one.buckets.runs
            assert told["buckets"]["edges"] == list(one.buckets.range)
            assert told["buckets"]["points"] == len(one.buckets.x)
            for name in ("min", "max", "mean", "count", "odd"):
                rows = array(told["buckets"][name]).reshape(len(one.buckets.runs), -1)
                np.testing.assert_array_equal(rows, getattr(one.buckets, name))
            points += one.buckets.n
        assert told["n"] == points


def test_a_range_that_ends_before_it_begins_is_refused():
    assert check_range(None) is None
    assert check_range((1.0, 1.0)) == (1.0, 1.0)
    with pytest.raises(Refused, match=r"range is \[2\.0, 1\.0\]"):
        check_range((2.0, 1.0))
