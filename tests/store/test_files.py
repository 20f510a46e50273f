"""Numbers of files as ranges agree with sets of numbers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kymograph.store.files import by_writer, minus, missing, numbers
from kymograph.store.layout import LogName, SegmentName, log_name, segment_name

W = "aaaaaaaa"
NAMES = st.lists(
    st.integers(0, 20).map(lambda n: LogName(W, n))
    | st.tuples(st.integers(0, 20), st.integers(0, 4)).map(lambda pair: SegmentName(W, pair[0], sum(pair))),
    min_size=1,
    max_size=8,
)


def told(ranges):
    return {number for first, last in ranges for number in range(first, last + 1)}


def covered(names):
    return told([(n.number, n.number) if isinstance(n, LogName) else (n.first, n.last) for n in names])


@given(NAMES)
def test_ranges_hold_the_numbers_that_are_there(names):
    ranges = numbers(names)
    assert told(ranges) == covered(names)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))


@given(NAMES, NAMES)
def test_taking_ranges_away_is_taking_numbers_away(some, others):
    assert told(minus(numbers(some), numbers(others))) == covered(some) - covered(others)


@given(NAMES)
def test_missing_is_what_is_not_there_below_the_last(names):
    there = covered(names)
    assert told(missing(names)) == set(range(max(there) + 1)) - there


def test_other_files_and_numbers_beyond_all_measure_belong_to_nobody():
    names = ["notes.txt", "seal.lock", log_name(W, 2**31), f".{segment_name(W, 0, 1)}.tmp"]
    assert by_writer(names) == {}


def test_segments_come_before_logs_and_the_wide_before_the_narrow():
    names = [log_name(W, 0), segment_name(W, 0, 1), segment_name(W, 0, 5)]
    assert by_writer(names) == {W: [SegmentName(W, 0, 5), SegmentName(W, 0, 1), LogName(W, 0)]}
