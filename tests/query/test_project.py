"""A store that is read: queries over real runs, one run by many names, tables, and late additions."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import kymograph as ky
from kymograph.query.project import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("project")
    for number, lr in enumerate([0.1, 0.01, 0.001, None]):
        config = {"optim": {"name": "adam" if number % 2 else "sgd"}, "my key": number}
        if lr is not None:
            config["lr"] = lr
        about = {"tags": ["best"] if number == 1 else [], "notes": "a note" if number == 2 else ""}
        group = "g" if number else ""
        with ky.init(
            project="digits", name=f"net-{number}", config=config, store=path, group=group, **about
        ) as run:
            run.define("val/*", goal="max", unit="%", doc="Held out.")
            run.define("loss", goal="min")
            for step in range(10):
                run.log({"loss": 1 / (step + 1 + number), "val/acc": (step if step < 8 else 3) / 10 + number})
            run.log({"note": "done"})
            if number == 3:
                run.summary["loss"] = 42.0
    with pytest.raises(ZeroDivisionError), ky.init(project="other", name="broken", store=path) as run:
        run.log({"name": 5.0, "val.max": 1.0, "odd key": float("nan")})
        run.summary["verdict"] = "bad"
        1 / 0  # noqa: B018 - a training that fails
    with ky.init(project="other", name="twin", fork=f"{path_id(path, 'net-0')}@4", store=path) as run:
        run.log({"loss": 0.5}, step=5)
    with ky.init(project="other", name="twin", parent=path_id(path, "net-1"), store=path) as run:
        pass
    return ky.open(path)


def path_id(path, name):
    return ky.open(path).run(name).id


def names(runs):
    return [run.name for run in runs]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["net-0", "net-1", "net-2", "net-3"]),
        ("config.lr < 0.05", ["net-1", "net-2"]),
        ("params.lr = '0.01'", ["net-1"]),
        ("config.lr is missing", ["net-3"]),
        ("config.optim.name = adam", ["net-1", "net-3"]),
        ("config.optim/name = 'sgd'", ["net-0", "net-2"]),
        ("config.`my key` in [1, 3]", ["net-1", "net-3"]),
        ("val/acc.max > 1.5 and not tag.best", ["net-2", "net-3"]),
        ("metrics.val/acc.best >= 2.7", ["net-2", "net-3"]),
        ("val/acc.best_step = 7", ["net-0", "net-1", "net-2", "net-3"]),
        ("loss > 1", ["net-3"]),
        ("loss.last > 1", []),
        ("loss.best < 0.09", ["net-2", "net-3"]),
        ("summary.loss = 42", ["net-3"]),
        ("summary.loss < 0.2", ["net-0", "net-1", "net-2"]),
        ("summary.loss.min < 0.08", ["net-3"]),
        ("tags.best", ["net-1"]),
        ("group = g", ["net-1", "net-2", "net-3"]),
        ("group is missing", ["net-0"]),
        ("notes ~ note", ["net-2"]),
        ("started > -1h and ended > -1h and duration < 1h", ["net-0", "net-1", "net-2", "net-3"]),
        ("created < '2020-01-01'", []),
        ("status = finished and attributes.status = finished", ["net-0", "net-1", "net-2", "net-3"]),
        ("name ~ '[12]$'", ["net-1", "net-2"]),
        ("host and user", ["net-0", "net-1", "net-2", "net-3"]),
        ("val/acc.max > loss.max", ["net-1", "net-2", "net-3"]),
        ("nowhere", []),
    ],
)
def test_a_query_finds(store, query, found):
    assert names(store.runs(query, project="digits", sort="name")) == found


def test_runs_of_all_projects_are_newest_first(store):
    assert names(store.runs()) == ["twin", "twin", "broken", "net-3", "net-2", "net-1", "net-0"]
    assert names(store.runs("status = failed")) == ["broken"]
    assert store.runs(project="nowhere").ids == []


def test_a_key_may_be_called_as_a_column_or_end_as_a_statistic(store):
    assert names(store.runs("metrics.name = 5")) == ["broken"]
    assert names(store.runs("`name` = 5")) == ["broken"]
    assert names(store.runs("val.max = 1")) == ["broken"]
    assert names(store.runs("`val.max` = 1")) == ["broken"]
    assert names(store.runs("`odd key`.nan = 1")) == ["broken"]


def test_a_nan_that_was_logged_is_a_value_that_compares_false(store):
    assert names(store.runs("`odd key` is not missing")) == ["broken"]
    assert names(store.runs("`odd key` < 1 or `odd key` >= 1")) == []
    assert names(store.runs("`odd key` is not missing and not `odd key` < 1")) == ["broken"]
    assert names(store.runs("`odd key`.best is not missing")) == []


def test_sorting_by_several_keys_with_missing_values_last(store):
    def order(sort):
        return [run.name[-1] for run in store.runs(project="digits", sort=sort)]

    assert order("config.lr") == ["2", "1", "0", "3"]
    assert order("-config.lr") == ["0", "1", "2", "3"]
    assert order("config.optim.name, -name") == ["3", "1", "2", "0"]
    assert order(["-config.optim.name", "name"]) == ["0", "2", "1", "3"]
    assert order("val/acc.max desc") == ["3", "2", "1", "0"]
    assert order(None) == ["3", "2", "1", "0"]


def test_a_limit_cuts_and_total_counts_all(store):
    runs = store.runs("config.lr", project="digits", sort="name", limit=2)
    assert (names(runs), runs.total, len(runs)) == (["net-0", "net-1"], 3, 2)
    assert "2 of 3" in repr(runs)
    assert store.runs(limit=0).ids == []
    with pytest.raises(ValueError, match="limit is -1"):
        store.runs(limit=-1)


def test_runs_are_a_sequence_of_views(store):
    runs = store.runs(project="digits", sort="name")
    assert runs[-1].name == "net-3"
    assert [run.name for run in runs[1:3]] == ["net-1", "net-2"]
    assert runs[0] in runs
    assert runs[0] == store.run("net-0")
    assert len({*runs, *runs}) == 4


def test_names_that_no_run_has_are_told(store):
    runs = store.runs("confg.lr < 1 and config.lr", sort="lss")
    assert runs.unknown == ["confg.lr", "lss"]
    assert "confg.lr" in repr(runs)
    assert runs.nearest("confg.lr")[0] == "config.lr"
    assert store.runs("config.lr < 1").unknown == []


def test_an_error_in_a_query_points_at_its_column(store):
    with pytest.raises(ky.QueryError) as error:
        store.runs("config.lr <")
    assert error.value.column == 11
    with pytest.raises(ky.QueryError):
        store.runs(sort="a b")


def test_a_run_is_found_by_its_id_the_beginning_of_it_or_its_name(store):
    net = store.run("net-1")
    assert store.run(net.id) == store.run(net.id[:6]) == net
    assert store.run("net-1", project="digits") == net
    with pytest.raises(ky.NotFound, match=r"nearest: net-\d"):
        store.run("net-9")
    with pytest.raises(ky.NotFound, match="project 'other'"):
        store.run("net-1", project="other")
    with pytest.raises(ky.NotFound, match=r"2 runs .* 'twin'; name one by its id: \w+, \w+"):
        store.run("twin")


def test_a_run_says_what_is_known_of_it(store):
    run = store.run("net-1")
    assert (run.project, run.status, run.group, run.notes, run.parent, run.fork) == (
        "digits", "finished", "g", "", None, None,
    )  # fmt: skip
    assert run.config["lr"] == run.config.lr == 0.01
    assert run.config["optim"]["name"] == run.config["optim/name"] == run.config.optim.name == "adam"
    assert run.config == {"lr": 0.01, "optim": {"name": "adam"}, "my key": 1}
    assert run.tags == {"best": True}
    assert run.keys() == ["loss", "val/acc"]
    assert run.text_keys() == ["note"]
    assert run.texts("note").text == ["done"]
    assert 0 <= run.duration < 60
    assert run.created <= run.ended
    assert run.size > 0
    assert run.path.is_dir()
    assert [writer.role for writer in run.writers] == ["main"]
    assert run.damage == run.troubles == run.branches == []


def test_a_failed_run_keeps_its_reason_and_traceback(store):
    run = store.run("broken")
    assert run.status == "failed"
    assert "ZeroDivisionError" in run.traceback
    assert "division" in run.status_reason or "ZeroDivisionError" in run.status_reason


def test_a_summary_has_what_was_stated_and_the_statistics_of_each_series(store):
    run = store.run("net-3")
    assert dict(run.summary) == {"loss": 42.0, "val/acc": 3.3}
    assert run.summary["loss.last"] == pytest.approx(1 / 13)
    assert run.summary["loss.best"] == run.summary["loss.min"] == pytest.approx(1 / 13)
    assert run.summary["val/acc.best"] == 3.7
    assert run.summary["val/acc.best_step"] == 7
    assert run.summary["val/acc.count"] == 10
    assert "nowhere" not in run.summary
    assert store.run("broken").summary["verdict"] == "bad"
    assert store.run("broken").summary["name.best"] is None
    assert run.stats("loss").count == 10


def test_a_fork_and_a_child_say_where_they_come_from(store):
    fork, child = (store.runs("name = twin and fork")[0], store.runs("name = twin and parent")[0])
    net = store.run("net-0")
    assert (fork.fork.run, fork.fork.step) == (net.id, 4)
    assert fork.series("loss").step.tolist() == [0, 1, 2, 3, 4, 5]
    assert names(store.runs(f"fork = {net.id}")) == ["twin"]
    assert child.parent == store.run("net-1").id
    assert child.config == {}


def test_keys_and_columns_say_what_there_is_to_ask_for(store):
    keys = {info.key: info for info in store.keys("digits")}
    assert sorted(keys) == ["loss", "val/acc"]
    acc = keys["val/acc"]
    assert (acc.runs, acc.goal, acc.unit, acc.doc, acc.clock) == (4, "max", "%", "Held out.", None)
    columns = {info.name: info for info in store.columns("digits")}
    assert columns["config.lr"].runs == 3
    assert columns["config.lr"].kind == "number"
    assert {"name", "config.`my key`", "config.optim/name", "tag.best", "loss"} <= columns.keys()
    for name, info in columns.items():
        present = int(np.sum(store.cells(name, "digits").present))
        assert present == info.runs or info.source in ("built-in", "summary"), name
    assert [project.name for project in store.projects()] == ["digits", "other"]


def test_a_column_is_an_array_in_the_order_of_the_runs(store):
    runs = store.runs(project="digits", sort="-name")
    assert runs.column("config.lr").tolist()[1:] == [0.001, 0.01, 0.1]
    assert math.isnan(runs.column("config.lr")[0])
    assert runs.column("notes").tolist() == [None, "a note", None, None]
    assert np.isnan(runs.column("nowhere")).all()
    runs.column("config.lr")[:] = 7
    assert runs.column("config.lr")[1] == 0.001


def test_tables_go_to_pandas_polars_and_arrow(store):
    runs = store.runs(project="digits", sort="name")
    frame = runs.pandas()
    assert frame["config.lr"].tolist()[:3] == [0.1, 0.01, 0.001]
    assert {"id", "name", "config.optim/name", "val/acc", "tag.best"} <= set(frame.columns)
    polars = runs.polars(["name", "config.lr", "tag.best"])
    assert polars.rows()[1] == ("net-1", 0.01, True)
    assert polars.rows()[3] == ("net-3", None, None)
    assert runs.arrow(["name", "notes"]).to_pydict() == {
        "name": ["net-0", "net-1", "net-2", "net-3"],
        "notes": [None, None, "a note", None],
    }
    assert store.runs().polars().shape[0] == 7


def test_a_missing_package_is_one_line_that_names_the_command(store, monkeypatch):
    for package, extra in (("pandas", "pandas"), ("polars", "polars"), ("pyarrow", "arrow")):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(ky.MissingExtra, match=rf"pip install 'kymograph\[{extra}\]'"):
            getattr(store.runs(), extra)()


def test_none_of_them_is_imported_unless_asked_for(store):
    code = (
        "import sys, kymograph; store = kymograph.open(sys.argv[1]); store.runs('config.lr < 1').table();"
        "store.runs().series('loss', points=3);"
        "assert not {'pandas', 'polars', 'pyarrow'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, str(store.path)], check=True, timeout=60)


# What changes


@pytest.fixture
def fresh(tmp_path):
    with ky.init(project="p", name="one", config={"lr": 0.1}, store=tmp_path) as run:
        run.log({"loss": 1.0})
    return ky.open(tmp_path)


def test_late_points_are_appended_and_the_status_stays(fresh):
    run = fresh.run("one")
    run.log({"test/acc": 0.9}, step=3)
    run.log({"test/acc": 0.8}, step=4)
    assert run.series("test/acc").value.tolist() == [0.9, 0.8]
    assert run.status == "finished"
    assert fresh.runs("test/acc.min < 0.85").ids == [run.id]
    fresh.close()
    assert ky.open(fresh.path).run("one").summary["test/acc"] == 0.8


def test_what_people_say_about_a_run_can_be_changed(fresh):
    run = fresh.run("one")
    run.edit(name="best", notes="Looks right.", tags={"good": True, "score": 3}, colour="#336699")
    assert (run.name, run.notes, run.colour) == ("best", "Looks right.", "#336699")
    assert run.tags == {"good": True, "score": 3}
    assert fresh.runs("tag.score = 3 and name = best").ids == [run.id]
    run.edit(tags={"good": None}, colour=None)
    assert run.tags == {"score": 3}
    assert run.colour is None
    run.edit(tags=["again"])
    assert run.tags == {"score": 3, "again": True}
    assert run.status == "finished"
    run.edit()
    assert ky.open(fresh.path).run("best").notes == "Looks right."


def test_every_question_sees_what_was_written_since(fresh):
    with ky.init(project="p", name="two", store=fresh.path) as run:
        run.log({"loss": 5.0})
        assert fresh.runs("status = running").ids == [run.id]
        view = fresh.run("two")
        run.log({"loss": 6.0})
        assert view.series("loss").value.tolist() == [5.0, 6.0]
        assert fresh.runs("loss > 5.5").ids == [run.id]
        run.log({"fresh": 1.0})
        assert view.keys() == ["loss", "fresh"]
    assert view.status == "finished"


def test_refresh_says_what_changed_since_the_last_one_whoever_asked_between(fresh):
    fresh.refresh()
    assert not fresh.refresh()
    with ky.init(project="p", name="two", store=fresh.path) as run:
        run.log({"loss": 5.0})
        fresh.runs("loss > 3")
        changes = fresh.refresh()
        assert run.id in changes.runs
        assert run.id in changes.new
        assert "loss" in changes.keys[run.id]
        run.log({"acc": 5.0})
        assert fresh.refresh().keys[run.id] >= {"acc"}


def test_runs_go_to_the_trash_and_come_back(fresh):
    run = fresh.run("one")
    runs = fresh.runs()
    fresh.trash(run.id)
    assert fresh.runs().ids == []
    assert np.isnan(runs.column("loss")).all()
    with pytest.raises(ky.NotFound):
        fresh.run("one")
    with pytest.raises(ky.NotFound):
        run.name  # noqa: B018 - the run is gone
    fresh.restore(run.id)
    assert fresh.run("one").series("loss").value.tolist() == [1.0]
    with pytest.raises(ky.NotFound):
        fresh.trash("nobody22")


def test_no_store_is_an_error_that_names_the_place(tmp_path):
    with pytest.raises(ky.StoreNotFound, match="nothing-here"):
        ky.open(tmp_path / "nothing-here")


def test_a_store_opened_without_a_way_to_write_says_so(fresh):
    run = Store(fresh.path).run("one")
    with pytest.raises(ky.StoreError, match="reading only"):
        run.log({"loss": 1.0})


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_store_is_read_and_not_written(fresh):
    fresh.close()
    for folder, _, _ in os.walk(fresh.path):
        os.chmod(folder, 0o555)
    try:
        store = ky.open(fresh.path)
        assert store.readonly
        assert store.run("one").series("loss").n == 1
        with pytest.raises(ky.StoreError, match="cannot be written"):
            store.run("one").edit(name="x")
    finally:
        for folder, _, _ in os.walk(fresh.path):
            os.chmod(folder, 0o755)


def test_threads_may_ask_while_runs_are_written(fresh):
    stop, errors = threading.Event(), []

    def ask():
        while not stop.is_set():
            try:
                runs = fresh.runs("loss < 1e9", sort="-loss")
                runs.column("loss")
                runs.series("loss", points=10)
                _ = [run.summary["loss"] for run in runs]
            except Exception as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        with ky.init(project="p", name=f"more-{number}", store=fresh.path, capture=False) as run:
            for step in range(500):
                run.log({"loss": float(step)})
    stop.set()
    for thread in threads:
        thread.join(timeout=30)
    assert errors == []
    assert fresh.runs("loss = 499").total == 5
