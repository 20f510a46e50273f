"""A run's folder is shown whole: sealed and live, of many writers, with its forks, branches and troubles."""

import math
import os
import shutil
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import OTHER, RUN, WRITER, Log, busy_log, new_run, place

from kymograph.errors import NotFound
from kymograph.store import records
from kymograph.store.layout import log_name
from kymograph.store.seal import seal_run
from kymograph.store.view import RunFolder

THIRD = "cccccccc"


def view_of(folder, runs=()):
    known = {run.id: run for run in runs}
    view = RunFolder(folder, known.get)
    view.refresh()
    known[view.id] = view
    return view


def simple(values, first=0, writer=WRITER, file=0, **about):
    """A log of one series: a point at each step from `first`."""
    log = Log(writer, file, **about)
    log.keys(1, "loss")
    for place_, value in enumerate(values):
        log.points(1, 1000.0 + place_, first + place_, value)
    return log


@pytest.fixture
def folder(tmp_path):
    return new_run(tmp_path / "store")


# Following


def test_a_run_grows_before_ones_eyes(folder):
    log = simple([1.0, 2.0], pid=os.getpid(), started=time.time())
    place(folder, log.data + bytes(4096))
    view = view_of(folder)
    assert view.changed_keys == {"loss"}
    assert not view.refresh()
    assert view.changed_keys == set()

    log.points(1, 1005.0, 2, 3.0)
    log.keys(2, "acc")
    log.points(2, 1006.0, 2, 0.5)
    place(folder, log.data + bytes(4096))
    assert view.refresh()
    assert view.changed_keys == {"loss", "acc"}
    assert view.points("loss").value.tolist() == [1.0, 2.0, 3.0]
    assert view.keys() == ["loss", "acc"]
    assert view.status.word == "running"
    assert not view.settled


def test_what_was_handed_out_does_not_change_when_the_run_grows(folder):
    log = simple([1.0, 2.0], pid=os.getpid(), started=time.time())
    place(folder, log)
    view = view_of(folder)
    points, attributes = view.points("loss"), view.attributes
    log.points(1, 1005.0, 2, 3.0)
    log.set(1.0, name="later")
    place(folder, log)
    view.refresh()
    assert (points.value.tolist(), attributes) == ([1.0, 2.0], {})


def test_the_next_file_of_a_writer_goes_on_where_the_last_ended(folder):
    place(folder, simple([1.0, 2.0]))
    view = view_of(folder)
    place(folder, simple([3.0], first=2, file=1), 1)
    view.refresh()
    assert view.points("loss").step.tolist() == [0.0, 1.0, 2.0]


def test_files_that_come_later_than_others_find_their_place(folder):
    place(folder, simple([3.0], first=2, file=1), 1)
    view = view_of(folder)
    assert [damage.what for damage in view.damage] == ["missing"]
    place(folder, simple([1.0, 2.0]))
    view.refresh()
    assert view.points("loss").value.tolist() == [1.0, 2.0, 3.0]
    assert view.damage == []


def test_a_folder_that_is_removed_is_empty_and_breaks_nothing(folder):
    place(folder, simple([1.0]))
    view = view_of(folder)
    shutil.rmtree(folder)
    assert view.refresh()
    assert view.changed_keys == {"loss"}
    assert (view.keys(), view.attributes, view.settled) == ([], {}, False)
    assert view.size() == 0


