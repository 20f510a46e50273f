"""Every encoder keeps each bit, and no bytes whatever make a decoder do more than it was told."""

import math
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kymograph.errors import CorruptData
from kymograph.store import columns

ODD = [
    0.0,
    -0.0,
    math.nan,
    math.inf,
    -math.inf,
    5e-324,
    1.7976931348623157e308,
    2.0**53,
    -(2.0**53),
    0.1,
    1 / 3,
]
ANY_FLOAT = st.floats(width=64) | st.sampled_from(ODD)
FLOATS = (
    st.lists(ANY_FLOAT, min_size=1, max_size=80)
    | st.lists(st.integers(-(2**60), 2**60).map(float), min_size=1, max_size=80)
    | st.lists(st.floats(width=32), min_size=1, max_size=80)
    | st.tuples(ANY_FLOAT, st.integers(1, 80)).map(lambda pair: [pair[0]] * pair[1])
)
INTS = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=80)
DECODERS = [columns.decode_floats, columns.decode_ints, columns.decode_times]


def bits(column):
    return np.asarray(column).view(np.int64).tolist()


@given(FLOATS)
def test_a_float_column_comes_back_to_the_bit(numbers):
    column = np.array(numbers)
    encoding, data = columns.encode_floats(column)
    assert bits(columns.decode_floats(encoding, data, len(column))) == bits(column)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50))
def test_any_64_bits_come_back_as_they_are_also_the_payload_of_a_nan(words):
    column = np.array(words, np.uint64).view(np.float64)
    encoding, data = columns.encode_floats(column)
    assert bits(columns.decode_floats(encoding, data, len(column))) == bits(column)


@given(INTS)
def test_whole_numbers_come_back(numbers):
    encoding, data = columns.encode_ints(np.array(numbers, np.int64))
    assert columns.decode_ints(encoding, data, len(numbers)).tolist() == numbers


@given(FLOATS, st.booleans())
def test_times_come_back_to_the_bit(numbers, given_by_caller):
    time = np.array(numbers)
    if not given_by_caller:
        time = columns.whole_milliseconds(time)
    encoding, data = columns.encode_times(time, given=given_by_caller)
    assert bits(columns.decode_times(encoding, data, len(time))) == bits(time)


@given(st.binary(max_size=2000) | st.integers(0, 5_000_000).map(bytes))
def test_bytes_come_back(data):
    assert columns.decode_bytes(*columns.encode_bytes(data)) == data


@pytest.mark.parametrize(
    ("column", "encoding"),
    [
        (np.full(100, 0.1), columns.CONSTANT),
        (np.full(100, math.nan), columns.CONSTANT),
        (np.arange(4096.0), columns.PCO_WHOLE),
        (
            np.random.default_rng(1).normal(size=4096).astype(np.float32).astype(np.float64),
            columns.PCO_FLOAT32,
        ),
        (np.cumsum(np.random.default_rng(1).normal(size=4096)), columns.PCO_FLOAT64),
        (np.frombuffer(np.random.default_rng(1).bytes(800), np.float64), columns.RAW_FLOAT64),
    ],
)
def test_each_kind_of_numbers_has_its_encoding(column, encoding):
    assert columns.encode_floats(column)[0] == encoding


def test_steps_that_only_count_take_next_to_nothing():
    _, data = columns.encode_floats(np.arange(4096.0))
    assert len(data) < 200


def test_times_of_the_own_clock_are_whole_milliseconds():
    time = columns.whole_milliseconds(1_760_000_000 + np.random.default_rng(1).random(4096))
    encoding, _ = columns.encode_times(time, given=False)
    assert encoding == columns.PCO_INT64


def test_times_that_no_millisecond_can_hold_are_kept_as_they_are():
    time = np.array([math.nan, math.inf, 1e300, 12.0])
    assert bits(columns.whole_milliseconds(time)) == bits(time)
    encoding, data = columns.encode_times(time, given=False)
    assert bits(columns.decode_times(encoding, data, 4)) == bits(time)


@given(st.integers(-1, 9), st.binary(max_size=300), st.integers(0, 4096), st.sampled_from(DECODERS))
def test_no_bytes_whatever_break_a_decoder(encoding, data, rows, decode):
    try:
        assert len(decode(encoding, data, rows)) == rows
    except CorruptData:
        pass


@given(st.data())
def test_a_packed_column_with_flipped_bits_is_read_or_refused(data):
    column = np.cumsum(np.random.default_rng(data.draw(st.integers(0, 5))).normal(size=500))
    encoding, packed = columns.encode_floats(column)
    flipped = bytearray(packed)
    for _ in range(data.draw(st.integers(1, 4))):
        flipped[data.draw(st.integers(0, min(len(flipped), 200) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        assert len(columns.decode_floats(encoding, bytes(flipped), 500)) == 500
    except CorruptData:
        pass


@pytest.mark.parametrize("rows", [0, 1, 99, 101, 4096])
def test_a_column_of_another_length_is_refused(rows):
    for column in (np.arange(100.0), np.cumsum(np.random.default_rng(1).normal(size=100))):
        encoding, data = columns.encode_floats(column)
        with pytest.raises(CorruptData, match=f"{rows} were expected"):
            columns.decode_floats(encoding, data, rows)


def test_a_compressed_block_that_would_grow_beyond_measure_is_refused():
    bomb = zlib.compress(bytes(300 << 20), 9)
    with pytest.raises(CorruptData, match="holds more than"):
        columns.decode_bytes(columns.ZLIB, bomb)


def test_what_zlib_would_shrink_beyond_that_measure_is_kept_raw():
    assert columns.encode_bytes(bytes(4 << 20))[0] == columns.RAW_BYTES
    assert columns.encode_bytes(b"text " * 1000)[0] == columns.ZLIB


def test_a_compressed_block_that_is_cut_off_is_refused():
    packed = zlib.compress(b"text " * 1000)
    with pytest.raises(CorruptData, match="cut off"):
        columns.decode_bytes(columns.ZLIB, packed[:-3])
