"""The index over real runs: what it says is what the runs' folders say, whatever happens to its file."""

from __future__ import annotations

import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import kymograph as ky
from kymograph.errors import NotFound
from kymograph.store import index_schema
from kymograph.store.index import Index
from kymograph.store.index_types import STAT_AT, STATS
from kymograph.store.layout import StoreFolder
from kymograph.store.pyramid import SHORTEST
from kymograph.store.view import RunFolder

DERIVED = {"id", "status", "status_reason", "created", "ended", "last_activity", "troubles"}


@pytest.fixture(name="store")
def _store(store_path):
    folder = StoreFolder(store_path)
    folder.create()
    return folder


@pytest.fixture(name="opened")
def _opened(store):
    """Opens indexes of the store and closes them afterwards."""
    indexes = []

    def opened():
        indexes.append(Index.open(store))
        return indexes[-1]

    yield opened
    for index in indexes:
        index.close()


def train(config=None, points=10, project="p", **settings):
    """A run that ended; its id."""
    with ky.init(project=project, config=config or {}, capture=False, **settings) as run:
        for step in range(points):
            run.log({"loss": 1 / (step + 1), "acc": step / 10})
    return run.id


def sync_all(index):
    """Sync until nothing waits to be sealed."""
    changes = index.sync(patience=60)
    assert changes.waiting == 0
    return changes


def settled(index):
    """The runs that are in SQLite, read past the index."""
    with sqlite3.connect(index.place) as connection:
        return {id for (id,) in connection.execute("SELECT id FROM runs")}


def check(index, store):
    """What the index says of every run and series against the folders, read afresh."""
    folders = {run: RunFolder(store.run_folder(run)) for run in os.listdir(store.runs)}
    for folder in folders.values():
        folder.refresh()
    ids = index.run_ids()
    assert set(ids) == set(folders)
    created = [folders[run].created for run in ids]
    assert created == sorted(created, reverse=True)
    for info in index.columns():
        if info.source != "attribute" or info.name in DERIVED:
            continue
        column = index.column(info.name)
        assert column.ids is index.run_ids()
        expected = [folders[run].attributes.get(info.name) for run in ids]
        found = [None if value is None or value != value else value for value in column.values.tolist()]
        assert found == expected
        assert info.runs == sum(value is not None for value in expected)
    for key in ("loss", "acc"):
        table = index.stats(key, ids)
        for run, row in zip(ids, table, strict=True):
            stats = folders[run].stats(key)
            if stats.count:
                expected_row = [getattr(stats, name) for name in STATS]
                np.testing.assert_array_equal(row, expected_row)
            else:
                assert np.isnan(row).all()


def test_finished_runs_are_sealed_and_settled_and_their_columns_say_what_was_logged(store, opened):
    runs = [train({"lr": 10.0**-n, "opt": "adam"}) for n in range(4)]
    index = opened()
    changes = sync_all(index)
    assert changes.new == changes.runs == set(runs)
    assert settled(index) == set(runs)
    assert index.run_ids("p") == runs[::-1]
    assert index.column("config/lr", "p").values.tolist() == [1e-3, 1e-2, 1e-1, 1.0]
    assert index.column("config/opt", "p").values.tolist() == ["adam"] * 4
    assert index.column("status", "p").values.tolist() == ["finished"] * 4
    assert index.column("series/loss/last", "p").values.tolist() == [0.1] * 4
    assert index.column("series/loss/min_step", "p").values.tolist() == [9.0] * 4
    check(index, store)
    assert os.listdir(store.live) == []


def test_an_index_that_is_opened_again_reads_no_folder(store, opened):
    train(points=5000)
    sync_all(opened())
    index = opened()
    os.chmod(store.run_folder(index.run_ids()[0]), 0)  # root may still read it: look at what was opened too
    try:
        assert not index.sync()
        assert index.column("series/loss/count").values.tolist() == [5000.0]
        assert index._sync._folders == {}
        assert index._sync.watched == {}
    finally:
        os.chmod(store.run_folder(index.run_ids()[0]), 0o755)


