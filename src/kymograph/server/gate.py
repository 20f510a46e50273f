"""The gate in front of every route: what is not declared, or not from here, is refused.

The page has no accounts: who may open a connection to this machine's loopback may read. What the gate
keeps out is everything else that can make a browser talk to loopback: other sites (Origin, Sec-Fetch-Site),
names that were made to point here (Host), forms and scripts of strangers (the token, which only our own page
can read).
"""

from __future__ import annotations

import hmac
import re
import socket
from collections.abc import MutableMapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kymograph.server.reply import Refused, problem
from kymograph.server.route import Access

TOKEN_HEADER = "x-kymograph-token"  # noqa: S105 - the header's name, not a secret
BIGGEST_BODY = 1 << 20
NOT_ALLOWED = 1008  # the code with which a websocket is refused
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?")
EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to

SECURITY_HEADERS = {
    # Styles may be inline: the component library sets its colours that way. Scripts may not.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Hosts:
    """Which names this server answers to.

    Loopback names are right with any port: a tunnel or a container's port mapping changes the port, and a
    name that means the reader's own machine cannot be made to mean another. A server bound to an address of
    the network also answers to that address and to the machine's name; bound to all of them, to every
    address that is a number, for a number cannot be pointed elsewhere by whoever answers for a name.
    """

    def __init__(self, bound: str) -> None:
        self.any_number = bound in EVERYWHERE
        self.names = {bound.lower().strip("[]")} - EVERYWHERE
        if self.any_number or not is_loopback(bound):
            machine = socket.gethostname().lower()
            self.names |= {machine, machine.partition(".")[0], f"{machine.partition('.')[0]}.local"}

    def __contains__(self, host: str) -> bool:
        found = HOST.fullmatch(host.lower())
        if found is None:
            return False
        name = found["name"].strip("[]")
        return is_loopback(name) or name in self.names or (self.any_number and is_number(name))


def is_number(name: str) -> bool:
    """Whether the name is an IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Whether the name can only mean this machine itself."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return is_number(name) and ip_address(name).is_loopback


class Gate:
    """ASGI middleware, the outermost one. `doors` are the routes under /api, each with its access."""

    def __init__(
        self, app: ASGIApp, doors: Sequence[tuple[Route, Access | None]], hosts: Hosts, token: str
    ) -> None:
        for route, access in doors:
            if access is None:
                allowed = ", ".join(Access.__members__)
                raise TypeError(f"route {route.path} has access {access!r}; allowed are {allowed}")
        self.app = app
        self.doors = [(route, access) for route, access in doors if access]
        self.hosts = hosts
        self.token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": NOT_ALLOWED})
            return
        send = with_security_headers(send)
        try:
            self.check(scope)
        except Refused as refusal:
            await problem(refusal.status_code, refusal.detail)(scope, receive, send)
        else:
            await self.app(scope, limited(scope, receive), send)

    def check(self, scope: Scope) -> None:
        """Raise Refused unless the request proves all that it must."""
        headers = Headers(scope=scope)
        self.check_origin(headers)
        path, method = scope["path"], scope["method"]
        if not is_api(path):
            if method not in {"GET", "HEAD"}:
                raise Refused(405, f"{method} {path}: the page can only be read")
            return
        # A browser says where a request comes from. Only pages of this very server may use the interface.
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise Refused(403, "the request comes from another site; open this server's own page")
        if self.access(scope) is not Access.READ and not self.has_token(headers):
            raise Refused(403, f"{method} needs this server's {TOKEN_HEADER}; load the page again to get it")

    def check_origin(self, headers: Headers) -> None:
        """The name asked for must be ours, and so must the page that asks."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            named = ", ".join(hosts) or "(none)"
            raise Refused(403, f"host {named} is not this server; use localhost, or start it with --host")
        origins = headers.getlist("origin")
        if any(urlsplit(origin).netloc.lower() != hosts[0].lower() for origin in origins):
            raise Refused(403, f"origin {', '.join(origins)} is not this server's own page at {hosts[0]}")

    def access(self, scope: Scope) -> Access:
        """What the route asks for; there must be one."""
        known = False
        for route, access in self.doors:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return access
            known = known or match is Match.PARTIAL
        if known:
            raise Refused(405, f"{scope['method']} is not possible for {scope['path']}")
        raise Refused(404, f"there is no {scope['path']}; /api/openapi.json lists what there is")

    def has_token(self, headers: Headers) -> bool:
        given = headers.getlist(TOKEN_HEADER)
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self.token)


def is_api(path: str) -> bool:
    """Whether the path belongs to the interface, not to the page."""
    return path == "/api" or path.startswith("/api/")


def with_security_headers(send: Send) -> Send:
    """Send, with the headers that every response carries."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending


def limited(scope: Scope, receive: Receive) -> Receive:
    """Receive, refusing a body that is announced or turns out to be too big."""
    announced = announced_length(Headers(scope=scope))
    total = 0

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if max(total, announced) > BIGGEST_BODY:
            raise Refused(413, f"the body is bigger than {BIGGEST_BODY} bytes; ask for fewer runs at once")
        return message

    return receiving


def announced_length(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0
