"""Which trackers take part, and how much work each is given: slow ones get less, and the page says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tracker:
    """One tracker and the size of its work."""

    title: str
    adapter: str
    packages: tuple[str, ...]
    calls_1: int  # log calls with one key
    calls_100: int  # log calls with 100 keys
    points: int  # of the series whose bytes are counted
    runs: int  # runs of 1,000 steps of which one metric is read
    long: int  # points of the series with one spike
    fast: int = 10_000  # log calls before it is killed


TRACKERS = (
    Tracker("Kymograph", "ours", (), 200_000, 20_000, 1_000_000, 1000, 1_000_000),
    Tracker("Trackio", "trackio_", ("trackio",), 20_000, 2_000, 50_000, 100, 200_000),
    Tracker(
        "TensorBoardX", "tensorboardx", ("tensorboardX", "tensorboard"), 20_000, 200, 50_000, 100, 200_000
    ),
    Tracker("Aim", "aim_", ("aim",), 10_000, 100, 50_000, 100, 100_000),
    Tracker("W&B offline", "wandb_offline", ("wandb",), 10_000, 2_000, 50_000, 0, 0),
    Tracker("MLflow", "mlflow_", ("mlflow",), 300, 50, 1_000, 100, 100_000, fast=1_000),
)
