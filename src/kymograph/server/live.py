"""Follows the store while somebody listens, and tells every listener what changed.

Answers need none of this: every question to the store looks at what was appended by itself.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from kymograph.errors import KymographError
from kymograph.query.project import Store
from kymograph.server.reply import say
from kymograph.server.schema import ChangeEvent, HelloEvent, Reply
from kymograph.version import __version__

log = logging.getLogger("kymograph.server")

PERIOD = 0.25  # seconds between two looks at the store while somebody listens
SHARE = 0.1  # looking takes at most this part of the time: after a long look comes a long wait,
SLOWEST = 1.0  # and yet never a longer one than this
MEMORY = 5.0  # seconds of news that a new listener still hears
QUIET = 15.0  # seconds without an event after which a comment shows that the line is open
RETRY_MS = 1000  # how soon a browser comes back after the line broke

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # a proxy in between must not hold events back
]


@dataclass(slots=True)
class News:
    """What changed; news that nobody has taken yet merge into one."""

    runs: set[str] = field(default_factory=set)
    keys: dict[str, set[str]] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def add(self, other: News) -> None:
        """Take in what happened later."""
        self.runs = (self.runs | other.runs) - other.removed
        self.new = (self.new | other.new) - other.removed
        self.removed = (self.removed - other.new) | other.removed
        for run, keys in other.keys.items():
            self.keys[run] = self.keys.get(run, set()) | keys
        for run in other.removed:
            self.keys.pop(run, None)

    def of(self, project: str, projects: Mapping[str, str]) -> News:
        """The part that is about one project; what is gone has none any more, so everybody hears of it."""
        ours = {run for run in self.runs | self.new if projects.get(run) == project}
        keys = {run: keys for run, keys in self.keys.items() if run in ours}
        return News(self.runs & ours, keys, self.new & ours, self.removed)

    def __bool__(self) -> bool:
        return bool(self.runs or self.removed or self.new)

    def event(self) -> ChangeEvent:
        """As it goes on the wire, in an order that does not change."""
        return ChangeEvent(
            runs=sorted(self.runs),
            keys={run: sorted(self.keys[run]) for run in sorted(self.keys)},
            new=sorted(self.new),
            removed=sorted(self.removed),
        )


class Listener:
    """One open stream. Owned by the event loop; a slow one finds its news merged, never a longer queue."""

    def __init__(self, project: str | None) -> None:
        self.project = project
        self.wake = asyncio.Event()
        self.over = False
        self._news = News()

    def tell(self, news: News) -> None:
        self._news.add(news)
        self.wake.set()

    def end(self) -> None:
        """Nothing more will come."""
        self.over = True
        self.wake.set()

    def take(self) -> News:
        """What came since the last time."""
        news, self._news = self._news, News()
        self.wake.clear()
        return news


class Live:
    """One per server. Everything here runs in the event loop but the look at the store itself."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.version = (
            f"{__version__}+{secrets.token_hex(4)}"  # a page of an earlier start has a token of old
        )
        self.closing = False
        self._listeners: set[Listener] = set()
        self._projects: dict[str, str] = {}  # of every run that ever changed
        self._recent: deque[tuple[float, News]] = deque(maxlen=int(MEMORY / PERIOD) + 1)
        self._watcher: asyncio.Task[None] | None = None
        self._complained = False
        self._refresh()  # what happened before this start is no news

    def close(self) -> None:
        """Ends every stream; the server stops."""
        self.closing = True
        for listener in self._listeners:
            listener.end()

    async def look(self) -> None:
        """Read what was appended, and tell the listeners."""
        news = await run_in_threadpool(self._refresh)
        if news:
            self._recent.append((asyncio.get_running_loop().time(), news))
        for listener in self._listeners:
            self._tell(listener, news)

    def _tell(self, listener: Listener, news: News) -> None:
        mine = news if listener.project is None else news.of(listener.project, self._projects)
        if mine:
            listener.tell(mine)

    def _refresh(self) -> News:
        """One look at the store. It may seal what can be sealed: not for the event loop."""
        changes = self.store.refresh()
        if not changes.runs <= self._projects.keys():
            runs = self.store.runs()
            self._projects = dict(zip(runs.ids, map(str, runs.column("project")), strict=True))
        keys = {run: set(keys) for run, keys in changes.keys.items()}
        return News(set(changes.runs), keys, set(changes.new), set(changes.removed))

    async def _watch(self) -> None:
        """While somebody listens: look, and wait."""
        loop = asyncio.get_running_loop()
        while self._listeners and not self.closing:
            started = loop.time()
            try:
                await self.look()
                self._complained = False
            except (KymographError, OSError) as error:
                # The folder may be on a disk that comes back; the page keeps what it has until then.
                if not self._complained:
                    log.warning("the store cannot be read: %s", error)
                self._complained = True
            cost = loop.time() - started
            await asyncio.sleep(min(max(PERIOD, cost / SHARE), SLOWEST))

    def join(self, project: str | None) -> Listener:
        """A new listener; the first one starts the watch.

        It hears at once what happened in the last seconds: the page it belongs to may have asked before.
        """
        listener = Listener(project)
        since = asyncio.get_running_loop().time() - MEMORY
        for when, news in self._recent:
            if when >= since:
                self._tell(listener, news)
        self._listeners.add(listener)
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.get_running_loop().create_task(self._watch())
            self._watcher.add_done_callback(self._watched)
        if self.closing:
            listener.end()
        return listener

    def _watched(self, watch: asyncio.Task[None]) -> None:
        """A watch that broke takes the lines with it: browsers come back, and with them a new watch."""
        if not watch.cancelled() and (fault := watch.exception()):
            log.error("the watch over the store broke; it starts anew", exc_info=fault)
            for listener in self._listeners:
                listener.end()

    def leave(self, listener: Listener) -> None:
        """Without listeners the watch ends by itself."""
        self._listeners.discard(listener)


class Stream:
    """The response of an open line: hello, then changes, until one of both sides ends it."""

    def __init__(self, live: Live, project: str | None) -> None:
        self.live = live
        self.project = project

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(STREAM_HEADERS)})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        listener = self.live.join(self.project)
        talk = asyncio.ensure_future(self.talk(listener, send))
        gone = asyncio.ensure_future(disconnected(receive))
        try:
            await asyncio.wait({talk, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.live.leave(listener)
            talk.cancel()
            gone.cancel()
            await asyncio.gather(talk, gone, return_exceptions=True)

    async def talk(self, listener: Listener, send: Send) -> None:
        """Says hello, and whatever there is to say."""
        await write(
            send, f"retry: {RETRY_MS}\n".encode() + event("hello", HelloEvent(version=self.live.version))
        )
        while not listener.over:
            try:
                await asyncio.wait_for(listener.wake.wait(), QUIET)
            except asyncio.TimeoutError:  # not the built-in one before Python 3.11
                await write(send, b": nothing new\n\n")
                continue
            if news := listener.take():
                await write(send, event("change", news.event()))
        await send({"type": "http.response.body", "body": b""})


async def disconnected(receive: Receive) -> None:
    """Returns when the other side has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def event(name: str, shape: Reply) -> bytes:
    """One server-sent event; JSON has no line breaks, so it is one line of data."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), say(shape))
