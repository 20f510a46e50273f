"""A real server on a store, as `kymograph ui` starts it."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

SOURCES = str(Path(__file__).resolve().parent.parent / "src")


class Served:
    """`kymograph ui` in a process of its own, and one kept connection to it."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "kymograph", "ui", str(self._store), "--port", "0"]
        self.process = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": SOURCES}, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://([\d.]+|localhost):(\d+)", line)
        if found is None:
            self.process.kill()
            raise RuntimeError(f"the server said {line!r} instead of its address")
        self.address = found.group(0)
        self._connection = http.client.HTTPConnection(found.group(1), int(found.group(2)), timeout=120)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._connection.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def get(self, path: str) -> bytes:
        """The body of a reply."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> bytes:
        """The body of a reply."""
        return self._ask("POST", path, body)

    def resident(self) -> float:
        """Resident memory of the server in MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1000
        raise RuntimeError("the server is gone")

    def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        reply = self._connection.getresponse()
        data = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{method} {path} gave {reply.status}: {data[:200]!r}")
        return data
