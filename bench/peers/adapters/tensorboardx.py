"""TensorBoardX writes, TensorBoard reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters import KEY, values

PAGE_POINTS = 1000  # what TensorBoard keeps per series for its page


class Writer:
    def __init__(self, folder: Path, run: str) -> None:
        from tensorboardX import SummaryWriter

        self._writer = SummaryWriter(str(folder / run))

    def log(self, metrics: dict[str, float], step: int) -> None:
        for key, value in metrics.items():
            self._writer.add_scalar(key, value, step)

    def finish(self) -> None:
        self._writer.close()


def fill(folder: Path, runs: int, steps: int, spike: int | None = None) -> None:
    for number in range(runs):
        writer = Writer(folder, f"run-{number}")
        for step, value in enumerate(values(number, steps, spike)):
            writer.log({KEY: value}, step)
        writer.finish()


def settle(folder: Path) -> None:
    """Nothing to do."""


def count(folder: Path) -> int:
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    found = 0
    for path in folder.rglob("events.out.*"):
        for event in EventFileLoader(str(path)).Load():
            found += sum(value.tag == KEY for value in event.summary.value)
    return found


def load(folder: Path) -> None:
    import tensorboard.backend.event_processing.event_accumulator  # noqa: F401 - loaded before the clock runs


def chart(folder: Path, key: str) -> list[Any]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = []
    for run in sorted(path for path in folder.iterdir() if path.is_dir()):
        events = EventAccumulator(str(run), size_guidance={"scalars": PAGE_POINTS, "tensors": PAGE_POINTS})
        events.Reload()
        found.append([event.value for event in events.Scalars(key)])
    return found


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("tensorboardX", "tensorboard")}
