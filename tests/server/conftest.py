"""A real store with real runs, and the application over it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import httpx
import numpy as np
import pytest

import kymograph
from kymograph.server.app import Application
from kymograph.server.gate import Hosts

TOKEN = "the token of these tests"
TYPES = {"f64": "<f8", "f32": "<f4", "u32": "<u4", "u8": "u1"}


class Client:
    """Asks the application over ASGI; the transport is the only thing that is not the real one."""

    def __init__(self, path, folder=None):
        self.store = kymograph.open(path)
        self.app = Application(self.store, Hosts("127.0.0.1"), TOKEN, *([folder] if folder else []))

    def ask(self, method, path, **options):
        headers = {"X-Kymograph-Token": TOKEN, **options.pop("headers", {})}

        async def asking():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:5757") as client:
                return await client.request(method, path, headers=headers, **options)

        return asyncio.run(asking())

    def get(self, path, **params):
        return self.ask("GET", path, params=params)

    def post(self, path, body=None):
        return self.ask("POST", path, json=body)

    def patch(self, path, body):
        return self.ask("PATCH", path, json=body)


@pytest.fixture
def three(store_path):
    """Three runs of a project: two finished, one failed; their ids in the order of their start."""
    ids = []
    for i, (name, lr) in enumerate([("amber", 0.1), ("brisk", 0.01), ("calm", 0.001)]):
        with (
            suppress(ZeroDivisionError),
            kymograph.init("digits", name=name, config={"lr": lr, "net": {"depth": i}}) as run,
        ):
            ids.append(run.id)
            run.define("loss", goal="min", unit="nats", doc="cross entropy")
            run.tag("best", i == 1)
            for step in range(10):
                run.log({"loss": 1.0 / (step + 1) + i, "val/acc": 0.5 + 0.1 * i}, step=step)
            run.log({"said": f"hello from {name}"})
            if name == "calm":
                raise ZeroDivisionError("a training that fails")
    return ids


@pytest.fixture
def client(three, store_path):
    return Client(store_path)


@pytest.fixture(scope="session")
def decoded():
    """Reads a binary reply as documented: gives the header, and a function from a ref to its numbers."""

    def decode(reply):
        size = int.from_bytes(reply[:4], "little")
        assert (4 + size) % 8 == 0
        behind = 4 + size

        def array(ref):
            assert ref["at"] % 8 == 0
            return np.frombuffer(reply, TYPES[ref["type"]], ref["length"], behind + ref["at"])

        return json.loads(reply[4:behind]), array

    return decode