def test_a_run_may_be_read_while_another_thread_follows_it(folder):
    log = simple([float(number) for number in range(50)], pid=os.getpid(), started=time.time())
    view = RunFolder(folder)
    wrong, over = [], threading.Event()

    def reading():
        while not over.is_set():
            points = view.points("loss")
            if points.value.tolist() != [float(number) for number in range(len(points))]:
                wrong.append(points)
            view.stats("loss")

    threads = [threading.Thread(target=reading) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _, end in log.frames[2:]:
        place(folder, log.data[:end])
        view.refresh()
    over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(view.points("loss")) == 50


# Points


def test_points_of_several_writers_are_ordered_by_the_writers_start(folder):
    place(folder, simple([1.0, 2.0], started=2000.0))
    place(folder, simple([3.0, 4.0], writer=OTHER, started=1000.0), writer=OTHER)
    view = view_of(folder)
    assert view.points("loss").value.tolist() == [3.0, 4.0, 1.0, 2.0]
    assert [writer.id for writer in view.writers] == [OTHER, WRITER]
    assert (view.stats("loss").first, view.stats("loss").last) == (3.0, 2.0)


def test_a_key_of_several_key_sets_keeps_the_order_it_was_written_in(folder):
    log = Log()
    log.keys(1, "loss")
    log.keys(2, "acc", "loss")
    log.points(1, 1.0, 0, 10.0)
    log.points(2, 2.0, 1, 0.5, 11.0)
    log.own(1, 3.0, [2], [12.0])
    log.points(1, 4.0, 3, 13.0, given=True)
    place(folder, log)
    for _ in range(2):
        assert view_of(folder).points("loss").value.tolist() == [10.0, 11.0, 12.0, 13.0]
        seal_run(folder)


def test_each_key_of_an_own_frame_has_its_own_step(folder):
    log = Log()
    log.keys(1, "loss", "acc")
    log.own(1, 5.0, [7, 3], [0.1, 0.2])
    place(folder, log)
    view = view_of(folder)
    assert [view.points(key).step.tolist() for key in ("loss", "acc")] == [[7.0], [3.0]]


def test_own_times_are_good_to_a_millisecond_and_given_ones_are_exact(folder):
    log = Log()
    log.keys(1, "loss")
    log.points(1, 1760000000.1234567, 0, 0.0)
    log.points(1, 1760000000.1234567, 1, 0.0, given=True)
    place(folder, log)
    for _ in range(2):
        assert view_of(folder).points("loss").time.tolist() == [1760000000.123, 1760000000.1234567]
        seal_run(folder)


def test_strings_are_a_series_of_their_own(folder):
    log = Log()
    log.keys(1, "note")
    log.text(1, 5.0, 3, "first ✓")
    log.text(1, 6.0, 4, "second \ud800")
    log.put(records.value_frame(1, 7.0, 5.0, 200, b"of a kind yet to come", given=False))
    place(folder, log)
    for _ in range(2):
        view = view_of(folder)
        assert (view.keys(), view.text_keys()) == ([], ["note"])
        texts = view.texts("note")
        assert (texts.text, texts.step.tolist()) == (["first ✓", "second \ud800"], [3.0, 4.0])
        seal_run(folder)


def test_a_range_of_steps_gives_what_lies_in_it_sealed_and_live(folder):
    place(folder, simple([float(number) for number in range(10_000)]))
    for _ in range(2):
        view = view_of(folder)
        assert view.points("loss", range=(4090, 4100)).value.tolist() == [float(n) for n in range(4090, 4101)]
        assert len(view.points("loss", range=(20_000, 30_000))) == 0
        seal_run(folder)


def test_a_key_nobody_logged_has_no_points_and_no_statistics(folder):
    place(folder, simple([1.0]))
    view = view_of(folder)
    assert (len(view.points("x")), len(view.texts("x")), view.stats("x").count) == (0, 0, 0)


# Statistics

VALUES = st.lists(st.floats(-1e9, 1e9) | st.sampled_from([math.nan, math.inf, -math.inf]), max_size=40)


@given(VALUES, st.integers(0, 40), st.booleans())
@settings(max_examples=80, deadline=None)
def test_statistics_are_those_of_a_naive_reader(tmp_path_factory, values, half, sealed):
    folder = new_run(tmp_path_factory.mktemp("run") / "store")
    place(folder, simple(values[:half]))
    view = view_of(folder)
    view.stats("loss")
    place(folder, simple(values[half:], first=half, file=1), 1)
    if sealed:
        seal_run(folder, group=1)
    view.refresh()
    stats = view.stats("loss")

    numbers = [value for value in values if not math.isnan(value)]
    finite = [value for value in numbers if math.isfinite(value)]
    assert (stats.count, stats.nan) == (len(values), len(values) - len(numbers))
    if numbers:
        assert (stats.min, stats.max) == (min(numbers), max(numbers))
        assert stats.min_step == values.index(min(numbers))
        assert stats.max_step == values.index(max(numbers))
    else:
        assert math.isnan(stats.min)
        assert math.isnan(stats.max_step)
    if finite:
        assert math.isclose(stats.mean, math.fsum(finite) / len(finite), abs_tol=1e-6)
    else:
        assert math.isnan(stats.mean)
    if values:
        assert (stats.first_step, stats.last_step) == (0, len(values) - 1)
        assert np.array_equal([stats.first, stats.last], [values[0], values[-1]], equal_nan=True)


# Attributes


def test_attributes_are_merged_by_time_then_writer_then_sequence(folder):
    first, second = Log(started=1.0), Log(OTHER, started=2.0)
    first.set(10.0, name="a", config__lr=0.1, tag__best=True)
    second.set(10.0, name="b")
    second.set(5.0, notes="early")
    first.set(20.0, notes="late", unset=["config"])
    first.set(20.0, config__depth=3)
    place(folder, first)
    place(folder, second, writer=OTHER)
    merged = {"name": "b", "tag/best": True, "notes": "late", "config/depth": 3}
    assert view_of(folder).attributes == merged
    seal_run(folder)
    assert view_of(folder).attributes == merged


def test_a_clock_that_jumps_backward_brings_nothing_back(folder):
    log = Log()
    log.set(2000.0, name="first")
    log.set(1000.0, name="second")
    log.set(math.nan, name="third")
    place(folder, log)
    assert view_of(folder).attributes == {"name": "third"}


def test_attributes_that_arrive_late_take_their_place_in_time(folder):
    log = Log(started=1.0)
    log.set(10.0, name="a")
    place(folder, log)
    view = view_of(folder)
    other = Log(OTHER, started=2.0)
    other.set(5.0, name="earlier", notes="kept")
    place(folder, other, writer=OTHER)
    view.refresh()
    assert view.attributes == {"name": "a", "notes": "kept"}


@pytest.mark.parametrize(
    "payload", [b"", b"12345678", b"12345678[1, 2]", b"12345678{}", b'12345678{"set": 3, "unset": {}}']
)
def test_attributes_that_make_no_sense_are_passed_over(folder, payload):
    log = Log()
    log.set(1.0, name="a")
    for kind in (records.ATTRIBUTES, records.STATUS, records.HEARTBEAT, records.CLOSE, records.WRITER):
        log.put(records.frame(kind, 0, payload + b" " * (-len(payload) % 8)))
    place(folder, log)
    assert view_of(folder).attributes == {"name": "a"}


# Status


def ended(word=None, writer=WRITER, at=2000.0, closed=True, reason="", **about):
    log = simple([1.0], writer=writer, **about)
    if word:
        log.status(at, word, reason)
    if closed:
        log.close(at)
    return log


def test_a_run_whose_process_lives_is_running_until_it_says_otherwise(folder):
    started = time.time()
    place(folder, ended(closed=False, pid=os.getpid(), started=started))
    view = view_of(folder)
    assert (view.status.word, view.status.since, view.ended) == ("running", started, None)
    place(
        folder,
        ended(
            "failed", closed=False, pid=os.getpid(), started=started, reason="ValueError: no", at=started + 5
        ),
    )
    view.refresh()
    assert (view.status.word, view.status.reason, view.ended) == ("failed", "ValueError: no", started + 5)


def test_a_process_that_died_without_a_word_is_lost(folder):
    place(folder, ended(closed=False))
    view = view_of(folder)
    assert view.status.word == "lost"
    assert "ended without saying so" in view.status.reason
    assert view.ended == view.last_activity == 1000.0


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["finished", "finished"], "finished"),
        (["finished", "cancelled"], "cancelled"),
        (["cancelled", None], "lost"),
        ([None, "failed"], "failed"),
        (["failed", "cancelled"], "failed"),
    ],
)
def test_of_processes_that_ran_together_the_worst_decides(folder, words, word):
    for writer, said in zip((WRITER, OTHER), words, strict=True):
        place(folder, ended(said, writer, closed=said is not None, started=1000.0), writer=writer)
    for _ in range(2):
        assert view_of(folder).status.word == word
        seal_run(folder)


