"""A growing log is read as a naive reader would read it whole, whatever was done to its bytes."""

import os
import random
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import Log, busy_log, points

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store import records
from kymograph.store.logreader import DAMAGED, TORN, UNDEFINED, Gap, LogReader

KEYS = ["loss", "acc", "val/é", "a b"]


def bits(at, time, step, value):
    """A point that equals another when all bits do: NaN is NaN, and -0.0 is not 0.0."""
    return at, struct.pack("<ddd", time, step, value)


def naive(data, start=records.HEADER_SIZE):
    """Points by key and texts by key, frame by frame in plain Python."""
    keysets, found, texts = {}, {}, {}
    for frame in records.walk(data, start):
        inner = len(frame.payload) // 8
        if frame.kind == records.KEYSET:
            keysets[frame.id] = records.read_json(frame.payload)
        elif frame.kind in (records.VALUE, records.VALUE_AT):
            time, step, _, text = records.read_value(frame.payload)
            shown = time if frame.kind == records.VALUE_AT else round(time * 1000) / 1000
            texts.setdefault(keysets[frame.id][0], []).append((frame.at, shown, step, text.decode()))
        elif records.POINTS <= frame.kind <= records.POINTS_OWN_AT:
            numbers = struct.unpack(f"<{inner}d", frame.payload)
            keys = keysets[frame.id]
            own = frame.kind in (records.POINTS_OWN, records.POINTS_OWN_AT)
            steps = numbers[1 : 1 + len(keys)] if own else [numbers[1]] * len(keys)
            given_time = frame.kind in (records.POINTS_AT, records.POINTS_OWN_AT)
            time = numbers[0] if given_time else round(numbers[0] * 1000) / 1000
            for key, step, value in zip(keys, steps, numbers[-len(keys) :], strict=True):
                found.setdefault(key, []).append(bits(frame.at, time, step, value))
    return found, texts


def collected(batches):
    """The same of what a LogReader gave."""
    found, texts = {}, {}
    for batch in batches:
        for rows in batch.tables:
            for place, key in enumerate(rows.keys):
                columns = (rows.seq & 0xFFFFFFFF, rows.time, rows.step, rows.values[:, place])
                found.setdefault(key, []).extend(
                    bits(*row) for row in zip(*(c.tolist() for c in columns), strict=True)
                )
        for value in batch.values:
            row = (value.seq & 0xFFFFFFFF, value.time, value.step, value.data.decode())
            texts.setdefault(value.key, []).append(row)
    return {key: sorted(rows) for key, rows in found.items()}, texts


def read(path, data, final=True, file=0):
    path.write_bytes(data)
    return LogReader(str(path), file).read(final=final)


@st.composite
def logs(draw):
    log = Log()
    sets = draw(
        st.lists(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True), min_size=1, max_size=3)
    )
    for number, keys in enumerate(sets, 1):
        log.keys(number, *keys)
    log.keys(9, "text")
    number = st.floats(allow_nan=False)
    for _ in range(draw(st.integers(0, 25))):
        which = draw(st.integers(1, len(sets)))
        keys, time, at = sets[which - 1], draw(st.floats(0, 2e9)), draw(st.booleans())
        values = [draw(number) for _ in keys]
        action = draw(st.integers(0, 4))
        if action <= 1:
            for _ in range(draw(st.integers(1, 30)) if action else 1):
                log.points(which, time, draw(number), *values, given=at)
        elif action == 2:
            log.own(which, time, [draw(number) for _ in keys], values, given=at)
        elif action == 3:
            log.text(
                9, time, draw(number), draw(st.text(st.characters(codec="utf-8"), max_size=20)), given=at
            )
        else:
            log.heartbeat(time)
    return log


@given(logs(), st.data())
@settings(deadline=None)
def test_a_log_that_grows_is_read_as_a_naive_reader_reads_it_whole(tmp_path_factory, log, data):
    path = tmp_path_factory.mktemp("log") / "a.log"
    reader, batches = LogReader(str(path), 0), []
    sizes = sorted(data.draw(st.lists(st.integers(0, len(log.data)), max_size=5)))
    for size in [*sizes, len(log.data)]:
        path.write_bytes(log.data[:size] + bytes(len(log.data) - size + data.draw(st.integers(0, 50))))
        batches.append(reader.read())
    batches.append(reader.read(final=True))

    assert collected(batches) == naive(log.data)
    assert [gap for batch in batches for gap in batch.gaps] == []
    others = [
        frame.kind for frame in records.walk(log.data) if not records.POINTS <= frame.kind <= records.VALUE_AT
    ]
    assert [frame.kind for batch in batches for frame in batch.frames] == others


