"""Any zoom of a series of ten million points."""

from __future__ import annotations

import random
import statistics
import time

import kymograph
from bench.figure import Figure
from bench.stores import store

POINTS, BUCKETS = 10_000_000, 1000
ROUNDS = 5


def measure() -> list[Figure]:
    view = kymograph.open(store("long", 1, POINTS)).runs()[0]
    draw = random.Random(0)
    slowest, where = 0.0, ""
    for width in (1.0, 0.5, 0.1, 0.01, 0.001, 0.0001, 0.00001):
        for _ in range(4):
            low = draw.random() * (1 - width) * POINTS
            took = _median(view, (low, low + width * POINTS))
            if took > slowest:
                slowest, where = took, f"slowest: {width:.3%} of it"
    return [
        Figure("any zoom of a 10 M-point series, 1,000 buckets", slowest, 5, " ms", note=f"warm; {where}")
    ]


def _median(view: kymograph.RunView, span: tuple[float, float]) -> float:
    view.series("loss", range=span, points=BUCKETS)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        view.series("loss", range=span, points=BUCKETS)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)
