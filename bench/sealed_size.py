"""Bytes per point of a sealed segment: step, time and value together."""

from __future__ import annotations

import math
import random
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import kymograph
from bench.figure import Figure
from bench.stores import settle

POINTS = 1_000_000
EVERY = 0.05  # seconds between two points
START = 1_790_000_000.0


def measure() -> list[Figure]:
    return [
        Figure("sealed, noisy float64, regular clock", _sealed(_double), 7.5, " bytes/point"),
        Figure("sealed, float32 values, regular clock", _sealed(_single), 4.0, " bytes/point"),
    ]


def _sealed(value: Callable[[float], float]) -> float:
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as store:
        with kymograph.init(project="bench", store=store, capture=False) as run:
            for step in range(POINTS):
                noisy = math.exp(-3 * step / POINTS) + 0.1 * draw.gauss(0, 1)
                run.log({"loss": value(noisy)}, step, time=START + EVERY * step)
        settle(Path(store))
        files = list(Path(store).rglob("*.seg"))
        assert not list(Path(store).rglob("*.log")), "not everything was sealed"
        return sum(path.stat().st_size for path in files) / POINTS


def _double(value: float) -> float:
    return value


def _single(value: float) -> float:
    return float(struct.unpack("<f", struct.pack("<f", value))[0])
