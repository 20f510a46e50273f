"""Which columns and keys there are, and what `define` said of them; read again when something changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from kymograph.query.names import BUILT_IN, spelled, spelled_path
from kymograph.store.index import Index
from kymograph.store.index_types import Changes

PATIENCE = 20.0  # what took a second to read is read again after 20 seconds at the earliest

Said = dict[str, dict[str, object]]
T = TypeVar("T")

_TEXT_BUILT_IN = ("id", "name", "project", "status", "group", "parent", "fork", "notes", "host", "user")


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column as it is typed in queries; source is built-in, config, summary, tag, attribute or series."""

    name: str
    source: str
    kind: str  # number | text | bool | json
    runs: int


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key with a series of numbers, how many runs have it, and what `define` said of it."""

    key: str
    runs: int
    goal: str | None = None  # min | max
    unit: str | None = None
    clock: str | None = None
    doc: str | None = None


class Catalogue:
    """Lists over all runs of a project (None: of all). Any thread may call."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._version = 0
        self._seen: set[str] = set()  # keys that grew before
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str | None], tuple[int, float, object]] = {}

    def changed(self, changes: Changes) -> None:
        """Something came, went, or was written. That a known series grew may be noticed a little later."""
        self._version += 1
        grown = set().union(*changes.keys.values())
        usual = all(changes.keys.get(run) for run in changes.runs) and grown <= self._seen
        self._seen |= grown
        if changes.new or changes.removed or not usual:
            with self._lock:
                self._kept.clear()

    def columns(self, project: str | None) -> list[ColumnInfo]:
        """Built-in columns first, then config, series, tags and the rest, each by name."""
        return self._read("columns", project, lambda: self._columns(project))

    def keys(self, project: str | None) -> list[KeyInfo]:
        """By name."""
        return self._read("keys", project, lambda: self._keys(project))

    def goal(self, key: str, project: str | None) -> str | None:
        """Whether more ("max") or less ("min") of a key is better; None when nobody said."""
        definitions = self._read("definitions", project, lambda: self._index.definitions(project))
        return _word(_said(definitions, key), "goal", ("min", "max"))

    def _read(self, what: str, project: str | None, read: Callable[[], T]) -> T:
        with self._lock:
            kept = self._kept.get((what, project))
            if kept is not None and (kept[0] == self._version or time.monotonic() < kept[1]):
                return kept[2]  # type: ignore[return-value]  # what was put there under this name
            version, began = self._version, time.monotonic()
            found = read()
            now = time.monotonic()
            if len(self._kept) > 1000:  # noqa: PLR2004 - names of projects that people made up
                self._kept.clear()
            self._kept[what, project] = (version, now + PATIENCE * (now - began), found)
            return found

    def _columns(self, project: str | None) -> list[ColumnInfo]:
        runs = len(self._index.run_ids(project))
        found = [
            ColumnInfo(name, "built-in", "text" if name in _TEXT_BUILT_IN else "number", runs)
            for name in BUILT_IN
        ]
        for info in self._index.columns(project):
            if info.source == "series":
                found.append(ColumnInfo(spelled("series", info.name), "series", "number", info.runs))
            elif info.source == "attribute" and info.name not in BUILT_IN:
                found.append(ColumnInfo(spelled_path(info.name), _source(info.name), info.kind, info.runs))
        order = ("built-in", "config", "series", "summary", "tag", "attribute")
        return sorted(found, key=lambda info: order.index(info.source))

    def _keys(self, project: str | None) -> list[KeyInfo]:
        definitions = self._index.definitions(project)
        found = []
        for info in self._index.columns(project):
            if info.source == "series":
                said = _said(definitions, info.name)
                unit, clock, doc = (_word(said, word) for word in ("unit", "clock", "doc"))
                goal = _word(said, "goal", ("min", "max"))
                found.append(KeyInfo(info.name, info.runs, goal, unit, clock, doc))
        return found


def _source(path: str) -> str:
    prefix, slash, _ = path.partition("/")
    return prefix if slash and prefix in ("config", "summary", "tag") else "attribute"


def _said(definitions: Said, key: str) -> dict[str, object]:
    """Of all patterns that match a key, the last one counts."""
    said: dict[str, object] = {}
    for pattern, words in definitions.items():
        if pattern == key or fnmatchcase(key, pattern):
            said = words
    return said


def _word(said: dict[str, object], word: str, allowed: tuple[str, ...] = ()) -> str | None:
    value = said.get(word)
    if not isinstance(value, str) or (allowed and value not in allowed):
        return None
    return value
