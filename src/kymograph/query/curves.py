"""Points of one series of one run along an x-axis, and a keeper of what was read within a budget of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Range = tuple[float, float]

AXES = ("step", "time", "relative")
REPEATS = ("all", "last", "mean")


class Points(Protocol):
    """Equal-length columns, in the order they were written."""

    @property
    def step(self) -> Floats: ...
    @property
    def time(self) -> Floats: ...
    @property
    def value(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Curve:
    """Points sorted by x; those with the same x keep the order they were written in."""

    x: Floats
    step: Floats
    time: Floats
    value: Floats
    left_out: int = 0  # points that have no x

    def __len__(self) -> int:
        return len(self.x)

    @property
    def nbytes(self) -> int:
        """Bytes held; an array that is there under two names counts once."""
        return sum({id(each): each.nbytes for each in (self.x, self.step, self.time, self.value)}.values())

    def within(self, asked: Range | None) -> Curve:
        """The points with x in the closed range."""
        if asked is None or not len(self.x) or (asked[0] <= self.x[0] and self.x[-1] <= asked[1]):
            return self
        start = np.searchsorted(self.x, asked[0], "left")
        end = max(start, np.searchsorted(self.x, asked[1], "right"))
        x, step, time, value = (each[start:end] for each in (self.x, self.step, self.time, self.value))
        return Curve(x, step, time, value, self.left_out)


def curve(points: Points, x: str, began: float, clock: Points | None, repeats: str = "all") -> Curve:
    """Points along an axis: step, time, relative (seconds since `began`), or a clock, given as its points.

    repeats: what becomes of points with the same step: "all" stay, the "last" counts, or their "mean" (at the
    last one's time). Points that have no finite x are left out and counted.
    """
    step, time, value = points.step, points.time, points.value
    if repeats != "all":
        step, time, value = _one_per_step(step, time, value, repeats)
    match x:
        case "step":
            along = step
        case "time":
            along = time
        case "relative":
            along = time - began
        case _:
            along = _by_clock(step, clock)
    return _sorted(along, step, time, value)


def _sorted(x: Floats, step: Floats, time: Floats, value: Floats) -> Curve:
    finite = np.isfinite(x)
    left_out = len(x) - int(np.count_nonzero(finite))
    order: NDArray[Any] | None = None
    if left_out:
        order = np.flatnonzero(finite)
        order = order[np.argsort(x[order], kind="stable")]
    elif len(x) > 1 and not (x[1:] >= x[:-1]).all():
        order = np.argsort(x, kind="stable")
    if order is None:
        return Curve(x, step, time, value)
    x_is_step, step_sorted = x is step, step[order]
    x_sorted = step_sorted if x_is_step else x[order]
    return Curve(x_sorted, step_sorted, time[order], value[order], left_out)


def _one_per_step(step: Floats, time: Floats, value: Floats, repeats: str) -> tuple[Floats, Floats, Floats]:
    order = np.argsort(step, kind="stable")
    step, time, value = step[order], time[order], value[order]
    if not len(step):
        return step, time, value
    same = step[1:] == step[:-1]
    last = np.append(~same, True)
    if repeats == "mean":
        starts = np.flatnonzero(np.append(True, ~same))
        value = np.add.reduceat(value, starts) / np.diff(np.append(starts, len(value)))
        return step[last], time[last], value
    return step[last], time[last], value[last]


def _by_clock(step: Floats, clock: Points | None) -> Floats:
    """The clock's value at each step, NaN where it has none; of a repeated step the last one."""
    if clock is None or not len(clock.step):
        return np.full(len(step), np.nan)
    steps, _, values = _one_per_step(clock.step, clock.time, clock.value, "last")
    place = np.minimum(np.searchsorted(steps, step), len(steps) - 1)
    return np.where(steps[place] == step, values[place], np.nan)


class Sized(Protocol):
    """Something that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int: ...


T = TypeVar("T", bound=Sized)


class Kept(Generic[T]):
    """The things used last, as many as fit a budget of bytes, each for one version. Any thread may call."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held = 0
        self._lock = threading.Lock()
        self._things: OrderedDict[object, tuple[int, T]] = OrderedDict()

    def get(self, name: object, version: int, make: Callable[[], T]) -> T:
        """The thing of this name and version, made when it is not there."""
        with self._lock:
            found = self._things.get(name)
            if found is not None and found[0] == version:
                self._things.move_to_end(name)
                return found[1]
        made = make()
        with self._lock:
            self._put(name, version, made)
        return made

    def _put(self, name: object, version: int, made: T) -> None:
        old = self._things.pop(name, None)
        if old is not None:
            self._held -= old[1].nbytes
        if made.nbytes > self._budget:
            return
        self._things[name] = (version, made)
        self._held += made.nbytes
        while self._held > self._budget:
            _, (_, dropped) = self._things.popitem(last=False)
            self._held -= dropped.nbytes

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._held