def test_a_run_that_failed_and_was_resumed_ends_as_the_resumed_one_does(folder):
    place(folder, ended("failed", at=1500.0, started=1000.0))
    place(folder, ended("finished", OTHER, at=3000.0, started=2000.0), writer=OTHER)
    assert view_of(folder).status.word == "finished"


@pytest.mark.parametrize("role", ["child", "late"])
def test_children_and_late_writers_decide_nothing(folder, role):
    place(folder, ended("finished"))
    place(folder, ended("failed", OTHER, role=role), writer=OTHER)
    place(
        folder,
        ended(writer=THIRD, role=role, closed=False, pid=os.getpid(), started=time.time()),
        writer=THIRD,
    )
    view = view_of(folder)
    assert view.status.word == "finished"
    assert not view.settled


def test_a_writer_that_died_before_its_first_frame_decides_nothing(folder):
    place(folder, bytes(65536), writer=OTHER)
    assert view_of(folder).status.word == "running"  # it may be about to write it
    place(folder, ended(closed=False))
    assert view_of(folder).status.word == "lost"


def test_a_writer_on_another_machine_lives_while_it_is_heard(folder):
    log = simple([1.0], host="elsewhere", boot="another", started=time.time() - 500)
    log.heartbeat(time.time() - 10)
    place(folder, log)
    assert view_of(folder).status.word == "running"


