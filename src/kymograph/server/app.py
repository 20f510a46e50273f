"""Every route of the server in one table, and the application made of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, get_origin

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kymograph.query.project import Store
from kymograph.server import openapi, page, runs, series, table
from kymograph.server.gate import Gate, Hosts
from kymograph.server.live import Live, Stream
from kymograph.server.reply import HANDLERS, Refused, say
from kymograph.server.route import BINARY, EVENTS, JSON, Access, Entry
from kymograph.server.schema import (
    ChangeEvent,
    ColumnsAsk,
    ColumnsReply,
    CompleteAsk,
    CompleteReply,
    DoneReply,
    EditBody,
    EventsAsk,
    HelloEvent,
    KeysReply,
    ProjectsReply,
    RunReply,
    RunsAsk,
    RunsReply,
    SeriesBody,
    SeriesHeader,
    StoreReply,
    TextsAsk,
    TextsReply,
)

API_VERSION = "1"  # of the shapes and paths below, not of the package

ROUTES = (
    Entry("GET", "/api/store", Access.READ, "The store.", StoreReply, runs.about),
    Entry("GET", "/api/projects", Access.READ, "All projects.", ProjectsReply, runs.projects),
    Entry(
        "GET", "/api/projects/{project:path}/keys", Access.READ, "The keys of a project.",
        KeysReply, runs.keys, failures=(404,),
    ),
    Entry(
        "GET", "/api/projects/{project:path}/columns", Access.READ, "The columns the table can show.",
        ColumnsReply, runs.columns, ask=ColumnsAsk, failures=(400, 404),
    ),
    Entry(
        "GET", "/api/projects/{project:path}/complete", Access.READ, "How a query could go on.",
        CompleteReply, runs.complete, ask=CompleteAsk, failures=(400, 404),
    ),
    Entry(
        "GET", "/api/projects/{project:path}/runs", Access.READ, "A page of the runs table.",
        RunsReply, table.table, ask=RunsAsk, failures=(400, 404),
    ),
    Entry(
        "GET", "/api/runs/{run}", Access.READ, "Everything of one run.",
        RunReply, runs.show, failures=(404,),
    ),
    Entry(
        "GET", "/api/runs/{run}/texts", Access.READ, "A series of strings.",
        TextsReply, runs.texts, ask=TextsAsk, failures=(400, 404),
    ),
    Entry(
        "PATCH", "/api/runs/{run}", Access.WRITE, "Changes a run's name, notes, tags or colour.",
        DoneReply, runs.edit, body=EditBody, failures=(400, 404, 409),
    ),
    Entry(
        "POST", "/api/runs/{run}/trash", Access.WRITE, "Moves a run to the trash.",
        DoneReply, runs.trash, failures=(404, 409),
    ),
    Entry(
        "POST", "/api/runs/{run}/restore", Access.WRITE, "Takes a run out of the trash.",
        DoneReply, runs.restore, failures=(404, 409),
    ),
    Entry(
        "POST", "/api/series", Access.READ, "Points of many runs, raw or as buckets.",
        SeriesHeader, series.answer, body=SeriesBody, media=BINARY,
    ),
    Entry(
        "GET", "/api/events", Access.READ, "What changes, as it changes.",
        None, ask=EventsAsk, media=EVENTS, events=(HelloEvent, ChangeEvent),
    ),
    Entry("GET", "/api/openapi.json", Access.READ, "This document.", None, failures=()),
)  # fmt: skip


class Application:
    """The ASGI application: the gate; behind it the table's routes, and the page."""

    def __init__(self, store: Store, hosts: Hosts, token: str, folder: Path = page.FOLDER) -> None:
        self.store = store
        self.live = Live(store)
        routes = [
            (Route(entry.path, self.endpoint(entry), methods=[entry.method]), entry.access)
            for entry in ROUTES
        ]
        the_page = Route("/{path:path}", page.Page(token, folder).answer)
        inner = Starlette(routes=[*(route for route, _ in routes), the_page], exception_handlers=HANDLERS)
        self.gate = Gate(inner, routes, hosts, token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.gate(scope, receive, send)

    def endpoint(self, entry: Entry) -> Callable[[Request], Awaitable[Any]]:
        """What Starlette calls for an entry."""
        if entry.media == EVENTS:
            return self.follow
        if entry.answer is None:
            return describe
        return partial(self.answer, entry)

    async def answer(self, entry: Entry, request: Request) -> Response:
        """Reads what was asked, lets a thread find the answer, and says it."""
        given: dict[str, Any] = dict(request.path_params)
        if entry.ask:
            given["ask"] = asked(request, entry.ask)
        if entry.body:
            given["body"] = await sent(request, entry.body)
        body = await run_in_threadpool(self.found, entry, given)
        return Response(body, media_type=entry.media)

    def found(self, entry: Entry, given: dict[str, Any]) -> bytes:
        """In a thread: the answer, ready to be sent."""
        assert entry.answer is not None
        reply = entry.answer(self.store, **given)
        return reply if isinstance(reply, bytes) else say(reply)

    async def follow(self, request: Request) -> Stream:
        """Opens a line for events."""
        return Stream(self.live, asked(request, EventsAsk).project)


async def describe(_request: Request) -> Response:
    """The OpenAPI document of the table above."""
    return Response(openapi.encoded(ROUTES, API_VERSION), media_type=JSON)


def asked(request: Request, shape: type[Any]) -> Any:
    """What stands behind the `?`, as its shape; a field that is a list may be repeated."""
    names = {field.name for field in msgspec.structs.fields(shape)}
    if strange := sorted(request.query_params.keys() - names):
        allowed = ", ".join(sorted(names))
        raise Refused(400, f"{request.url.path} knows no {', '.join(strange)}; it takes {allowed}")
    many = {field.name for field in msgspec.structs.fields(shape) if get_origin(field.type) is list}
    given = request.query_params
    values = {name: given.getlist(name) if name in many else given[name] for name in given}
    try:
        return msgspec.convert(values, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, f"{request.url.path}: {error}") from error


async def sent(request: Request, shape: type[Any]) -> Any:
    """The body, as its shape."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != JSON:
        raise Refused(415, f"{request.url.path} takes a body of content-type {JSON}")
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, f"{request.url.path}: {error}") from error
