"""One metric of 1,000 runs of 1,000 steps, as a chart asks for it."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

import kymograph
from bench.figure import Figure
from bench.serving import Served
from bench.stores import store

RUNS, STEPS, BUCKETS = 1000, 1000, 200
ROUNDS = 21


def measure() -> list[Figure]:
    path = store("thousand", RUNS, STEPS)
    runs = kymograph.open(path).runs()
    assert len(runs) == RUNS
    here = _median(lambda: runs.series("loss", points=BUCKETS))
    with Served(path) as served:
        body = json.dumps(
            {"runs": runs.ids, "keys": ["loss"], "x": "step", "range": None, "points": BUCKETS}
        ).encode()
        over = _median(lambda: served.post("/api/series", body))
    return [
        Figure(
            "one metric of 1,000 runs x 1,000 steps, 200 buckets, in process", here, 50, " ms", note="warm"
        ),
        Figure("the same over HTTP", over, 120, " ms", note="warm"),
    ]


def _median(work: Callable[[], object]) -> float:
    work()
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)
