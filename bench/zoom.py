"""Any zoom of a series of ten million points."""

from __future__ import annotations

import random

import kymograph
from bench.figure import Figure
from bench.stores import store
from bench.timing import Took, warm

POINTS, BUCKETS = 10_000_000, 1000
ROUNDS = 5


def measure() -> list[Figure]:
    view = kymograph.open(store("long", 1, POINTS)).runs()[0]
    draw = random.Random(0)
    slowest, where = Took(0.0, 0.0), 0.0
    for width in (1.0, 0.5, 0.1, 0.01, 0.001, 0.0001, 0.00001):
        for _ in range(4):
            low = draw.random() * (1 - width) * POINTS
            span = (low, low + width * POINTS)
            took = warm(lambda span=span: view.series("loss", range=span, points=BUCKETS), ROUNDS)
            slowest, where = max((slowest, where), (took, width))
    note = f"{slowest.note}; slowest zoom: {where:.3%} of it"
    return [Figure("any zoom of a 10 M-point series, 1,000 buckets", slowest.clock, 5, " ms", note=note)]