def test_a_live_run_is_seen_at_once_and_stays_seen_when_it_settles(store, opened):
    index = opened()
    assert not index.sync()
    run = ky.init(project="p", config={"lr": 1}, capture=False)
    run.log({"loss": 3.0})
    first = index.sync()
    assert (first.new, first.keys) == ({run.id}, {run.id: {"loss"}})
    assert index.column("status").values.tolist() == ["running"]
    assert index.live_ids() == {run.id}
    assert index.projects()[0].live == 1
    before = index.column("series/loss/last")
    assert before.values.tolist() == [3.0]
    assert index.column("series/loss/last") is before

    run.log({"loss": 2.0, "acc": 0.5})
    second = index.sync()
    assert (second.new, second.keys) == (set(), {run.id: {"loss", "acc"}})
    assert index.column("series/loss/last").values.tolist() == [2.0]
    assert before.values.tolist() == [3.0]
    check(index, store)

    run.config["lr"] = 7
    run.finish()
    assert run.id in index.sync().runs
    sync_all(index)
    assert settled(index) == {run.id}
    assert index.column("status").values.tolist() == ["finished"]
    assert index.column("config/lr").values.tolist() == [7.0]
    assert index.live_ids() == set()
    check(index, store)


def test_late_points_make_a_settled_run_live_until_they_are_sealed(store, opened):
    id = train(points=5)
    index = opened()
    sync_all(index)
    late = ky.open().run(id)
    late.log({"loss": -5.0, "late": 1.0})
    changes = index.sync()
    assert changes.runs == {id} and changes.new == set()
    assert index.column("series/loss/min").values.tolist() == [-5.0]
    assert {info.name: info.runs for info in index.columns()}["late"] == 1
    late._store.close()
    sync_all(index)
    assert index._sync.watched == {}
    assert index.column("series/loss/min").values.tolist() == [-5.0]
    assert index.column("status").values.tolist() == ["finished"]
    check(index, store)


def test_a_run_that_was_killed_is_lost_and_nothing_of_it_is(store, opened):
    program = (
        "import kymograph as ky, os, signal\n"
        "run = ky.init(project='p', capture=False)\n"
        "for step in range(1000): run.log({'loss': step})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert child.returncode == -signal.SIGKILL
    index = opened()
    sync_all(index)
    assert index.column("status").values.tolist() == ["lost"]
    assert index.column("series/loss/count").values.tolist() == [1000.0]
    assert len(settled(index)) == 1
    check(index, store)


def test_a_folder_that_is_removed_or_copied_in_is_noticed(store, opened, tmp_path):
    keep, lose = train(), train()
    index = opened()
    sync_all(index)
    shutil.move(store.run_folder(lose), tmp_path / "elsewhere")
    time.sleep(0.12)  # two changes of a folder in one tick of the clock look like one
    changes = index.sync()
    assert changes.removed == {lose}
    assert index.run_ids() == [keep]
    assert not index.has(lose)
    with pytest.raises(NotFound, match=lose):
        index.folder(lose)
    shutil.copytree(tmp_path / "elsewhere", store.run_folder(lose))
    assert index.sync().new == {lose}
    sync_all(index)
    check(index, store)


def test_points_that_another_machine_added_are_found_though_no_marker_was_seen(store, opened):
    id = train(points=5)
    index = opened()
    sync_all(index)
    late = ky.open().run(id)
    late.log({"loss": 99.0})
    late._store.close()
    sync_all(Index(store))
    assert os.listdir(store.live) == []
    again = opened()
    again.sync()
    assert again.column("series/loss/max").values.tolist() == [99.0]


# The file


def test_an_index_that_is_deleted_under_an_open_one_is_made_anew(store, opened):
    runs = {train({"lr": n}) for n in range(3)}
    index = opened()
    sync_all(index)
    index_schema.remove(index.place)
    sync_all(index)
    assert settled(index) == runs
    check(index, store)


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "other schema", "foreign"])
def test_an_index_that_cannot_be_used_is_made_anew_with_one_notice(store, opened, damage):
    runs = {train({"lr": n}) for n in range(3)}
    index = Index.open(store)
    sync_all(index)
    index.close()
    place = index.place
    if damage == "garbage":
        with open(place, "wb") as file:
            file.write(os.urandom(50_000))
    elif damage == "cut":
        os.truncate(place, 5000)
    elif damage == "empty":
        os.truncate(place, 0)
    else:
        with sqlite3.connect(place) as connection:
            if damage == "other schema":
                connection.execute("PRAGMA user_version = 99")
            else:
                connection.executescript("PRAGMA user_version = 0; CREATE TABLE theirs (a)")
        connection.close()
    index = opened()
    sync_all(index)
    sync_all(index)
    assert settled(index) == runs
    assert len(index.notices) == (0 if damage == "empty" else 1)
    assert all("made anew" in notice for notice in index.notices)
    check(index, store)


