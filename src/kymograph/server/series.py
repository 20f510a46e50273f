"""Answers with points: one JSON header, then columns of numbers the page reads without parsing them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from kymograph.query.project import Store
from kymograph.query.series import Buckets, Drawing, Raw, drawing
from kymograph.server.reply import Refused, say
from kymograph.server.schema import (
    MOST_BUCKETS,
    BucketsPart,
    Goal,
    RawPart,
    Ref,
    Series,
    SeriesBody,
    SeriesHeader,
    as_goal,
    finite,
)

ALIGNMENT = 8  # what a Float64Array over the reply's own bytes needs
TYPES = {"<f8": "f64", "<f4": "f32", "<u4": "u32", "|u1": "u8"}


class Columns:
    """Arrays on their way into a reply. What `add` gives back says where each will lie."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, array: NDArray[Any], dtype: DTypeLike) -> Ref:
        """Append an array, flattened row by row, as little-endian `dtype`; the next one begins aligned."""
        flat = np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<"))
        at, data = self._size, flat.tobytes()
        padding = -len(data) % ALIGNMENT
        self._parts += [data, bytes(padding)]
        self._size += len(data) + padding
        return Ref(type=TYPES[flat.dtype.str], at=at, length=flat.size)  # type: ignore[arg-type]

    def reply(self, header: SeriesHeader) -> bytes:
        """The whole body: length of the header, the header padded with spaces, the arrays."""
        head = say(header)
        head += b" " * (-(4 + len(head)) % ALIGNMENT)
        return b"".join([len(head).to_bytes(4, "little"), head, *self._parts])


def answer(store: Store, body: SeriesBody) -> bytes:
    """Every key of every run asked for, drawn."""
    asked = check_range(body.range)
    check_size(body)
    known = {about.key: about for about in store.keys()}
    columns = Columns()
    found = []
    for key in body.keys:
        drawn = drawing(store, body.runs, key, body.x, asked, body.points)
        about = known.get(key)
        unit, goal = (about.unit, about.goal) if about else (None, None)
        found.append(series(drawn, columns, key, body.x, unit or "", as_goal(goal)))
    return columns.reply(SeriesHeader(series=found))


def check_range(asked: tuple[float, float] | None) -> tuple[float, float] | None:
    if asked is not None and not asked[0] <= asked[1]:
        raise Refused(400, f"range is {list(asked)}; its end must not lie before its beginning")
    return asked


def check_size(body: SeriesBody) -> None:
    """Whatever is asked, the answer fits into memory."""
    buckets = len(body.runs) * len(body.keys) * body.points
    if buckets > MOST_BUCKETS:
        raise Refused(
            400,
            f"{len(body.runs)} runs x {len(body.keys)} keys x {body.points} points are {buckets} buckets; "
            f"at most {MOST_BUCKETS} come at once: ask for fewer runs, keys or points",
        )


def series(drawn: Drawing, columns: Columns, key: str, x: str, unit: str, goal: Goal | None) -> Series:
    """One key's part of the header; its arrays go into `columns`."""
    raw = raw_part(drawn.raw, columns) if drawn.raw is not None else None
    buckets = buckets_part(drawn.buckets, columns) if drawn.buckets is not None else None
    return Series(
        key=key,
        x=x,
        unit=unit,
        goal=goal,
        n=sum(raw.counts if raw else []) + sum(buckets.counts if buckets else []),
        exact=buckets is None,
        low=finite(drawn.low),
        high=finite(drawn.high),
        raw=raw,
        buckets=buckets,
        missing=list(drawn.missing),
    )


def raw_part(raw: Raw, columns: Columns) -> RawPart:
    return RawPart(
        runs=list(raw.runs),
        counts=np.diff(raw.offsets).tolist(),
        x=columns.add(raw.x, np.float64),
        value=columns.add(raw.value, np.float64),
    )


def buckets_part(buckets: Buckets, columns: Columns) -> BucketsPart:
    low, high = (float(edge) for edge in buckets.range)
    assert math.isfinite(low + high)  # JSON has no words for other edges
    return BucketsPart(
        runs=list(buckets.runs),
        points=len(buckets.x),
        counts=buckets.count.sum(axis=1, dtype=np.int64).tolist(),
        edges=(low, high),
        x=columns.add(buckets.x, np.float64),
        min=columns.add(buckets.min, np.float32),
        max=columns.add(buckets.max, np.float32),
        mean=columns.add(buckets.mean, np.float32),
        count=columns.add(buckets.count, np.uint32),
        odd=columns.add(buckets.odd, np.uint8),
    )
