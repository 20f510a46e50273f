"""Which points of a resumed run lie on its main branch, and which on a tail that was left; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kymograph.store.columns import Floats
from kymograph.store.writers import WriterInfo

Keep = Callable[[Floats], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Branch:
    """A tail that was left: the points behind `cut` that a later generation does not go on from."""

    name: str  # "@1000": the step where it was left
    generation: int  # the last one that is on it
    cut: float
    left: float  # when, s since the epoch
    points: int  # of all keys


class Branches:
    """The cuts that a run's writers made."""

    def __init__(self, writers: Iterable[WriterInfo]) -> None:
        cuts: dict[int, float] = {}
        for writer in writers:
            if writer.cut is not None and not math.isnan(writer.cut):
                cuts[writer.generation] = min(writer.cut, cuts.get(writer.generation, math.inf))
        self.cuts = dict(sorted(cuts.items()))  # generation -> the step at which it went on
        self.names: dict[str, int] = {}  # branch -> the generation that left it
        for generation, cut in self.cuts.items():
            name = base = f"@{int(cut) if cut.is_integer() else cut}"
            number = 2
            while name in self.names:
                name, number = f"{base}.{number}", number + 1
            self.names[name] = generation

    def main(self, generation: int) -> Keep | None:
        """The test for the steps of a generation that are on the main branch; None: all are."""
        limit = self._least(generation, None)
        return None if limit is None else _UpTo(limit)

    def tail(self, name: str, generation: int) -> Keep | None:
        """The test for the steps of a generation that are on a branch that was left; None: none is."""
        left = self.names[name]
        return _Tail(self._least(generation, left), self.cuts[left]) if generation < left else None

    def _least(self, above: int, below: int | None) -> float | None:
        """The least cut of the generations above one, and below another."""
        between = (cut for one, cut in self.cuts.items() if one > above and (below is None or one < below))
        return min(between, default=None)


@dataclass(frozen=True, slots=True)
class _UpTo:
    """Steps that no later generation has hidden."""

    limit: float

    def __call__(self, step: Floats) -> NDArray[np.bool_]:
        return step <= self.limit


@dataclass(frozen=True, slots=True)
class _Tail:
    """Steps that one generation has hidden, and none before it."""

    before: float | None
    cut: float

    def __call__(self, step: Floats) -> NDArray[np.bool_]:
        hidden: NDArray[np.bool_] = ~(step <= self.cut)
        return hidden if self.before is None else hidden & (step <= self.before)
