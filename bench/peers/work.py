"""One piece of work through one tracker, run inside that tracker's environment; prints one line of JSON.

python work.py ADAPTER WORK FOLDER [NUMBER ...]
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from adapters import KEY, SPIKE, values

WARM_UP = 20


def log_cost(adapter: Any, folder: Path, keys: int, calls: int) -> dict[str, float]:
    """Median and mean time of one log call, in microseconds; the mean includes finishing."""
    names = [KEY] if keys == 1 else [f"layer{number}/{KEY}" for number in range(keys)]
    writer = adapter.Writer(folder, "cost")
    log = writer.log
    costs = []
    began = time.perf_counter()
    for step, value in enumerate(values(0, calls + WARM_UP)):
        metrics = dict.fromkeys(names, value)
        start = time.perf_counter()
        log(metrics, step)
        costs.append(time.perf_counter() - start)
    writer.finish()
    took = time.perf_counter() - began
    return {
        "median": statistics.median(costs[WARM_UP:]) * 1e6,
        "mean": took / len(costs) * 1e6,
        "calls": calls,
    }


def disk(adapter: Any, folder: Path, points: int) -> dict[str, float]:
    """Bytes on disk per point of one noisy series of float64."""
    writer = adapter.Writer(folder, "disk")
    for step, value in enumerate(values(0, points)):
        writer.log({KEY: value}, step)
    writer.finish()
    adapter.settle(folder)
    return {"bytes": size(folder) / points, "points": points}


def fill(adapter: Any, folder: Path, runs: int, steps: int, spike: int = -1) -> dict[str, float]:
    """Prepare points to be read."""
    adapter.fill(folder, runs, steps, spike if spike >= 0 else None)
    return {"runs": runs}


def chart(adapter: Any, folder: Path) -> dict[str, float]:
    """Seconds until a process that has just imported the tracker has what its page draws."""
    adapter.load(folder)
    start = time.perf_counter()
    found = adapter.chart(folder, KEY)
    seconds = time.perf_counter() - start
    top = max(float(max(series)) for series in found if len(series))
    return {
        "seconds": seconds,
        "runs": len(found),
        "samples": max(len(series) for series in found),
        "spike": float(top == SPIKE),
    }


def fast(adapter: Any, folder: Path, calls: int) -> dict[str, float]:
    """Log at full speed, say so, and wait for the end."""
    writer = adapter.Writer(folder, "fast")
    for step, value in enumerate(values(0, calls)):
        writer.log({KEY: value}, step)
    return wait_for_the_end()


def slow(adapter: Any, folder: Path, calls: int) -> dict[str, float]:
    """Log once a second, say so, and wait for the end."""
    writer = adapter.Writer(folder, "slow")
    for step, value in enumerate(values(0, calls)):
        writer.log({KEY: value}, step)
        time.sleep(1.0)
    return wait_for_the_end()


def wait_for_the_end() -> dict[str, float]:
    os.write(1, b"\nLOGGED\n")
    time.sleep(600)
    return {}


def count(adapter: Any, folder: Path) -> dict[str, float]:
    """How many points can be read."""
    return {"count": adapter.count(folder)}


def versions(adapter: Any, folder: Path) -> dict[str, str]:
    """What is installed."""
    return adapter.versions()


def size(folder: Path) -> int:
    """Bytes of all files; preallocated space that is not used does count."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


WORKS: dict[str, Callable[..., dict[str, Any]]] = {
    work.__name__: work for work in (log_cost, disk, fill, chart, fast, slow, count, versions)
}


def main() -> None:
    name, work, folder, *numbers = sys.argv[1:]
    adapter = import_module(f"adapters.{name}")
    result = WORKS[work](adapter, Path(folder), *map(int, numbers))
    print(f"\nRESULT {json.dumps(result)}", flush=True)


if __name__ == "__main__":
    main()
