"""Settled runs to and from the index's tables: SQL in, SQL out, nothing kept but the numbers of names."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kymograph.store.index_types import STATS
from kymograph.store.pyramid import DEEPEST, Cells, pack

ATTRIBUTE, SERIES, TEXT = 0, 1, 2  # sources in the catalogue
SOURCES = ("attribute", "series", "text")
NUMBER, WORDS, YES_NO, JSON = 1, 2, 4, 8  # bits of kinds: what values an attribute was seen to have
_ROW = np.dtype("<f8")
_WHOLE = 2**53  # above, a whole number is not always a float64


@dataclass(frozen=True, slots=True)
class SettledRun:
    """All that the index keeps of one settled run."""

    id: str
    project: str
    created: float
    active: float  # when something last happened in it
    folder_time: int  # mtime of its folder, ns, taken before it was read
    attributes: Mapping[str, object]
    stats: Mapping[str, NDArray[np.float64]]  # key -> one number per STATS
    texts: Sequence[str]
    pyramids: Mapping[str, Sequence[Cells]]

    @property
    def size(self) -> int:
        """Bytes of its pyramids, which are most of it."""
        return sum(cells.nbytes for levels in self.pyramids.values() for cells in levels)


class RunRow(NamedTuple):
    """One row of the table of runs, as it is read when a store is opened."""

    no: int
    id: str
    project: str
    created: float
    active: float
    folder_time: int


def kind_of(value: object) -> int:
    """The kind bit of an attribute's value."""
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, (int, float)):
        return NUMBER
    return WORDS if isinstance(value, str) else JSON


def kind_name(kinds: int) -> str:
    """The name of a column whose values have these kinds."""
    return {NUMBER: "number", WORDS: "text", YES_NO: "bool"}.get(kinds, "json")


def to_sql(value: object) -> object:
    """An attribute's value as SQLite keeps it: numbers and text as they are, the rest as bytes of JSON."""
    if type(value) is float and value == value:  # SQLite turns NaN into NULL
        return value
    if type(value) is int and -(2**63) <= value < 2**63:
        return value
    if type(value) is str:
        with contextlib.suppress(UnicodeEncodeError):
            value.encode()
            return value
    return json.dumps(value, default=str).encode()


def from_sql(value: Any) -> object:
    """An attribute's value from what SQLite kept."""
    return json.loads(value) if type(value) is bytes else value


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, seen by others at once; waits for another writer."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


