"""The shape of every reply and every body; the OpenAPI document and the page's types come from here.

JSON has no words for three numbers and JavaScript cannot hold long integers, so on the wire
- a number that is not finite is the string "NaN", "Infinity" or "-Infinity",
- an integer beyond 2^53 - 1 is the string of its digits.
Times are seconds since the epoch, UTC; durations are seconds; sizes are bytes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
import numpy as np
from msgspec import UNSET, Meta, Struct, UnsetType

Odd: TypeAlias = Literal["NaN", "Infinity", "-Infinity"]
Number: TypeAlias = float | Odd
Cell: TypeAlias = float | str | bool | list[Any] | dict[str, Any] | None
Goal: TypeAlias = Literal["min", "max"]
Kind: TypeAlias = Literal["number", "text", "bool", "json"]
Source: TypeAlias = Literal["built-in", "config", "summary", "tag", "attribute", "series"]
Colour: TypeAlias = Annotated[str, Meta(pattern="^(#[0-9a-fA-F]{6}|[0-9]|1[01])$")]

MOST_RUNS = 20_000  # in one series request: 100 kB of ids
MOST_KEYS = 200
MOST_POINTS = 20_000  # no screen is wider
MOST_BUCKETS = 10_000_000  # runs times keys times points: 210 MB on the wire
MOST_ROWS = 1_000


class Reply(Struct):
    """Anything the server says. Every field is always there."""


class Ask(Struct, forbid_unknown_fields=True):
    """Anything a client says, in a body or after the `?` of an address."""


# errors


class Problem(Reply):
    """What was wrong, which value, what was allowed. `column` counts characters of the query from 0."""

    message: str
    column: int | None
    expected: str | None


class ErrorReply(Reply):
    """The body of every reply whose status is 400 or more."""

    error: Problem


# the store and its projects


class StoreReply(Reply):
    """The store behind this server."""

    path: str
    version: str
    readonly: bool
    runs: int
    live: int


class ProjectRow(Reply):
    """One project. `activity` is runs started per day, 30 days, today last."""

    name: str
    runs: int
    live: int
    last_activity: float | None
    activity: list[int]


class ProjectsReply(Reply):
    """All projects, the most recently active first."""

    projects: list[ProjectRow]


class KeyRow(Reply):
    """One key of a project: how many runs have it, and what `run.define` said of it."""

    key: str
    runs: int
    goal: Goal | None
    unit: str
    clock: str
    doc: str


class KeysReply(Reply):
    """Every key of a project that has a series of numbers."""

    keys: list[KeyRow]


class ColumnRow(Reply):
    """One column the runs table can show, named as it is typed in queries."""

    name: str
    source: Source
    kind: Kind
    runs: int


class ColumnsAsk(Ask):
    """Which columns: those whose name contains `prefix`; names that begin with it come first."""

    prefix: str = ""
    limit: Annotated[int, Meta(ge=1, le=100_000)] = 1_000


class ColumnsReply(Reply):
    """The columns asked for, and how many there are in all."""

    total: int
    columns: list[ColumnRow]


class CompleteAsk(Ask):
    """A query being typed, and where the caret is (in characters; left out: at the end)."""

    query: str = ""
    at: Annotated[int, Meta(ge=0)] | None = None


class CompletionRow(Reply, rename={"start": "from", "end": "to"}):
    """Put `text` in place of the query's characters `from` to `to`."""

    text: str
    label: str
    detail: str
    start: int
    end: int


class CompleteReply(Reply):
    """What could be typed there, the likeliest first."""

    completions: list[CompletionRow]


# the runs table


class RunsAsk(Ask):
    """One page of the runs table. `columns` and `sort` may be repeated; names are as in queries."""

    query: str = ""
    sort: list[str] = msgspec.field(default_factory=list)
    offset: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=0, le=MOST_ROWS)] = 100
    columns: list[str] = msgspec.field(default_factory=list)


class TableColumn(Reply):
    """A column of the table, over all matched runs.

    `kind` is null when no run has the column. `best` is the position, among the matched runs in their
    order, of the run with the best value; null when the goal is unknown. `low` and `high` are the least
    and the greatest finite number.
    """

    name: str
    kind: Kind | None
    goal: Goal | None
    best: int | None
    low: float | None
    high: float | None


class RunRow(Reply):
    """One run in the table. `colour` is "0" to "11" of the page's twelve, "#rrggbb", or null: by its id."""

    id: str
    name: str
    status: str
    colour: str | None
    created: float | None
    ended: float | None
    duration: float | None
    group: str | None
    parent: str | None
    troubles: int
    cells: list[Cell]


class RunsReply(Reply):
    """`total` runs are in the project, `live` of them run; `matched` fit the query, `rows` are one page."""

    total: int
    matched: int
    live: int
    columns: list[TableColumn]
    rows: list[RunRow]


# one run


class KeyStats(Reply):
    """A key of one run. min, max, mean are over finite values; `count` is all points, `nan` those of NaN."""

    key: str
    goal: Goal | None
    unit: str
    clock: str
    doc: str
    count: int
    nan: int
    min: Number | None
    max: Number | None
    mean: Number | None
    first: Number | None
    last: Number | None
    first_step: Number | None
    last_step: Number | None
    min_step: Number | None
    max_step: Number | None


class WriterRow(Reply):
    """One process that wrote to the run. `status` is what it said at its end, if it did."""

    id: str
    role: str
    host: str
    pid: int
    version: str
    started: float | None
    last_activity: float | None
    generation: int
    cut: Number | None
    closed: bool
    alive: bool
    status: str | None


