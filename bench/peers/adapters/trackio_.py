"""Trackio, into its local folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from adapters import KEY, values

PROJECT = "bench"
PAGE_POINTS = 3000  # what its page asks the server for, per run


class Writer:
    def __init__(self, folder: Path, run: str) -> None:
        trackio = _trackio(folder)
        self._trackio = trackio
        trackio.init(project=PROJECT, name=run, embed=False, auto_log_gpu=False, auto_log_cpu=False)

    def log(self, metrics: dict[str, float], step: int) -> None:
        self._trackio.log(metrics, step=step)

    def finish(self) -> None:
        self._trackio.finish()


def fill(folder: Path, runs: int, steps: int, spike: int | None = None) -> None:
    storage = _storage(folder)
    for number in range(runs):
        rows = [{KEY: value} for value in values(number, steps, spike)]
        storage.bulk_log(PROJECT, f"run-{number}", rows, steps=list(range(steps)))


def settle(folder: Path) -> None:
    """Nothing to do."""


def count(folder: Path) -> int:
    storage = _storage(folder)
    return sum(sum(KEY in row for row in storage.get_logs(PROJECT, run)) for run in storage.get_runs(PROJECT))


def load(folder: Path) -> None:
    _storage(folder)


def chart(folder: Path, key: str) -> list[Any]:
    storage = _storage(folder)
    found = []
    for run in storage.get_runs(PROJECT):
        rows = storage.get_logs(PROJECT, run, max_points=PAGE_POINTS)
        found.append([row[key] for row in rows if key in row])
    return found


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"trackio": version("trackio")}


def _trackio(folder: Path) -> Any:
    os.environ["TRACKIO_DIR"] = str(folder)
    import trackio

    return trackio


def _storage(folder: Path) -> Any:
    _trackio(folder)
    from trackio.sqlite_storage import SQLiteStorage

    return SQLiteStorage