def test_an_index_whose_pages_rot_while_it_is_open_answers_all_the_same(store, opened):
    runs = {train({f"c{n}": n for n in range(200)} | {"lr": at}, points=50) for at in range(5)}
    first = Index.open(store)
    sync_all(first)
    first.close()
    size = os.path.getsize(first.place)
    with open(first.place, "r+b") as file:  # the first page stays: the damage is met on the way
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    index = opened()
    sync_all(index)
    assert sorted(index.column("config/lr").values.tolist()) == [0, 1, 2, 3, 4]
    assert set(index.run_ids()) == runs
    check(index, store)


def test_on_a_network_file_system_the_index_lies_in_the_cache_folder(store, opened, monkeypatch):
    monkeypatch.setattr(index_schema, "is_network", lambda path: True)
    id = train()
    index = opened()
    sync_all(index)
    assert index.place.startswith(os.environ["XDG_CACHE_HOME"])
    assert not os.path.exists(store.index)
    assert settled(index) == {id}


def test_where_nothing_can_be_written_the_index_is_whole_in_memory(store, opened, monkeypatch, tmp_path):
    id = train()
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    before = sorted(os.listdir(store.run_folder(id)))
    index = opened()
    index.sync()
    assert (index.place, index.readonly) == (":memory:", True)
    assert index.column("series/loss/count").values.tolist() == [10.0]
    assert sorted(os.listdir(store.run_folder(id))) == before
    assert not os.path.exists(store.index)
    check(index, store)


