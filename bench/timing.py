"""Times warm work: the median of many rounds, by the clock and by the processor."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

WARM_UP = 3


class Took(NamedTuple):
    """Medians in milliseconds: by the clock, and how long this process worked."""

    clock: float
    work: float

    @property
    def note(self) -> str:
        """For the table: with neighbours on the machine the clock tells more of them than of us."""
        return f"warm; {self.work:.3g} ms of processor time"


def warm(work: Callable[[], object], rounds: int = 21) -> Took:
    """How long warm work takes."""
    for _ in range(WARM_UP):
        work()
    clock, worked = [], []
    for _ in range(rounds):
        start, began = time.perf_counter(), time.process_time()
        work()
        worked.append((time.process_time() - began) * 1e3)
        clock.append((time.perf_counter() - start) * 1e3)
    return Took(statistics.median(clock), statistics.median(worked))
