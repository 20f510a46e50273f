"""The runs that a query found, in their order: a sequence, a table, and one series of all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from numpy.typing import NDArray

from kymograph.errors import NotFound
from kymograph.query import frame
from kymograph.query.curves import AXES, Range
from kymograph.query.names import BUILT_IN
from kymograph.query.nearest import hint, nearest
from kymograph.query.runview import RunView, checked_ask, checked_range
from kymograph.query.series import Buckets, Raw, checked_points

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from kymograph.query.project import Store

USUAL = tuple(name for name in BUILT_IN if name not in ("host", "user", "fork"))


class Runs(Sequence[RunView]):
    """Which runs there were when the query was asked; `column` and `series` read what they say now."""

    def __init__(
        self, store: Store, ids: list[str], total: int, project: str | None, names: list[str]
    ) -> None:
        self._store = store
        self._project = project
        self._names = names
        self.ids = ids
        self.total = total  # before the limit

    @overload
    def __getitem__(self, at: int) -> RunView: ...
    @overload
    def __getitem__(self, at: slice) -> list[RunView]: ...
    def __getitem__(self, at: int | slice) -> RunView | list[RunView]:
        if isinstance(at, slice):
            return [RunView(self._store, id) for id in self.ids[at]]
        return RunView(self._store, self.ids[at])

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[RunView]:
        return (RunView(self._store, id) for id in self.ids)

    @cached_property
    def unknown(self) -> list[str]:
        """Names in the query or the sort keys that no run has a value for: often a typing error."""
        names = dict.fromkeys(self._names)
        return [name for name in names if not self._store.cells(name, self._project).present.any()]

    def nearest(self, name: str) -> list[str]:
        """Names that some run has and that look like this one."""
        return nearest(name, (column.name for column in self._store.columns(self._project)))

    def column(self, name: str) -> NDArray[Any]:
        """One column, named as in queries: float64, missing is NaN, or objects, missing is None."""
        return self._store.column_of(name, self.ids, self._project)

    def table(self, columns: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        """Several columns by name. Default: what every run has, then all config, series, summary and tags."""
        return {name: self.column(name) for name in columns or self._all_columns()}

    def _all_columns(self) -> list[str]:
        found = [
            info.name
            for info in self._store.columns(self._project)
            if info.source not in ("built-in", "attribute")
        ]
        return [*USUAL, *found]

    def pandas(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The table as a pandas DataFrame. Raises MissingExtra."""
        return frame.pandas(self.table(columns))

    def polars(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The table as a polars DataFrame. Raises MissingExtra."""
        return frame.polars(self.table(columns))

    def arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The table as an arrow Table. Raises MissingExtra."""
        return frame.arrow(self.table(columns))

    @overload
    def series(
        self,
        key: str,
        x: str = ...,
        range: Range | None = ...,
        points: None = None,
        repeats: str = ...,
    ) -> Raw: ...

    @overload
    def series(
        self,
        key: str,
        x: str = ...,
        range: Range | None = ...,
        *,
        points: int,
        repeats: str = ...,
    ) -> Buckets: ...

    def series(
        self,
        key: str,
        x: str = "step",
        range: Range | None = None,
        points: int | None = None,
        repeats: str = "all",
    ) -> Raw | Buckets:
        """One key of all these runs at once: every point, or with `points` one row of buckets per run.

        Arguments as for `RunView.series`. Runs without the key have no points. NotFound when none has it.
        """
        self._store.look()
        self._known(key)
        if x not in AXES:
            self._known(x)
        ask = checked_ask(key, x, repeats)
        if points is None:
            return self._store.reader.raw(self.ids, ask, checked_range(range))
        return self._store.reader.buckets(self.ids, ask, checked_range(range), checked_points(points))

    def _known(self, key: str) -> None:
        if self.ids and not self._store.reader.known(self.ids, key):
            keys = [info.key for info in self._store.keys(self._project)]
            raise NotFound(f"none of these {len(self.ids)} runs has a series {key!r}{hint(key, keys)}")

    def __repr__(self) -> str:
        of = "" if self.total == len(self) else f" of {self.total}"
        said = f"; no run has {', '.join(self.unknown)}" if self.unknown else ""
        return f"<Runs: {len(self)}{of}{said}>"
