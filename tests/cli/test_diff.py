"""Where two runs differ."""

import json

from kymograph.cli.diff import compare, flat


def test_what_differs_is_named_as_in_queries(kymo, store):
    document = json.loads(kymo("diff", "run-0", "run-1", "--json").out)
    found = {one["name"]: (one["first"], one["second"]) for one in document["differences"]}
    assert found["config.optim/lr"] == (0.1, 0.01)
    assert "loss" not in found
    assert "project" not in found


def test_a_run_does_not_differ_from_itself(kymo, store):
    said = kymo("diff", "run-0", "run-0")
    assert said.code == 0
    assert "do not differ" in said.out


def test_what_only_one_has_is_missing_on_the_other_side():
    assert compare({"a": 1, "b": 2}, {"b": 2, "c": 3}) == [("a", 1, None), ("c", None, 3)]


def test_nan_is_the_same_as_nan():
    assert compare({"a": float("nan")}, {"a": float("nan")}) == []


def test_nested_settings_are_joined():
    assert flat({"a": {"b": {"c": 1}}, "d": 2}) == {"a/b/c": 1, "d": 2}
