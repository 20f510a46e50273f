"""The files of a writer: mapped, or written call by call where a mapping is not safe."""

import errno
import os

import pytest

from kymograph.store import records
from kymograph.store.recordlog import SMALLEST, LogFile, RecordLog

WRITER = "abcdefgh"


def point(number):
    return records.frame(records.POINTS, 1, number.to_bytes(24, "little"))


def first_frame(number):
    return records.json_frame(records.WRITER, {"file": number})


@pytest.fixture(name="log", params=["mapped", "written"])
def _log(request, tmp_path, monkeypatch):
    """A record log on a file system where mapping is safe, and on one where it is not."""
    monkeypatch.setattr("kymograph.store.recordlog.may_map", lambda _: request.param == "mapped")
    return RecordLog(str(tmp_path), WRITER, first_frame)


def append(log, frame):
    try:
        log.current.write(frame)
    except ValueError:
        log.roll(len(frame))
        log.current.write(frame)


def numbers(folder):
    found = []
    for name in sorted(os.listdir(folder)):
        data = (folder / name).read_bytes()
        walk = records.walk(data)
        found += [int.from_bytes(frame.payload, "little") for frame in walk if frame.kind == records.POINTS]
        assert walk.end == len(data), "a closed file ends at its last frame"
        assert walk.damage == []
    return found


@pytest.mark.parametrize("prepared", [True, False])
def test_what_is_appended_over_many_files_is_there_in_order(log, tmp_path, prepared):
    for number in range(20_000):
        append(log, point(number))
        if prepared and number % 500 == 0:
            log.prepare()
            log.tidy()
    log.close(records.time_frame(records.CLOSE, 1.0))

    assert numbers(tmp_path) == list(range(20_000))
    assert len(os.listdir(tmp_path)) > 3


def test_a_frame_larger_than_any_file_gets_one_that_fits(log, tmp_path):
    append(log, point(1))
    append(log, records.frame(records.ATTRIBUTES, 0, bytes(9 << 20)))
    append(log, point(2))
    log.close(b"")
    assert numbers(tmp_path) == [1, 2]


def test_after_the_stop_nothing_can_be_written(log):
    log.current.stop()
    with pytest.raises(ValueError, match="closed"):
        log.current.write(point(1))


def test_a_short_run_takes_little_room(log, tmp_path):
    log.current.write(point(1))
    log.close(b"")
    (name,) = os.listdir(tmp_path)
    assert os.path.getsize(tmp_path / name) < 200


def test_a_prepared_file_is_hidden_until_it_is_used(log, tmp_path):
    while log.current.position < SMALLEST // 2:
        log.current.write(point(1))
    log.prepare()
    assert sorted(name[0] for name in os.listdir(tmp_path)) == [".", "a"]
    log.close(b"")
    assert [name[0] for name in os.listdir(tmp_path)] == ["a"]


def test_half_a_write_leaves_no_half_a_frame(tmp_path, monkeypatch):
    file = LogFile(str(tmp_path / "log"), 1 << 16, mapped=False)
    file.write(point(1))
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: real(fd, data[:20], at))
    with pytest.raises(OSError) as caught:
        file.write(point(2))
    assert caught.value.errno == errno.ENOSPC
    monkeypatch.undo()
    file.write(point(3))
    file.stop()
    file.trim()
    data = (tmp_path / "log").read_bytes()
    assert [int.from_bytes(frame.payload, "little") for frame in records.walk(data)] == [1, 3]