def test_a_tail_torn_at_every_byte_costs_the_torn_frame_and_nothing_else(tmp_path):
    log = busy_log(40)
    ends = [end for _, end in log.frames]
    path = tmp_path / "a.log"
    for cut in range(len(log.data)):
        batch = read(path, log.data[:cut])
        sound = max([end for end in ends if end <= cut], default=records.HEADER_SIZE)
        assert collected([batch]) == naive(log.data[:sound]), cut
        torn = any(log.data[sound:cut]) if cut > records.HEADER_SIZE else 0 < cut < records.HEADER_SIZE
        assert [gap.what for gap in batch.gaps] == ([TORN] if torn else []), cut


def test_a_tail_torn_at_every_byte_is_waited_for_while_the_writer_lives(tmp_path):
    log = busy_log(12)
    path = tmp_path / "a.log"
    whole = naive(log.data)
    for cut in range(len(log.data)):
        path.write_bytes(log.data[:cut] + bytes(len(log.data) - cut))
        reader = LogReader(str(path), 0)
        first = reader.read()
        assert first.gaps == [], cut
        path.write_bytes(log.data)
        assert collected([first, reader.read()]) == whole, cut


def test_a_frame_whose_end_is_written_before_its_beginning_is_waited_for(tmp_path):
    log = Log()
    log.keys(1, "loss")
    whole = bytearray(log.data)
    log.points(1, 1.0, 1, 0.5)
    half = bytearray(log.data)
    half[len(whole) : len(whole) + 8] = bytes(8)  # pages of a mapping reach other readers in any order
    path = tmp_path / "a.log"
    path.write_bytes(half + bytes(64))
    reader = LogReader(str(path), 0)
    first = reader.read()
    path.write_bytes(log.data + bytes(64))
    assert collected([first, reader.read()]) == naive(log.data)


def test_a_half_written_frame_followed_by_sound_ones_is_damage(tmp_path):
    log = busy_log(20)
    at, end = log.frames[10]
    data = bytearray(log.data)
    data[at + 12] ^= 0xFF
    batch = read(tmp_path / "a.log", bytes(data), final=False)
    assert batch.gaps == [Gap(0, at, end, DAMAGED)]
    assert collected([batch]) == naive(bytes(data))


@given(st.integers(0, 2**32), st.integers(1, 6))
@settings(max_examples=200, deadline=None)
def test_flipped_bits_cost_the_frames_they_hit_and_are_told(tmp_path_factory, seed, flips):
    log, randomly = busy_log(30), random.Random(seed)
    data, hit = bytearray(log.data), set()
    for _ in range(flips):
        at = randomly.randrange(records.HEADER_SIZE, len(data))
        data[at] ^= 1 << randomly.randrange(8)
        hit.add(next(frame for frame in log.frames if frame[0] <= at < frame[1]))
    hit = {(at, end) for at, end in hit if data[at:end] != log.data[at:end]}
    batch = read(tmp_path_factory.mktemp("log") / "a.log", bytes(data))

    told = [gap for gap in batch.gaps if gap.what != UNDEFINED]
    for at, end in hit:
        assert any(gap.start <= at and (end <= gap.end or gap.what == TORN) for gap in told)
    sound = [frame for frame in log.frames if frame not in hit]
    kept = {frame.seq for frame in batch.frames}
    kept |= {seq for rows in batch.tables for seq in rows.seq.tolist()} | {
        value.seq for value in batch.values
    }
    assert kept == {at for at, _ in sound}


