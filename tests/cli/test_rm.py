"""The trash: in, out, and emptied."""

import io
import json

import kymograph as ky
from kymograph.cli import exits


def names(store):
    return {view.name for view in ky.open(store).runs()}


def test_a_run_goes_to_the_trash_and_comes_back(kymo, store):
    said = kymo("rm", "run-1")
    assert said.code == 0
    assert names(store) == {"run-0", "run-2"}
    assert kymo("rm", "--restore", "run-1").code == 0
    assert names(store) == {"run-0", "run-1", "run-2"}
    assert ky.open(store).run("run-1").stats("loss").count == 50


def test_purging_is_for_good(kymo, store):
    id = ky.open(store).run("run-1").id
    kymo("rm", "run-1")
    document = json.loads(kymo("rm", "--purge", "run-1", "--yes", "--json").out)
    assert document["purged"] == [id]
    assert list((store / "trash").iterdir()) == []
    assert kymo("rm", "--restore", "run-1").code == exits.NOT_FOUND


def test_a_run_that_is_not_in_the_trash_can_be_purged_at_once(kymo, store):
    assert kymo("rm", "run-2", "--purge", "--yes").code == 0
    assert names(store) == {"run-0", "run-1"}


def test_purging_asks_first(kymo, store, monkeypatch):
    kymo("rm", "run-1")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert kymo("rm", "--purge").code == exits.INTERRUPTED
    assert len(list((store / "trash").iterdir())) == 1


def test_a_query_chooses_many(kymo, store):
    assert kymo("rm", "-q", "config.optim.lr < 0.05", "--yes").code == 0
    assert names(store) == {"run-0"}


def test_nothing_named_is_a_usage_error(kymo, store):
    assert kymo("rm").code == exits.USAGE
    assert kymo("rm", "run-0", "--purge", "--restore").code == exits.USAGE


def test_a_run_that_is_being_written_stays(kymo, store):
    with ky.init(project="digits", name="busy") as run:
        run.log({"loss": 1.0})
        said = kymo("rm", "busy")
        assert said.code == exits.CANNOT
        assert "being written" in said.err
