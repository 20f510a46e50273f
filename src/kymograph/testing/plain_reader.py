"""Reads a run's record logs in the slowest, most obvious way: what every other reader must agree with."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from typing import Any

from kymograph.store import records
from kymograph.store.layout import LogName, parse


@dataclass
class PlainRun:
    """What lies in a run's record logs, writer by writer, as it was written. Sealed files are not read."""

    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """key -> (step, value)"""
    texts: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    """key -> (step, text)"""
    attributes: dict[str, Any] = field(default_factory=dict)
    writers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """writer -> what its WRITER frame says"""
    statuses: list[dict[str, Any]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    """writers that wrote CLOSE"""
    damage: list[tuple[str, int, int]] = field(default_factory=list)

    def steps(self, key: str) -> list[float]:
        """The steps of a key."""
        return [step for step, _ in self.points.get(key, [])]

    def values(self, key: str) -> list[float]:
        """The values of a key."""
        return [value for _, value in self.points.get(key, [])]


def read_plainly(folder: str | os.PathLike[str]) -> PlainRun:
    """Read a run's folder."""
    run = PlainRun()
    changes: list[tuple[float, dict[str, Any]]] = []
    for name in sorted(os.listdir(folder)):
        parsed = parse(name)
        if isinstance(parsed, LogName):
            _read_log(run, os.path.join(os.fspath(folder), name), parsed.writer, changes)
    for _, change in sorted(changes, key=lambda item: item[0]):
        for gone in change.get("unset", []):
            for path in [path for path in run.attributes if path == gone or path.startswith(f"{gone}/")]:
                del run.attributes[path]
        run.attributes.update(change["set"])
    return run


def _read_log(run: PlainRun, path: str, writer: str, changes: list[tuple[float, dict[str, Any]]]) -> None:
    with open(path, "rb") as file:
        data = file.read()
    keysets: dict[int, list[str]] = {}
    frames = records.walk(data)
    for frame in frames:
        if frame.kind == records.WRITER:
            run.writers[writer] = records.read_json(frame.payload)
        elif frame.kind == records.KEYSET:
            keysets[frame.id] = records.read_json(frame.payload)
        elif frame.kind == records.ATTRIBUTES:
            changes.append(records.read_timed_json(frame.payload))
        elif frame.kind == records.STATUS:
            run.statuses.append(records.read_timed_json(frame.payload)[1])
        elif frame.kind == records.CLOSE:
            run.closed.add(writer)
        elif frame.kind in {records.VALUE, records.VALUE_AT}:
            _, step, _, text = records.read_value(frame.payload)
            run.texts.setdefault(keysets[frame.id][0], []).append((step, text.decode()))
        elif frame.kind in {records.POINTS, records.POINTS_AT, records.POINTS_OWN, records.POINTS_OWN_AT}:
            _read_points(run, frame, keysets[frame.id])
    run.damage += [(os.path.basename(path), start, end) for start, end in frames.damage]


def _read_points(run: PlainRun, frame: records.Frame, keys: list[str]) -> None:
    numbers = struct.unpack(f"<{len(frame.payload) // 8}d", frame.payload)[1:]
    values = numbers[-len(keys) :]
    own = frame.kind in {records.POINTS_OWN, records.POINTS_OWN_AT}
    steps = numbers[: len(keys)] if own else numbers[:1] * len(keys)
    for key, step, value in zip(keys, steps, values, strict=True):
        run.points.setdefault(key, []).append((step, value))
