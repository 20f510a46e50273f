"""Merges what several writers said of a run's attributes; pure."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Sequence
from typing import Any, NamedTuple

from kymograph.store import records
from kymograph.store.logreader import RawFrame
from kymograph.store.writers import WriterState


class _Change(NamedTuple):
    time: float
    started: float
    writer: str
    seq: int
    content: dict[str, Any]

    def place(self) -> tuple[float, float, str, int]:
        return self[:4]


class Attributes:
    """Changes in the order of (time, writer by its start, sequence), and the mapping they make."""

    def __init__(self) -> None:
        self._changes: list[_Change] = []
        self._latest: dict[str, float] = {}
        self._merged: dict[str, object] = {}
        self._applied = 0

    def add(self, writer: WriterState, frames: Sequence[RawFrame]) -> None:
        """Take in the ATTRIBUTES frames of one writer, in the order of their sequences.

        A clock that jumps backward does not bring back what the same writer said before.
        """
        for frame in frames:
            if frame.kind != records.ATTRIBUTES:
                continue
            try:
                time, content = records.read_timed_json(frame.payload)
            except ValueError:
                continue
            if not isinstance(content, dict):
                continue
            latest = self._latest.get(writer.id, -math.inf)
            time = max(latest, time)  # latest, when the time is NaN
            self._latest[writer.id] = time
            started = writer.about.get("started")
            self._insert(
                _Change(time, started if isinstance(started, float) else 0.0, writer.id, frame.seq, content)
            )

    def _insert(self, change: _Change) -> None:
        if self._changes and change.place() < self._changes[-1].place():
            insort(self._changes, change, key=_Change.place)
            self._merged, self._applied = {}, 0
        else:
            self._changes.append(change)

    def merged(self) -> dict[str, object]:
        """Path -> value. The mapping handed out is never changed afterwards."""
        if self._applied < len(self._changes):
            merged = dict(self._merged)
            for change in self._changes[self._applied :]:
                _apply(merged, change.content)
            self._merged, self._applied = merged, len(self._changes)
        return self._merged


def _apply(merged: dict[str, object], content: dict[str, Any]) -> None:
    unset, given = content.get("unset"), content.get("set")
    if isinstance(unset, list):
        for path in unset:
            below = f"{path}/"
            for known in [known for known in merged if known == path or known.startswith(below)]:
                del merged[known]
    if isinstance(given, dict):
        merged.update(given)
