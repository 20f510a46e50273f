"""Sixteen processes writing at once, and whether everything is there afterwards."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from multiprocessing.synchronize import Barrier
from typing import Any

import kymograph
from bench.figure import Figure

PROCESSES = 16
KEYS = 10
CALLS = 40_000


def measure() -> list[Figure]:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(PROCESSES)
    spans: Any = context.Queue()
    with tempfile.TemporaryDirectory() as store:
        processes = [context.Process(target=_write, args=(store, ready, spans)) for _ in range(PROCESSES)]
        for process in processes:
            process.start()
        times = [spans.get(timeout=300) for _ in processes]
        for process in processes:
            process.join()
        kept = sum(view.stats(key).count for view in kymograph.open(store).runs() for key in view.keys())
    points = PROCESSES * CALLS * KEYS
    rate = points / (max(end for _, end in times) - min(start for start, _ in times)) / 1e6
    lost = points - kept
    return [
        Figure(
            f"{PROCESSES} processes writing at once",
            rate,
            1.5,
            " M points/s",
            more=True,
            note=f"{KEYS} keys a call",
        ),
        Figure("points lost of those", float(lost), 0.0, note=f"of {points:,}"),
    ]


def _write(store: str, ready: Barrier, spans: Any) -> None:
    values = {f"key{number}": float(number) for number in range(KEYS)}
    with kymograph.init(project="bench", store=store, capture=False) as run:
        ready.wait()
        start = time.time()
        for step in range(CALLS):
            run.log(values, step)
        spans.put((start, time.time()))
