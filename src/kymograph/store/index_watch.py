"""Tells which run folders came, went or need a look: by markers, by names, by the times of folders."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kymograph.store.index_columns import series_stat
from kymograph.store.index_facts import stats_of, stats_row
from kymograph.store.index_types import STAT_AT
from kymograph.store.layout import StoreFolder, is_run_id, parse_marker
from kymograph.store.view import RunFolder

_COARSE = 100_000_000  # ns; two changes of a folder within this may leave the same time on it
_SCRUB = 16  # settled folders looked at in each sync
_AT_START = 5_000  # so many settled folders are looked at when a store is opened
_QUIET = 2.0  # seconds between looks at an unsettled run whose writers left no marker
_FIRST, _LONGEST = 1.0, 30.0  # seconds between attempts to seal one run


class Brief(NamedTuple):
    """What there is to say of a run without its points."""

    stats: dict[str, NDArray[np.float64]]
    texts: list[str]


@dataclass(slots=True)
class Watched:
    """A run that is not settled, or not yet in the index."""

    folder: RunFolder
    path: str
    facts: dict[str, object] = field(default_factory=dict)
    shown: bool = False  # somebody wrote in it: it is a run
    word: str = ""  # its status when it last changed
    settled: bool = False
    idle: bool = False  # no writer of it lives
    closed: bool = False  # all its writers have said that they are done
    brief: Brief | None = None  # in place of the folder's content, when all its writers have closed
    folder_time: int = -1
    marked: bool = False  # a writer's marker is there
    next_look: float = 0.0
    next_seal: float = 0.0
    pause: float = _FIRST

    def due(self, now: float) -> bool:
        """Whether to read it again: it has writers, its folder changed, or it is time."""
        if self.brief is not None:  # only a new file can bring anything
            return folder_time(self.path) != self.folder_time
        if self.marked or now >= self.next_look:
            self.next_look = now + _QUIET
            return True
        return folder_time(self.path) != self.folder_time

    def in_brief(self) -> Brief:
        """What has to be kept of the run so that its points need not be."""
        return Brief(stats_of(self.folder), self.folder.text_keys())

    def keys(self) -> list[str]:
        """Its series of numbers."""
        return self.folder.keys() if self.brief is None else list(self.brief.stats)

    def text_keys(self) -> list[str]:
        """Its series of strings."""
        return self.folder.text_keys() if self.brief is None else self.brief.texts

    def stats(self, key: str) -> NDArray[np.float64] | None:
        """One row of STATS; None where the run has no such series."""
        return stats_row(self.folder, key) if self.brief is None else self.brief.stats.get(key)

    def value(self, name: str) -> object:
        """The run's value of a column; None where it has none."""
        series = series_stat(name)
        if series is None:
            return self.facts.get(name)
        row = self.stats(series[0])
        return None if row is None else float(row[STAT_AT[series[1]]])

    def hurry(self, now: float) -> None:
        """Something ended: look and seal as soon as possible."""
        self.next_look, self.next_seal, self.pause = now, now, _FIRST

    def sealed(self, now: float, *, something: bool) -> None:
        """An attempt was made; the next comes later the more often nothing was to do."""
        self.pause = _FIRST if something else min(2 * self.pause, _LONGEST)
        self.next_seal = now + self.pause


class Watcher:
    """Looks at a store's folders. One thread at a time."""

    def __init__(self, store: StoreFolder) -> None:
        self.store = store
        self._runs_time = -1
        self._listed: set[str] = set()
        self._scrub: Iterator[str] = iter(())

    def marked(self) -> set[str]:
        """Runs that some writer has a marker for."""
        try:
            names = os.listdir(self.store.live)
        except OSError:
            return set()
        found = (parse_marker(name) for name in names)
        return {marker[0] for marker in found if marker is not None}

    def listed(self) -> set[str] | None:
        """The runs that are there; None when the folder did not change since the last call."""
        changed = folder_time(self.store.runs)
        if changed == self._runs_time:
            return None
        try:
            names = os.listdir(self.store.runs)
        except OSError:
            names = []
        young = abs(time.time_ns() - changed) < _COARSE
        self._runs_time = -1 if young else changed
        self._listed = {name for name in names if is_run_id(name)}
        return self._listed

    def again(self) -> None:
        """List the runs in the next call, whatever their folder's time says."""
        self._runs_time = -1

    def scrubbed(self, settled: Collection[str]) -> list[str]:
        """Some settled runs to compare with their folders: in turn all, so nothing stays unseen for ever.

        A writer on another machine may come and go without this machine ever seeing its marker.
        """
        found: list[str] = []
        for _ in range(_SCRUB):
            run = next(self._scrub, None)
            if run is None:
                self._scrub = iter(list(settled))
                break
            found.append(run)
        return found


def at_start(settled: Collection[str]) -> Collection[str]:
    """The settled runs to compare with their folders when a store is opened: all, or none of very many."""
    return settled if len(settled) <= _AT_START else ()


def folder_time(path: str) -> int:
    """When names in a folder last changed, ns; 0 when it is not there."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
