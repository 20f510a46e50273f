"""What one log call costs, against the floor."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

import kymograph
from bench.figure import Figure
from bench.floor import Floor

ROUNDS = 101
CALLS = {1: 5_000, 100: 500}


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as store, kymograph.init(project="bench", store=store) as run:
        return [
            _against_the_floor(run.log, 1, "run.log, 1 key, against the floor", 2.0),
            _against_the_floor(run.log, 100, "run.log, 100 keys, per key, against the floor", 1.0),
        ]


def _against_the_floor(log: Callable[..., None], keys: int, what: str, goal: float) -> Figure:
    values = {f"layer{number}/loss": number / 7 for number in range(keys)}
    floor = Floor(keys).log
    ours, least = [], []
    _seconds(log, values, CALLS[keys])  # the first round grows the files
    for _ in range(ROUNDS):  # in turns, so that both meet the same neighbours
        least.append(_seconds(floor, values, CALLS[keys]))
        ours.append(_seconds(log, values, CALLS[keys]))
    each, below = min(ours) / CALLS[keys] * 1e6, min(least) / CALLS[keys] * 1e6
    median = statistics.median(ours) / statistics.median(least)
    note = f"the least of {ROUNDS} rounds: {each:.2f} µs, floor {below:.2f} µs; of medians {median:.3g}x"
    return Figure(what, each / below, goal, "x", note=note)


def _seconds(log: Callable[..., None], values: dict[str, float], calls: int) -> float:
    start = time.perf_counter()
    for step in range(calls):
        log(values, step)
    return time.perf_counter() - start
