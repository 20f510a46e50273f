"""Aim, into its local repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters import KEY, values

PAGE_POINTS = 50  # its page's default density


class Writer:
    def __init__(self, folder: Path, run: str) -> None:
        from aim import Run

        self._run = Run(repo=str(_repo(folder)), system_tracking_interval=None, capture_terminal_logs=False)
        self._run.name = run

    def log(self, metrics: dict[str, float], step: int) -> None:
        for key, value in metrics.items():
            self._run.track(value, name=key, step=step)

    def finish(self) -> None:
        self._run.close()


def fill(folder: Path, runs: int, steps: int, spike: int | None = None) -> None:
    for number in range(runs):
        writer = Writer(folder, f"run-{number}")
        for step, value in enumerate(values(number, steps, spike)):
            writer.log({KEY: value}, step)
        writer.finish()
    settle(folder)


def settle(folder: Path) -> None:
    """Its page's server indexes the runs before they can be found; `aim storage reindex` does the same."""
    from aim import Repo

    Repo.from_path(str(folder))._recreate_index()


def count(folder: Path) -> int:
    settle(folder)
    return sum(len(metric.values.sparse_list()[0]) for metric in _metrics(folder, KEY))


def load(folder: Path) -> None:
    from aim import Repo  # noqa: F401 - loaded before the clock runs


def chart(folder: Path, key: str) -> list[Any]:
    return [metric.data.view("val").sample(PAGE_POINTS).numpy()[1][0] for metric in _metrics(folder, key)]


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"aim": version("aim")}


def _metrics(folder: Path, key: str) -> list[Any]:
    from aim import Repo

    found = Repo(str(folder)).query_metrics(f"metric.name == '{key}'", report_mode=0)
    return [metric for run in found.iter_runs() for metric in run]


def _repo(folder: Path) -> Path:
    from aim.sdk.repo import Repo

    if not (folder / ".aim").exists():
        Repo.from_path(str(folder), init=True)
    return folder
