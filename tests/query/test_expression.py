"""What a query means: which runs pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.query.cells import Cells
from kymograph.query.language import parse

NAN = float("nan")
NOW = 1_800_000_000.0
TABLE = {
    "lr": Cells(np.array([0.1, 0.01, NAN, 1.0])),
    "mixed": Cells.of([1, "1", None, True]),
    "name": Cells.of(["resnet", "vit", "resnet-50", None]),
    "odd": Cells.of([[64, 64], {"a": 1}, float("nan"), ""]),
    "tag": Cells.of([True, False, None, "x"]),
    "started": Cells(np.array([NOW - 86_400, NOW - 10 * 86_400, NOW, NAN])),
    "other": Cells(np.array([0.1, 0.1, 0.1, NAN])),
    "label": Cells.of(["resnet", "other", None, "x"]),
}


def passing(query: str) -> list[int]:
    def get(name: str) -> Cells:
        return TABLE.get(name.removeprefix("params.").strip("`"), Cells.missing(4))

    mask = parse(query).matches(get, now=NOW)
    return list(range(4)) if mask is None else np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("query", "runs"),
    [
        ("", [0, 1, 2, 3]),
        ("lr < 0.1", [1]),
        ("lr <= 0.1", [0, 1]),
        ("0.1 <= lr", [0, 3]),
        ("lr = 0.01 or lr = 1", [1, 3]),
        ("lr in [0.1, 1]", [0, 3]),
        ("not lr < 0.1", [0, 2, 3]),
        ("lr is missing", [2]),
        ("lr is not missing", [0, 1, 3]),
        ("name = resnet", [0]),
        ('name != "resnet"', [1, 2]),
        ('name ~ "^res"', [0, 2]),
        ('name !~ "^res"', [1]),
        ('name in ["vit", "bert"]', [1]),
        ('name not in ["vit"]', [0, 2]),
        ('name > "resnet"', [1, 2]),
        ("name", [0, 1, 2]),
        ("tag", [0, 3]),
        ("not tag", [1, 2]),
        ("tag = true", [0]),
        ("tag = false", [1]),
        ("odd", [0, 1, 2]),
        ("odd is missing", []),
        ('odd = "[64, 64]"', [0]),
        ("started > -7d", [0, 2]),
        ("started < -7d", [1]),
        ('started > "2000-01-01"', [0, 1, 2]),
        ("lr = `other`", [0]),
        ("lr != `other`", [1]),
        ("name = `label`", [0]),
        ("nowhere > 1", []),
        ("nowhere != 1", []),
        ("not nowhere > 1", [0, 1, 2, 3]),
        ("nowhere is missing", [0, 1, 2, 3]),
    ],
)
def test_these_runs_pass(query, runs):
    assert passing(query) == runs


def test_text_compared_with_a_number_is_false_and_only_then_different():
    assert passing('lr < "5"') == []
    assert passing('lr = "1.0"') == []
    assert passing("mixed = 1") == [0, 3]
    assert passing('mixed = "1"') == [1]
    assert passing('lr != "0.1"') == [0, 1, 3]
    assert passing('lr ~ "0"') == []


def test_under_the_name_params_a_quoted_number_is_a_number_too_as_mlflow_has_it():
    assert passing('params.lr = "0.1"') == [0]
    assert passing('params.lr > "0.05"') == [0, 3]
    assert passing('params.mixed = "1"') == [0, 1, 3]


def test_the_empty_query_asks_for_no_column():
    assert parse("").matches(lambda _: pytest.fail("no column is needed")) is None


def test_columns_are_named_once_in_order():
    assert parse("b > 1 and a and b < `c` or not (a is missing)").columns == ("b", "a", "`c`")


values = st.one_of(st.none(), st.floats(width=16), st.booleans(), st.text("ab1", max_size=3))
operators = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def _naive(value: object, op: str, wanted: object) -> bool:
    if value is None:
        return False
    number = not isinstance(value, str)
    if number != (not isinstance(wanted, str)):
        return op == "!="
    found = {"=": value == wanted, "!=": value != wanted}
    if op in found:
        return bool(found[op])
    return bool({"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[op])


@settings(deadline=None)
@given(
    st.lists(values, min_size=1, max_size=8), operators, st.one_of(st.floats(allow_nan=False), st.text("ab1"))
)
def test_a_comparison_says_what_python_says_run_by_run(column, op, wanted):
    literal = f'"{wanted}"' if isinstance(wanted, str) else repr(wanted)
    mask = parse(f"x {op} {literal}").matches(lambda _: Cells.of(column))
    assert mask is not None
    assert mask.tolist() == [_naive(value, op, wanted) for value in column]
