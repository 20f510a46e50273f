"""One column of the runs table, made ready to be compared, matched and sorted without a loop over the runs.

Numbers (and booleans, as 1 and 0) are float64 with NaN where there is none. Texts are codes into a list of
the distinct texts, so a question about a text is asked once per distinct text. Everything is worked out when
it is first needed and kept: cells never change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

ANSWERS_KEPT = 16


class Cells:
    """A column: `values` is float64 (NaN: missing) or object (None: missing), one per run."""

    def __init__(self, values: NDArray[Any], present: Mask | None = None) -> None:
        """`present` says where there is a value, when NaN can be one."""
        self.values = values
        self._present = present
        self._answers: dict[Hashable, Mask] = {}
        self._orders: dict[bool, NDArray[np.int64]] = {}

    @classmethod
    def of(cls, values: Sequence[object]) -> Cells:
        """Cells of plain Python values."""
        column = np.empty(len(values), dtype=object)
        column[:] = values
        return cls(column)

    @classmethod
    def missing(cls, length: int) -> Cells:
        """A column that no run has."""
        return cls(np.full(length, np.nan))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def plain(self) -> bool:
        """Whether the column holds numbers only."""
        return self.values.dtype != object

    @cached_property
    def numbers(self) -> Floats:
        """The numbers, NaN where there is none."""
        return self.values if self.plain else self._split[0]

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """For each run the place of its text in `texts`; -1, the extra last place, where it has none."""
        return np.full(len(self.values), -1, np.int32) if self.plain else self._split[1]

    @cached_property
    def texts(self) -> list[str]:
        """The distinct texts, in the order of first appearance."""
        return [] if self.plain else self._split[2]

    @cached_property
    def present(self) -> Mask:
        """Where the run has a value."""
        if self._present is not None:
            return self._present
        if self.plain:
            return ~np.isnan(self.numbers)
        found: Mask = np.asarray(self.values != None, dtype=np.bool_)  # noqa: E711 - element by element
        return found  # a NaN that was written is a value

    @cached_property
    def truthy(self) -> Mask:
        """Where the run has a value that is neither zero, false nor an empty text."""
        found: Mask = self.present & (self.numbers != 0)
        if self.texts:
            found &= ~self.where_text(lambda texts: [not text for text in texts])
        return found

    def where_text(self, test: Callable[[list[str]], Sequence[bool]], name: Hashable = None) -> Mask:
        """Where the run has a text for which `test`, asked about all distinct texts at once, says yes.

        The answers to a test that has a name are kept: a table is sorted and paged with the same query.
        """
        if not self.texts:
            return np.zeros(len(self.values), dtype=np.bool_)
        answers = self._answers.get(name) if name is not None else None
        if answers is None:
            answers = self._answered(test)
            if name is not None:
                if len(self._answers) >= ANSWERS_KEPT:
                    self._answers.clear()
                self._answers[name] = answers
        picked: Mask = answers[self.codes]
        return picked

    def _answered(self, test: Callable[[list[str]], Sequence[bool]]) -> Mask:
        answers = np.zeros(len(self.texts) + 1, dtype=np.bool_)  # the last is for code -1: no text
        answers[:-1] = test(self.texts)
        return answers

    def order(self, *, descending: bool) -> NDArray[np.int64]:
        """The rows sorted by value, those without one last; rows with the same value stay as they are."""
        kept = self._orders.get(descending)
        if kept is None:
            ranks = -self.ranks if descending else self.ranks
            kept = self._orders[descending] = np.argsort(ranks, kind="stable")
        return kept

    @cached_property
    def ranks(self) -> Floats:
        """A number per run that sorts as the values do: numbers, then texts; NaN where missing."""
        if not self.texts:
            return self.numbers
        numbers, order = np.unique(self.numbers[~np.isnan(self.numbers)], return_inverse=True)
        ranks: Floats = np.full(len(self.values), np.nan)
        ranks[~np.isnan(self.numbers)] = order
        places = np.full(len(self.texts) + 1, np.nan)
        by_letter = sorted(range(len(self.texts)), key=self._letters.__getitem__)
        places[by_letter] = len(numbers) + np.arange(len(self.texts), dtype=np.float64)
        with_text = self.codes >= 0
        ranks[with_text] = places[self.codes[with_text]]
        return ranks

    @cached_property
    def _letters(self) -> list[tuple[str, str]]:
        return [(text.casefold(), text) for text in self.texts]

    @cached_property
    def _split(self) -> tuple[Floats, NDArray[np.int32], list[str]]:
        numbers: Floats = np.full(len(self.values), np.nan)
        codes = np.full(len(self.values), -1, np.int32)
        places: dict[str, int] = {}
        values = self.values.tolist()
        kinds = {type(value) for value in values}
        if kinds <= {str, type(None)}:
            codes[:] = [-1 if value is None else places.setdefault(value, len(places)) for value in values]
            return numbers, codes, list(places)
        for at, value in enumerate(values):
            if isinstance(value, (bool, int, float)):
                numbers[at] = _as_float(value)
            elif value is not None:
                codes[at] = places.setdefault(text_of(value), len(places))
        return numbers, codes, list(places)


def text_of(value: object) -> str:
    """A text as it is, a list or mapping as compact JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond float64
        return float("inf") if value > 0 else float("-inf")
