"""Kymograph, through its front door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters import KEY, values

import kymograph

PATIENCE = 60.0  # seconds that one look may spend on sealing; a server spends less and looks more often


class Writer:
    def __init__(self, folder: Path, run: str) -> None:
        self.run = kymograph.init(project="bench", name=run, store=folder)
        self.log = self.run.log

    def finish(self) -> None:
        self.run.finish()


def fill(folder: Path, runs: int, steps: int, spike: int | None = None) -> None:
    for number in range(runs):
        with kymograph.init(project="bench", name=f"run-{number}", store=folder, capture=False) as run:
            for step, value in enumerate(values(number, steps, spike)):
                run.log({KEY: value}, step)
    settle(folder)


def settle(folder: Path) -> None:
    store = kymograph.open(folder)
    while store.index.sync(PATIENCE) or any((folder / "live").iterdir()):
        pass


def count(folder: Path) -> int:
    return int(sum(view.series(KEY).n for view in kymograph.open(folder).runs()))


def load(folder: Path) -> None:
    import kymograph.query.project  # noqa: F401 - loaded before the clock runs


def chart(folder: Path, key: str) -> list[Any]:
    series = kymograph.open(folder).runs().series(key, points=200)
    if hasattr(series, "max"):
        return list(series.max)
    return [series.value[a:b] for a, b in zip(series.offsets[:-1], series.offsets[1:], strict=True)]


def versions() -> dict[str, str]:
    return {"kymograph": kymograph.__version__}
