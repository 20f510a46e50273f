"""Sealing keeps every point, whatever happens meanwhile, and takes nothing from a writer that lives."""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import DEAD, OTHER, RUN, WRITER, Log, busy_log, disk_bytes, new_run, place

from kymograph.errors import FormatTooNew
from kymograph.store import records, seal, segment_writer
from kymograph.store.layout import StoreFolder
from kymograph.store.seal import seal_run
from kymograph.store.segment import Segment
from kymograph.store.view import RunFolder

SEALED = {"seal.lock", f"{WRITER}-000000-000002.seg"}


def seen(folder):
    """All there is to see of a run, to the bit."""
    view = RunFolder(folder)
    view.refresh()
    series = {}
    for key in sorted(view.keys()):
        points = view.points(key)
        series[key] = [column.tobytes() for column in (points.seq, points.step, points.time, points.value)]
    for key in sorted(view.text_keys()):
        texts = view.texts(key)
        series[key, "text"] = [texts.seq.tobytes(), texts.step.tobytes(), texts.time.tobytes(), texts.text]
    stats = {key: view.stats(key).count for key in view.keys()}
    gaps = {(one.file, one.start, one.end, one.what) for one in view.damage}
    return series, stats, view.attributes, view.status, [writer.id for writer in view.writers], gaps


@pytest.fixture
def folder(tmp_path):
    """A run of three logs whose writer is dead."""
    folder = new_run(tmp_path / "store")
    for number in range(3):
        place(folder, busy_log(200, number, number), number)
    return folder


def marker(folder, writer=WRITER):
    return Path(StoreFolder(folder.parent.parent).marker(folder.name, writer))


def test_a_sealed_run_shows_what_its_logs_showed(folder):
    before = seen(folder)
    done = seal_run(folder)
    assert (done.logs, done.waiting, done.troubles) == (3, 0, [])
    assert set(os.listdir(folder)) == SEALED
    assert seen(folder) == before
    assert not marker(folder).exists()


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 120)), min_size=1, max_size=4),
    st.integers(1, 40_000),
)
@settings(max_examples=40, deadline=None)
def test_live_and_sealed_are_the_same_to_the_bit(tmp_path_factory, logs, group):
    folder = new_run(tmp_path_factory.mktemp("run") / "store")
    for number, (seed, rows) in enumerate(logs):
        place(folder, busy_log(rows, number, seed), number)
    before = seen(folder)
    assert seal_run(folder, group=group).logs == len(logs)
    assert seen(folder) == before


def test_sealing_again_does_nothing(folder):
    seal_run(folder)
    before = disk_bytes(folder)
    assert not seal_run(folder)
    assert disk_bytes(folder) == before


def test_a_view_that_was_open_before_shows_the_same_after(folder):
    view = RunFolder(folder)
    view.refresh()
    before = view.points("loss")
    seal_run(folder)
    view.refresh()
    assert view.changed_keys == set()
    assert view.points("loss").value.tobytes() == before.value.tobytes()
    assert view.settled


def test_the_last_log_of_a_living_writer_is_left_alone(tmp_path):
    folder = new_run(tmp_path / "store")
    for number in range(3):
        place(folder, busy_log(200, number, number, pid=os.getpid(), started=time.time()), number)
    before = seen(folder)
    done = seal_run(folder, least=1)
    assert done.waiting == 1
    assert set(os.listdir(folder)) == {"seal.lock", f"{WRITER}-000000-000001.seg", f"{WRITER}-000002.log"}
    assert seen(folder) == before
    assert marker(folder).exists()


def test_little_of_a_living_writer_waits_for_more(tmp_path):
    folder = new_run(tmp_path / "store")
    for number in range(3):
        place(folder, busy_log(20, number, number, pid=os.getpid(), started=time.time()), number)
    done = seal_run(folder)
    assert (done.segments, done.waiting) == ([], 3)


def test_a_writer_that_said_it_closed_is_sealed_though_its_process_lives(tmp_path):
    folder = new_run(tmp_path / "store")
    log = busy_log(20, pid=os.getpid(), started=time.time())
    log.close(2000.0)
    place(folder, log)
    assert seal_run(folder).logs == 1


def aged(path, seconds):
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_the_last_log_of_a_writer_on_another_machine_is_sealed_when_it_is_silent_for_a_day(tmp_path):
    folder = new_run(tmp_path / "store")
    path = place(folder, busy_log(20, host="elsewhere", boot="another"))
    aged(path, 7200)
    assert seal_run(folder).waiting == 1
    aged(path, 100_000)
    assert seal_run(folder).logs == 1


def test_what_another_machine_wrote_just_now_may_still_be_on_its_way(tmp_path):
    folder = new_run(tmp_path / "store")
    first = place(folder, busy_log(20, host="elsewhere", boot="another"))
    last = busy_log(20, 1, host="elsewhere", boot="another")
    last.close(2000.0)
    aged(place(folder, last, 1), 100)
    assert (seal_run(folder, least=1).logs, first.exists()) == (1, True)
    assert seal_run(folder).waiting == 1
    aged(first, 100)
    assert seal_run(folder).logs == 1


