"""One record log that is not sealed: what was read of it so far, in columns that grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kymograph.store import records
from kymograph.store.logreader import Batch, Gap, LogReader, RawFrame, Rows, ValueRow
from kymograph.store.points import NO_POINTS, NO_TEXTS, Points, Texts, decode_text, merge
from kymograph.store.stats import NOTHING, SeriesStats, measure


@dataclass(slots=True)
class _Column:
    """An array with room behind its numbers. What was handed out is never written to again."""

    held: NDArray[Any]
    length: int = 0

    def append(self, more: NDArray[Any]) -> None:
        need = self.length + len(more)
        if need > len(self.held):
            grown = np.empty((max(need, 2 * len(self.held)), *self.held.shape[1:]), self.held.dtype)
            grown[: self.length] = self.held[: self.length]
            self.held = grown
        self.held[self.length : need] = more
        self.length = need


class _Table:
    """The rows of one set of keys."""

    def __init__(self, rows: Rows) -> None:
        self.keys = rows.keys
        self._seq = _Column(rows.seq, len(rows.seq))
        self._time = _Column(rows.time, len(rows.time))
        self._step = _Column(rows.step, len(rows.step))
        self._values = _Column(rows.values, len(rows.values))
        self._stats: dict[int, tuple[int, SeriesStats]] = {}

    def append(self, rows: Rows) -> None:
        self._seq.append(rows.seq)
        self._time.append(rows.time)
        self._step.append(rows.step)
        self._values.append(rows.values)

    def __len__(self) -> int:
        return self._seq.length

    def points(self, place: int, start: int = 0) -> Points:
        end = self._seq.length
        seq, step, time = self._seq.held[start:end], self._step.held[start:end], self._time.held[start:end]
        return Points(seq, step, time, self._values.held[start:end, place])

    def stats(self, place: int) -> SeriesStats:
        known, stats = self._stats.get(place, (0, NOTHING))
        if known < len(self):
            fresh = self.points(place, known)
            stats = stats.then(measure(fresh.step, fresh.value))
            self._stats[place] = (len(self), stats)
        return stats


class LiveLog:
    """Not for several threads at once: the run's folder has a lock."""

    def __init__(self, path: str, file: int, known: dict[int, tuple[str, ...]]) -> None:
        self.file = file
        self.reader = LogReader(path, file, known)
        self.gaps: list[Gap] = []
        self._tables: dict[tuple[tuple[str, ...], bool], _Table] = {}
        self._where: dict[str, list[tuple[_Table, int]]] = {}
        self._values: dict[str, list[ValueRow]] = {}

    def read(self, *, final: bool) -> tuple[Batch, set[str]]:
        """Look for what was appended: the batch, and the keys that grew."""
        batch = self.reader.read(final=final)
        keys: set[str] = set()
        for rows in batch.tables:
            self._append(rows)
            keys.update(rows.keys)
        for value in batch.values:
            self._values.setdefault(value.key, []).append(value)
            keys.add(value.key)
        self.gaps += batch.gaps
        return batch, keys

    def _append(self, rows: Rows) -> None:
        table = self._tables.get((rows.keys, rows.given))
        if table is not None:
            table.append(rows)
            return
        table = self._tables[rows.keys, rows.given] = _Table(rows)
        for place, key in enumerate(rows.keys):
            self._where.setdefault(key, []).append((table, place))

    def keys(self) -> list[str]:
        """The number series that have points here."""
        return list(self._where)

    def text_keys(self) -> list[str]:
        """The series that have values which are not numbers here."""
        return list(self._values)

    def count(self, key: str) -> int:
        """Points and values of a key."""
        return sum(len(table) for table, _ in self._where.get(key, ())) + len(self._values.get(key, ()))

    def points(self, key: str, steps: tuple[float, float] | None = None) -> Points:
        """A key's points in the order of their sequences."""
        wanted = self._where.get(key)
        if wanted is None:
            return NO_POINTS
        return merge([table.points(place).within(steps) for table, place in wanted])

    def stats(self, key: str) -> SeriesStats:
        """A key's statistics; costs no more than what was appended since the last call."""
        wanted = self._where.get(key)
        if wanted is None:
            return NOTHING
        if len(wanted) == 1:
            return wanted[0][0].stats(wanted[0][1])
        points = self.points(key)
        return measure(points.step, points.value)

    def texts(self, key: str) -> Texts:
        """A key's strings in the order of their sequences."""
        return texts_of(self._values.get(key, []))


def texts_of(values: list[ValueRow]) -> Texts:
    """The strings among values."""
    texts = [value for value in values if value.kind == records.TEXT]
    if not texts:
        return NO_TEXTS
    return Texts(
        np.array([value.seq for value in texts], np.int64),
        np.array([value.step for value in texts], np.float64),
        np.array([value.time for value in texts], np.float64),
        [decode_text(value.data) for value in texts],
    )


def own_time(batch: Batch) -> float:
    """The latest time of the library's own clock among points and values; -inf when there is none."""
    latest = -np.inf
    for rows in batch.tables:
        if not rows.given and len(rows.time):
            latest = max(latest, float(np.fmax.reduce(rows.time)))
    for value in batch.values:
        if not value.given:
            latest = max(latest, value.time)
    return latest


def noted(frames: list[RawFrame]) -> list[RawFrame]:
    """The frames that say something of writer, status or attributes."""
    kinds = (records.WRITER, records.ATTRIBUTES, records.STATUS, records.HEARTBEAT, records.CLOSE)
    return [frame for frame in frames if frame.kind in kinds]
