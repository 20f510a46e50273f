"""The slowest of a million log calls, against the same loop over the floor."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable

import numpy as np

import kymograph
from bench.figure import Figure
from bench.floor import Floor

CALLS = 1_000_000
TURN = 20_000  # calls in a row, then the other's turn: both meet the same neighbours


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as store, kymograph.init(project="bench", store=store) as run:
        ours = np.empty(CALLS, np.int64)
        least = np.empty(CALLS, np.int64)
        floor = Floor(1).log
        for start in range(0, CALLS, TURN):
            _time(floor, least, start)
            _time(run.log, ours, start)
    a, b = np.percentile(ours, 99.9) / 1e3, np.percentile(least, 99.9) / 1e3
    note = (
        f"{a:.1f} µs, floor {b:.1f} µs; slowest {ours.max() / 1e6:.1f} ms, floor {least.max() / 1e6:.1f} ms"
    )
    return [Figure("slowest of 1,000,000 log calls, p99.9 against the floor", a / b, 2.0, "x", note=note)]


def _time(log: Callable[..., None], into: np.ndarray, start: int) -> None:
    values = {"loss": 0.5}
    now = time.perf_counter_ns
    for at in range(start, start + TURN):
        began = now()
        log(values, at)
        into[at] = now() - began
