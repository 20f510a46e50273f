"""Patterns: Python's regular expressions, without those that could take for ever."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.errors import QueryError
from kymograph.query.pattern import LONGEST_PATTERN, LOOKED_AT, Pattern

TEXTS = ["resnet-50", "vit", "ResNet", "", "a+b"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("resnet", [True, False, False, False, False]),
        ("(?i)resnet", [True, False, True, False, False]),
        ("^v|50$", [True, True, False, False, False]),
        (r"\d{2}", [True, False, False, False, False]),
        (r"[+]", [False, False, False, False, True]),
        (r"[]+]", [False, False, False, False, True]),
        ("(?:res|Res).et-?", [True, False, True, False, False]),
        ("", [True] * 5),
        ("{", [False] * 5),
        ("r.*t", [True, False, False, False, False]),
    ],
)
def test_a_pattern_is_searched_anywhere_in_the_text(pattern, found):
    assert Pattern(pattern).found_in(TEXTS) == found


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*",
        "(a|aa)*$",
        "((a+))+",
        "(?:a?){30}",
        "(a{1,9}){2,}",
        r"(a)\1",
        "(?P<n>a)(?P=n)",
        "(?x)a",
        "a?" * 11,
        ".*" * 5,
        "a{99}",
        "(?(1)a|b)",
        "((a+)?)*",
    ],
)
def test_patterns_that_could_take_for_ever_are_refused(pattern):
    with pytest.raises(QueryError, match="too long"):
        Pattern(pattern, at=7)


@pytest.mark.parametrize("pattern", ["(", "[", "a**", "(?<=a*)b", "x{2}{3}", "\\"])
def test_what_is_no_regular_expression_points_into_the_pattern(pattern):
    with pytest.raises(QueryError, match="not a regular expression") as error:
        Pattern(pattern, at=7)
    assert 8 <= error.value.column <= 8 + len(pattern)


def test_a_pattern_has_a_bounded_length():
    with pytest.raises(QueryError, match="characters"):
        Pattern("a" * (LONGEST_PATTERN + 1))


def test_the_more_repetitions_the_fewer_characters_are_looked_at():
    text = "x" * 300 + "end"
    assert Pattern("end").found_in([text]) == [True]
    assert Pattern("x+end").found_in([text]) == [True]
    assert Pattern("x+.*.*end").found_in([text]) == [False]
    assert list(LOOKED_AT) == sorted(LOOKED_AT, reverse=True)


@settings(deadline=None, max_examples=150)
@given(st.text("ab(|)*+?[]{}2,^$.\\x-", max_size=14))
def test_any_pattern_is_refused_or_answers_as_re_does_and_soon(pattern):
    try:
        found = Pattern(pattern)
    except QueryError:
        return
    texts = ["ab" * 20, "a" * 40, "b", ""]
    began = time.process_time()
    answers = found.found_in(texts)
    assert time.process_time() - began < 10, "a pattern that was let through must not be explosive"
    assert answers == [re.search(pattern, text) is not None for text in texts]