def test_a_log_that_has_nothing_in_it_yet_is_left_to_its_writer(tmp_path):
    folder = new_run(tmp_path / "store")
    place(folder, bytes(65536))
    assert seal_run(folder).waiting == 1
    assert marker(folder).exists()


def test_a_frame_whose_writer_died_in_the_middle_is_cut_and_told(folder):
    log = busy_log(10, 3)
    log.points(1, 1.0, 1, 2, 3)
    place(folder, log.data[:-9], 3)
    before = seen(folder)
    assert seal_run(folder).logs == 4
    assert seen(folder) == before
    assert [gap[3] for gap in before[5]] == ["torn"]


def test_groups_are_bounded_and_everything_is_still_there(folder):
    before = seen(folder)
    done = seal_run(folder, group=1)
    assert len(done.segments) == 3
    assert seen(folder) == before


def test_a_missing_file_in_the_middle_is_told_and_the_rest_is_sealed(folder):
    (folder / f"{WRITER}-000001.log").unlink()
    before = seen(folder)
    assert {gap[0] for gap in before[5]} == {f"{WRITER}-000001.log"}
    done = seal_run(folder)
    assert done.segments == [f"{WRITER}-000000-000000.seg", f"{WRITER}-000002-000002.seg"]
    assert seen(folder) == before


def test_a_log_of_a_newer_version_is_left_and_the_others_are_sealed(folder):
    place(folder, records.HEADER.pack(records.MAGIC, 2, 0) + bytes(100), 1)
    done = seal_run(folder)
    assert done.segments == [f"{WRITER}-000000-000000.seg", f"{WRITER}-000002-000002.seg"]
    assert [FormatTooNew.__name__ for trouble in done.troubles if "format 2" in trouble]
    assert (folder / f"{WRITER}-000001.log").exists()
    view = RunFolder(folder)
    view.refresh()
    assert any("format 2" in damage.what for damage in view.damage)
    assert len(view.points("loss")) == 400


def test_every_writer_is_sealed_for_itself(tmp_path):
    folder = new_run(tmp_path / "store", markers=(WRITER, OTHER))
    place(folder, busy_log(30))
    place(folder, Log(OTHER, pid=os.getpid(), started=time.time()), writer=OTHER)
    done = seal_run(folder)
    assert (done.logs, done.waiting) == (1, 1)
    assert (marker(folder).exists(), marker(folder, OTHER).exists()) == (False, True)


