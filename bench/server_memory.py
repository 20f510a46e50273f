"""Memory of the server that shows ten million points of 1,000 runs."""

from __future__ import annotations

import json

import kymograph
from bench.figure import Figure
from bench.serving import Served
from bench.stores import PROJECT, store

RUNS, STEPS = 1000, 10_000


def measure() -> list[Figure]:
    path = store("ten-million", RUNS, STEPS)
    ids = kymograph.open(path).runs().ids
    with Served(path) as served:
        bare = served.resident()
        served.get(f"/api/projects/{PROJECT}/runs?limit=100")
        for points, span in ((1000, None), (1000, [0, STEPS / 10]), (200, None), (1000, [STEPS / 2, STEPS])):
            asked = {"runs": ids, "keys": ["loss"], "x": "step", "range": span, "points": points}
            served.post("/api/series", json.dumps(asked).encode())
        shown = served.resident()
    note = f"{bare:.0f} MB before the first question"
    return [Figure("memory of the server showing 10 M points of 1,000 runs", shown, 150, " MB", note=note)]
