"""A small store, and the command line run in this process as the shell would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import kymograph as ky
from kymograph.cli.main import run


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(name="kymo")
def _kymo(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*words: object) -> Said:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture(name="store")
def _store(store_path: Path) -> Path:
    for number, rate in enumerate((0.1, 0.01, 0.001)):
        with ky.init(project="digits", name=f"run-{number}", config={"optim": {"lr": rate}}) as made:
            made.define("val/acc", goal="max")
            made.tag("sweep")
            for step in range(50):
                made.log({"loss": 1 / (step + 1), "val/acc": step / 50 + rate}, step=step)
    return store_path


@pytest.fixture(name="terminal")
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output says that it is a terminal, 80 characters wide."""
    monkeypatch.setattr("kymograph.cli.output.is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
