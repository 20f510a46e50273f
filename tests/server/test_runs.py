"""The things of a store over HTTP: projects, keys, columns, one run, its edits and its trash."""

import msgspec
import numpy as np
import pytest

import kymograph
from kymograph.server import schema


def test_the_store_says_where_it_is_and_what_it_holds(client, store_path):
    said = client.get("/api/store").json()
    assert said == {
        "path": str(store_path),
        "version": kymograph.__version__,
        "readonly": False,
        "runs": 3,
        "live": 0,
    }


def test_projects_come_with_their_activity(client):
    [project] = client.get("/api/projects").json()["projects"]
    assert project["name"] == "digits"
    assert project["runs"] == 3
    assert project["live"] == 0
    assert len(project["activity"]) == 30
    assert project["activity"][-1] + project["activity"][-2] == 3  # the test may run at midnight


def test_keys_come_with_what_was_defined(client):
    keys = {key["key"]: key for key in client.get("/api/projects/digits/keys").json()["keys"]}
    assert set(keys) == {"loss", "val/acc"}
    assert keys["loss"] == {
        "key": "loss", "runs": 3, "goal": "min", "unit": "nats", "clock": "", "doc": "cross entropy",
    }  # fmt: skip
    assert keys["val/acc"]["goal"] is None


def test_columns_are_found_by_what_their_name_contains(client):
    said = client.get("/api/projects/digits/columns", prefix="net").json()
    assert [column["name"] for column in said["columns"]] == ["config.net/depth"]
    assert said["columns"][0] | {"name": ""} == {
        "name": "",
        "source": "config",
        "kind": "number",
        "runs": 3,
    }
    assert client.get("/api/projects/digits/columns", limit=2).json()["total"] > 2


def test_a_query_is_completed_at_the_caret(client):
    said = client.get("/api/projects/digits/complete", query="config.l > 1", at=8).json()["completions"]
    assert {"text": "config.lr", "from": 0, "to": 8} in [
        {name: one[name] for name in ("text", "from", "to")} for one in said
    ]


def test_one_run_is_told_whole(client, three):
    said = client.get(f"/api/runs/{three[0]}").json()
    msgspec.convert(said, schema.RunReply)
    assert said["name"] == "amber"
    assert said["project"] == "digits"
    assert said["status"] == "finished"
    assert said["config"] == {"lr": 0.1, "net/depth": 0}
    assert said["tags"] == {"best": False}
    assert said["text_keys"] == ["said"]
    keys = {key["key"]: key for key in said["keys"]}
    assert keys["loss"]["count"] == 10
    assert keys["loss"]["min"] == pytest.approx(0.1)
    assert keys["loss"]["min_step"] == 9
    assert keys["loss"]["goal"] == "min"
    assert [writer["role"] for writer in said["writers"]] == ["main"]
    assert said["size"] > 0
    assert said["children"] == []


def test_a_failed_run_keeps_its_reason_and_traceback(client, three):
    said = client.get(f"/api/runs/{three[2]}").json()
    assert said["status"] == "failed"
    assert "ZeroDivisionError" in said["traceback"]


def test_family_is_linked_both_ways(three, store_path, client):
    with kymograph.init("digits", name="child", parent=three[0]) as run:
        run.log({"loss": 1.0})
    child = client.get(f"/api/runs/{run.id}").json()
    assert child["parent"] == {"id": three[0], "name": "amber", "status": "finished"}
    assert [each["id"] for each in client.get(f"/api/runs/{three[0]}").json()["children"]] == [run.id]


def test_a_series_of_strings_comes_in_parts(store_path, client):
    with kymograph.init("digits") as run:
        for i in range(5):
            run.log({"said": f"line {i}"}, step=i)
    said = client.get(f"/api/runs/{run.id}/texts", key="said", offset=3, limit=10).json()
    assert said["total"] == 5
    assert [(text["step"], text["text"]) for text in said["texts"]] == [(3, "line 3"), (4, "line 4")]


@pytest.mark.parametrize(
    "path", ["/api/runs/nobody22", "/api/runs/nobody22/texts?key=x", "/api/projects/nothing/runs"]
)
def test_what_is_not_there_is_not_found_and_says_so(client, path):
    reply = client.ask("GET", path)
    assert reply.status_code == 404
    assert "no" in reply.json()["error"]["message"]


