"""The demo from the command line."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from kymograph.cli import exits
from kymograph.demo.plan import find

pytest.importorskip("sklearn")


def test_once_trains_and_prints_the_table(kymo, tmp_path, monkeypatch):
    monkeypatch.setattr("kymograph.cli.demo.plan", lambda: [find("ridge-1"), find("ridge-0.01")])
    said = kymo("demo", "--once", "--store", tmp_path / "store")
    assert said.code == 0
    assert "ridge-0.01" in said.out
    assert "val/r2" in said.out
    assert "trained 2 models" in said.err


def test_an_unplanned_failure_is_said_and_gives_the_code(kymo, tmp_path, monkeypatch):
    jobs = [find("32-lr2-diverging")]
    monkeypatch.setattr("kymograph.cli.demo.plan", lambda: jobs)
    monkeypatch.setattr("kymograph.demo.conductor.Done.as_planned", property(lambda done: done.code == 0))
    said = kymo("demo", "--once", "--store", tmp_path / "store")
    assert said.code == exits.WRONG
    assert "32-lr2-diverging ended with 1" in said.err


def test_without_scikit_learn_one_line_says_what_to_install(kymo, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    said = kymo("demo", "--store", tmp_path / "store")
    assert said.code == exits.CANNOT
    assert said.err.count("\n") == 1
    assert "pip install 'kymograph[demo]'" in said.err


def test_the_page_is_served_while_the_models_train(tmp_path):
    command = [sys.executable, "-m", "kymograph", "demo", "--port", "0", "--store", str(tmp_path / "store")]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        address = re.search(r"http://\S+?:\d+", process.stdout.readline()).group()
        names, until = [], time.monotonic() + 60
        while not names and time.monotonic() < until:
            with urllib.request.urlopen(f"{address}/api/projects", timeout=30) as reply:
                names = [project["name"] for project in json.load(reply)["projects"]]
            time.sleep(0.2)
        assert names == ["digits"]
    finally:
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode in {0, exits.INTERRUPTED}
    assert "Traceback" not in complaint
