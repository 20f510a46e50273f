"""What a segment holds, gathered from logs or read back, and whether two such contents are the same."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import CorruptData
from kymograph.store.logreader import Batch, Gap, RawFrame, Rows, ValueRow
from kymograph.store.segment import Segment

_MOMENT = struct.Struct("<dd")


class Content(NamedTuple):
    """Everything a segment holds; the rows of a table in the order of their sequences."""

    tables: list[Rows]
    values: dict[tuple[str, bool], list[ValueRow]]
    frames: list[RawFrame]
    gaps: list[Gap]


def gather(batches: Sequence[Batch]) -> Content:
    """One table per set of keys, whatever the files and frames its rows came from."""
    parts: dict[tuple[tuple[str, ...], bool], list[Rows]] = {}
    values: dict[tuple[str, bool], list[ValueRow]] = {}
    for batch in batches:
        for rows in batch.tables:
            parts.setdefault((rows.keys, rows.given), []).append(rows)
        for value in batch.values:
            values.setdefault((value.key, value.given), []).append(value)
    frames = sorted((frame for batch in batches for frame in batch.frames), key=lambda frame: frame.seq)
    return Content(
        [_joined(same) for same in parts.values()],
        values,
        frames,
        [gap for batch in batches for gap in batch.gaps],
    )


def _joined(parts: list[Rows]) -> Rows:
    first = parts[0]
    if len(parts) == 1 and (first.seq[1:] > first.seq[:-1]).all():
        return first
    seq = np.concatenate([part.seq for part in parts])
    order = np.argsort(seq, kind="stable")
    time = np.concatenate([part.time for part in parts])[order]
    step = np.concatenate([part.step for part in parts])[order]
    return Rows(
        first.keys,
        first.given,
        seq[order],
        time,
        step,
        np.concatenate([part.values for part in parts])[order],
    )


def content_of(segment: Segment, files: Collection[int]) -> Content:
    """What a segment holds of these files. Raises CorruptData when any of it cannot be read."""
    batch = Batch()
    for table in segment.tables:
        for chunk in range(len(table.rows)):
            rows = segment.rows_of(table, chunk)
            if rows is None:
                raise CorruptData(f"{segment.path} is damaged")
            ours = np.isin(rows.seq >> 32, list(files))
            if ours.any():
                batch.tables.append(_part(rows, ours))
    for values in segment.values:
        for chunk in range(len(values.rows)):
            read = segment.values_of(values, chunk)
            if read is None:
                raise CorruptData(f"{segment.path} is damaged")
            batch.values += [value for value in read if value.seq >> 32 in files]
    batch.frames = [frame for frame in segment.frames() if frame.seq >> 32 in files]
    batch.gaps = [gap for gap in segment.gaps if gap.file in files]
    return gather([batch])


def _part(rows: Rows, ours: NDArray[np.bool_]) -> Rows:
    return Rows(rows.keys, rows.given, rows.seq[ours], rows.time[ours], rows.step[ours], rows.values[ours])


def same_content(one: Content, other: Content) -> bool:
    """Whether two contents are the same to the bit, also in signs of zero and NaN."""
    if one.frames != other.frames or one.gaps != other.gaps:
        return False
    tables = [{(rows.keys, rows.given): rows for rows in content.tables} for content in (one, other)]
    if tables[0].keys() != tables[1].keys() or one.values.keys() != other.values.keys():
        return False
    if not all(
        list(map(_bits, one.values[name])) == list(map(_bits, other.values[name])) for name in one.values
    ):
        return False
    return all(_same_rows(rows, tables[1][name]) for name, rows in tables[0].items())


def _bits(value: ValueRow) -> tuple[int, bytes, int, bytes]:
    return value.seq, _MOMENT.pack(value.time, value.step), value.kind, value.data


def _same_rows(one: Rows, other: Rows) -> bool:
    return all(
        mine.tobytes() == theirs.tobytes()
        for mine, theirs in zip(_columns(one), _columns(other), strict=True)
    )


def _columns(rows: Rows) -> Iterator[NDArray[np.generic]]:
    yield from (rows.seq, rows.time, rows.step, rows.values)
