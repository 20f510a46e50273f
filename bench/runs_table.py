"""A page of the runs table: filter, sort, the first hundred."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import kymograph
from bench.figure import Figure
from bench.stores import store
from bench.timing import warm
from kymograph.store.layout import new_id

QUERY = "config.lr < 0.01 and loss.min < 0.2"
SORT = "-loss.last"
COPIES = 10
NAMES = {"attributes": "name", "series": "key"}
COLUMNS = ["name", "status", "created", "config.lr", "config.model", "loss"]


def measure() -> list[Figure]:
    return [
        _page(store("table-10k", 10_000, 3), 10_000, 5),
        _page(grown(store("table-10k", 10_000, 3)), 100_000, 50),
    ]


def _page(path: Path, runs: int, goal: float) -> Figure:
    opened = kymograph.open(path)
    found = _ask(opened)
    took = warm(lambda: _ask(opened))
    copied = "; nine tenths are rows of the index and empty folders" if path.name == "table-100k" else ""
    what = f"runs table, {runs:,} runs: filter, sort, page of 100"
    return Figure(what, took.clock, goal, " ms", note=f"{took.note}; {found:,} match{copied}")


def _ask(opened: kymograph.Store) -> int:
    runs = opened.runs(QUERY, sort=SORT, limit=100)
    runs.table(COLUMNS)
    return runs.total


def grown(small: Path) -> Path:
    """A store whose index has every run ten times. The nine copies are rows of the index and empty folders:
    making 100,000 real runs would take most of an hour, and the table is read from the index alone.
    """
    path = small.with_name("table-100k")
    done = path.with_suffix(".done")
    if done.exists():
        return path
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(small, path)
    index = sqlite3.connect(path / "index.sqlite", isolation_level=None)
    runs = index.execute("SELECT no FROM runs ORDER BY no").fetchall()
    last = runs[-1][0]
    index.execute("BEGIN")
    for copy in range(1, COPIES):
        for (no,) in runs:
            id = new_id()
            folder = path / "runs" / id
            folder.mkdir()
            index.execute(
                "INSERT INTO runs SELECT no + ?, ?, project, created, active, ?, change + ?,"
                " attributes, series, texts, long FROM runs WHERE no = ?",
                (copy * last, id, folder.stat().st_mtime_ns, copy * last, no),
            )
        for table, value in (("attributes", "value"), ("series", "stats")):
            index.execute(
                f"INSERT INTO {table} SELECT {NAMES[table]}, run + ?, {value} FROM {table} WHERE run <= ?",
                (copy * last, last),
            )
    index.execute("UPDATE catalogue SET runs = runs * ?", (COPIES,))
    index.execute("UPDATE meta SET value = value * ? WHERE name = 'change'", (COPIES,))
    index.execute("COMMIT")
    # A copied folder has a time of its own; the index knows the runs by it.
    for (id,) in index.execute("SELECT id FROM runs WHERE no <= ?", (last,)).fetchall():
        now = (path / "runs" / id).stat().st_mtime_ns
        index.execute("UPDATE runs SET folder_time = ? WHERE id = ?", (now, id))
    index.close()
    done.touch()
    return path
