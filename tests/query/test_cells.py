"""Cells: numbers, texts and what is missing in one column, and how it sorts."""

from __future__ import annotations

import numpy as np

from kymograph.query.cells import Cells


def test_numbers_texts_and_what_is_missing_are_told_apart():
    cells = Cells.of([1, "a", None, True, "a", [1, 2], 10**400])
    assert np.nan_to_num(cells.numbers, nan=-1, posinf=9).tolist() == [1, -1, -1, 1, -1, -1, 9]
    assert cells.texts == ["a", "[1, 2]"]
    assert cells.codes.tolist() == [-1, 0, -1, -1, 0, 1, -1]
    assert cells.present.tolist() == [True, True, False, True, True, True, True]


def test_a_test_on_texts_is_asked_once_per_distinct_text():
    asked: list[str] = []

    def test(texts: list[str]) -> list[bool]:
        asked.extend(texts)
        return [text == "b" for text in texts]

    assert Cells.of(["a", "b", None, "b", "a"]).where_text(test).tolist() == [False, True, False, True, False]
    assert asked == ["a", "b"]


def test_numbers_sort_before_texts_and_case_does_not_part_what_belongs_together():
    cells = Cells.of(["beta", 3, "Alpha", None, -1.5, "alpha"])
    ranks = cells.ranks
    assert np.isnan(ranks[3])
    order = [at for at in np.argsort(ranks) if not np.isnan(ranks[at])]
    assert [cells.values[at] for at in order] == [-1.5, 3, "Alpha", "alpha", "beta"]


def test_a_nan_that_was_written_is_a_value_in_an_object_column_and_missing_in_a_float_one():
    assert Cells.of([float("nan"), None]).present.tolist() == [True, False]
    assert Cells(np.array([np.nan, 1.0])).present.tolist() == [False, True]


def test_the_order_keeps_ties_as_they_are_and_what_is_missing_last_both_ways():
    cells = Cells(np.array([2.0, np.nan, 1.0, 2.0, np.inf]))
    assert cells.order(descending=False).tolist() == [2, 0, 3, 4, 1]
    assert cells.order(descending=True).tolist() == [4, 0, 3, 2, 1]


def test_the_answers_to_a_named_test_are_kept():
    cells = Cells.of(["a", "b", None])
    assert cells.where_text(lambda texts: [text == "a" for text in texts], "is a").tolist() == [
        True,
        False,
        False,
    ]
    assert cells.where_text(lambda texts: [False] * len(texts), "is a").tolist() == [True, False, False]
    for number in range(100):
        cells.where_text(lambda texts: [False] * len(texts), number)
    assert not cells.where_text(lambda texts: [False] * len(texts)).any()
