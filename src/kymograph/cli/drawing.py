"""Draws lines and their envelope with braille dots: numbers in, text lines out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kymograph.cli.words import number

ACROSS, DOWN = 2, 4  # dots in one character
# The bit of each dot in a braille character, by column and row.
BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
TICKS = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """What to draw: per point or bucket its x and its lowest, highest and mean value. NaN leaves a gap."""

    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: NDArray[np.float64]


def draw(curve: Curve, width: int, height: int, *, log: bool = False) -> list[str]:
    """The curve with its axes as lines of at most `width` characters; `height` of them hold the curve."""
    scale = np.log10 if log else np.asarray
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high, mean = (_finite(scale(values)) for values in (curve.low, curve.high, curve.mean))
    if not np.isfinite(mean).any():
        return ["(no finite values to draw)"]
    bottom, top = _range(float(np.nanmin(low)), float(np.nanmax(high)))
    places = {round(tick * (height - 1) / (TICKS - 1)) for tick in range(TICKS)}
    heights = {row: top - row / max(height - 1, 1) * (top - bottom) for row in places}
    labels = {row: number(10**at if log else at, digits=3) for row, at in heights.items()}
    margin = max(len(label) for label in labels.values())
    canvas = _Canvas(max(width - margin - 2, 4), height)
    left, right = _range(float(curve.x[0]), float(curve.x[-1]), widen=False)
    columns = (curve.x - left) / (right - left) * (canvas.dots_across - 1)
    rows = [(top - values) / (top - bottom) * (canvas.dots_down - 1) for values in (low, high, mean)]
    _fill(canvas, columns, *rows)
    return [*_with_axis(canvas.lines(), labels, margin), _feet(left, right, margin, canvas.width)]


class _Canvas:
    """A field of dots, two by four in each character."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.dots_across, self.dots_down = width * ACROSS, height * DOWN
        self._cells = np.zeros((height, width), dtype=np.int64)

    def bar(self, column: int, first: int, last: int) -> None:
        """Set the dots of one column from row `first` to row `last`."""
        for row in range(max(first, 0), min(last, self.dots_down - 1) + 1):
            self._cells[row // DOWN, column // ACROSS] |= BITS[column % ACROSS][row % DOWN]

    def lines(self) -> list[str]:
        return ["".join(chr(0x2800 + cell) for cell in row) for row in self._cells]


def _fill(
    canvas: _Canvas,
    columns: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    mean: NDArray[np.float64],
) -> None:
    before: tuple[int, int] | None = None
    for at in range(len(columns)):
        if math.isnan(mean[at]):
            before = None
            continue
        column, row = round(columns[at]), round(mean[at])
        canvas.bar(column, round(high[at]), round(low[at]))  # rows count downward
        if before is not None:
            _join(canvas, before, (column, row))
        before = column, row


def _join(canvas: _Canvas, start: tuple[int, int], end: tuple[int, int]) -> None:
    steps = max(abs(end[0] - start[0]), 1)
    last = start[1]
    for step in range(1, steps + 1):
        row = start[1] + round((end[1] - start[1]) * step / steps)
        canvas.bar(start[0] + step if end[0] > start[0] else end[0], min(last, row), max(last, row))
        last = row


def _with_axis(lines: list[str], labels: dict[int, str], margin: int) -> list[str]:
    return [
        f"{labels[row]:>{margin}} ┤{line}" if row in labels else f"{'':>{margin}} │{line}"
        for row, line in enumerate(lines)
    ]


def _feet(left: float, right: float, margin: int, width: int) -> str:
    start, middle, end = number(left), number((left + right) / 2), number(right)
    space = max(width - len(start) - len(end), 1)
    return f"{'':>{margin}} └{start}{middle:^{space}}{end}" if space > len(middle) else f"{start} … {end}"


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)


def _range(low: float, high: float, *, widen: bool = True) -> tuple[float, float]:
    if low < high:
        return low, high
    around = abs(low) * 0.01 or 1.0
    return (low - around, low + around) if widen else (low, low + 1.0)