def test_rebuild_tells_how_far_it_is(store, opened):
    for _ in range(3):
        train()
    index = opened()
    sync_all(index)
    seen = []
    index.rebuild(lambda done, whole: seen.append((done, whole)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    check(index, store)


# Several at once


def _sync_there(path):
    index = Index.open(StoreFolder(path))
    while index.sync(patience=1).waiting:
        pass
    index.sync()
    lr = dict(zip(index.run_ids(), index.column("config/lr").values.tolist(), strict=True))
    index.close()
    return lr


def test_four_processes_that_sync_one_new_store_at_once_agree(store, opened):
    expected = {train({"lr": n}): float(n) for n in range(12)}
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        for found in pool.map(_sync_there, [store.path] * 4, timeout=120):
            assert found == expected
    index = opened()
    sync_all(index)
    assert {info.name: info.runs for info in index.columns()}["config/lr"] == 12
    check(index, store)


def test_an_open_index_takes_over_what_another_wrote(store, opened):
    here, there = opened(), opened()
    here.sync()
    id = train({"lr": 3})
    sync_all(there)
    here.sync()
    here.sync()
    assert here.run_ids() == [id]
    assert here.column("config/lr").values.tolist() == [3.0]
    assert here._sync.watched == {}
    shutil.rmtree(store.run_folder(id))
    time.sleep(0.12)
    assert there.sync().removed == {id}
    assert here.sync().removed == {id}
    assert here.run_ids() == []


def test_threads_may_ask_while_another_syncs(store, opened):
    index = opened()
    errors = []
    stop = threading.Event()

    def ask():
        try:
            while not stop.is_set():
                ids = index.run_ids()
                index.stats("loss", ids)
                index.columns()
                index.pyramid("loss", ids)
                column = index.column("series/loss/last")
                assert len(column.ids) == len(column.values)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(8):
        with ky.init(project="p", config={"lr": n}, capture=False) as run:
            for step in range(SHORTEST + 10):
                run.log({"loss": step})
            index.sync()
        index.sync(patience=0)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert errors == []
    sync_all(index)
    check(index, store)


# Columns


def test_every_kind_of_attribute_comes_back_as_it_was(store, opened):
    values = [1, 2.5, "text", True, None, [1, "a"], 2**60, 2**80, math.inf, "naïve \ud800"]
    for value in values:
        with ky.init(project="p", config={"odd": value}, capture=False):
            pass
    index = opened()
    live = index.column("config/odd").values.tolist()
    sync_all(index)
    settled_values = opened().column("config/odd").values.tolist()
    folders = [index.folder(run).attributes.get("config/odd") for run in index.run_ids()]
    assert index.column("config/odd").values.tolist() == folders
    assert settled_values == folders
    assert live == []
    assert [info.kind for info in index.columns() if info.name == "config/odd"] == ["json"]


def test_numbers_make_a_float_column_and_mixed_ones_keep_their_types(store, opened):
    train({"a": 1, "b": 1, "flag": True})
    train({"a": 2.5, "b": "two"})
    train({})
    index = opened()
    sync_all(index)
    a, b, flag = (index.column(f"config/{name}") for name in ("a", "b", "flag"))
    assert a.values.dtype == np.float64
    np.testing.assert_array_equal(a.values, [math.nan, 2.5, 1.0])
    assert b.values.tolist() == [None, "two", 1]
    assert flag.values.tolist() == [None, None, True]
    assert b.missing.tolist() == [True, False, False]
    assert index.column("nobody/has/this").missing.all()
    kinds = {info.name: info.kind for info in index.columns()}
    assert (kinds["config/a"], kinds["config/b"], kinds["config/flag"]) == ("number", "json", "bool")


def test_a_column_of_numbers_takes_a_text_that_comes_later(store, opened):
    index = opened()
    train({"lr": 0.5})
    sync_all(index)
    assert index.column("config/lr").values.dtype == np.float64
    run = ky.init(project="p", config={"lr": "fast"}, capture=False)
    index.sync()
    assert index.column("config/lr").values.tolist() == ["fast", 0.5]
    run.finish()
    sync_all(index)
    assert index.column("config/lr").values.tolist() == ["fast", 0.5]


def test_projects_are_apart_and_a_run_may_move(store, opened):
    ours, theirs = train({"lr": 1}, project="ours"), train({"lr": 2}, project="theirs")
    index = opened()
    sync_all(index)
    assert index.run_ids("ours") == [ours]
    assert index.column("config/lr", "theirs").values.tolist() == [2.0]
    found = [(info.name, info.runs, info.live) for info in index.projects()]
    assert found == [("ours", 1, 0), ("theirs", 1, 0)]
    assert index.projects()[0].activity == [0] * 29 + [1]
    assert index.project_of(theirs) == "theirs"
    assert {info.name for info in index.columns("ours")} == {info.name for info in index.columns("theirs")}
    with pytest.raises(NotFound, match="nobody"):
        index.project_of("nobody")


def test_the_catalogue_counts_runs_not_values(store, opened):
    train({"a": 1})
    train({"a": 2, "b": 3}, points=3)
    live = ky.init(project="p", config={"b": 1}, capture=False)
    live.log({"loss": 1.0, "words": "hello"})
    index = opened()
    index.sync()
    counts = {(info.source, info.name): info.runs for info in index.columns("p")}
    assert counts["attribute", "config/a"] == 2
    assert counts["attribute", "config/b"] == 2
    assert counts["series", "loss"] == 3
    assert counts["series", "acc"] == 2
    assert counts["text", "words"] == 1
    live.finish()
    sync_all(index)
    assert {(info.source, info.name): info.runs for info in index.columns("p")}["text", "words"] == 1
    assert index.columns("another") == []


def test_of_definitions_that_match_the_last_counts_and_newer_runs_win(store, opened):
    with ky.init(project="p", capture=False) as run:
        run.define("val/*", goal="max", unit="%")
        run.define("val/loss", goal="min")
    with ky.init(project="p", capture=False) as run:
        run.define("train/*", goal="min")
        run.define("val/loss", goal="min", doc="of the validation set")
    index = opened()
    sync_all(index)
    assert list(index.definitions("p")) == ["val/*", "train/*", "val/loss"]
    assert index.definition("val/acc", "p")["goal"] == "max"
    assert index.definition("val/loss", "p") == {"goal": "min", "doc": "of the validation set"}
    assert index.definition("other", "p") == {}
    with ky.init(project="p", capture=False) as run:
        run.define("val/*", goal="min", unit="nats")
        index.sync()
        assert index.definition("val/acc", "p")["unit"] == "nats"


# Drawing


def naive(points, low, high):
    """Least, greatest and number of the finite values of points in a range of steps, by looking at each."""
    inside = (points.step >= low) & (points.step <= high) & np.isfinite(points.value)
    return points.value[inside].min(), points.value[inside].max(), int(inside.sum())


@pytest.mark.parametrize("live", [False, True])
def test_cells_hold_every_spike_of_every_run_whatever_the_range(store, opened, live):
    rng = np.random.default_rng(7)
    runs = []
    for n in (SHORTEST - 1, SHORTEST, 20_000):
        run = ky.init(project="p", capture=False)
        steps = rng.permutation(n) if n == SHORTEST else np.arange(n)
        values = rng.normal(size=n)
        values[rng.integers(0, n, 5)] = math.nan
        values[n // 3] = 1e6
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            run.log({"loss": value}, step=step)
        runs.append(run)
    if not live:
        for run in runs:
            run.finish()
    index = opened()
    sync_all(index)
    ids = index.run_ids()
    assert (settled(index) == set(ids)) != live
    found = index.pyramid("loss", ids, cells=50)
    assert found.raw == [runs[0].id]
    assert found.runs == [runs[2].id, runs[1].id]
    for at, id in enumerate(found.runs):
        cells = found.cells[found.offsets[at] : found.offsets[at + 1]]
        assert 50 <= len(cells) < 50 * 16 + 1
        for low, high in ((-math.inf, math.inf), (100, 700)):
            part = index.pyramid("loss", [id], low, high, cells=20)
            points = index.folder(id).points("loss")
            least, most, count = naive(points, part.cells["first"].min(), part.cells["last"].max())
            assert part.cells["min"].min() <= least and part.cells["max"].max() >= most
            assert part.cells["finite"].sum() == count
            assert part.cells["first"].min() <= max(low, 0) and part.cells["last"].max() >= min(high, 4000)
        assert cells["odd"].any() and cells["max"].max() >= 1e6
    assert index.pyramid("loss", ids, 100, 110, cells=50).raw == ids
    for run in runs:
        run.finish()


def test_the_pyramid_of_a_live_run_grows_with_it(store, opened):
    index = opened()
    run = ky.init(project="p", capture=False)
    total = 0
    for more in (SHORTEST, 1, 300, 5000, 17):
        for _ in range(more):
            run.log({"loss": float(total)}, step=total)
            total += 1
        index.sync()
        cells = index.pyramid("loss", [run.id], cells=1).cells
        assert cells["count"].sum() == total
        assert (cells["min"].min(), cells["max"].max(), cells["last"].max()) == (0, total - 1, total - 1)
    run.log({"loss": -1.0}, step=10)  # behind what is there
    index.sync()
    cells = index.pyramid("loss", [run.id], cells=1).cells
    assert cells["count"].sum() == total + 1
    assert cells["min"][0] == -1
    run.finish()


def test_statistics_of_unknown_runs_and_keys_are_missing(store, opened):
    id = train()
    index = opened()
    sync_all(index)
    table = index.stats("loss", ["nobody", id])
    assert np.isnan(table[0]).all()
    assert table[1, STAT_AT["count"]] == 10
    assert np.isnan(index.stats("no such key", [id])).all()
    assert index.pyramid("no such key", [id]).raw == [id]


# Odd things in a store


def test_a_marker_that_somebody_forgot_costs_no_writing(store, opened):
    id = train()
    index = opened()
    sync_all(index)
    with open(store.marker(id, "abcdefgh"), "w"):
        pass
    change = index._file._change
    for _ in range(3):
        assert not index.sync()
    assert index._file._change == change


def test_folders_that_are_no_runs_are_passed_over(store, opened):
    id = train()
    os.mkdir(os.path.join(store.runs, "empty"))
    os.mkdir(os.path.join(store.runs, ".hidden"))
    with open(os.path.join(store.runs, "a-file"), "w") as file:
        file.write("nothing")
    index = opened()
    sync_all(index)
    index.sync()
    assert index.run_ids() == [id]


def test_a_fork_has_its_parents_points_in_its_statistics(store, opened):
    parent = train(points=10)
    with ky.init(project="p", fork=f"{parent}@4", capture=False) as run:
        run.log({"loss": 50.0}, step=5)
    index = opened()
    sync_all(index)
    row = index.stats("loss", [run.id])[0]
    assert (row[STAT_AT["count"]], row[STAT_AT["max"]]) == (6, 50.0)


def test_a_question_to_a_closed_index_does_not_cost_the_file(store):
    train()
    index = Index.open(store)
    sync_all(index)
    index.close()
    for ask in (index.sync, lambda: index.column("config/lr"), index.columns):
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            ask()
    assert len(settled(index)) == 1


def test_a_run_that_cannot_be_read_keeps_no_other_from_being_seen(store, opened):
    good, bad = train(), train()
    index = opened()
    sync_all(index)
    index.close()
    (segment,) = [name for name in os.listdir(store.run_folder(bad)) if name.endswith(".seg")]
    path = os.path.join(store.run_folder(bad), segment)
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)
    index = opened()
    index.rebuild()
    index.sync()
    assert index.column("series/loss/count").values[index.run_ids().index(good)] == 10


def test_runs_that_wait_to_be_sealed_are_all_there_though_their_points_are_let_go(store, opened):
    ids = [train({"lr": n}, points=SHORTEST + n) for n in range(4)]
    index = opened()
    assert index.sync(patience=-1).waiting == 3
    waiting = [run for run, watched in index._sync.watched.items() if watched.brief is not None]
    assert len(waiting) == 3
    assert all(not index._sync.watched[run].folder.keys() for run in waiting)
    check(index, store)
    assert index.pyramid("loss", ids, cells=10).raw == []
    assert [len(index.folder(run).points("acc")) for run in ids] == [SHORTEST + n for n in range(4)]
    assert {info.runs for info in index.columns() if info.source == "series"} == {4}

    late = ky.open().run(waiting[0])
    late.log({"loss": -1.0})
    changes = index.sync(patience=-1)
    assert waiting[0] in changes.runs  # and those that the other reader has sealed
    assert changes.keys == {waiting[0]: {"loss"}}
    assert index.stats("loss", [waiting[0]])[0, STAT_AT["min"]] == -1.0
    late._store.close()
    while index.sync(patience=-1).waiting:
        pass
    sync_all(index)
    assert settled(index) == set(ids)
    check(index, store)
