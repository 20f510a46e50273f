"""W&B in offline mode: it writes one file per run, which only its server can show."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters import KEY, Cannot

UNREADABLE = "offline runs are not readable before they are sent to a server"
BLOCK = 32768  # its file is a LevelDB log: blocks of this size, records in up to four kinds of fragments
HEAD = struct.Struct("<IHB")
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


class Writer:
    def __init__(self, folder: Path, run: str) -> None:
        os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=str(folder))
        import wandb

        settings = wandb.Settings(console="off", x_disable_stats=True)
        self._run = wandb.init(project="bench", name=run, dir=str(folder), settings=settings)

    def log(self, metrics: dict[str, float], step: int) -> None:
        self._run.log(metrics, step=step)

    def finish(self) -> None:
        self._run.finish()


def fill(folder: Path, runs: int, steps: int, spike: int | None = None) -> None:
    raise Cannot(UNREADABLE)


def settle(folder: Path) -> None:
    """Nothing to do."""


def count(folder: Path) -> int:
    from wandb.proto import wandb_internal_pb2

    found = 0
    for path in folder.rglob("*.wandb"):
        for data in _records(path.read_bytes()):
            record = wandb_internal_pb2.Record()
            record.ParseFromString(data)
            for item in record.history.item:
                found += KEY in (item.key, *item.nested_key)
    return found


def load(folder: Path) -> None:
    raise Cannot(UNREADABLE)


def chart(folder: Path, key: str) -> list[Any]:
    raise Cannot(UNREADABLE)


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"wandb": version("wandb")}


def _records(data: bytes) -> Iterator[bytes]:
    at, parts = 7, b""
    while at + HEAD.size <= len(data):
        left = BLOCK - at % BLOCK
        if left < HEAD.size:
            at += left
            continue
        _, length, kind = HEAD.unpack_from(data, at)
        if kind not in (FULL, FIRST, MIDDLE, LAST) or at + HEAD.size + length > len(data):
            return
        piece = data[at + HEAD.size : at + HEAD.size + length]
        at += HEAD.size + length
        parts = piece if kind in (FULL, FIRST) else parts + piece
        if kind in (FULL, LAST):
            yield parts