def test_a_writer_on_another_machine_that_is_silent_for_a_minute_is_lost_and_heals(folder):
    log = simple([1.0], host="elsewhere", boot="another", started=time.time() - 500)
    log.heartbeat(time.time() - 100)
    place(folder, log)
    view = view_of(folder)
    assert view.status.word == "lost"
    log.heartbeat(time.time())
    place(folder, log)
    assert view.refresh()
    assert view.status.word == "running"


def test_a_status_that_only_time_tells_is_a_change(folder, monkeypatch):
    log = simple([1.0], host="elsewhere", boot="another", started=time.time() - 500)
    log.heartbeat(time.time() - 10)
    place(folder, log)
    view = view_of(folder)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100)
    assert view.refresh()
    assert view.status.word == "lost"


def test_a_run_of_which_nothing_can_be_read_is_lost(folder):
    place(folder, b"\xff" * 500)
    view = view_of(folder)
    assert view.status.word == "lost"
    assert [damage.file for damage in view.damage] == [log_name(WRITER, 0)]
    assert math.isnan(view.created)


def test_a_run_was_created_when_it_says_so(folder):
    log = simple([1.0], started=1000.0)
    place(folder, log)
    assert view_of(folder).created == 1000.0
    log.set(1.0, created=900.5)
    place(folder, log)
    assert view_of(folder).created == 900.5


# Branches


@pytest.fixture
def resumed(folder):
    """Steps 0 to 9, resumed at 5 up to 11, and that resumed at 3 up to 5."""
    place(folder, simple([float(step) for step in range(10)], started=1.0))
    place(
        folder,
        simple([100.0 + step for step in range(6, 12)], 6, OTHER, started=2.0, generation=1, cut=5),
        writer=OTHER,
    )
    place(folder, simple([200.0, 201.0], 4, THIRD, started=3.0, generation=2, cut=3), writer=THIRD)
    return folder


