"""Completion: what is offered where, and what it replaces."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.query.complete import complete


@dataclass(frozen=True)
class Known:
    name: str
    source: str
    kind: str
    runs: int = 3


COLUMNS = [
    Known("config.lr", "config", "number"),
    Known("config.`my key`", "config", "text"),
    Known("config.amp", "config", "bool"),
    Known("val/acc", "series", "number"),
    Known("train/acc", "series", "number"),
    Known("status", "built-in", "text"),
]


def offers(query: str, at: int | None = None) -> list[str]:
    found = complete(query, len(query) if at is None else at, COLUMNS, lambda _: ["finished", "failed", 3.0])
    return [each.text for each in found]


def applied(query: str, at: int | None = None) -> str:
    """The query after the first offer was taken."""
    first = complete(query, len(query) if at is None else at, COLUMNS, lambda _: ["finished", "failed"])[0]
    return query[: first.start] + first.text + query[first.end :]


def test_names_are_offered_where_a_test_begins():
    assert offers("")[:3] == ["config.lr", "config.`my key`", "config.amp"]
    assert offers("con") == ["config.lr", "config.`my key`", "config.amp"]
    assert offers("config.lr = 1 and (not va") == ["val/acc"]
    assert "not" in offers("config.lr and ")


def test_a_name_that_begins_so_comes_before_one_that_holds_it():
    assert offers("acc")[:2] == ["val/acc", "train/acc"]
    assert offers("a")[0] != "val/acc"
    assert offers("st")[0] == "status"


def test_statistics_are_offered_behind_the_full_stop_of_a_series():
    assert offers("val/acc.m") == [
        "val/acc.min",
        "val/acc.max",
        "val/acc.mean",
        "val/acc.min_step",
        "val/acc.max_step",
    ]
    assert "val/acc.best" in offers("val/acc.")
    assert offers("config.lr.") == []


def test_operators_fit_the_kind_of_the_column():
    assert "<" in offers("config.lr ")
    assert "~" not in offers("config.lr ")
    assert "~" in offers("status ")
    assert offers("status is ") == ["missing", "not missing"]


def test_values_are_offered_as_they_must_be_written():
    assert offers("status = ") == ['"finished"', '"failed"', "3"]
    assert offers('status = "fi') == ['"finished"']
    assert offers('status in ["failed", ') == ['"finished"', '"failed"', "3"]
    assert offers("config.amp = ") == ["true", "false"]
    assert offers("started > ") == ["-1h", "-1d", "-7d", "-30d"]
    assert offers("duration > ")[0] == "1m"


def test_after_a_whole_test_comes_and_or_or_the_end():
    assert offers("status = 'x' ") == ["and", "or"]
    assert offers("(status = 'x' ") == ["and", "or", ")"]
    assert offers("status in [1] a") == ["and"]


def test_an_offer_replaces_the_word_at_the_cursor():
    assert applied("conf = 3", at=4) == "config.lr = 3"
    assert applied("config.`my") == "config.`my key`"
    assert applied("`my") == "config.`my key`"
    assert applied('status = "fi" and x', at=12) == 'status = "finished" and x'
    assert applied("va/acc > 3", at=2) == "val/acc > 3"


@pytest.mark.parametrize("query", ["a b c ", ") ", "a = = ", "? ", "a. "])
def test_nothing_is_offered_where_the_query_is_broken_already(query):
    assert offers(query) == []


@settings(deadline=None)
@given(st.text("ab./`\"' =<>()[],!~is not\\-1", max_size=30), st.integers(-3, 40))
def test_completion_never_fails_and_replaces_only_what_is_there(query, at):
    for offer in complete(query, at, COLUMNS, lambda _: ["x"]):
        assert 0 <= offer.start <= max(0, min(at, len(query))) <= offer.end <= len(query)