def test_an_edit_is_seen_at_once_and_by_everybody(client, three, store_path):
    run = three[0]
    body = {
        "name": "renamed",
        "notes": "looked at it",
        "colour": "#aa3355",
        "tags": {"best": None, "paper": True, "fold": 3},
    }
    assert client.patch(f"/api/runs/{run}", body).json() == {"id": run}
    said = client.get(f"/api/runs/{run}").json()
    assert (said["name"], said["notes"], said["colour"]) == ("renamed", "looked at it", "#aa3355")
    assert said["tags"] == {"paper": True, "fold": 3}
    assert said["status"] == "finished"  # an edit does not bring a run back to life
    assert kymograph.open(store_path).run(run).name == "renamed"


def test_what_an_edit_leaves_out_stays(client, three):
    client.patch(f"/api/runs/{three[0]}", {"notes": "first"})
    client.patch(f"/api/runs/{three[0]}", {"colour": "3"})
    client.patch(f"/api/runs/{three[0]}", {"colour": None})
    said = client.get(f"/api/runs/{three[0]}").json()
    assert (said["name"], said["notes"], said["colour"]) == ("amber", "first", None)


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": 3}, {"colour": "red; background: url(x)"}, {"id": "x"}, {"tags": []}]
)
def test_an_edit_of_another_shape_is_refused(client, three, body):
    assert client.patch(f"/api/runs/{three[0]}", body).status_code == 400


def test_a_run_goes_to_the_trash_and_comes_back(client, three):
    assert client.post(f"/api/runs/{three[0]}/trash").json() == {"id": three[0]}
    assert client.get(f"/api/runs/{three[0]}").status_code == 404
    assert client.get("/api/projects/digits/runs").json()["total"] == 2
    assert client.post(f"/api/runs/{three[0]}/restore").status_code == 200
    assert client.get(f"/api/runs/{three[0]}").json()["name"] == "amber"


@pytest.mark.parametrize("run", ["..", "%2e%2e", "..%2f..", "nobody22", "a%00b"])
@pytest.mark.parametrize("what", ["trash", "restore"])
def test_only_a_run_can_go_to_the_trash(client, store_path, run, what):
    assert client.post(f"/api/runs/{run}/{what}").status_code in {400, 404, 405}
    assert (store_path / "runs").is_dir()
    assert len(list((store_path / "runs").iterdir())) == 3


def test_points_of_many_runs_come_raw_or_as_buckets(client, three, decoded):
    with kymograph.init("digits") as run:
        for step in range(3000):
            run.log({"loss": step % 7}, step=step)
    body = {"runs": [*three, run.id, "nobody22"], "keys": ["loss", "no such key"], "points": 100}
    reply = client.post("/api/series", body)
    assert reply.headers["content-type"] == "application/octet-stream"
    said, array = decoded(reply.content)
    loss, nothing = said["series"]
    assert (loss["unit"], loss["goal"], loss["exact"], loss["n"]) == ("nats", "min", False, 3030)
    assert (loss["low"], loss["high"]) == (0, 2999)
    assert loss["missing"] == ["nobody22"]
    assert loss["raw"]["runs"] == three
    assert loss["raw"]["counts"] == [10, 10, 10]
    np.testing.assert_allclose(array(loss["raw"]["value"])[:10], 1 / (np.arange(10) + 1))
    assert loss["buckets"]["runs"] == [run.id]
    assert array(loss["buckets"]["count"]).sum() == 3000
    assert array(loss["buckets"]["max"]).max() == 6
    assert set(nothing["missing"]) == {*three, run.id, "nobody22"}
    assert nothing["raw"] is None


def test_more_than_fits_into_memory_is_refused(client):
    reply = client.post("/api/series", {"runs": ["x"] * 5000, "keys": ["loss"], "points": 20_000})
    assert reply.status_code == 400
    assert "ask for fewer" in reply.json()["error"]["message"]


def test_a_zoom_ends_at_raw_points(client, decoded):
    with kymograph.init("digits") as run:
        for step in range(3000):
            run.log({"loss": step}, step=step)
    body = {"runs": [run.id], "keys": ["loss"], "points": 100, "range": [1000, 1009]}
    said, array = decoded(client.post("/api/series", body).content)
    assert said["series"][0]["exact"] is True
    assert (said["series"][0]["low"], said["series"][0]["high"]) == (0, 2999)
    assert array(said["series"][0]["raw"]["value"]).tolist() == list(range(1000, 1010))
