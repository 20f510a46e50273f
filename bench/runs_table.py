"""A page of the runs table: filter, sort, the first hundred."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import kymograph
from bench.figure import Figure
from bench.stores import store

QUERY = "config.lr < 0.01 and loss.min < 0.2"
SORT = "-loss.last"
COLUMNS = ["name", "status", "created", "config.lr", "config.model", "loss"]
ROUNDS = 21


def measure() -> list[Figure]:
    return [
        _page(store("table-10k", 10_000, 3), 10_000, 5),
        _page(store("table-100k", 100_000, 3), 100_000, 50),
    ]


def _page(path: Path, runs: int, goal: float) -> Figure:
    opened = kymograph.open(path)
    found = _ask(opened)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        _ask(opened)
        times.append((time.perf_counter() - start) * 1e3)
    what = f"runs table, {runs:,} runs: filter, sort, page of 100"
    return Figure(what, statistics.median(times), goal, " ms", note=f"warm; {found:,} match")


def _ask(opened: kymograph.Store) -> int:
    runs = opened.runs(QUERY, sort=SORT, limit=100)
    runs.table(COLUMNS)
    return runs.total
