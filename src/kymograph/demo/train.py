"""Trains one job of the plan in this process: `python -m kymograph.demo.train JOB`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import kymograph
from kymograph.demo import diabetes, digits
from kymograph.demo.plan import Job, find

RECIPES: dict[str, Callable[[kymograph.Run, Mapping[str, Any]], None]] = {
    "network": digits.train_network,
    "stream": digits.train_stream,
    "ridge": diabetes.train_ridge,
    "boosting": diabetes.train_boosting,
    "perceptron": diabetes.train_perceptron,
}


def train(job: Job, store: str | None = None) -> None:
    """Train the job into a run of that store. What the training raises marks the run failed, then rises."""
    run = kymograph.init(
        project=job.project,
        name=job.name,
        config=job.config,
        tags=list(job.tags),
        notes=job.notes,
        group=job.group,
        store=store,
    )
    with run:
        (digits if job.project == "digits" else diabetes).define(run)
        if job.recipe == "annealed":
            digits.train_annealed(run, job.config, lambda step: _fork(job, run.id, step, store))
        else:
            RECIPES[job.recipe](run, job.config)


def _fork(job: Job, parent: str, step: int, store: str | None) -> kymograph.Run:
    return kymograph.init(
        project=job.project,
        name=f"{job.name}-fork",
        tags=list(job.tags),
        notes=job.notes,
        group=job.group,
        fork=f"{parent}@{step}",
        store=store,
    )


if __name__ == "__main__":
    train(find(sys.argv[1]))
