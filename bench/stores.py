"""Stores to be read, written once through the front door and kept in build/bench."""

from __future__ import annotations

import math
import os
import random
import shutil
import sys
from pathlib import Path

import kymograph

PLACE = Path(os.environ.get("KYMOGRAPH_BENCH", Path(__file__).resolve().parent.parent / "build" / "bench"))
PROJECT = "bench"
PATIENCE = 60.0  # seconds that one look may spend on sealing; a server spends less and looks more often


def store(name: str, runs: int, steps: int, keys: int = 1) -> Path:
    """A store of finished, sealed and indexed runs; each has `keys` noisy falling series and a config."""
    path = PLACE / name
    done = PLACE / f"{name}.done"
    if done.exists():
        return path
    shutil.rmtree(path, ignore_errors=True)
    PLACE.mkdir(parents=True, exist_ok=True)
    for number in range(runs):
        _write(path, number, steps, keys)
        if number % 1000 == 999:
            print(f"{name}: {number + 1} runs", file=sys.stderr, flush=True)
    settle(path)
    done.touch()
    return path


def settle(path: Path) -> None:
    """Read until nothing is left to be sealed."""
    opened = kymograph.open(path)
    while opened.index.sync(PATIENCE) or any((path / "live").iterdir()):
        pass
    opened.close()


def _write(path: Path, number: int, steps: int, keys: int) -> None:
    draw = random.Random(number)
    config = {
        "lr": 10 ** draw.uniform(-4, -1),
        "batch": draw.choice([32, 64, 128]),
        "model": draw.choice(["small", "medium", "large"]),
        "seed": number,
    }
    names = ["loss", *(f"layer{key}/loss" for key in range(1, keys))]
    with kymograph.init(
        project=PROJECT, name=f"run-{number:06d}", config=config, store=path, capture=False
    ) as run:
        run.define("loss", goal="min")
        noise = draw.random
        for step in range(steps):
            value = math.exp(-3 * step / steps) + 0.1 * noise()
            run.log(dict.fromkeys(names, value), step)
