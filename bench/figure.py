"""A figure beside its goal, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured, the figure, the goal, the unit; `more` when more is better."""

    what: str
    figure: float
    goal: float
    unit: str = ""
    more: bool = False
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        return self.figure >= self.goal if self.more else self.figure <= self.goal


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, which reads well in a terminal too."""
    rows = [("what", "figure", "goal", "", "note"), ("---", "---:", "---:", "---", "---")]
    for one in figures:
        sign = ">=" if one.more else "<="
        rows.append(
            (
                one.what,
                f"{number(one.figure)}{one.unit}",
                f"{sign} {number(one.goal)}{one.unit}",
                "reached" if one.reached else "**not reached**",
                one.note,
            )
        )
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
