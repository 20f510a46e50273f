"""`make bench`: measures every figure, each file in a process of its own, and prints figure / goal.

python -m bench [NAME ...] [--write]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench.docs_page import write_section
from bench.figure import Figure, table
from bench.machine import describe

HERE = Path(__file__).resolve().parent
NAMES = (
    "log_call",
    "hiccups",
    "writers",
    "start",
    "sealed_size",
    "many_runs",
    "zoom",
    "runs_table",
    "open_store",
    "server_memory",
    "page",
)
MARK = "FIGURES "


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench")
    asked.add_argument("names", nargs="*", choices=[[], *NAMES], metavar="NAME", help=", ".join(NAMES))
    asked.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    asked.add_argument("--one", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        measure_here(options.one)
        return
    figures: list[Figure] = []
    failures: list[str] = []
    for name in options.names or NAMES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        found = measure_apart(name)
        if isinstance(found, str):
            failures.append(f"- {name}: {found}")
            continue
        figures += found
        for one in found:
            print(
                f"  {one.what}: {one.figure:.4g}{one.unit} (goal {one.goal:g})", file=sys.stderr, flush=True
            )
    page = "\n\n".join(
        [describe(), table(figures), *(["Not measured:\n\n" + "\n".join(failures)] if failures else [])]
    )
    print(page)
    if options.write:
        write_section("figures", page)


def measure_here(name: str) -> None:
    """Measure one file in this process."""
    from importlib import import_module

    figures = import_module(f"bench.{name}").measure()
    print(
        MARK + json.dumps([[one.what, one.figure, one.goal, one.unit, one.more, one.note] for one in figures])
    )


def measure_apart(name: str) -> list[Figure] | str:
    """Measure one file in a fresh process; the last line of its complaint when it fails."""
    command = [sys.executable, "-m", "bench", "--one", name]
    place = {**os.environ, "PYTHONPATH": str(HERE.parent / "src")}
    done = subprocess.run(command, cwd=HERE.parent, env=place, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith(MARK):
            return [Figure(*parts) for parts in json.loads(line[len(MARK) :])]
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


if __name__ == "__main__":
    main()