class Rows:
    """The tables of one index. One thread at a time; every method is one short transaction or one query."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._ids: dict[str, int] = {}  # names to numbers; a number is never given again
        self._names: dict[int, str] = {}

    # Names

    def name_id(self, name: str) -> int | None:
        """A name's number, None while no settled run has it."""
        if name not in self._ids:
            row = self.connection.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            self._remember(row[0], name)
        return self._ids[name]

    def name(self, number: int) -> str:
        """The name with this number."""
        if number not in self._names:
            for known, name in self.connection.execute("SELECT id, name FROM names"):
                self._remember(known, name)
        return self._names[number]

    def names_below(self, prefix: str) -> list[str]:
        """The names that begin so, whether or not some run still has them."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        sql = "SELECT name FROM names WHERE name >= ? AND name < ?"
        return [name for (name,) in self.connection.execute(sql, (prefix, end))]

    def _remember(self, number: int, name: str) -> None:
        self._ids[name], self._names[number] = number, name

    def _number(self, names: Iterable[str]) -> list[int]:
        wanted = list(names)
        strange = [(name,) for name in wanted if name not in self._ids]
        if strange:
            self.connection.executemany("INSERT OR IGNORE INTO names (name) VALUES (?)", strange)
            for (name,) in strange:
                row = self.connection.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
                self._remember(row[0], name)
        return [self._ids[name] for name in wanted]

    # Runs

    def since(self, change: int) -> tuple[list[RunRow], list[str], int]:
        """Runs written and ids removed after a change, and the number of the last one; all of one moment."""
        execute = self.connection.execute
        execute("BEGIN")
        try:
            found = execute(
                "SELECT no, id, project, created, active, folder_time FROM runs WHERE change > ? ORDER BY no",
                (change,),
            ).fetchall()
            removed = execute("SELECT id FROM gone WHERE change > ?", (change,)).fetchall() if change else []
            return [RunRow(*row) for row in found], [id for (id,) in removed], self._last_change()
        finally:
            execute("COMMIT")

    def _last_change(self) -> int:
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'change'").fetchone()
        return int(row[0]) if row else 0

    def _next_change(self) -> int:
        change = self._last_change() + 1
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('change', ?)", (change,))
        return change

    def write(self, runs: Sequence[SettledRun]) -> None:
        """Write runs, in place of what was known of them; one transaction."""
        before = dict(self._ids)
        try:
            with transaction(self.connection):
                counts = _Counts()
                for run in runs:
                    self._write(run, counts)
                self._count(counts)
        except BaseException:
            self._ids = before  # numbers given in a transaction that failed were not given
            self._names = {number: name for name, number in before.items()}
            raise

    def _write(self, run: SettledRun, counts: _Counts) -> None:
        self._forget(run.id, counts)  # written again it gets a new number: what has a number never changes
        attributes, series = self._number(run.attributes), self._number(run.stats)
        texts = self._number(run.texts)
        facts = (run.id, run.project, run.created, run.active, run.folder_time, self._next_change())
        long = self._number(run.pyramids)
        lists = tuple(np.array(numbers, "<i4").tobytes() for numbers in (attributes, series, texts, long))
        marks = ", ".join("?" * (len(facts) + len(lists)))
        cursor = self.connection.execute(f"INSERT INTO runs VALUES (NULL, {marks})", (*facts, *lists))  # noqa: S608
        no = cursor.lastrowid
        self.connection.executemany(
            "INSERT INTO attributes VALUES (?, ?, ?)",
            sorted((name, no, to_sql(run.attributes[self._names[name]])) for name in attributes),
        )
        self.connection.executemany(
            "INSERT INTO series VALUES (?, ?, ?)",
            sorted((key, no, _stats_bytes(run.stats[self._names[key]])) for key in series),
        )
        for key, levels in run.pyramids.items():
            rows = [(self._ids[key], level, no, pack(cells, level)) for level, cells in enumerate(levels)]
            self.connection.executemany("INSERT INTO cells VALUES (?, ?, ?, ?)", rows)
        for name in attributes:
            counts.add(run.project, ATTRIBUTE, name, kind_of(run.attributes[self._names[name]]))
        for source, numbers, kind in ((SERIES, series, NUMBER), (TEXT, texts, WORDS)):
            for name in numbers:
                counts.add(run.project, source, name, kind)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove runs; one transaction."""
        with transaction(self.connection):
            counts = _Counts()
            for id in ids:
                if self._forget(id, counts):
                    self.connection.execute("INSERT INTO gone VALUES (?, ?)", (self._next_change(), id))
            self._count(counts)

    def _forget(self, id: str, counts: _Counts) -> bool:
        """Delete what is known of a run; whether anything was."""
        row = self.connection.execute(
            "SELECT no, project, attributes, series, texts, long FROM runs WHERE id = ?", (id,)
        ).fetchone()
        if row is None:
            return False
        no, project, *lists = row
        attributes, series, texts, long = (np.frombuffer(numbers, "<i4").tolist() for numbers in lists)
        delete = self.connection.executemany
        delete("DELETE FROM attributes WHERE name = ? AND run = ?", [(name, no) for name in attributes])
        delete("DELETE FROM series WHERE key = ? AND run = ?", [(key, no) for key in series])
        for level in range(DEEPEST):
            places = [(key, level, no) for key in long]
            delete("DELETE FROM cells WHERE key = ? AND level = ? AND run = ?", places)
        self.connection.execute("DELETE FROM runs WHERE no = ?", (no,))
        for source, numbers in ((ATTRIBUTE, attributes), (SERIES, series), (TEXT, texts)):
            for name in numbers:
                counts.add(project, source, name, 0, -1)
        return True

    def names_of(self, id: str) -> tuple[list[str], list[str], list[str]] | None:
        """The names of a settled run's attributes (in their order), series and string series."""
        sql = "SELECT attributes, series, texts FROM runs WHERE id = ?"
        row = self.connection.execute(sql, (id,)).fetchone()
        if row is None:
            return None
        numbers = (np.frombuffer(part, "<i4").tolist() for part in row)
        attributes, series, texts = (list(map(self.name, part)) for part in numbers)
        return attributes, series, texts

    # Columns

    def _count(self, counts: _Counts) -> None:
        rows = [(*place, counts.kinds.get(place, 0), runs) for place, runs in sorted(counts.runs.items())]
        self.connection.executemany(
            "INSERT INTO catalogue VALUES (?, ?, ?, ?, ?) ON CONFLICT (project, source, name)"
            " DO UPDATE SET kinds = kinds | excluded.kinds, runs = runs + excluded.runs",
            rows,
        )

    def catalogue(self, project: str | None) -> list[tuple[int, str, int, int]]:
        """(source, name, kinds, runs) of all columns of a project; of all projects, one after the other."""
        if project is None:
            sql = "SELECT source, name, kinds, runs FROM catalogue WHERE runs > 0"
            found = self.connection.execute(sql).fetchall()
        else:
            sql = "SELECT source, name, kinds, runs FROM catalogue WHERE project = ? AND runs > 0"
            found = self.connection.execute(sql, (project,)).fetchall()
        return [(source, self.name(name), kinds, runs) for source, name, kinds, runs in found]

    def attribute(self, name: str, no: int | None = None) -> tuple[list[int], list[Any]]:
        """Run numbers and values of one attribute, of all runs or of one."""
        where = "name = ?" if no is None else "name = ? AND run = ?"
        sql = f"SELECT run, value FROM attributes WHERE {where}"  # noqa: S608 - fixed words
        return self._pairs(sql, name, no)

    def series(self, key: str, no: int | None = None) -> tuple[list[int], NDArray[np.float64]]:
        """Run numbers, and a table of their statistics in the order of STATS."""
        where = "key = ?" if no is None else "key = ? AND run = ?"
        sql = f"SELECT run, stats FROM series WHERE {where}"  # noqa: S608 - fixed words
        runs, rows = self._pairs(sql, key, no)
        return runs, np.frombuffer(b"".join(rows), _ROW).reshape(len(runs), len(STATS))

    def _pairs(self, sql: str, name: str, no: int | None) -> tuple[list[int], list[Any]]:
        number = self.name_id(name)
        if number is None:
            return [], []
        found = self.connection.execute(sql, (number,) if no is None else (number, no)).fetchall()
        return [run for run, _ in found], [value for _, value in found]

    def cells(self, key: str, level: int, nos: Sequence[int]) -> dict[int, bytes]:
        """One level of one key's pyramids, by run number, of the runs that have it."""
        number = self.name_id(key)
        if number is None:
            return {}
        found: dict[int, bytes] = {}
        for at in range(0, len(nos), _AT_ONCE):
            some = nos[at : at + _AT_ONCE]
            marks = ",".join("?" * len(some))
            sql = f"SELECT run, cells FROM cells WHERE key = ? AND level = ? AND run IN ({marks})"  # noqa: S608
            found.update(self.connection.execute(sql, (number, level, *some)).fetchall())
        return found


