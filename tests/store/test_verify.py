"""Verify reads every byte, and says of each place what is wrong with it and what became of the points."""

import os
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import RUN, WRITER, Log, busy_log, disk_bytes, new_run, place

from kymograph.store import records
from kymograph.store.layout import StoreFolder, log_name
from kymograph.store.seal import seal_run
from kymograph.store.verify import CUT, KEPT, LOST, verify_run, verify_store

LOG = log_name(WRITER, 0)


@pytest.fixture
def folder(tmp_path):
    folder = new_run(tmp_path / "store")
    place(folder, busy_log(200))
    return folder


def flip(path, at, bit=0):
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)


def test_a_sound_run_is_sound_and_all_of_it_was_read(folder):
    for _ in range(2):
        report = verify_run(folder)
        assert (report.run, report.sound, report.findings) == (RUN, True, ())
        assert report.points == 200 * 2 + 20 * 3 + 4
        assert report.size == sum(
            path.stat().st_size for path in folder.iterdir() if path.suffix in (".log", ".seg")
        )
        seal_run(folder)


def test_verifying_changes_nothing_on_disk(folder):
    before = disk_bytes(folder)
    verify_run(folder)
    assert disk_bytes(folder) == before


def test_a_torn_tail_is_cut_and_no_damage(folder):
    data = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(data[:-5])
    for _ in range(2):
        report = verify_run(folder)
        assert report.sound
        assert [(finding.file, finding.effect) for finding in report.findings] == [(LOG, CUT)]
        seal_run(folder)


def test_the_half_written_frame_of_a_living_writer_is_not_even_mentioned(tmp_path):
    folder = new_run(tmp_path / "store")
    place(folder, busy_log(10, pid=os.getpid(), started=time.time()).data[:-5])
    assert verify_run(folder).findings == ()


def test_a_flipped_bit_in_a_log_is_told_also_after_sealing(folder):
    at, end = busy_log(200).frames[50]
    flip(folder / LOG, at + 10)
    for _ in range(2):
        report = verify_run(folder)
        assert not report.sound
        assert [(one.file, one.start, one.end, one.effect) for one in report.findings] == [
            (LOG, at, end, LOST)
        ]
        seal_run(folder)


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_anywhere_in_a_segment_is_told_or_harmless(tmp_path_factory, seed):
    folder = new_run(tmp_path_factory.mktemp("run") / "store")
    place(folder, busy_log(100))
    seal_run(folder)
    whole, segment = verify_run(folder), next(folder.glob("*.seg"))
    flip(segment, random.Random(seed).randrange(segment.stat().st_size), seed % 8)
    report = verify_run(folder)
    assert report.points == whole.points or not report.sound


def test_a_block_is_read_from_the_disk_though_it_was_read_before(folder):
    seal_run(folder)
    segment = next(folder.glob("*.seg"))
    assert verify_run(folder).sound
    about = segment.stat()
    flip(segment, 24)
    os.utime(segment, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert not verify_run(folder).sound


def test_a_lost_definition_keeps_its_points(tmp_path):
    folder = new_run(tmp_path / "store")
    log = Log()
    at = log.keys(1, "loss")
    log.points(1, 1.0, 1, 0.5)
    flip(place(folder, log), at + 12)
    assert [finding.effect for finding in verify_run(folder).findings] == [LOST, KEPT]


def test_a_missing_file_is_told(folder):
    place(folder, busy_log(20, 2), 2)
    report = verify_run(folder)
    assert [(one.file, one.effect, one.what) for one in report.findings] == [
        (log_name(WRITER, 1), LOST, "the file is missing")
    ]


def test_a_newer_format_is_kept_and_said_to_be_newer(folder):
    place(folder, records.HEADER.pack(records.MAGIC, 7, 0) + bytes(100), 1)
    finding = verify_run(folder).findings[0]
    assert (finding.effect, "format 7" in finding.what) == (KEPT, True)


def test_what_is_no_log_and_no_segment_under_such_a_name_is_told(folder):
    (folder / log_name(WRITER, 1)).write_bytes(b"\xff" * 100)
    (folder / f"{WRITER}-000002-000003.seg").write_bytes(b"\xff" * 100)
    report = verify_run(folder)
    assert [finding.effect for finding in report.findings] == [LOST, LOST]
    assert report.points == 464


@given(st.binary(max_size=400), st.binary(max_size=400))
@settings(deadline=None)
def test_no_bytes_whatever_break_it(tmp_path_factory, log, segment):
    folder = new_run(tmp_path_factory.mktemp("run") / "store")
    place(folder, records.file_header() + log)
    (folder / f"{WRITER}-000001-000003.seg").write_bytes(segment)
    report = verify_run(folder)
    assert len(report.files) == 2
    assert not report.sound


def test_a_store_is_read_run_by_run(folder):
    root = folder.parent.parent
    other = new_run(root, "another2")
    place(other, busy_log(10))
    told = []
    reports = list(verify_store(StoreFolder(root), lambda file, size: told.append((file, size))))
    assert [report.run for report in reports] == ["another2", RUN]
    assert told == [(LOG, (other / LOG).stat().st_size), (LOG, (folder / LOG).stat().st_size)]


def test_an_empty_run_and_an_empty_store_are_sound(tmp_path):
    folder = new_run(tmp_path / "store")
    assert verify_run(folder).sound
    assert list(verify_store(StoreFolder(tmp_path / "none"))) == []
