"""One metric of 1,000 runs of 1,000 steps, as a chart asks for it."""

from __future__ import annotations

import json

import kymograph
from bench.figure import Figure
from bench.serving import Served
from bench.stores import store
from bench.timing import warm

RUNS, STEPS, BUCKETS = 1000, 1000, 200
WHAT = "one metric of 1,000 runs x 1,000 steps, 200 buckets"


def measure() -> list[Figure]:
    path = store("thousand", RUNS, STEPS)
    runs = kymograph.open(path).runs()
    assert len(runs) == RUNS
    here = warm(lambda: runs.series("loss", points=BUCKETS))
    asked = {"runs": runs.ids, "keys": ["loss"], "x": "step", "range": None, "points": BUCKETS}
    with Served(path) as served:
        body = json.dumps(asked).encode()
        over = warm(lambda: served.post("/api/series", body))
    return [
        Figure(f"{WHAT}, in process", here.clock, 50, " ms", note=here.note),
        Figure("the same over HTTP", over.clock, 120, " ms", note="warm"),
    ]
