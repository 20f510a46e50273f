"""Record logs and run folders written by hand, so that tests know each byte."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

from kymograph.store import records
from kymograph.store.alive import this_boot
from kymograph.store.layout import StoreFolder, log_name

WRITER = "aaaaaaaa"
OTHER = "bbbbbbbb"
RUN = "run23456"
DEAD = 2**22 + 1  # no process has such a number


class Log:
    """Bytes of one record log; every method appends one frame and gives its offset."""

    def __init__(self, writer: str = WRITER, file: int = 0, **about: object) -> None:
        self.data = records.file_header()
        self.frames: list[tuple[int, int]] = []  # offset and end of each
        told = {
            "run": RUN,
            "writer": writer,
            "file": file,
            "role": "main",
            "started": 1000.0,
            "generation": 0,
            "cut": None,
            "host": os.uname().nodename,
            "pid": DEAD,
            "boot": this_boot(),
            "version": "0.1.0",
        }
        self.put(records.json_frame(records.WRITER, {**told, **about}))

    def put(self, frame: bytes) -> int:
        at = len(self.data)
        self.data += frame
        self.frames.append((at, len(self.data)))
        return at

    def keys(self, number: int, *keys: str) -> int:
        return self.put(records.keyset_frame(number, list(keys)))

    def points(self, number: int, time: float, step: float, *values: float, given: bool = False) -> int:
        return self.put(points(number, time, step, *values, given=given))

    def own(
        self, number: int, time: float, steps: list[float], values: list[float], given: bool = False
    ) -> int:
        kind = records.POINTS_OWN_AT if given else records.POINTS_OWN
        return self.put(
            records.frame(kind, number, struct.pack(f"<{1 + 2 * len(steps)}d", time, *steps, *values))
        )

    def text(self, number: int, time: float, step: float, text: str, given: bool = False) -> int:
        data = text.encode("utf-8", "surrogatepass")
        return self.put(records.value_frame(number, time, step, records.TEXT, data, given=given))

    def set(self, time: float, unset: list[str] | None = None, **values: object) -> int:
        content = {
            "set": {path.replace("__", "/"): value for path, value in values.items()},
            "unset": unset or [],
        }
        return self.put(records.json_frame(records.ATTRIBUTES, content, time=time))

    def status(self, time: float, word: str, reason: str = "") -> int:
        return self.put(records.json_frame(records.STATUS, {"status": word, "reason": reason}, time=time))

    def heartbeat(self, time: float) -> int:
        return self.put(records.time_frame(records.HEARTBEAT, time))

    def close(self, time: float) -> int:
        return self.put(records.time_frame(records.CLOSE, time))


def points(number: int, time: float, step: float, *values: float, given: bool = False) -> bytes:
    """One frame of points."""
    kind = records.POINTS_AT if given else records.POINTS
    return records.frame(kind, number, struct.pack(f"<{2 + len(values)}d", time, step, *values))


def place(folder: Path, log: Log | bytes, number: int = 0, writer: str = WRITER) -> Path:
    """Put a log into a run's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / log_name(writer, number)
    path.write_bytes(log if isinstance(log, bytes) else log.data)
    return path


def new_run(root: Path, run: str = RUN, markers: tuple[str, ...] = (WRITER,)) -> Path:
    """A run's folder in a store, with the markers of its writers."""
    store = StoreFolder(root)
    store.create()
    folder = Path(store.run_folder(run))
    folder.mkdir(parents=True)
    for writer in markers:
        Path(store.marker(run, writer)).touch()
    return folder


def busy_log(rows: int = 300, file: int = 0, seed: int = 1, **about: object) -> Log:
    """A log with a bit of everything in it."""
    random_ = random.Random(seed)
    log = Log(file=file, **about)
    log.set(1000.0, config__lr=0.1, name="busy")
    log.keys(1, "loss", "acc")
    log.keys(2, "val")
    log.keys(3, "note")
    log.keys(4, "gpu", "cpu")
    for row in range(rows):
        log.points(1, 1000 + row * 0.0101, row, random_.gauss(0, 1), row % 7)
        if row % 10 == 0:
            log.points(2, 1000 + row * 0.01, row / 3, random_.random(), given=True)
            log.own(4, 1000 + row * 0.01, [row // 10, row // 10], [random_.random(), float("nan")])
        if row % 50 == 0:
            log.text(3, 1000 + row * 0.01, row, f"row {row} ✓")
            log.heartbeat(1000 + row * 0.01)
    return log


def disk_bytes(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {name: (folder / name).read_bytes() for name in sorted(os.listdir(folder))}
