"""`make bench-peers`: runs the same work through every tracker and writes the table into docs/benchmarks.md.

python -m bench.peers [--only NAME ...] [--quick] [--no-write]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.docs_page import write_section
from bench.machine import describe
from bench.peers.environments import PLACE, Environment, Failed
from bench.peers.trackers import TRACKERS, Tracker

LIMIT = 1500.0  # seconds for one piece of work
STEPS = 1000
SLOW_CALLS = 5
FULL = 1000  # runs of the reading work


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.peers")
    asked.add_argument(
        "--only",
        nargs="*",
        help="adapters, as in bench/peers/trackers.py; the others keep what was measured before",
    )
    asked.add_argument("--quick", action="store_true", help="a hundredth of the work: does it run at all?")
    asked.add_argument("--no-write", action="store_true", help="print only")
    options = asked.parse_args()
    chosen = [tracker for tracker in TRACKERS if not options.only or tracker.adapter in options.only]
    PLACE.mkdir(parents=True, exist_ok=True)
    kept = PLACE / "results.json"
    found = (
        {one["adapter"]: one for one in json.loads(kept.read_text())}
        if options.only and kept.exists()
        else {}
    )
    for tracker in chosen:
        found[tracker.adapter] = measure(tracker, 100 if options.quick else 1)
    results = [found[tracker.adapter] for tracker in TRACKERS if tracker.adapter in found]
    if not options.quick:
        kept.write_text(json.dumps(results, indent=2))
    page = table(results)
    print(page)
    if not options.no_write:
        write_section("peers", page)


def measure(tracker: Tracker, less: int) -> dict[str, Any]:
    """All the work through one tracker; what fails is kept as the text of its failure."""
    print(f"{tracker.title} ...", file=sys.stderr, flush=True)
    environment = Environment(tracker.adapter, tracker.packages)
    found: dict[str, Any] = {"title": tracker.title, "adapter": tracker.adapter, "machine": describe()}
    place = Path(tempfile.mkdtemp(prefix=f"peer-{tracker.adapter}-"))
    try:
        environment.make()
        for name, work in works(tracker, environment, place, less).items():
            try:
                found[name] = work()
            except Failed as failure:
                found[name] = {"failed": str(failure)}
            print(f"  {name}: {found[name]}", file=sys.stderr, flush=True)
    except Failed as failure:
        found["failed"] = str(failure)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return found


def works(tracker: Tracker, environment: Environment, place: Path, less: int) -> dict[str, Callable[[], Any]]:
    """The pieces of work by name, each in a folder of its own."""

    def some(number: int) -> int:
        return max(number // less, 5)

    def do(name: str, folder: str, *numbers: int) -> dict[str, Any]:
        return environment.work(name, place / folder, *numbers, limit=LIMIT)

    def read(folder: str, runs: int, steps: int, spike: int) -> dict[str, Any]:
        do("fill", folder, runs, steps, spike)
        return do("chart", folder)

    def killed(name: str, calls: int, helpers: bool) -> dict[str, int]:
        folder = place / f"{name}-{helpers}"
        kept = environment.killed(name, folder, calls, helpers=helpers, limit=LIMIT)
        return {"kept": kept, "calls": calls}

    long = some(max(tracker.long, 1))
    return {
        "versions": lambda: do("versions", "versions"),
        "one": lambda: do("log_cost", "one", 1, some(tracker.calls_1)),
        "hundred": lambda: do("log_cost", "hundred", 100, some(tracker.calls_100)),
        "disk": lambda: do("disk", "disk", some(tracker.points)),
        "fast": lambda: killed("fast", some(tracker.fast), helpers=False),
        "fast_all": lambda: killed("fast", some(tracker.fast), helpers=True),
        "slow": lambda: killed("slow", SLOW_CALLS, helpers=False),
        "slow_all": lambda: killed("slow", SLOW_CALLS, helpers=True),
        "read": lambda: read("read", some(tracker.runs), STEPS, -1),
        "spike": lambda: {**read("spike", 1, long, long * 6 // 10 + 7), "points": long},
    }


def table(results: list[dict[str, Any]]) -> str:
    """The results as a Markdown table, one column per tracker."""
    titles = [result["title"] for result in results]
    rows = [("", *titles), ("---", *("---:" for _ in titles))]
    for line, key, cell in LINES:
        rows.append((line, *(_cell(result, key, cell) for result in results)))
    text = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    failures = [f"- {line}" for result in results for line in _failures(result)]
    return "\n\n".join(
        [describe(), text, *(["What could not be done:\n\n" + "\n".join(failures)] if failures else [])]
    )


def _cell(result: dict[str, Any], key: str, cell: Callable[[dict[str, Any]], str]) -> str:
    found = result.get(key)
    if found is None or "failed" in found:
        return "-"
    return cell(found)


def _failures(result: dict[str, Any]) -> list[str]:
    if "failed" in result:
        return [f"{result['title']}: {result['failed']}"]
    names = {key: line for line, key, _ in LINES}
    said: dict[str, list[str]] = {}
    for key, found in result.items():
        if isinstance(found, dict) and "failed" in found:
            said.setdefault(found["failed"], []).append(names[key])
    return [f"{result['title']}, {'; '.join(lines)}: `{text}`" for text, lines in said.items()]


def _scaled(found: dict[str, Any]) -> str:
    seconds = found["seconds"] * FULL / found["runs"]
    measured = "" if found["runs"] == FULL else f", from {found['runs']} runs"
    return f"{_number(seconds)} s ({found['samples']} samples each{measured})"


def _spike(found: dict[str, Any]) -> str:
    kept = "kept" if found["spike"] else "lost"
    return f"{kept} (of {found['points']:,}: {found['samples']:,} drawn)"


def _kept(found: dict[str, Any]) -> str:
    return f"{found['kept']:,} of {found['calls']:,}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


LINES: tuple[tuple[str, str, Callable[[dict[str, Any]], str]], ...] = (
    ("version", "versions", lambda found: ", ".join(f"{name} {one}" for name, one in found.items())),
    ("log call, 1 key, median", "one", lambda found: f"{_number(found['median'])} µs"),
    ("the same, mean with finishing", "one", lambda found: f"{_number(found['mean'])} µs"),
    ("log call, 100 keys, median", "hundred", lambda found: f"{_number(found['median'])} µs"),
    ("bytes per point on disk", "disk", lambda found: f"{_number(found['bytes'])} (of {found['points']:,})"),
    ("one metric of 1,000 runs x 1,000 steps, to be drawn", "read", _scaled),
    ("one spike in a long series", "spike", _spike),
    ("SIGKILL at full speed: kept", "fast", _kept),
    ("the same, its helper processes too", "fast_all", _kept),
    ("a point a second, then SIGKILL: kept", "slow", _kept),
    ("the same, its helper processes too", "slow_all", _kept),
)


if __name__ == "__main__":
    main()
