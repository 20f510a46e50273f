"""Writes batches of columns as csv, JSON lines or Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import Any, BinaryIO, Protocol

from numpy.typing import NDArray

from kymograph.cli.output import plain
from kymograph.errors import MissingExtra

Column = Sequence[object] | NDArray[Any]
Batch = Mapping[str, Column]  # columns of one length, the same names in every batch


class Writer(Protocol):
    """Takes batches; nothing is complete before `close`."""

    def write(self, batch: Batch) -> None: ...
    def close(self) -> None: ...


class Target:
    """The file to write, whole or not at all; "-" is standard output."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._half = f"{path}.{os.getpid()}.tmp"
        self.binary: BinaryIO

    def __enter__(self) -> BinaryIO:
        self.binary = sys.stdout.buffer if self._path == "-" else open(self._half, "wb")
        return self.binary

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._path == "-":
            if kind is None:
                self.binary.flush()
            return
        self.binary.close()
        if kind is None:
            os.replace(self._half, self._path)
        else:
            os.unlink(self._half)


class Csv:
    """Comma-separated values with a line of names; None is an empty cell."""

    def __init__(self, file: BinaryIO) -> None:
        self._text = _text(file)
        self._writer = csv.writer(self._text)
        self._named = False

    def write(self, batch: Batch) -> None:
        if not self._named:
            self._writer.writerow(batch)
            self._named = True
        self._writer.writerows(zip(*(_simple(column) for column in batch.values()), strict=True))

    def close(self) -> None:
        self._text.flush()
        self._text.detach()  # the file belongs to whoever gave it


class JsonLines:
    """One JSON object per row; what is None is left out."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, batch: Batch) -> None:
        for row in zip(*(_values(column) for column in batch.values()), strict=True):
            cells = {name: plain(cell) for name, cell in zip(batch, row, strict=True) if cell is not None}
            self._file.write(json.dumps(cells, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        self._file.flush()


class Parquet:
    """Parquet with zstd; needs pyarrow."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._arrow: Any = import_module("pyarrow")
            self._parquet: Any = import_module("pyarrow.parquet")
        except ImportError:
            raise MissingExtra("pyarrow", "parquet", "export to Parquet") from None
        self._file = file
        self._writer: Any = None

    def write(self, batch: Batch) -> None:
        table = self._arrow.table({name: self._column(name, column) for name, column in batch.items()})
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(self._file, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def _column(self, name: str, column: Column) -> Any:
        if name in {"step", "time", "value"}:
            return self._arrow.array(column, type=self._arrow.float64(), from_pandas=False)
        if name in {"run", "key", "text"}:
            return self._arrow.array(column, type=self._arrow.string())
        values = _values(column)
        try:
            return self._arrow.array(values)
        except (self._arrow.ArrowInvalid, self._arrow.ArrowTypeError):  # kinds are mixed in this column
            return self._arrow.array([None if value is None else str(value) for value in values])


WRITERS: dict[str, type[Csv | JsonLines | Parquet]] = {"csv": Csv, "jsonl": JsonLines, "parquet": Parquet}


def _text(file: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)


def _values(column: Column) -> list[Any]:
    return list(column.tolist() if hasattr(column, "tolist") else column)


def _simple(column: Column) -> list[object]:
    """Lists and mappings as JSON: a csv cell is a text or a number."""
    return [
        json.dumps(plain(value), ensure_ascii=False) if isinstance(value, (list, tuple, dict)) else value
        for value in _values(column)
    ]
