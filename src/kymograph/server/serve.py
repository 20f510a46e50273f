"""Runs the server: finds a port, says the address, serves until it is told to stop."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
import threading
import webbrowser
from types import FrameType

import uvicorn

import kymograph
from kymograph.errors import KymographError, StoreNotFound
from kymograph.query.project import Store
from kymograph.server.app import Application
from kymograph.server.gate import EVERYWHERE, Hosts
from kymograph.store.layout import find_store

LOOPBACK = "127.0.0.1"
PORT = 5757
PORTS_TRIED = 100
LAST_WORDS = 2  # seconds that requests under way get when the server stops


class PortTaken(KymographError):
    """Nothing could be bound: another program listens there."""


def serve(
    store: Store | str | os.PathLike[str] | None = None,
    host: str = LOOPBACK,
    port: int | None = None,
    open_browser: bool = False,
) -> None:
    """Serve a store's page and interface until SIGINT or SIGTERM; returns then.

    `store` is an open store or where to find one, as in `kymograph.open`. Without `port` the first free one
    from 5757 on is taken; a given port that is taken raises PortTaken. The address is printed before anything
    else happens, on standard output.
    """
    check_there(store)
    listening = bind(host, port)
    try:
        address = address_of(host, listening)
        print(f"Kymograph is at {address}", flush=True)  # noqa: T201 - a person is waiting for this line
        if host in EVERYWHERE or host != LOOPBACK:
            warn_of_readers(host)
        opened = store if isinstance(store, Store) else kymograph.open(store)
        app = Application(opened, Hosts(host), secrets.token_urlsafe(32))
        Server(app, address if open_browser else None).run(sockets=[listening])
    finally:
        listening.close()


def check_there(store: Store | str | os.PathLike[str] | None) -> None:
    """An address of a server that will not start is worse than none."""
    if isinstance(store, Store):
        return
    folder = find_store(store)
    if not folder.exists():
        raise StoreNotFound(f"no store at {folder.path}; kymograph.init() makes one where a training runs")


class Server(uvicorn.Server):
    """Uvicorn, with streams that end when it stops, and signals that stop it and do no more."""

    def __init__(self, app: Application, show: str | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                access_log=False,
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=LAST_WORDS,
            )
        )
        self.app = app
        self.show = show

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, and show it to whoever asked for a browser."""
        await super().startup(sockets=sockets)
        if self.show:
            threading.Thread(target=webbrowser.open, args=(self.show,), daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams never end by themselves; without this each one would use up the last words."""
        self.app.live.close()
        await super().shutdown(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop once; the second Ctrl-C stops at once. `serve` then returns, and its caller can clean up."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()  # uvicorn would raise them again after it has stopped


def bind(host: str, port: int | None) -> socket.socket:
    """A listening socket on that port, or on the first free one."""
    tried = [PORT + i for i in range(PORTS_TRIED)] if port is None else [port]
    for candidate in tried:
        try:
            return listen(host, candidate)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                why = error.strerror or error
                raise PortTaken(
                    f"cannot listen on {host}: {why}; --host takes an address of this machine"
                ) from error
    if port is not None:
        raise PortTaken(
            f"port {port} on {host} is taken or not allowed; leave --port out to take the next free one"
        )
    raise PortTaken(f"ports {tried[0]} to {tried[-1]} on {host} are all taken; choose another with --port")


def listen(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    # The protocol is named so that asyncio sees a TCP socket and does not wait 40 ms to fill packets.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


def address_of(host: str, listening: socket.socket) -> str:
    """What to type into a browser."""
    port = listening.getsockname()[1]
    name = socket.gethostname() if host in EVERYWHERE else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def warn_of_readers(host: str) -> None:
    """There are no accounts yet; whoever opens a server to a network should know that."""
    from_where = "the network" if host in EVERYWHERE else host
    print(f"Whoever reaches {from_where} can see and edit these runs.", file=sys.stderr, flush=True)  # noqa: T201
