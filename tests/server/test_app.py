"""The route table as a whole: nothing undeclared, nothing unchecked, and the documents made of it."""

import json
import subprocess
from pathlib import Path

import pytest

from kymograph.server import openapi
from kymograph.server.app import API_VERSION, ROUTES
from kymograph.server.route import Access

ROOT = Path(__file__).parents[2]
READ_ONLY_POSTS = {"/api/series"}


@pytest.mark.parametrize("entry", ROUTES, ids=lambda entry: f"{entry.method} {entry.public_path}")
def test_every_route_declares_who_may_and_all_that_is_not_reading_is_a_write(entry):
    reads = entry.method == "GET" or entry.public_path in READ_ONLY_POSTS
    assert entry.access is (Access.READ if reads else Access.WRITE)
    assert entry.path.startswith("/api/")
    assert entry.says.endswith(".")


@pytest.mark.parametrize(
    "entry", [entry for entry in ROUTES if entry.access is Access.WRITE], ids=lambda entry: entry.path
)
def test_every_write_is_refused_without_the_token(client, three, entry):
    path = entry.public_path.replace("{run}", three[0])
    reply = client.ask(
        entry.method, path, headers={"X-Kymograph-Token": "guessed"}, json={"name": "taken over"}
    )
    assert reply.status_code == 403
    assert client.get(f"/api/runs/{three[0]}").json()["name"] == "amber"


@pytest.mark.parametrize("entry", ROUTES, ids=lambda entry: f"{entry.method} {entry.public_path}")
def test_every_route_is_refused_to_a_page_of_another_site(client, entry):
    path = entry.public_path.replace("{run}", "abcd2345").replace("{project}", "digits")
    assert client.ask(entry.method, path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.ask(entry.method, path, headers={"Host": "evil.example"}).status_code == 403
    assert client.ask(entry.method, path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_openapi_document_in_the_page_s_sources_is_the_one_of_this_table():
    kept = (ROOT / "ui" / "openapi.json").read_bytes()
    assert kept == openapi.encoded(ROUTES, API_VERSION), (
        "write it anew: python -m kymograph.server.openapi > ui/openapi.json"
    )


def test_the_page_s_types_are_those_of_the_document(tmp_path):
    tool = ROOT / "ui" / "node_modules" / ".bin" / "openapi-typescript"
    assert tool.exists(), "the page's tools are not installed: npm ci in ui"
    made = tmp_path / "types.gen.ts"
    subprocess.run(
        [tool, ROOT / "ui" / "openapi.json", "-o", made], check=True, capture_output=True, timeout=60
    )
    assert (ROOT / "ui" / "src" / "api" / "types.gen.ts").read_text() == made.read_text(), (
        "in ui: npm run types"
    )


def test_the_document_speaks_of_every_route_and_only_of_shapes_it_has(client):
    document = client.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    said = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert said == {(entry.method, entry.public_path) for entry in ROUTES}
    names = document["components"]["schemas"]
    for reference in referred(document):
        assert reference.removeprefix("#/components/schemas/") in names
    writes = [
        methods[method] for methods in document["paths"].values() for method in methods if method == "patch"
    ]
    assert all(write["security"] == [{"token": []}] for write in writes)


def referred(node):
    if isinstance(node, dict):
        yield from [node["$ref"]] if "$ref" in node else []
        for value in node.values():
            yield from referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from referred(value)


def test_a_parameter_nobody_knows_is_refused_with_those_there_are(client):
    reply = client.get("/api/projects/digits/runs", colums="loss")
    assert reply.status_code == 400
    assert "colums" in reply.json()["error"]["message"]
    assert "columns" in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    "params", [{"limit": "many"}, {"limit": "-1"}, {"limit": "1000000"}, {"offset": "-1"}]
)
def test_a_parameter_out_of_bounds_is_refused(client, params):
    assert client.get("/api/projects/digits/runs", **params).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"runs": "all", "keys": []}',
        b'{"runs": []}',
        b"\xff",
        b'{"runs":[],"keys":[],"eval":1}',
    ],
)
def test_a_body_of_another_shape_is_refused(client, body):
    reply = client.ask("POST", "/api/series", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert json.loads(reply.content)["error"]["message"]


def test_a_form_is_refused(client):
    assert client.ask("POST", "/api/series", data={"runs": "x"}).status_code == 415