class BranchRow(Reply):
    """A tail that a resume at step `cut` left behind, at the time `left`; `points` are of all keys."""

    name: str
    cut: Number
    left: float | None
    points: int


class TroubleRow(Reply):
    """What went wrong inside, and how much of it was lost."""

    kind: str
    count: int
    message: str


class DamageRow(Reply):
    """Bytes `start` to `end` of a file that could not be read, and what that means; all else was."""

    file: str
    start: int
    end: int
    what: str


class RunLink(Reply):
    """Enough of a run to name it and lead to it."""

    id: str
    name: str
    status: str


class ForkRow(Reply):
    """Where the run's inherited points come from."""

    run: str
    step: Number


class RunReply(Reply):
    """Everything of one run but its points. `config`, `summary` and `tags` are flat: names joined by /."""

    id: str
    name: str
    project: str
    status: str
    status_reason: str
    traceback: str
    created: float | None
    ended: float | None
    duration: float | None
    last_activity: float | None
    group: str | None
    parent: RunLink | None
    children: list[RunLink]
    fork: ForkRow | None
    colour: str | None
    notes: str
    config: dict[str, Cell]
    summary: dict[str, Cell]
    tags: dict[str, Cell]
    attributes: dict[str, Cell]
    keys: list[KeyStats]
    text_keys: list[str]
    writers: list[WriterRow]
    branches: list[BranchRow]
    troubles: list[TroubleRow]
    damage: list[DamageRow]
    size: int
    path: str


class TextsAsk(Ask):
    """A part of a series of strings, counted from its beginning."""

    key: str
    offset: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 200


class TextRow(Reply):
    """One string of a series."""

    step: Number
    time: float
    text: str


class TextsReply(Reply):
    """`total` strings are in the series; `texts` are those asked for."""

    key: str
    total: int
    texts: list[TextRow]


class EditBody(Ask):
    """What to change; what is left out stays. A tag of null is taken away; `true` is one without a value."""

    name: Annotated[str, Meta(min_length=1, max_length=1_000)] | UnsetType = UNSET
    notes: Annotated[str, Meta(max_length=200_000)] | UnsetType = UNSET
    tags: dict[Annotated[str, Meta(min_length=1, max_length=250)], Cell] | UnsetType = UNSET
    colour: Colour | UnsetType | None = UNSET


class DoneReply(Reply):
    """It was done to this run."""

    id: str


# points


class SeriesBody(Ask):
    """Which points: `keys` of `runs` over `x` ("step", "time", "relative" or a key used as clock).

    `range` is inclusive in units of x, null is everything. A run with at most two points per bucket in the
    range comes raw, the others as `points` buckets of equal width.
    """

    runs: Annotated[list[str], Meta(max_length=MOST_RUNS)]
    keys: Annotated[list[str], Meta(max_length=MOST_KEYS)]
    x: Annotated[str, Meta(min_length=1)] = "step"
    range: tuple[float, float] | None = None
    points: Annotated[int, Meta(ge=1, le=MOST_POINTS)] = 200


class Ref(Reply):
    """Where an array lies: `length` items of `type`, `at` bytes behind the end of the header."""

    type: Literal["f64", "f32", "u32", "u8"]
    at: int
    length: int


class RawPart(Reply):
    """Runs that come with every point of the range: run i has the next `counts[i]` of `x` and `value`."""

    runs: list[str]
    counts: list[int]
    x: Ref
    value: Ref


class BucketsPart(Reply):
    """Runs that come as buckets: arrays of runs times points, row by row, NaN where nothing is.

    `counts` says how many points of each run lie in the range. `edges` is where the first bucket begins and
    the last ends; `x` is the middle of each bucket. `odd` holds 1 for NaN, 2 for infinity, 4 for -infinity.
    """

    runs: list[str]
    points: int
    counts: list[int]
    edges: tuple[float, float]
    x: Ref
    min: Ref
    max: Ref
    mean: Ref
    count: Ref
    odd: Ref


class Series(Reply):
    """One key. `n` points lie in the range, `exact` when all are here; `low` to `high` is all of x."""

    key: str
    x: str
    unit: str
    goal: Goal | None
    n: int
    exact: bool
    low: float | None
    high: float | None
    raw: RawPart | None
    buckets: BucketsPart | None
    missing: list[str]


class SeriesHeader(Reply):
    """The JSON at the head of a series reply; the arrays it points to follow it."""

    series: list[Series]


# events


class EventsAsk(Ask):
    """Whose events: one project's, or those of the whole store."""

    project: str | None = None


class HelloEvent(Reply):
    """The first event of a stream. `version` is another one after each start: load the page again then."""

    version: str


class ChangeEvent(Reply):
    """What happened since the last one: `runs` changed, `keys` of them grew, `new` came, `removed` went."""

    runs: list[str]
    keys: dict[str, list[str]]
    new: list[str]
    removed: list[str]


BIGGEST_INTEGER = 2**53 - 1
ODD_WORDS: dict[str, Odd] = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def as_goal(word: str | None) -> Goal | None:
    """What `run.define` was told; anything else is no goal."""
    return "min" if word == "min" else "max" if word == "max" else None


def number(value: float) -> Number:
    """A number as it goes on the wire."""
    value = float(value)
    return value if math.isfinite(value) else ODD_WORDS[str(value)]


def finite(value: float | None) -> float | None:
    """None for what is missing or not a finite number."""
    return None if value is None or not math.isfinite(value) else float(value)


def cell(value: object) -> Cell:
    """Any attribute's value as it goes on the wire, nested ones too."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.generic):
        return cell(value.item())
    if isinstance(value, int):
        return value if abs(value) <= BIGGEST_INTEGER else str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return {str(key): cell(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [cell(item) for item in value]
    return str(value)
