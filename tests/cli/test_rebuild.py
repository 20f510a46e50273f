"""The index, made anew."""

import json


def test_a_lost_index_is_made_again(kymo, store):
    before = kymo("ls", "--json").out
    for path in store.glob("index.sqlite*"):
        path.unlink()
    assert json.loads(kymo("rebuild", "--json").out)["runs"] == 3
    assert kymo("ls", "--json").out == before


def test_it_says_how_many_runs_it_read(kymo, store):
    assert kymo("rebuild").out.startswith("indexed 3 runs in ")
