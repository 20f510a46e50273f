"""What goes on the wire: numbers that JSON cannot hold, and values of any kind."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kymograph.server import schema
from kymograph.server.schema import Reply, cell, finite, number

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner)
)


@pytest.mark.parametrize(
    ("value", "sent"),
    [(1.5, 1.5), (math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity"), (np.float32(0.5), 0.5)],
)
def test_numbers_that_json_cannot_hold_are_words(value, sent):
    assert number(value) == sent
    assert cell(value) == sent


@pytest.mark.parametrize("value", [2**53, -(2**53), 2**64, 10**30])
def test_integers_that_javascript_cannot_hold_are_their_digits(value):
    assert cell(value) == str(value)
    assert cell(2**53 - 1) == 2**53 - 1


def test_a_boolean_stays_a_boolean():
    assert cell(True) is True
    assert cell(np.bool_(False)) is False


def test_values_nobody_thought_of_are_their_text():
    assert cell({"when": complex(1, 2), 3: (1, np.int64(2))}) == {"when": "(1+2j)", "3": [1, 2]}


def test_finite_takes_away_what_is_not():
    assert [finite(value) for value in (None, math.nan, math.inf, 2)] == [None, None, None, 2.0]


@given(VALUES)
def test_any_attribute_can_be_encoded_and_loses_nothing_silently(value):
    sent = msgspec.json.decode(msgspec.json.encode(cell(value)))
    assert "null" not in msgspec.json.encode(sent).decode() or "None" in repr(value) or "null" in repr(value)


def test_every_field_of_every_reply_is_always_there():
    replies = [
        shape for shape in vars(schema).values() if isinstance(shape, type) and issubclass(shape, Reply)
    ]
    assert len(replies) > 20
    for shape in replies:
        for field in msgspec.structs.fields(shape):
            assert field.required, (
                f"{shape.__name__}.{field.name} may be left out; the page's types would say so"
            )
