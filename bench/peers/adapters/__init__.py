"""One file per tracker. Each has the same names:

Writer(folder, run)                 .log(values, step) as its users call it, .finish()
fill(folder, runs, steps, spike)    the same points in the fastest way it offers; prepares the reading work
settle(folder)                      what a reader does to the files before they rest, if anything
count(folder)                       how many points of the key "loss" are there to be read
load(folder)                        imports what `chart` needs
chart(folder, key)                  what its own page gets to draw that key: one array of values per run
versions()                          name -> version
"""

from __future__ import annotations

import math
from collections.abc import Iterator

KEY = "loss"
SPIKE = 1000.0


class Cannot(Exception):
    """This tracker has no way to do that; the text says why."""


def values(run: int, steps: int, spike: int | None = None) -> Iterator[float]:
    """A noisy falling curve, always the same; one single spike if asked for."""
    state = 12345 + run
    for step in range(steps):
        state = (state * 1103515245 + 12345) % 2**31
        yield SPIKE if step == spike else math.exp(-3 * step / steps) + 0.1 * state / 2**31
