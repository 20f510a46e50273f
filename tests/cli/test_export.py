"""Points and tables, out of the store."""

import csv
import io
import json
import math

import numpy as np
import pytest

import kymograph as ky
from kymograph.cli import exits


def test_every_point_of_every_run_comes_out_exactly(kymo, store):
    rows = list(csv.DictReader(io.StringIO(kymo("export").out)))
    assert len(rows) == 3 * 2 * 50
    view = ky.open(store).run("run-1")
    mine = [float(row["value"]) for row in rows if row["run"] == view.id and row["key"] == "loss"]
    assert mine == view.series("loss").value.tolist()


def test_runs_keys_and_format_can_be_chosen(kymo, store):
    said = kymo("export", "run-0", "-k", "val/*", "-f", "jsonl")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert len(rows) == 50
    assert {row["key"] for row in rows} == {"val/acc"}
    assert rows[3]["step"] == 3.0


def test_strings_and_odd_numbers_stay_what_they_are(kymo, store_path):
    with ky.init(project="words", name="odd") as run:
        run.log({"loss": math.nan, "said": "to be, or not"}, step=1)
        run.log({"loss": math.inf}, step=2)
    rows = list(csv.DictReader(io.StringIO(kymo("export").out)))
    assert [(row["key"], row["value"], row["text"]) for row in rows] == [
        ("loss", "nan", ""),
        ("loss", "inf", ""),
        ("said", "", "to be, or not"),
    ]


def test_the_table_has_one_row_per_run(kymo, store):
    rows = list(csv.DictReader(io.StringIO(kymo("export", "--table").out)))
    assert [row["name"] for row in rows] == ["run-2", "run-1", "run-0"]
    assert rows[0]["config.optim/lr"] == "0.001"


def test_parquet_holds_the_same(kymo, store, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    said = kymo("export", "-o", tmp_path / "points.parquet")
    assert said.code == 0
    table = parquet.read_table(tmp_path / "points.parquet")
    assert table.num_rows == 300
    view = ky.open(store).run("run-2")
    mine = table.filter((np.array(table["run"]) == view.id) & (np.array(table["key"]) == "loss"))
    assert mine["value"].to_pylist() == view.series("loss").value.tolist()


def test_the_table_goes_into_parquet_too(kymo, store, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert kymo("export", "--table", "-o", tmp_path / "runs.parquet").code == 0
    assert parquet.read_table(tmp_path / "runs.parquet")["name"].to_pylist() == ["run-2", "run-1", "run-0"]


def test_a_file_that_is_there_is_not_replaced_unasked(kymo, store, tmp_path):
    target = tmp_path / "points.csv"
    target.write_text("mine")
    assert kymo("export", "-o", target).code == exits.USAGE
    assert target.read_text() == "mine"
    assert kymo("export", "-o", target, "--force").code == 0
    assert target.read_text().startswith("run,key,step,time,value,text")


def test_a_failed_export_leaves_no_half_file(kymo, store, tmp_path):
    said = kymo("export", "nobody", "-o", tmp_path / "points.csv")
    assert said.code == exits.NOT_FOUND
    assert list(tmp_path.glob("points*")) == []


def test_parquet_needs_a_file(kymo, store):
    assert kymo("export", "-f", "parquet").code == exits.USAGE


def test_an_ending_that_says_nothing_asks_for_a_format(kymo, store, tmp_path):
    said = kymo("export", "-o", tmp_path / "points.txt")
    assert said.code == exits.USAGE
    assert "--format" in said.err
