"""Trash, restore, purge, sizes and rebuild on real stores."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import kymograph as ky
from kymograph.errors import NotFound, StoreError
from kymograph.store import upkeep
from kymograph.store.index import Index
from kymograph.store.layout import StoreFolder


@pytest.fixture(name="store")
def _store(store_path):
    folder = StoreFolder(store_path)
    folder.create()
    return folder


def train(points=10):
    with ky.init(project="p", capture=False) as run:
        for step in range(points):
            run.log({"loss": step})
    return run.id


def seen(store):
    """The runs a fresh look at the store shows."""
    index = Index.open(store)
    index.sync(patience=60)
    index.close()
    return set(index.run_ids())


def test_a_run_in_the_trash_is_not_seen_and_comes_back_whole(store):
    one, other = train(), train()
    assert seen(store) == {one, other}
    before = time.time()
    upkeep.trash(store, one)
    assert seen(store) == {other}
    assert [entry.id for entry in upkeep.trashed(store)] == [one]
    assert upkeep.trashed(store)[0].since >= before - 1
    assert upkeep.trashed(store)[0].size > 0
    upkeep.restore(store, one)
    assert seen(store) == {one, other}
    assert upkeep.trashed(store) == []
    index = Index.open(store)
    assert index.folder(one).points("loss").value.tolist() == list(range(10))
    index.close()


def test_a_run_that_was_not_sealed_yet_survives_trash_and_restore(store):
    run = train()
    assert os.listdir(store.live)
    upkeep.trash(store, run)
    assert os.listdir(store.live) == []
    upkeep.restore(store, run)
    assert seen(store) == {run}


def test_an_open_index_sees_a_run_go_and_come_back(store):
    run = train()
    index = Index.open(store)
    index.sync(patience=60)
    time.sleep(0.12)  # two changes of a folder in one tick of the clock look like one
    upkeep.trash(store, run)
    assert index.sync().removed == {run}
    time.sleep(0.12)
    upkeep.restore(store, run)
    assert index.sync().new == {run}
    index.close()


def test_a_run_that_is_written_does_not_go_to_the_trash(store):
    with ky.init(project="p", capture=False) as run:
        run.log({"loss": 1})
        with pytest.raises(StoreError, match="is being written"):
            upkeep.trash(store, run.id)
        assert os.path.isdir(store.run_folder(run.id))
    upkeep.trash(store, run.id)


def test_what_is_not_there_cannot_be_moved(store):
    for move in (upkeep.trash, upkeep.restore):
        with pytest.raises(NotFound, match="abcdefgh"):
            move(store, "abcdefgh")
        for evil in ("../outside", "..", "", "a/b"):
            with pytest.raises(StoreError, match="not a run id"):
                move(store, evil)
    with pytest.raises(NotFound, match="abcdefgh"):
        upkeep.purge(store, ["abcdefgh"])


def test_neither_move_covers_another_run(store):
    run = train()
    upkeep.trash(store, run)
    os.mkdir(store.run_folder(run))
    with pytest.raises(StoreError, match=r"is in .* again"):
        upkeep.restore(store, run)
    with pytest.raises(StoreError, match="in the trash already"):
        upkeep.trash(store, run)


def test_purge_removes_only_what_is_in_the_trash_and_all_or_nothing_is_checked_first(store):
    keep, gone, later = train(), train(), train()
    upkeep.trash(store, gone)
    upkeep.trash(store, later)
    with pytest.raises(NotFound, match=keep):
        upkeep.purge(store, [gone, keep])
    assert {entry.id for entry in upkeep.trashed(store)} == {gone, later}
    assert upkeep.purge(store, [gone]) == 1
    assert upkeep.purge(store) == 1
    assert os.listdir(store.trash) == []
    assert seen(store) == {keep}


def test_sizes_add_up_to_the_files(store):
    run = train(3000)
    seen(store)
    sizes = upkeep.sizes(store)
    files = [path for path in Path(store.runs).rglob("*") if path.is_file()]
    assert sizes.runs == sum(path.stat().st_blocks * 512 for path in files)
    assert sizes.trash == 0
    assert sizes.index >= 4096
    upkeep.trash(store, run)
    assert upkeep.sizes(store).runs == 0
    assert upkeep.sizes(store).trash == sizes.runs


def test_rebuild_makes_the_index_anew_and_says_how_far_it_is(store):
    runs = {train() for _ in range(3)}
    seen(store)
    told = []
    index = upkeep.rebuild(store, lambda done, whole: told.append((done, whole)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert set(index.run_ids()) == runs
    index.close()
