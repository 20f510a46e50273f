"""The index's file and the table in memory as one: opened, kept in step with other processes, made anew."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Sequence

from kymograph.store import index_schema
from kymograph.store.gather import Gatherer
from kymograph.store.index_columns import RunTable
from kymograph.store.index_rows import Rows, SettledRun
from kymograph.store.layout import StoreFolder


class IndexFile:
    """What is known of settled runs. `lock` is held around every use of table, rows and gatherer."""

    def __init__(self, store: StoreFolder) -> None:
        self.store = store
        self.lock = threading.RLock()
        self.notices: list[str] = []  # sentences for the user, each once
        self.generation = 0  # rises when all that is known was dropped
        self.settled: dict[str, int] = {}  # runs in the index -> the time of their folder when they were read
        self._connect()

    def _connect(self, *, memory: bool = False) -> None:
        connection, self.place, notice = index_schema.connect(self.store, memory=memory)
        if notice:
            self.say(notice)
        self.rows = Rows(connection)
        self.table = RunTable(self.rows)
        self.gatherer = Gatherer(self.rows.cells)
        self.settled = {}
        self.generation += 1
        self._change = 0
        self._data_version = -1
        self._inode = self._inode_now()
        try:
            self.catch_up()
        except sqlite3.DatabaseError as error:
            self._drop(error)

    def _drop(self, error: Exception) -> None:
        """What the file holds is damaged: a new one, and if that fails one in memory."""
        self.say(f"the index {self.place} could not be read ({error}) and is made anew from the runs")
        self.close()
        self._connect(memory=not index_schema.remove(self.place))

    def say(self, notice: str) -> None:
        """Keep a sentence for the user, once."""
        if notice not in self.notices:
            self.notices.append(notice)

    def _inode_now(self) -> int:
        if self.place == index_schema.MEMORY:
            return 0
        try:
            return os.stat(self.place).st_ino
        except OSError:
            return -1

    def damaged(self, error: sqlite3.DatabaseError) -> None:
        """A question failed: begin anew when the file is at fault. Raises the error when it is not."""
        if _passing(error) or isinstance(error, sqlite3.ProgrammingError):  # it may be closed
            raise error
        with self.lock:
            self._drop(error)

    def check(self) -> tuple[set[str], set[str], set[str]]:
        """See what other processes did: runs written, those of them that are new, runs removed."""
        with self.lock:
            if self._inode_now() != self._inode:  # somebody removed the file, and ours has no name any more
                self.close()
                self._connect()
                return set(self.settled), set(), set()
            version = self.rows.connection.execute("PRAGMA data_version").fetchone()[0]
            if version == self._data_version:
                return set(), set(), set()
            self._data_version = version
            return self.catch_up()

    def catch_up(self) -> tuple[set[str], set[str], set[str]]:
        """Read what was written or removed since the last time into the table; as `check`."""
        rows, removed, self._change = self.rows.since(self._change)
        gone = set(removed)
        back = {row.id for row in rows}
        new = back.difference(self.table.slots)
        for id in gone - back:
            self.table.remove(id)
            self.settled.pop(id, None)
        for row in rows:
            self.table.settle(row)
            self.settled[row.id] = row.folder_time
        return back, new, gone - back

    def write(self, runs: Sequence[SettledRun]) -> bool:
        """Settled runs into the file and the table; False when the file cannot be written now."""
        if not runs:
            return True
        with self.lock:
            try:
                self.rows.write(runs)
            except sqlite3.OperationalError as error:
                if not _passing(error):
                    raise
                self.say(f"the index {self.place} cannot be written now: {error}")
                return False
            self.catch_up()
            return True

    def remove(self, ids: Sequence[str]) -> None:
        """Runs that are gone, out of the file and the table."""
        with self.lock:
            inside = [id for id in ids if id in self.settled]
            if inside:
                self.rows.remove(inside)
                self.catch_up()
            for id in ids:
                self.table.remove(id)

    def empty(self) -> None:
        """Drop the file and all that is known."""
        with self.lock:
            self.close()
            self._connect(memory=not index_schema.remove(self.place))

    def close(self) -> None:
        """Close the file."""
        with self.lock, contextlib.suppress(sqlite3.Error):
            self.rows.connection.close()


def _passing(error: sqlite3.DatabaseError) -> bool:
    """Whether the error may be gone the next time, and says nothing against the file."""
    words = ("locked", "full", "readonly")
    return isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in words)
