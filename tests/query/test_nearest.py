"""Which known names are offered for one that is not known."""

from __future__ import annotations

from kymograph.query.nearest import hint, nearest


def test_similar_names_come_first_then_those_that_hold_it():
    assert nearest("los", ["acc", "loss", "val/loss", "step"]) == ["loss", "val/loss"]
    assert nearest("acc", ["val/ACC"]) == ["val/ACC"]
    assert nearest("", ["a"]) == []


def test_a_hint_ends_a_sentence_or_says_nothing():
    assert hint("los", ["loss"]) == "; nearest: loss"
    assert hint("zzz", ["loss"]) == ""