@given(st.binary(max_size=3000), st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_bytes_whatever_break_the_reader(tmp_path_factory, noise, headed, final):
    data = (records.file_header() if headed else b"") + noise
    try:
        batch = read(tmp_path_factory.mktemp("log") / "a.log", data, final=final)
    except (CorruptData, FormatTooNew):
        return
    assert all(0 <= gap.start < gap.end <= len(data) for gap in batch.gaps)


@given(st.integers(1, 255), st.integers(0, 2**24 - 1), st.binary(max_size=200))
@settings(deadline=None)
def test_sound_frames_with_any_content_break_nothing_and_are_kept(tmp_path_factory, kind, number, payload):
    log = Log()
    log.keys(1, "loss")
    log.put(records.frame(kind, number, payload))
    log.points(1, 1.0, 1, 0.5)
    batch = read(tmp_path_factory.mktemp("log") / "a.log", log.data)
    frames = (
        len(batch.frames)
        + len(batch.values)
        + len({seq for rows in batch.tables for seq in rows.seq.tolist()})
    )
    assert frames == len(log.frames)


def test_lengths_that_promise_more_than_there_is_ask_for_no_memory(tmp_path):
    # Sound checks would be needed for gigabytes; the file is small.
    huge = struct.pack("<Q", records.frame_head(records.POINTS, 1, 0xFFFFFFF8))
    path = tmp_path / "a.log"
    path.write_bytes(records.file_header() + huge * 2000)
    tracemalloc.start()
    LogReader(str(path), 0).read(final=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_candidates_made_to_waste_time_are_given_up(tmp_path):
    # Each word looks like a frame that reaches to the end of the file: summing them all would take hours.
    words = 1 << 18
    heads = np.array([records.frame_head(3, 1, 8 * (words - place)) for place in range(words)], np.uint64)
    heads[-1] = 1
    path = tmp_path / "a.log"
    path.write_bytes(records.file_header() + heads.tobytes())
    batch = LogReader(str(path), 0).read(final=True)
    assert [gap.what for gap in batch.gaps] == [TORN]


def test_points_are_kept_whose_key_set_is_lost_and_said_to_be_undefined(tmp_path):
    log = Log()
    at = log.keys(1, "loss")
    first = log.points(1, 1.0, 1, 0.5)
    data = bytearray(log.data)
    data[at + 10] ^= 1
    batch = read(tmp_path / "a.log", bytes(data))
    assert [(gap.start, gap.what) for gap in batch.gaps] == [(at, DAMAGED), (first, UNDEFINED)]
    assert [frame.kind for frame in batch.frames] == [records.WRITER, records.POINTS]


def test_a_key_set_known_from_another_file_of_the_writer_makes_up_for_a_lost_definition(tmp_path):
    log = Log()
    at = log.keys(1, "loss")
    log.points(1, 1.0, 1, 0.5)
    data = bytearray(log.data)
    data[at + 10] ^= 1
    (tmp_path / "a.log").write_bytes(data)
    batch = LogReader(str(tmp_path / "a.log"), 0, {1: ("loss",)}).read(final=True)
    assert collected([batch])[0] == {"loss": [bits(log.frames[-1][0], 1.0, 1.0, 0.5)]}


def test_points_with_the_wrong_number_of_values_are_kept_and_told(tmp_path):
    log = Log()
    log.keys(1, "loss", "acc")
    log.points(1, 1.0, 1, 0.5)
    batch = read(tmp_path / "a.log", log.data)
    assert [gap.what for gap in batch.gaps] == [UNDEFINED]
    assert batch.tables == []


def test_a_newer_format_is_not_guessed_at(tmp_path):
    data = records.HEADER.pack(records.MAGIC, records.VERSION + 1, 0) + bytes(100)
    with pytest.raises(FormatTooNew, match="format 2"):
        read(tmp_path / "a.log", data)


def test_a_file_that_is_no_log_is_refused(tmp_path):
    with pytest.raises(CorruptData, match="does not begin like a record log"):
        read(tmp_path / "a.log", b"\x89PNG\r\n\x1a\n" + bytes(100))


@pytest.mark.parametrize("bit", range(8 * records.HEADER_SIZE))
def test_a_flipped_bit_in_the_header_hides_no_point(tmp_path, bit):
    log = Log()
    log.keys(1, "loss")
    log.points(1, 1.0, 1, 0.5)
    data = bytearray(log.data)
    data[bit // 8] ^= 1 << bit % 8
    try:
        batch = read(tmp_path / "a.log", bytes(data))
    except FormatTooNew:
        assert bit // 8 in (8, 9)  # what a newer version would write, too
        return
    assert batch.gaps == [Gap(0, 0, records.HEADER_SIZE, DAMAGED)]
    assert len(batch.tables) == 1


def test_an_empty_a_blank_and_a_headless_file_are_no_damage(tmp_path):
    for data in (b"", bytes(16), bytes(4096), records.file_header()):
        assert not read(tmp_path / "a.log", data)


def test_a_look_at_a_log_that_did_not_grow_reads_a_few_bytes(tmp_path, monkeypatch):
    log = busy_log(100)
    path = tmp_path / "a.log"
    path.write_bytes(log.data + bytes(1 << 20))
    reader = LogReader(str(path), 0)
    reader.read()
    lengths, pread = [], os.pread
    monkeypatch.setattr(os, "pread", lambda fd, length, at: lengths.append(length) or pread(fd, length, at))
    assert not reader.read()
    assert sum(lengths) <= 16


def test_a_frame_larger_than_what_is_read_at_once_is_read(tmp_path):
    log = Log()
    log.keys(1, "note")
    log.keys(2, "loss")
    log.text(1, 1.0, 0, "x" * 1_000_000)
    log.points(2, 1.0, 1, 0.5)
    batch = read(tmp_path / "a.log", log.data + bytes(1 << 20))
    assert [len(value.data) for value in batch.values] == [1_000_000]
    assert len(batch.tables) == 1


def test_sequences_carry_the_number_of_the_file(tmp_path):
    log = Log(file=7)
    log.keys(1, "loss")
    at = log.points(1, 1.0, 1, 0.5)
    assert read(tmp_path / "a.log", log.data, file=7).tables[0].seq.tolist() == [7 << 32 | at]


def test_a_key_set_that_is_defined_again_names_only_what_follows(tmp_path):
    log = Log()
    log.keys(1, "loss")
    log.points(1, 1.0, 1, 0.5)
    log.keys(1, "acc")
    log.put(points(1, 1.0, 2, 0.75))
    batch = read(tmp_path / "a.log", log.data)
    assert {rows.keys[0]: rows.values.tolist() for rows in batch.tables} == {"loss": [[0.5]], "acc": [[0.75]]}
