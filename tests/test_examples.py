"""The examples run as they stand, and leave behind what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kymograph as ky

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
TRIED = {"loop.py", "arguments.py", "processes.py", "checkpoint.py", "digits.py"}


@pytest.fixture
def example(tmp_path):
    """Runs one example in a folder of its own."""

    def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(EXAMPLES / name), *arguments],
            cwd=tmp_path,
            env=os.environ | {"KYMOGRAPH_STORE": str(tmp_path / "store")},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    run.store = tmp_path / "store"
    return run


def test_every_example_is_tried_here():
    assert {path.name for path in EXAMPLES.glob("*.py")} == TRIED


def test_the_loop_logs_every_step(example):
    assert example("loop.py").returncode == 0

    (run,) = ky.open(example.store).runs()
    loss = run.series("loss")
    assert run.status == "finished"
    assert list(loss.step) == list(range(200))
    assert loss.value[-1] < loss.value[0]


def test_arguments_are_the_settings_and_definitions_are_kept(example):
    assert example("arguments.py", "--lr", "0.05").returncode == 0

    store = ky.open(example.store)
    (run,) = store.runs("config.lr = 0.05 and tag.script = 'arguments'")
    assert run.config["epochs"] == 5
    assert run.summary["test/acc"] > 0.9
    assert [key.goal for key in store.keys() if key.key == "val/acc"] == ["max"]


def test_processes_lose_nothing(example):
    done = example("processes.py")
    assert done.returncode == 0, done.stderr

    (run,) = ky.open(example.store).runs()
    assert run.status == "finished"
    assert [len(run.series(f"rank/{rank}/loss").step) for rank in range(4)] == [1000] * 4
    assert sorted(run.series("seen").value) == list(range(4000))


def test_an_interrupted_training_goes_on_and_keeps_its_old_tail(example):
    assert example("checkpoint.py").returncode != 0
    (cut,) = ky.open(example.store).runs()
    assert cut.status != "finished"
    assert cut.series("loss").step[-1] == 250

    assert example("checkpoint.py").returncode == 0

    (run,) = ky.open(example.store).runs()
    assert run.status == "finished"
    assert list(run.series("loss").step) == list(range(1, 501))
    (tail,) = run.branches
    assert (tail.cut, tail.points) == (200, 50)
    assert list(run.series("loss", branch=tail.name).step)[-1] == 250


def test_the_classifier_learns(example):
    done = example("digits.py")
    assert done.returncode == 0, done.stderr

    runs = ky.open(example.store).runs("test/acc.max > 0.9", project="digits")
    assert len(runs) >= 2
    assert len(done.stdout.splitlines()) == 3