def test_the_main_branch_is_what_no_later_generation_has_hidden(resumed):
    for _ in range(2):
        view = view_of(resumed)
        assert view.points("loss").value.tolist() == [0.0, 1.0, 2.0, 3.0, 200.0, 201.0]
        assert view.stats("loss").count == 6
        assert (view.stats("loss").max, view.stats("loss").last) == (201.0, 201.0)
        seal_run(resumed)


def test_every_hidden_point_is_on_one_branch(resumed):
    view = view_of(resumed)
    assert [(branch.name, branch.cut, branch.points, branch.left) for branch in view.branches] == [
        ("@5", 5.0, 4, 2.0),
        ("@3", 3.0, 8, 3.0),
    ]
    assert view.points("loss", "@5").step.tolist() == [6.0, 7.0, 8.0, 9.0]
    assert view.points("loss", "@3").value.tolist() == [4.0, 5.0, *[100.0 + step for step in range(6, 12)]]


def test_a_branch_that_is_not_there_is_said_to_be_missing(resumed):
    with pytest.raises(NotFound, match="@5, @3"):
        view_of(resumed).points("loss", "@7")


def test_two_tails_left_at_the_same_step_have_two_names(folder):
    place(folder, simple([1.0, 2.0], started=1.0))
    place(folder, simple([3.0], 1, OTHER, started=2.0, generation=1, cut=0), writer=OTHER)
    place(folder, simple([4.0], 1, THIRD, started=3.0, generation=2, cut=0), writer=THIRD)
    view = view_of(folder)
    assert [branch.name for branch in view.branches] == ["@0", "@0.2"]
    assert [view.points("loss", name).value.tolist() for name in ("@0", "@0.2")] == [[2.0], [3.0]]


GENERATIONS = st.lists(
    st.tuples(st.integers(0, 3), st.none() | st.integers(0, 8), st.lists(st.integers(0, 9), max_size=6)),
    min_size=1,
    max_size=3,
)


@given(GENERATIONS)
@settings(max_examples=60, deadline=None)
def test_every_point_is_on_the_main_branch_or_on_one_that_was_left(tmp_path_factory, generations):
    folder = new_run(tmp_path_factory.mktemp("run") / "store")
    every, main = [], []
    cuts = [(generation, cut) for generation, cut, _ in generations if cut is not None]
    for writer, (generation, cut, steps) in zip((WRITER, OTHER, THIRD), generations, strict=False):
        log = Log(writer, generation=generation, cut=cut)
        log.keys(1, "loss")
        for step in steps:
            every.append(len(every))
            log.points(1, 1.0, step, every[-1])
            if all(step <= other for later, other in cuts if later > generation):
                main.append(every[-1])
        place(folder, log, writer=writer)
    view = view_of(folder)
    left = [value for branch in view.branches for value in view.points("loss", branch.name).value.tolist()]
    assert sorted(view.points("loss").value.tolist()) == main
    assert sorted([*main, *left]) == every
    assert sum(branch.points for branch in view.branches) == len(left)


# Forks


def forked(root, run, parent, step, values=(), first=0):
    folder = new_run(root, run)
    log = simple(values, first)
    log.set(1.0, fork={"run": parent, "step": step})
    place(folder, log)
    return folder