_AT_ONCE = 500  # SQLite may be built with a limit of 999 marks in a statement


class _Counts:
    """How a transaction changes the catalogue."""

    def __init__(self) -> None:
        self.runs: Counter[tuple[str, int, int]] = Counter()
        self.kinds: dict[tuple[str, int, int], int] = {}

    def add(self, project: str, source: int, name: int, kind: int, runs: int = 1) -> None:
        """One run more, or fewer, has this name."""
        place = (project, source, name)
        self.runs[place] += runs
        self.kinds[place] = self.kinds.get(place, 0) | kind


def _stats_bytes(stats: NDArray[np.float64]) -> bytes:
    return stats.astype(_ROW).tobytes()


def numbers_or_objects(values: list[Any]) -> NDArray[Any]:
    """Values from SQLite as float64 where all are numbers, else as objects."""
    kinds = set(map(type, values))
    huge = int in kinds and any(abs(value) > _WHOLE for value in values if type(value) is int)
    if kinds <= {int, float} and not huge:
        return np.array(values, np.float64)
    result = np.empty(len(values), object)
    if bytes in kinds:
        known = {value: json.loads(value) for value in {value for value in values if type(value) is bytes}}
        values = [known[value] if type(value) is bytes else value for value in values]
    result[:] = values
    return result
