"""MLflow, into its default store: a SQLite file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from adapters import KEY, values

PAGE_POINTS = 320  # what its page asks for, per run
RUNS_AT_ONCE = 100  # the most its server takes in one request
BATCH = 1000  # the most its log_batch takes


class Writer:
    def __init__(self, folder: Path, run: str) -> None:
        import mlflow

        self._mlflow = mlflow
        mlflow.set_tracking_uri(_address(folder))
        mlflow.set_experiment("bench")
        mlflow.start_run(run_name=run)

    def log(self, metrics: dict[str, float], step: int) -> None:
        self._mlflow.log_metrics(metrics, step=step)

    def finish(self) -> None:
        self._mlflow.end_run()


def fill(folder: Path, runs: int, steps: int, spike: int | None = None) -> None:
    from mlflow.entities import Metric

    client = _client(folder)
    experiment = client.create_experiment("bench")
    now = int(time.time() * 1000)
    for number in range(runs):
        run = client.create_run(experiment, run_name=f"run-{number}").info.run_id
        points = [Metric(KEY, value, now, step) for step, value in enumerate(values(number, steps, spike))]
        for start in range(0, steps, BATCH):
            client.log_batch(run, metrics=points[start : start + BATCH])


def settle(folder: Path) -> None:
    """Nothing to do."""


def count(folder: Path) -> int:
    client = _client(folder)
    return sum(len(client.get_metric_history(run, KEY)) for run in _runs(client))


def load(folder: Path) -> None:
    _client(folder)._tracking_client  # noqa: B018 - loaded before the clock runs


def chart(folder: Path, key: str) -> list[Any]:
    client = _client(folder)
    store = client._tracking_client.store
    runs = _runs(client)
    found: dict[str, list[float]] = {run: [] for run in runs}
    for start in range(0, len(runs), RUNS_AT_ONCE):
        some = runs[start : start + RUNS_AT_ONCE]
        for one in store.get_metric_history_bulk_interval(some, key, PAGE_POINTS, None, None):
            found[one.run_id].append(one.value)
    return list(found.values())


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"mlflow": version("mlflow")}


def _address(folder: Path) -> str:
    return f"sqlite:///{folder}/mlflow.db"


def _client(folder: Path) -> Any:
    import mlflow

    mlflow.set_tracking_uri(_address(folder))
    return mlflow.MlflowClient()


def _runs(client: Any) -> list[str]:
    experiment = client.get_experiment_by_name("bench").experiment_id
    found: list[str] = []
    token = None
    while True:
        page = client.search_runs([experiment], max_results=1000, page_token=token)
        found += [run.info.run_id for run in page]
        token = page.token
        if not token:
            return found