def test_a_segment_and_its_logs_both_there_are_shown_once_and_the_logs_go(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    before = seen(folder)
    seal_run(folder)
    for name in os.listdir(tmp_path / "copy"):
        if name.endswith(".log"):
            shutil.copy(tmp_path / "copy" / name, folder)
    assert seen(folder) == before
    assert seal_run(folder).logs == 3
    assert set(os.listdir(folder)) == SEALED
    assert seen(folder) == before


def test_some_logs_left_beside_their_segment_are_removed(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    before = seen(folder)
    seal_run(folder)
    shutil.copy(tmp_path / "copy" / f"{WRITER}-000001.log", folder)
    assert seal_run(folder).logs == 1
    assert seen(folder) == before


def test_a_damaged_segment_goes_and_its_logs_stay_while_they_are_there(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    before = seen(folder)
    seal_run(folder)
    path = folder / f"{WRITER}-000000-000002.seg"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    for number in range(3):
        shutil.copy(tmp_path / "copy" / f"{WRITER}-{number:06d}.log", folder)
    done = seal_run(folder)
    assert (done.segments, done.logs) == ([f"{WRITER}-000000-000002.seg"], 3)
    assert seen(folder) == before


def test_a_segment_that_does_not_read_back_takes_no_log_away(folder, monkeypatch):
    write = segment_writer.write_segment

    def disk_that_lies(file, *args):
        write(file, *args)
        file.seek(100)
        file.write(b"\xff")

    monkeypatch.setattr(seal, "write_segment", disk_that_lies)
    before = seen(folder)
    done = seal_run(folder)
    assert (done.logs, done.waiting) == (0, 3)
    assert "does not read back" in done.troubles[0]
    assert seen(folder) == before
    assert not list(folder.glob("*.seg"))


def test_a_frame_that_comes_while_its_log_is_sealed_is_not_lost(folder, monkeypatch):
    write = segment_writer.write_segment

    def late(file, *args):
        write(file, *args)
        log = busy_log(200, 2, 2)
        log.points(1, 3000.0, 999, 0.5, 0.5)
        place(folder, log, 2)

    monkeypatch.setattr(seal, "write_segment", late)
    seal_run(folder)
    monkeypatch.undo()
    seal_run(folder)
    view = RunFolder(folder)
    view.refresh()
    assert view.points("loss").step[-1] == 999


def test_a_full_disk_keeps_the_logs_and_leaves_nothing_behind(folder, monkeypatch):
    def full(file, *args):
        file.write(bytes(100))
        raise OSError(28, "No space left on device")

    before = seen(folder)
    monkeypatch.setattr(seal, "write_segment", full)
    done = seal_run(folder)
    assert "No space left on device" in done.troubles[0]
    assert {name for name in os.listdir(folder) if not name.endswith(".log")} == {"seal.lock"}
    assert seen(folder) == before


def test_half_written_segments_are_cleared_away_and_a_writers_next_file_is_not(folder):
    (folder / f".{WRITER}-000000-000001.seg.tmp").write_bytes(b"half")
    (folder / f".{WRITER}-000003.log.tmp").write_bytes(bytes(100))
    seal_run(folder)
    assert not list(folder.glob(".*.seg.tmp"))
    assert (folder / f".{WRITER}-000003.log.tmp").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_read_and_not_sealed(folder):
    before = seen(folder)
    folder.chmod(0o555)
    try:
        assert seal_run(folder).waiting == 3
        assert seen(folder) == before
    finally:
        folder.chmod(0o755)


def test_a_folder_that_takes_no_file_is_read_and_not_sealed(folder, monkeypatch):
    # What a read-only file system answers, to root as well.
    real = os.open

    def read_only(path, flags, *args, **kwargs):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(30, "Read-only file system", path)
        return real(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", read_only)
    assert seal_run(folder).waiting == 3
    assert len(seen(folder)[0]["loss"][0]) == 8 * 600


def test_a_run_that_is_not_there_is_nothing_to_seal(tmp_path):
    assert not seal_run(tmp_path / "runs" / "gone")


def test_who_comes_second_waits_for_nobody(folder):
    with open(folder / "seal.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = time.monotonic()
        assert seal_run(folder).waiting == 3
        assert time.monotonic() - started < 60
    assert seal_run(folder).logs == 3


def test_eight_sealers_and_eight_readers_at_once_lose_and_double_nothing(folder):
    before = seen(folder)
    wrong: list[object] = []

    def sealing():
        for _ in range(5):
            seal_run(folder, group=1)

    def reading():
        for _ in range(10):
            now = seen(folder)
            if now[0] != before[0]:
                wrong.append(now)

    threads = [threading.Thread(target=job) for job in [sealing, reading] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not wrong
    assert seen(folder) == before


SEALER = "import sys; from kymograph.store.seal import seal_run; seal_run(sys.argv[1], group=1)"


def test_sealers_killed_at_any_moment_lose_nothing(tmp_path):
    folder = new_run(tmp_path / "store")
    for number in range(6):
        place(folder, busy_log(400, number, number), number)
    before, randomly = seen(folder), random.Random(7)
    for _ in range(12):
        sealers = [subprocess.Popen([sys.executable, "-c", SEALER, str(folder)]) for _ in range(2)]
        time.sleep(randomly.uniform(0.1, 0.5))
        for sealer in sealers:
            sealer.send_signal(signal.SIGKILL)
            sealer.wait()
        assert seen(folder)[0] == before[0]
    seal_run(folder)
    assert not list(folder.glob("*.log"))
    assert not list(folder.glob(".*"))
    assert seen(folder) == before


def crashing(real, nth):
    """The call, which ends the program at the nth time."""
    calls = []

    def crash(*args, **kwargs):
        if len(calls) == nth:
            raise KeyboardInterrupt
        calls.append(args)
        return real(*args, **kwargs)

    return crash


@pytest.mark.parametrize("step", ["fsync", "rename", "unlink"])
def test_a_crash_at_each_step_loses_nothing(folder, monkeypatch, step):
    before = seen(folder)
    for nth in range(4):
        monkeypatch.setattr(os, step, crashing(getattr(os, step), nth))
        try:
            seal_run(folder)
        except KeyboardInterrupt:
            pass
        monkeypatch.undo()
        assert seen(folder) == before
    seal_run(folder)
    assert set(os.listdir(folder)) == SEALED
    assert seen(folder) == before


def test_a_marker_without_any_log_goes_when_it_is_old(tmp_path):
    folder = new_run(tmp_path / "store")
    seal_run(folder)
    assert marker(folder).exists()
    os.utime(marker(folder), (time.time() - 3600, time.time() - 3600))
    seal_run(folder)
    assert not marker(folder).exists()


def test_a_process_number_that_came_to_somebody_else_is_no_living_writer(tmp_path):
    folder = new_run(tmp_path / "store")
    # Our own process, but the writer began long before it.
    place(folder, busy_log(20, pid=os.getpid(), started=1000.0))
    assert seal_run(folder).logs == 1


def test_what_is_sealed_passes_all_its_checks(folder):
    seal_run(folder)
    segment = Segment(str(folder / f"{WRITER}-000000-000002.seg"))
    assert np.array_equal(segment.points("loss").step, np.tile(np.arange(200.0), 3))
    assert segment.damage == []
    assert (segment.run, DEAD > 0) == (RUN, True)
