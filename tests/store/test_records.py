"""Frames and what damage does to them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kymograph.store import records

FRAMES = st.lists(
    st.tuples(st.integers(1, 255), st.integers(0, 2**24 - 1), st.binary(max_size=60)), max_size=8
)


def written(frames):
    return b"".join(records.frame(kind, number, payload) for kind, number, payload in frames)


@given(FRAMES)
def test_what_is_framed_is_walked(frames):
    data = written(frames)
    walk = records.walk(data, 0)
    read = [(frame.kind, frame.id, bytes(frame.payload)) for frame in walk]

    padded = [(kind, number, payload + bytes(-len(payload) % 8)) for kind, number, payload in frames]
    assert read == padded
    assert (walk.end, walk.damage) == (len(data), [])


@given(FRAMES.filter(bool), st.data())
def test_a_tail_cut_anywhere_costs_the_last_frame_only(frames, data):
    whole = written(frames)
    last = len(records.frame(*frames[-1]))
    cut = data.draw(st.integers(len(whole) - last, len(whole) - 1))
    walk = records.walk(whole[:cut] + bytes(100), 0)
    assert len(list(walk)) in {len(frames) - 1, len(frames) if not any(whole[cut:]) else len(frames) - 1}
    assert walk.damage == []


@given(FRAMES.filter(lambda frames: len(frames) > 2), st.data())
def test_a_flipped_bit_costs_one_frame_and_is_told(frames, data):
    whole = bytearray(written(frames))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    walk = records.walk(bytes(whole), 0)
    read = len(list(walk))

    assert read == len(frames) - 1
    if at < len(whole) - len(records.frame(*frames[-1])):
        ((start, end),) = walk.damage
        assert start <= at < end


@given(st.binary(max_size=4000))
def test_no_bytes_make_the_walk_fail(data):
    for frame in records.walk(data, 0):
        for read in (records.read_json, records.read_timed_json, records.read_time, records.read_value):
            try:
                read(frame.payload)
            except ValueError:
                pass


def test_bytes_made_to_look_like_frames_do_not_take_for_ever():
    # Every 8 bytes claim to be a frame up to the end: each would cost a check over all that follows.
    size = 1 << 20
    data = bytearray()
    for at in range(0, size, 8):
        data += (size - at - (size - at) % 16).to_bytes(4, "little") + (1).to_bytes(4, "little")
    walk = records.walk(bytes(data) + bytes(16), 0)
    assert list(walk) == []


@pytest.mark.parametrize("value", [math.nan, math.inf, "ünï", {"a": [1, None, True]}, "\ud800"])
def test_json_keeps_what_it_is_given(value):
    (frame,) = records.walk(records.json_frame(records.ATTRIBUTES, {"set": {"x": value}}, time=2.5), 0)
    time, content = records.read_timed_json(frame.payload)
    assert time == 2.5
    assert repr(content) == repr({"set": {"x": value}})
