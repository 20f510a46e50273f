"""Tables for pandas, polars and arrow. None of them is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import MissingExtra
from kymograph.query.cells import text_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Columns = Mapping[str, NDArray[Any]]


def pandas(columns: Columns) -> pd.DataFrame:
    """A pandas DataFrame; missing numbers are NaN, other missing values None."""
    module = _imported("pandas", "pandas")
    return cast("pd.DataFrame", module.DataFrame(dict(columns)))


def polars(columns: Columns) -> pl.DataFrame:
    """A polars DataFrame; missing values are null, mixed columns are text."""
    module = _imported("polars", "polars")
    series = {name: module.Series(name, _uniform(column)) for name, column in columns.items()}
    return cast("pl.DataFrame", module.DataFrame(series))


def arrow(columns: Columns) -> pa.Table:
    """An arrow Table; missing values are null, mixed columns are text."""
    module = _imported("pyarrow", "arrow")
    return cast(
        "pa.Table", module.table({name: module.array(_uniform(column)) for name, column in columns.items()})
    )


def _imported(package: str, extra: str) -> Any:
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingExtra(package, extra, f"a table for {package}") from error


def _uniform(column: NDArray[Any]) -> list[Any]:
    """Values of one kind, None where there is none: typed tables know no mixtures."""
    if column.dtype != object:
        nan = np.isnan(column) if column.dtype.kind == "f" else np.zeros(len(column), np.bool_)
        return [
            None if missing else value for value, missing in zip(column.tolist(), nan.tolist(), strict=True)
        ]
    values = column.tolist()
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) <= 1 and not kinds & {list, dict}:
        return list(values)
    if kinds <= {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else text_of(value) for value in values]
