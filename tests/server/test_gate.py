"""The gate, in front of an inner app that would answer everything."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kymograph.server.gate import BIGGEST_BODY, Gate, Hosts
from kymograph.server.reply import HANDLERS
from kymograph.server.route import Access

TOKEN = "the token of this test"
HOME = "http://127.0.0.1:5757"


async def inside(request: Request):
    return PlainTextResponse(f"inside, {len(await request.body())} bytes")


DOORS = [
    (Route("/api/runs", inside, methods=["GET"]), Access.READ),
    (Route("/api/series", inside, methods=["POST"]), Access.READ),
    (Route("/api/runs/{run}", inside, methods=["PATCH"]), Access.WRITE),
]


def ask(method="GET", path="/api/runs", headers=None, content=None, hosts=None, home=HOME):
    from starlette.applications import Starlette

    inner = Starlette(
        routes=[Route("/{path:path}", inside, methods=["GET", "POST", "PATCH", "DELETE"])],
        exception_handlers=HANDLERS,
    )
    gate = Gate(inner, DOORS, hosts or Hosts("127.0.0.1"), TOKEN)

    async def asking():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=home) as client:
            return await client.request(method, path, headers=headers, content=content)

    return asyncio.run(asking())


@pytest.mark.parametrize(
    "host", ["127.0.0.1:5757", "localhost:5757", "localhost:9000", "[::1]:5757", "LOCALHOST", "a.localhost:1"]
)
def test_loopback_names_are_right_with_any_port_because_tunnels_change_it(host):
    assert ask(headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:5757",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.7:5757",
        "",
        "localhost:5757@evil.example",
        "localhost/",
        "[::1",
        "localhost:",
        "127.0.0.1 ",
        "0.0.0.0:5757",
    ],
)
def test_any_other_host_is_refused(host):
    reply = ask(headers={"host": host})
    assert reply.status_code == 403
    assert "is not this server" in reply.json()["error"]["message"]


def test_a_page_of_another_host_is_refused_too():
    assert ask(path="/", headers={"host": "evil.example"}).status_code == 403


def test_a_server_bound_to_an_address_answers_to_it_and_to_no_other():
    hosts = Hosts("10.0.0.7")
    assert ask(hosts=hosts, headers={"host": "10.0.0.7:5757"}).status_code == 200
    assert ask(hosts=hosts, headers={"host": "10.0.0.8:5757"}).status_code == 403


def test_a_server_bound_to_all_addresses_answers_to_numbers_but_not_to_strange_names():
    hosts = Hosts("0.0.0.0")
    assert ask(hosts=hosts, headers={"host": "10.0.0.8:5757"}).status_code == 200
    assert ask(hosts=hosts, headers={"host": "evil.example:5757"}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:5757", ""]
)
def test_another_origin_is_refused(origin):
    assert ask(headers={"origin": origin}).status_code == 403


def test_our_own_origin_is_let_through():
    assert ask(headers={"origin": HOME}).status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)]
)
def test_a_browser_that_says_the_request_comes_from_elsewhere_is_believed(site, status):
    assert ask(headers={"sec-fetch-site": site}).status_code == status


def test_a_link_from_elsewhere_may_lead_to_the_page():
    assert ask(path="/p/digits", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], TOKEN + "x"])
def test_a_write_without_the_token_is_refused(token):
    headers = {} if token is None else {"X-Kymograph-Token": token}
    assert ask("PATCH", "/api/runs/abc", headers=headers).status_code == 403


def test_a_token_that_is_not_ascii_is_refused_and_not_a_crash():
    assert ask("PATCH", "/api/runs/abc", headers=[(b"X-Kymograph-Token", b"\xff\xfe")]).status_code == 403


def test_a_write_with_the_token_is_let_through():
    assert ask("PATCH", "/api/runs/abc", headers={"X-Kymograph-Token": TOKEN}).text == "inside, 0 bytes"


def test_a_post_that_only_reads_needs_no_token():
    assert ask("POST", "/api/series", content=b"{}").text == "inside, 2 bytes"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/unknown", "/api/runs/abc/else", "/api/../api/x", "/api/%2e%2e/x"]
)
def test_what_is_not_declared_is_not_there(path):
    reply = ask(path=path)
    assert reply.status_code == 404
    assert reply.json()["error"]["message"].startswith("there is no /api")


def test_a_declared_path_with_another_method_is_refused():
    assert ask("DELETE", "/api/runs", headers={"X-Kymograph-Token": TOKEN}).status_code == 405


def test_the_page_can_only_be_read():
    assert ask("POST", "/p/digits", headers={"X-Kymograph-Token": TOKEN}).status_code == 405


def test_a_body_that_is_too_big_is_refused_whether_announced_or_not():
    async def in_pieces():
        for _ in range(3):
            yield b"x" * (BIGGEST_BODY // 2)

    assert ask("POST", "/api/series", content=b"x" * (BIGGEST_BODY + 1)).status_code == 413
    refused = ask("POST", "/api/series", content=in_pieces())
    assert refused.status_code == 413
    assert "bigger than" in refused.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/", "/api/runs", "/api/unknown"])
def test_every_response_carries_the_security_headers_even_a_refusal(path):
    headers = ask(path=path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy  # nothing inline, nothing evaluated


def test_a_route_without_access_cannot_be_declared():
    with pytest.raises(TypeError, match="access None"):
        Gate(inside, [(Route("/api/open", inside), None)], Hosts("127.0.0.1"), TOKEN)


def test_a_websocket_is_never_answered():
    sent = []

    async def knock():
        async def send(message):
            sent.append(message)

        gate = Gate(inside, DOORS, Hosts("127.0.0.1"), TOKEN)
        await gate({"type": "websocket", "path": "/api/runs", "headers": []}, None, send)

    asyncio.run(knock())
    assert sent == [{"type": "websocket.close", "code": 1008}]
