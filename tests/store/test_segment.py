"""A segment gives back what went into it, and tells of what was done to its bytes since."""

import io
import json
import random
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import RUN, WRITER, Log, busy_log, points

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store import cache
from kymograph.store.columns import CHUNK
from kymograph.store.content import content_of, gather, same_content
from kymograph.store.logreader import LogReader
from kymograph.store.segment import HEADER, MAGIC, TRAILER, Segment
from kymograph.store.segment_writer import write_segment
from kymograph.store.stats import measure


def contents(folder, *logs):
    batches = []
    for number, log in enumerate(logs):
        path = folder / f"{number}.log"
        path.write_bytes(log.data)
        batches.append(LogReader(str(path), number).read(final=True))
    return gather(batches)


def write(path, content, last=0):
    buffer = io.BytesIO()
    write_segment(buffer, RUN, WRITER, 0, last, content)
    path.write_bytes(buffer.getvalue())
    return Segment(str(path))


@pytest.fixture
def busy(tmp_path):
    content = contents(tmp_path, busy_log(5000), busy_log(300, file=1, seed=2))
    return content, write(tmp_path / "a.seg", content, last=1)


def test_a_segment_gives_back_every_bit_that_went_into_it(busy):
    content, segment = busy
    assert same_content(content_of(segment, {0, 1}), content)
    assert segment.damage == []
    assert (segment.run, segment.writer, segment.first, segment.last) == (RUN, WRITER, 0, 1)
    assert segment.keys() == ["loss", "acc", "val", "gpu", "cpu"]
    assert segment.text_keys() == ["note"]


def test_a_key_of_a_segment_is_read_in_the_order_it_was_written(busy):
    content, segment = busy
    rows = next(rows for rows in content.tables if "loss" in rows.keys)
    read = segment.points("loss")
    assert np.array_equal(read.seq, rows.seq)
    assert np.array_equal(read.value, rows.values[:, 0])
    assert len(segment.points("nobody logged this")) == 0
    assert segment.texts("note").text[:2] == ["row 0 ✓", "row 50 ✓"]


def test_only_the_chunks_of_a_range_are_read(busy, monkeypatch):
    _, segment = busy
    cache.shared.clear()
    decoded = []
    decode = Segment._decode
    monkeypatch.setattr(
        Segment, "_decode", lambda self, *args: decoded.append(args[2]) or decode(self, *args)
    )
    read = segment.points("loss", steps=(4500, 4510))
    assert read.step.tolist() == [float(step) for step in range(4500, 4511)]
    assert sum(decoded) == 4 * (5300 - CHUNK)


def test_statistics_in_the_meta_are_those_of_the_points(busy):
    _, segment = busy
    read = segment.points("loss")
    assert segment.tables[0].stats is not None
    assert segment.stats("loss") == measure(read.step, read.value)
    assert segment.stats("val").count == 530


def test_a_key_in_several_tables_is_brought_into_one_order(tmp_path):
    log = Log()
    log.keys(1, "loss")
    log.keys(2, "loss", "acc")
    for step in range(10):
        log.points(1 + step % 2, step, step, *([step] * (1 + step % 2)))
    segment = write(tmp_path / "a.seg", contents(tmp_path, log))
    assert len(segment.tables) == 2
    assert segment.points("loss").value.tolist() == [float(step) for step in range(10)]


def test_a_segment_of_nothing_is_a_segment(tmp_path):
    segment = write(tmp_path / "a.seg", contents(tmp_path, Log()))
    assert segment.keys() == segment.text_keys() == []
    assert len(segment.frames()) == 1


