"""A series drawn in the terminal."""

import json

from kymograph.cli import exits


def test_a_series_is_drawn_within_its_width(kymo, store):
    said = kymo("plot", "run-0", "loss", "--width", 60, "--height", 8)
    lines = said.out.splitlines()
    assert lines[0] == "run-0  loss by step  (50 points, exact)"
    assert all(len(line) <= 60 for line in lines[1:10])
    assert lines[-1] == "last 0.02  min 0.02  max 1"


def test_many_points_are_drawn_as_buckets(kymo, store):
    said = kymo("plot", "run-0", "loss", "--width", 20)
    assert "50 points" in said.out.splitlines()[0]
    assert "buckets" in said.out.splitlines()[0]


def test_json_gives_the_numbers_that_are_drawn(kymo, store):
    document = json.loads(kymo("plot", "run-0", "loss", "--json", "--width", 100).out)
    assert document["exact"] is True
    assert document["mean"][0] == 1.0
    assert len(document["x_values"]) == 50


def test_a_range_narrows_what_is_drawn(kymo, store):
    document = json.loads(kymo("plot", "run-0", "loss", "--range", 10, 19, "--json").out)
    assert document["n"] == 10


def test_a_key_that_is_not_there_names_the_nearest(kymo, store):
    said = kymo("plot", "run-0", "los")
    assert said.code == exits.NOT_FOUND
    assert "loss" in said.err
