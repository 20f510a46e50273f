"""Opening a store of 1,000 finished, indexed runs."""

from __future__ import annotations

import statistics
import subprocess
import sys

from bench.figure import Figure
from bench.serving import SOURCES
from bench.stores import store

ROUNDS = 9
PROGRAM = """
import sys, time
sys.path.insert(0, {sources!r})
import kymograph, kymograph.query.project
start = time.perf_counter()
opened = kymograph.open({path!r})
assert len(opened.runs()) == 1000
print((time.perf_counter() - start) * 1e3)
"""


def measure() -> list[Figure]:
    program = PROGRAM.format(sources=SOURCES, path=str(store("thousand", 1000, 1000)))
    times = [
        float(
            subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        )
        for _ in range(ROUNDS)
    ]
    note = "a fresh process, after its imports"
    return [
        Figure(
            "opening a store of 1,000 finished, indexed runs", statistics.median(times), 100, " ms", note=note
        )
    ]
