"""Everything about one run."""

import json

import pytest

import kymograph as ky


def test_a_run_shows_what_was_said_about_it(kymo, store):
    said = kymo("show", "run-1")
    assert "run-1" in said.out
    assert "optim/lr = 0.01" in said.out
    assert "sweep" in said.out
    assert "val/acc" in said.out


def test_a_failed_run_shows_its_traceback(kymo, store):
    with pytest.raises(ZeroDivisionError), ky.init(project="digits", name="broken"):
        raise ZeroDivisionError("division by zero")
    said = kymo("show", "broken")
    assert "failed" in said.out
    assert said.out.rstrip().endswith("ZeroDivisionError: division by zero")


def test_json_has_the_statistics_of_each_key(kymo, store):
    document = json.loads(kymo("show", "run-0", "--json").out)
    assert document["config"] == {"optim": {"lr": 0.1}}
    assert document["keys"]["loss"]["count"] == 50
    assert document["keys"]["loss"]["min"] == 0.02
    assert document["truncated"] is False


def test_keys_are_limited_and_that_is_said(kymo, store):
    said = kymo("show", "run-0", "--limit", 1)
    assert "1 more keys (--limit)" in said.err
    document = json.loads(kymo("show", "run-0", "--limit", 1, "--json").out)
    assert len(document["keys"]) == 1
    assert document["total_keys"] == 2
    assert document["truncated"] is True


def test_nan_is_a_word_in_json(kymo, store):
    with ky.init(project="digits", name="odd") as run:
        run.log({"loss": float("nan")})
    document = json.loads(kymo("show", "odd", "--json").out)
    assert document["keys"]["loss"]["last"] == "NaN"
