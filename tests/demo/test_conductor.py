"""Trainings as child processes, a few at a time."""

import threading

import pytest

import kymograph as ky
from kymograph.demo.conductor import Done, train_all
from kymograph.demo.data import need_scikit_learn
from kymograph.demo.plan import find

pytest.importorskip("sklearn")


def test_every_job_is_trained_in_a_process_of_its_own(store_path):
    jobs = [find("ridge-1"), find("32-lr2-diverging")]
    done = {one.job.name: one for one in train_all(jobs, str(store_path))}
    assert done["ridge-1"].code == 0
    assert done["32-lr2-diverging"].code != 0
    assert "FloatingPointError" in done["32-lr2-diverging"].said
    assert all(one.as_planned for one in done.values())
    runs = ky.open(store_path).runs()
    assert {view.name: view.status for view in runs} == {
        "ridge-1": "finished",
        "32-lr2-diverging": "failed",
    }


def test_a_failure_that_was_not_planned_is_told_apart():
    job, failing = find("ridge-1"), find("32-lr2-diverging")
    assert not Done(job, 1, 0.1, "").as_planned
    assert not Done(failing, 0, 0.1, "").as_planned


def test_stopping_ends_the_children(store_path):
    stop = threading.Event()
    trainings = train_all([find("24-per-sample")], str(store_path), stop=stop)
    threading.Timer(0.5, stop.set).start()
    assert list(trainings) == []


def test_without_scikit_learn_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    with pytest.raises(ky.KymographError, match=r"pip install 'kymograph\[demo\]'"):
        need_scikit_learn()