def test_a_fork_inherits_up_to_its_step_and_its_parents_inheritance_too(tmp_path):
    root = tmp_path / "store"
    first = new_run(root, "first")
    log = simple([float(step) for step in range(10)])
    log.keys(2, "note")
    log.text(2, 1.0, 2, "early")
    log.text(2, 1.0, 8, "late")
    log.keys(3, "after")
    log.points(3, 1.0, 9, 1.0)
    place(first, log)
    views = {}
    for run, folder in {
        "first": first,
        "second": forked(root, "second", "first", 4, [100.0, 101.0], 5),
        "third": forked(root, "third", "second", 5, [200.0], 6),
    }.items():
        views[run] = RunFolder(folder, views.get)
        views[run].refresh()
    for _ in range(2):
        third = views["third"]
        assert third.points("loss").value.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 100.0, 200.0]
        assert third.points("loss", range=(4, 5)).value.tolist() == [4.0, 100.0]
        assert (third.stats("loss").count, third.stats("loss").max) == (7, 200.0)
        assert third.keys() == ["loss"]
        assert third.texts("note").text == ["early"]
        assert third.damage == []
        for view in views.values():
            seal_run(view.folder)
            view.refresh()


def test_forks_that_go_round_in_circles_end(tmp_path):
    root, views = tmp_path / "store", {}
    for run, parent in (("first", "second"), ("second", "first"), ("selfmade", "selfmade")):
        views[run] = RunFolder(forked(root, run, parent, 5, [1.0]), views.get)
        views[run].refresh()
    assert len(views["first"].points("loss")) == 2
    assert len(views["second"].points("loss")) == 2
    assert len(views["selfmade"].points("loss")) == 1
    assert views["first"].stats("loss").count == 2
    assert views["first"].keys() == ["loss"]


def test_a_fork_whose_parent_is_gone_shows_its_own_points_and_says_so(tmp_path):
    view = view_of(forked(tmp_path / "store", "second", "first", 5, [1.0]))
    assert view.points("loss").value.tolist() == [1.0]
    assert [damage.what for damage in view.damage] == [
        "run first, which this run was forked from, is not there"
    ]


@pytest.mark.parametrize(
    "fork", [3, {}, {"run": 1, "step": 2}, {"run": "x", "step": "y"}, {"run": "x", "step": True}]
)
def test_a_fork_that_makes_no_sense_inherits_nothing(folder, fork):
    log = simple([1.0])
    log.set(1.0, fork=fork)
    place(folder, log)
    assert len(view_of(folder).points("loss")) == 1


# Damage


def test_flipped_bits_are_told_and_the_rest_is_shown(folder):
    log = busy_log(100)
    data = bytearray(log.data)
    at = log.frames[40][0]
    data[at + 9] ^= 4
    place(folder, bytes(data))
    view = view_of(folder)
    assert [(damage.file, damage.start) for damage in view.damage] == [(log_name(WRITER, 0), at)]
    assert len(view.points("loss")) == 99
    seal_run(folder)
    assert [(damage.file, damage.start) for damage in view_of(folder).damage] == [(log_name(WRITER, 0), at)]


def test_a_segment_that_cannot_be_read_is_told_and_its_logs_are_shown_while_they_are_there(folder):
    data = busy_log(100).data
    place(folder, data)
    seal_run(folder)
    segment = next(folder.glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:50])
    assert view_of(folder).keys() == []
    place(folder, data)
    view = view_of(folder)
    assert len(view.points("loss")) == 100
    assert [damage.file for damage in view.damage] == [segment.name]


def test_names_that_are_none_of_ours_are_passed_over(folder):
    place(folder, simple([1.0]))
    for name in (
        "notes.txt",
        f".{log_name(WRITER, 1)}.tmp",
        f"{WRITER}-99999999999999999999.log",
        "ILLEGAL1-000000.log",
    ):
        (folder / name).write_bytes(b"\xff" * 100)
    view = view_of(folder)
    assert len(view.points("loss")) == 1
    assert view.damage == []
    assert view.id == RUN


def test_a_segment_that_goes_while_it_is_shown_breaks_nothing(folder):
    place(folder, busy_log(100))
    seal_run(folder)
    view = view_of(folder)
    next(folder.glob("*.seg")).unlink()
    assert len(view.points("loss")) == len(view.texts("note")) == 0
    assert view.damage[0].what.startswith("100 rows: it cannot be read")
    view.refresh()
    assert (view.keys(), view.damage) == ([], [])
