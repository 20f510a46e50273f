"""What it costs to begin and to end: each in a fresh interpreter, above a bare one."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figure import Figure

ROUNDS = 21
LEAST = f"the least of {ROUNDS}: starting a process is mostly neighbours"
SOURCES = str(Path(__file__).resolve().parent.parent / "src")
RUN = """
import kymograph, time
a = time.perf_counter()
run = kymograph.init(project="bench", store={store!r})
run.log({{"loss": 0.5}})
b = time.perf_counter()
for step in range(9):
    run.log({{"loss": 0.5}})
c = time.perf_counter()
run.finish()
d = time.perf_counter()
print((b - a) * 1e3, (d - c) * 1e3)
"""


def measure() -> list[Figure]:
    bare, imports, firsts, finishes = [], [], [], []
    with tempfile.TemporaryDirectory() as store:
        for _ in range(ROUNDS):
            bare.append(_milliseconds("pass"))
            imports.append(_milliseconds("import kymograph"))
            first, finish = map(float, _output(RUN.format(store=store)).split())
            firsts.append(first)
            finishes.append(finish)
    return [
        Figure(
            "import for logging, above a bare interpreter", min(imports) - min(bare), 40, " ms", note=LEAST
        ),
        Figure("init to first log", statistics.median(firsts), 25, " ms"),
        Figure("finish with 10 points", statistics.median(finishes), 50, " ms"),
    ]


def _milliseconds(program: str) -> float:
    start = time.perf_counter()
    _output(program)
    return (time.perf_counter() - start) * 1e3


def _output(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