def test_noisy_numbers_take_at_most_seven_and_a_half_bytes_a_point_and_singles_four(tmp_path):
    # A loss curve: it falls, and noise rides on it; logged about every 10 ms.
    random_ = np.random.default_rng(3)
    rows = 20 * CHUNK
    curve = np.exp(-np.arange(rows) / 20000) * (1 + 0.05 * random_.normal(size=rows)) + 0.2
    for values, goal in ((curve, 7.5), (curve.astype(np.float32).astype(np.float64), 4.0)):
        log = Log()
        log.keys(1, "loss")
        frames = [log.data]
        for step, value in enumerate(values):
            frames.append(points(1, 1000 + 0.01 * step + 0.0002 * random_.random(), step, value))
        log.data = b"".join(frames)
        segment = write(tmp_path / "a.seg", contents(tmp_path, log))
        assert segment.size / rows <= goal


@pytest.fixture(scope="module")
def two_chunks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("segment")
    return write(folder / "a.seg", contents(folder, busy_log(CHUNK + 500)))


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_a_flipped_bit_is_told_and_costs_one_chunk_at_most(tmp_path_factory, two_chunks, seed):
    folder, whole = tmp_path_factory.mktemp("segment"), two_chunks
    data = bytearray(Path(whole.path).read_bytes())
    at = random.Random(seed).randrange(len(data))
    data[at] ^= 1 << seed % 8
    (folder / "b.seg").write_bytes(data)

    segment = Segment(str(folder / "b.seg"))
    read = {key: segment.points(key) for key in segment.keys()}
    texts, frames = segment.texts("note"), segment.frames()
    for key, kept in read.items():
        true = whole.points(key)
        lost = set(true.seq.tolist()) - set(kept.seq.tolist())
        assert len(lost) in {0, 500, CHUNK, len(true)}
        keep = np.isin(true.seq, kept.seq)
        assert kept.value.tobytes() == true.value[keep].tobytes()
    complete = all(len(read[key]) == len(whole.points(key)) for key in read)
    same = complete and texts.text == whole.texts("note").text and frames == whole.frames()
    assert same or segment.damage
    assert all(damage.start <= at < damage.end + 8 for damage in segment.damage) or not same


def test_either_copy_of_the_meta_is_enough(busy, tmp_path):
    content, _ = busy
    data = (tmp_path / "a.seg").read_bytes()
    first_trailer = data.index(MAGIC, 8) + len(MAGIC)
    for start, end in ((first_trailer - 100, first_trailer), (first_trailer, len(data))):
        (tmp_path / "b.seg").write_bytes(data[:start] + bytes(end - start) + data[end:])
        assert same_content(content_of(Segment(str(tmp_path / "b.seg")), {0, 1}), content)


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9])
def test_a_segment_that_was_cut_off_is_refused(busy, tmp_path, share):
    data = (tmp_path / "a.seg").read_bytes()
    (tmp_path / "b.seg").write_bytes(data[: int(share * len(data))])
    with pytest.raises(CorruptData, match="no readable meta"):
        Segment(str(tmp_path / "b.seg"))


@given(st.binary(max_size=500), st.booleans())
@settings(deadline=None)
def test_no_bytes_whatever_break_the_reader(tmp_path_factory, noise, ended):
    path = tmp_path_factory.mktemp("segment") / "a.seg"
    path.write_bytes(HEADER.pack(MAGIC, 1, 0) + noise + (MAGIC if ended else b""))
    with pytest.raises(CorruptData):
        Segment(str(path))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def with_meta(path, blocks, meta):
    """A segment whose meta passes its check and says what we like."""
    text = meta if isinstance(meta, bytes) else json.dumps(meta).encode()
    packed = zlib.compress(text)
    padded = packed + bytes(-len(packed) % 8)
    body = HEADER.pack(MAGIC, 1, 0) + blocks + bytes(-len(blocks) % 8)
    trailer = TRAILER.pack(
        len(body), len(packed), zlib.crc32(packed), len(body) + len(padded) + TRAILER.size, MAGIC
    )
    path.write_bytes(body + padded + trailer)


def read_all(path):
    segment = Segment(str(path))
    for key in segment.keys():
        segment.points(key)
        segment.stats(key)
    for key in segment.text_keys():
        segment.texts(key)
    segment.frames()
    segment.own_time()
    content_of(segment, {0})


