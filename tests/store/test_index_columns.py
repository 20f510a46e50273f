"""The table of runs in memory against a plain dictionary, through anything that may happen to runs."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kymograph.store.index_columns import RunTable
from kymograph.store.index_rows import Rows, SettledRun
from kymograph.store.index_schema import prepare
from kymograph.store.index_types import STAT_AT, STATS

RUNS = st.sampled_from([f"run{n}" for n in range(6)])
PROJECTS = st.sampled_from(["p", "q"])
NUMBER = st.one_of(st.integers(-5, 5), st.floats(allow_nan=False))
LIST = st.lists(st.integers(0, 3), max_size=2)
ANY = st.one_of(NUMBER, st.text(max_size=3), st.booleans(), LIST)
SOME = {"number": NUMBER, "mixed": ANY, "late": st.text(max_size=2)}
ATTRIBUTES = st.fixed_dictionaries({}, optional=SOME)
NAMES = ("number", "mixed", "late", "never", "series/loss/last", "series/loss/count")


class Table(RuleBasedStateMachine):
    """Runs settle, become live, change project, are removed and come back; columns are asked for."""

    @initialize()
    def begin(self):
        connection = sqlite3.connect(":memory:", isolation_level=None)
        prepare(connection)
        self.rows = Rows(connection)
        self.table = RunTable(self.rows)
        self.change = 0
        self.model: dict[str, tuple[str, float, dict, float | None]] = {}
        self.clock = 0.0

    def catch_up(self):
        rows, gone, self.change = self.rows.since(self.change)
        for id in gone:
            self.table.remove(id)
        for row in rows:
            self.table.settle(row)

    def created(self, run):
        self.clock += 1
        return self.model[run][1] if run in self.model else self.clock

    @rule(run=RUNS, project=PROJECTS, attributes=ATTRIBUTES, last=st.none() | st.floats(-9, 9))
    def settle(self, run, project, attributes, last):
        created = self.created(run)
        stats = {} if last is None else {"loss": np.full(len(STATS), last)}
        self.rows.write([SettledRun(run, project, created, created, 1, attributes, stats, [], {})])
        self.catch_up()
        self.model[run] = (project, created, attributes, last)

    @rule(run=RUNS, project=PROJECTS, attributes=ATTRIBUTES, last=st.none() | st.floats(-9, 9))
    def live(self, run, project, attributes, last):
        created = self.created(run)
        self.model[run] = (project, created, attributes, last)
        self.table.live(run, project, created, created)

    @rule(run=RUNS)
    def remove(self, run):
        self.rows.remove([run])
        self.catch_up()
        self.table.remove(run)
        self.model.pop(run, None)

    @rule()
    def open_again(self):
        live = self.table._live
        self.table = RunTable(self.rows)
        self.change = 0
        self.catch_up()
        for run in live:
            project, created, _, _ = self.model[run]
            self.table.live(run, project, created, created)

    def value(self, run, name):
        _, _, attributes, last = self.model[run]
        return last if name.startswith("series/") else attributes.get(name)

    def stats(self, run, key):
        last = self.model[run][3]
        return None if last is None else np.full(len(STATS), last)

    @rule(name=st.sampled_from(NAMES), project=st.none() | PROJECTS)
    def ask(self, name, project):
        column = self.table.column(name, project, self.value)
        runs = sorted(self.model.items(), key=lambda item: -item[1][1])
        ids = [run for run, (theirs, *_) in runs if project in (None, theirs)]
        assert column.ids == ids
        found = [None if value is None or value != value else value for value in column.values.tolist()]
        assert found == [self.value(run, name) for run in ids]
        assert column.missing.tolist() == [value is None for value in found]
        assert self.table.column(name, project, self.value) is column
        if column.values.dtype == object:
            truth = [type(self.value(run, name)) is bool for run in ids]
            assert [type(value) is bool for value in found] == truth

    @rule()
    def ask_stats(self):
        ids = [*self.model, "nobody"]
        table = self.table.stats("loss", ids, self.stats)
        for run, row in zip(ids, table, strict=True):
            last = self.model[run][3] if run in self.model else None
            expected = math.nan if last is None else last
            np.testing.assert_array_equal(row, np.full(len(STATS), expected))
        assert table.shape == (len(ids), len(STAT_AT))

    @invariant()
    def projects_are_those_that_have_runs(self):
        if hasattr(self, "table"):
            assert self.table.projects() == sorted({project for project, *_ in self.model.values()})

    @rule()
    def count(self):
        """The catalogue counts what is in the file, live or not."""
        found = Counter()
        for source, name, _, runs in self.rows.catalogue(None):
            found[source, name] += runs
        for (source, name), runs in found.items():
            table = {0: "attributes", 1: "series"}[source]
            column = {0: "name", 1: "key"}[source]
            number = self.rows.name_id(name)
            sql = f"SELECT count(*) FROM {table} WHERE {column} = ?"
            assert self.rows.connection.execute(sql, (number,)).fetchone()[0] == runs


TestTable = Table.TestCase
TestTable.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_a_column_that_is_not_asked_for_long_makes_room(monkeypatch):
    monkeypatch.setattr("kymograph.store.index_columns.BUDGET", 5000)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    prepare(connection)
    rows = Rows(connection)
    attributes = {f"a{n}": n for n in range(20)}
    rows.write([SettledRun(f"r{n}", "p", n, n, 1, attributes, {}, [], {}) for n in range(200)])
    table = RunTable(rows)
    for row in rows.since(0)[0]:
        table.settle(row)
    for name, value in attributes.items():
        assert table.column(name, None, lambda run, name: None).values.tolist() == [value] * 200
    assert 1 <= len(table._columns) <= 3
