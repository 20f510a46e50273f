"""The runs table over HTTP: filter, sort, page, and what is said of each column."""

import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kymograph

WORDS = st.sampled_from(
    [
        "config.lr",
        "loss",
        "loss.min",
        "val/acc.best",
        "tag.best",
        "name",
        "status",
        "`",
        "and",
        "or",
        "not",
        "(",
        ")",
        "<",
        "=",
        "~",
        "in",
        "[",
        "]",
        ",",
        "0.1",
        "-7d",
        '"',
        "'x'",
        '"("',
        "is missing",
        ".",
        "/",
        "\\",
        "\0",
        "-",
        "params.",
        "\u202e",
    ]
)
NAMES = st.lists(WORDS | st.text(max_size=6), max_size=8).map(" ".join)


def page(client, **params):
    reply = client.get("/api/projects/digits/runs", **params)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_page_has_the_runs_with_the_cells_that_were_asked_for(client, three):
    said = page(client, columns=["config.lr", "loss.min", "name", "nothing"], sort="created")
    assert (said["total"], said["matched"], said["live"]) == (3, 3, 0)
    assert [row["id"] for row in said["rows"]] == three
    assert [row["cells"] for row in said["rows"]] == [
        [0.1, 0.1, "amber", None],
        [0.01, 1.1, "brisk", None],
        [0.001, 2.1, "calm", None],
    ]
    assert [(column["name"], column["kind"]) for column in said["columns"]] == [
        ("config.lr", "number"), ("loss.min", "number"), ("name", "text"), ("nothing", None),
    ]  # fmt: skip


def test_a_row_says_what_every_table_shows(client):
    row = page(client, query='name = "calm"')["rows"][0]
    assert row["status"] == "failed"
    assert row["duration"] >= 0
    assert row["ended"] >= row["created"]
    assert row["colour"] in {
        str(number) for number in range(12)
    }  # given by init, the next of the page's twelve
    assert (row["group"], row["parent"], row["troubles"]) == (None, None, 0)


def test_the_best_value_is_marked_over_all_matched_runs_not_only_over_the_page(client):
    said = page(client, columns=["loss.min", "loss.count", "val/acc"], sort="-created", limit=1)
    assert len(said["rows"]) == 1
    loss, count, acc = said["columns"]
    assert (loss["goal"], loss["best"], loss["low"], loss["high"]) == ("min", 2, 0.1, 2.1)
    assert (count["goal"], count["best"]) == (None, None)  # more points are not better
    assert (acc["goal"], acc["best"]) == (None, None)  # nobody defined a goal


def test_pages_follow_one_another(client, three):
    pages = [page(client, sort="created", offset=at, limit=2)["rows"] for at in (0, 2, 4)]
    assert [[row["id"] for row in rows] for rows in pages] == [three[:2], three[2:], []]


def test_a_query_filters_and_counts(client):
    said = page(client, query="config.lr < 0.05 and tag.best")
    assert (said["total"], said["matched"]) == (3, 1)
    assert said["rows"][0]["name"] == "brisk"


def test_a_mistake_in_a_query_points_at_its_column(client):
    reply = client.get("/api/projects/digits/runs", query="config.lr << 3")
    assert reply.status_code == 400
    error = reply.json()["error"]
    assert error["column"] == 11
    assert error["expected"]


def test_values_that_json_cannot_hold_reach_the_page_as_words(client, store_path):
    with kymograph.init("digits", name="odd", config={"big": 2**60, "cut": math.inf}) as run:
        run.log({"loss": math.nan})
        run.log({"up": math.inf})
    said = page(client, query='name = "odd"', columns=["config.big", "config.cut", "up.last"])
    assert said["rows"][0]["cells"][0] in {str(2**60), float(2**60)}
    assert said["rows"][0]["cells"][1:] == ["Infinity", "Infinity"]


def test_a_project_with_a_slash_in_its_name_has_a_table(client):
    with kymograph.init("team/vision") as run:
        run.log({"loss": 1})
    for path in ("/api/projects/team/vision/runs", "/api/projects/team%2Fvision/runs"):
        assert client.get(path).json()["matched"] == 1
    assert client.get("/api/projects/team/vision/keys").json()["keys"][0]["key"] == "loss"


def test_what_went_wrong_inside_and_a_chosen_colour_stand_in_the_row(client, three, store_path):
    client.patch(f"/api/runs/{three[0]}", {"colour": "#00aa55"})
    store = kymograph.open(store_path)
    store.write(three[1], {"trouble/disk full": {"count": 7, "message": "no space left"}}, [])
    rows = {row["id"]: row for row in page(client)["rows"]}
    assert rows[three[0]]["colour"] == "#00aa55"
    assert [rows[id]["troubles"] for id in three] == [0, 1, 0]
    troubles = client.get(f"/api/runs/{three[1]}").json()["troubles"]
    assert troubles == [{"kind": "disk full", "count": 7, "message": "no space left"}]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=150,
    deadline=None,
)
@given(query=NAMES, sort=st.lists(NAMES, max_size=2), columns=st.lists(NAMES, max_size=3))
def test_whatever_is_asked_is_answered_or_refused_in_so_many_words(client, query, sort, columns):
    reply = client.get("/api/projects/digits/runs", query=query, sort=sort, columns=columns)
    assert reply.status_code in {200, 400}, reply.text
    if reply.status_code == 400:
        assert reply.json()["error"]["message"]
    else:
        assert all(len(row["cells"]) == len(columns) for row in reply.json()["rows"])
    completed = client.get("/api/projects/digits/complete", query=query, at=len(query) // 2)
    assert completed.status_code == 200, completed.text