CHUNK_PLACES = ["rows", "seq", "values", "steps", "times", "time 0", "step 1", "values 0 3"]
PLACES = [
    place.split()
    for place in [
        *(
            "frames",
            "frame_at",
            "frame_count",
            "tables",
            "values",
            "damage",
            "run",
            "from",
            "format",
            "frames 3",
        ),
        *(f"tables 0 {name}" for name in ("", "keys", "chunks", "stats", "given", "chunks 0")),
        *(f"tables 0 chunks 0 {name}" for name in CHUNK_PLACES),
        *("values 0 chunks 0 size", "values 0 chunks 0 bytes 0", "values 0 key"),
    ]
]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_meta_that_says_anything_whatever_breaks_nothing(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("segment")
    segment = write(folder / "a.seg", contents(folder, busy_log(60)))
    whole = (folder / "a.seg").read_bytes()
    meta = json.loads(zlib.decompress(whole[segment.body :][: TRAILER.unpack(whole[-TRAILER.size :])[1]]))
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = (int(part) if part.isdigit() else part for part in data.draw(st.sampled_from(PLACES)))
        at = meta
        try:
            for part in path:
                at = at[part]
            at[last] = data.draw(JSON | st.integers(0, 5000))
        except (TypeError, IndexError, KeyError):
            continue
    with_meta(folder / "b.seg", whole[HEADER.size : segment.body], meta)
    try:
        read_all(folder / "b.seg")
    except (CorruptData, FormatTooNew):
        pass


@given(JSON)
@settings(deadline=None)
def test_any_json_for_a_meta_is_refused_in_words(tmp_path_factory, meta):
    path = tmp_path_factory.mktemp("segment") / "a.seg"
    with_meta(path, b"", meta)
    with pytest.raises(CorruptData):
        Segment(str(path))


def test_a_meta_nested_too_deeply_is_refused(tmp_path):
    with_meta(tmp_path / "a.seg", b"", b'{"a":' * 100_000)
    with pytest.raises(CorruptData):
        Segment(str(tmp_path / "a.seg"))


def test_one_block_that_a_million_chunks_point_to_asks_for_no_memory(tmp_path):
    block = struct.pack("<d", 1.0)
    place = [16, 8, zlib.crc32(block), 0]
    chunk = {
        "rows": 4096,
        "steps": [0, 1],
        "times": [0, 1],
        "seq": place,
        "time": place,
        "step": place,
        "values": [place],
    }
    meta = {
        "format": 1, "run": RUN, "writer": WRITER, "from": 0, "to": 0, "frames": place, "frame_at": place,
        "frame_count": 0, "values": [], "damage": [],
        "tables": [{"keys": ["loss"], "given": False, "rows": 4096, "chunks": [chunk] * 20_000}],
    }  # fmt: skip
    with_meta(tmp_path / "a.seg", block, meta)
    tracemalloc.start()
    with pytest.raises(CorruptData, match="overlap"):
        read_all(tmp_path / "a.seg")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 << 20


def test_a_newer_format_is_not_guessed_at(tmp_path):
    with_meta(tmp_path / "a.seg", b"", {"format": 2})
    with pytest.raises(FormatTooNew, match="format 2"):
        Segment(str(tmp_path / "a.seg"))


def test_what_is_read_again_comes_from_the_cache_and_cannot_be_written_to(busy, monkeypatch):
    _, segment = busy
    first = segment.points("acc", steps=(0, 10_000))
    monkeypatch.setattr(Segment, "_decode", None)
    again = segment.points("acc", steps=(0, 10_000))
    assert np.array_equal(first.value, again.value)


def test_the_cache_stays_within_its_bounds():
    small = cache.Cache(limit=10_000)
    for number in range(100):
        small.get(number, lambda: np.zeros(100))
    assert 0 < small.held <= 10_000
    assert small.get("large", lambda: np.zeros(100_000)).nbytes == 800_000
    assert small.held <= 10_000
    with pytest.raises(ValueError, match="read-only"):
        small.get(99, lambda: np.zeros(1))[0] = 1
