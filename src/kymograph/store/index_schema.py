"""Where the index lies, its tables, and how it is opened: made anew whenever it cannot be trusted."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3

from kymograph.store.layout import StoreFolder, is_network

SCHEMA = 1  # another number in the file: the index is made anew
MEMORY = ":memory:"
BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a file

# Metric first: a column, or one level of one key's pyramids over all runs, is one range scan.
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE runs (
    no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL, created REAL NOT NULL, active REAL NOT NULL,
    folder_time INTEGER NOT NULL, change INTEGER NOT NULL,
    attributes BLOB NOT NULL, series BLOB NOT NULL, texts BLOB NOT NULL,
    long BLOB NOT NULL);
CREATE INDEX runs_by_change ON runs (change);
CREATE TABLE gone (change INTEGER PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE attributes (name INTEGER, run INTEGER, value, PRIMARY KEY (name, run)) WITHOUT ROWID;
CREATE TABLE series (key INTEGER, run INTEGER, stats BLOB NOT NULL, PRIMARY KEY (key, run)) WITHOUT ROWID;
CREATE TABLE cells (
    key INTEGER, level INTEGER, run INTEGER, cells BLOB NOT NULL,
    PRIMARY KEY (key, level, run)) WITHOUT ROWID;
CREATE TABLE catalogue (
    project TEXT, source INTEGER, name INTEGER, kinds INTEGER NOT NULL, runs INTEGER NOT NULL,
    PRIMARY KEY (project, source, name)) WITHOUT ROWID;
"""


def places(store: StoreFolder) -> list[str]:
    """Where the index may lie, best first: in the store, in the user's cache folder, in memory."""
    name = hashlib.sha256(store.path.encode()).hexdigest()[:24] + ".sqlite"
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    inside = os.access(store.path, os.W_OK) and not is_network(store.path)
    return [store.index] * inside + [os.path.join(cache, "kymograph", name), MEMORY]


def connect(store: StoreFolder, *, memory: bool = False) -> tuple[sqlite3.Connection, str, str]:
    """A connection to a good index, where it lies, and a sentence when what was there was of no use."""
    notice = ""
    for path in [MEMORY] if memory else places(store):
        for _ in range(2):
            try:
                return *_open(path), notice
            except sqlite3.OperationalError:
                break  # cannot be written, or another process holds it for very long: the next place
            except (sqlite3.DatabaseError, OSError) as error:
                notice = f"the index {path} could not be read ({error}) and is made anew from the runs"
                if not remove(path):
                    break
    raise sqlite3.OperationalError(f"no index can be opened for {store.path}, not even in memory")


def _open(path: str) -> tuple[sqlite3.Connection, str]:
    if path != MEMORY:
        folder = os.path.dirname(path)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise sqlite3.OperationalError(f"cannot make {folder}: {error}") from error
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection, path


def prepare(connection: sqlite3.Connection) -> None:
    """Make or check the tables. Raises DatabaseError when they are damaged, foreign or of another version."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16000")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _tables(connection)
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _tables(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        for statement in TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    elif version != SCHEMA:
        raise sqlite3.DatabaseError(f"it has schema {version}, this version uses {SCHEMA}")


def remove(path: str) -> bool:
    """Remove an index and what SQLite keeps beside it; whether it is gone."""
    for end in BESIDE:
        try:
            os.unlink(path + end)
        except FileNotFoundError:
            continue
        except OSError:
            return False
    return True
