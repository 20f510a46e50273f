"""Finds, shows and changes runs: one function per route, each from a store to a shape."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from msgspec import UNSET

from kymograph.errors import NotFound
from kymograph.query.language import complete as completions
from kymograph.query.project import KeyInfo, RunView, Store
from kymograph.server.schema import (
    BranchRow,
    Cell,
    ColumnRow,
    ColumnsAsk,
    ColumnsReply,
    CompleteAsk,
    CompleteReply,
    CompletionRow,
    DamageRow,
    DoneReply,
    EditBody,
    ForkRow,
    KeyRow,
    KeysReply,
    KeyStats,
    Kind,
    Number,
    ProjectRow,
    ProjectsReply,
    RunLink,
    RunReply,
    Source,
    StoreReply,
    TextRow,
    TextsAsk,
    TextsReply,
    TroubleRow,
    WriterRow,
    as_goal,
    cell,
    finite,
    number,
)
from kymograph.store.layout import is_run_id
from kymograph.version import __version__

MOST_VALUES = 20  # offered behind `name =`
MOST_CHILDREN = 500
STATS = (
    "min", "max", "mean", "first", "last", "first_step", "last_step", "min_step", "max_step",
)  # fmt: skip


def about(store: Store) -> StoreReply:
    """The store itself."""
    projects = store.projects()
    return StoreReply(
        path=str(store.path),
        version=__version__,
        readonly=store.readonly,
        runs=sum(project.runs for project in projects),
        live=sum(project.live for project in projects),
    )


def projects(store: Store) -> ProjectsReply:
    """All projects, the most recently active first."""
    rows = [
        ProjectRow(
            name=project.name,
            runs=project.runs,
            live=project.live,
            last_activity=finite(project.last_activity),
            activity=list(project.activity),
        )
        for project in store.projects()
    ]
    return ProjectsReply(projects=sorted(rows, key=lambda row: -(row.last_activity or 0.0)))


def keys(store: Store, project: str) -> KeysReply:
    """Every key of a project that has a series of numbers."""
    rows = [
        KeyRow(
            key=key.key,
            runs=key.runs,
            goal=as_goal(key.goal),
            unit=key.unit or "",
            clock=key.clock or "",
            doc=key.doc or "",
        )
        for key in store.keys(project)
    ]
    return KeysReply(keys=rows)


def columns(store: Store, project: str, ask: ColumnsAsk) -> ColumnsReply:
    """The columns whose name contains what was typed; those that begin with it first."""
    typed = ask.prefix.lower()
    found = [column for column in store.columns(project) if typed in column.name.lower()]
    found.sort(key=lambda column: not column.name.lower().startswith(typed))
    rows = [
        ColumnRow(
            name=column.name,
            source=cast("Source", column.source),
            kind=cast("Kind", column.kind),
            runs=column.runs,
        )
        for column in found[: ask.limit]
    ]
    return ColumnsReply(total=len(found), columns=rows)


def complete(store: Store, project: str, ask: CompleteAsk) -> CompleteReply:
    """How the query could go on at the caret."""
    at = len(ask.query) if ask.at is None else min(ask.at, len(ask.query))
    found = completions(ask.query, at, store.columns(project), lambda name: some_values(store, project, name))
    rows = [
        CompletionRow(text=one.text, label=one.label, detail=one.detail, start=one.start, end=one.end)
        for one in found
    ]
    return CompleteReply(completions=rows)


def some_values(store: Store, project: str, name: str) -> Sequence[object]:
    """The commonest values of a column, to choose from."""
    counts: dict[str | float | bool, int] = {}
    for value in np.asarray(store.runs(project=project).column(name)).tolist():
        if isinstance(value, str | float | int) and value == value:
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: -counts[value])[:MOST_VALUES]


def show(store: Store, run: str) -> RunReply:
    """Everything of one run but its points."""
    view = store.run(run)
    children = store.runs(f'parent = "{view.id}"', project=view.project)
    fork = view.fork
    return RunReply(
        id=view.id,
        name=view.name,
        project=view.project,
        status=view.status,
        status_reason=view.status_reason or "",
        traceback=view.traceback or "",
        created=finite(view.created),
        ended=finite(view.ended),
        duration=finite(view.duration),
        last_activity=finite(view.last_activity),
        group=view.group or None,
        parent=parent_of(store, view),
        children=[
            RunLink(id=child.id, name=child.name, status=child.status) for child in children[:MOST_CHILDREN]
        ],
        fork=ForkRow(run=fork.run, step=number(fork.step)) if fork else None,
        colour=view.colour,
        notes=view.notes or "",
        config=flat(view.attributes, "config/"),
        summary=flat(view.attributes, "summary/"),
        tags=flat(view.attributes, "tag/"),
        attributes=flat(view.attributes, ""),
        keys=keys_of(store, view),
        text_keys=list(view.text_keys()),
        writers=writers_of(view),
        branches=branches_of(view),
        troubles=[TroubleRow(kind=one.kind, count=one.count, message=one.message) for one in view.troubles],
        damage=[DamageRow(file=one.file, start=one.start, end=one.end, what=one.what) for one in view.damage],
        size=view.size,
        path=str(view.path),
    )


def flat(attributes: Mapping[str, object], prefix: str) -> dict[str, Cell]:
    """The attributes below a prefix, named without it, in the order they were first set."""
    return {path[len(prefix) :]: cell(value) for path, value in attributes.items() if path.startswith(prefix)}


def parent_of(store: Store, view: RunView) -> RunLink | None:
    """Whose child the run is; a parent that is not in the store is still named."""
    if not view.parent:
        return None
    try:
        parent = store.run(view.parent)
    except NotFound:
        return RunLink(id=view.parent, name=view.parent, status="")
    return RunLink(id=parent.id, name=parent.name, status=parent.status)


def keys_of(store: Store, view: RunView) -> list[KeyStats]:
    """Each key of the run with its statistics, and what `define` said of it."""
    said = {info.key: info for info in store.keys(view.project)}
    found = []
    for key in view.keys():
        stats, info = view.stats(key), said.get(key) or KeyInfo(key, 1)
        numbers = {name: present(getattr(stats, name)) for name in STATS}
        found.append(
            KeyStats(
                key=key,
                goal=as_goal(info.goal),
                unit=info.unit or "",
                clock=info.clock or "",
                doc=info.doc or "",
                count=stats.count,
                nan=stats.nan,
                **numbers,
            )
        )
    return found


def present(value: float) -> Number | None:
    """A statistic; NaN is what a statistic is when there is none."""
    return None if math.isnan(value) else number(value)


def writers_of(view: RunView) -> list[WriterRow]:
    """The processes that wrote the run."""
    return [
        WriterRow(
            id=writer.id,
            role=writer.role,
            host=writer.host,
            pid=writer.pid,
            version=writer.version,
            started=finite(writer.started),
            last_activity=finite(writer.last_activity),
            generation=writer.generation,
            cut=None if writer.cut is None else number(writer.cut),
            closed=writer.closed,
            alive=writer.alive,
            status=writer.status.word if writer.status else None,
        )
        for writer in view.writers
    ]


def branches_of(view: RunView) -> list[BranchRow]:
    """The tails that were left; the line that goes on is not among them."""
    return [
        BranchRow(name=branch.name, cut=number(branch.cut), left=finite(branch.left), points=branch.points)
        for branch in view.branches
    ]


def texts(store: Store, run: str, ask: TextsAsk) -> TextsReply:
    """A part of a series of strings."""
    found = store.run(run).texts(ask.key)
    part = slice(ask.offset, ask.offset + ask.limit)
    rows = [
        TextRow(step=number(step), time=float(time), text=text)
        for step, time, text in zip(found.step[part], found.time[part], found.text[part], strict=True)
    ]
    return TextsReply(key=ask.key, total=len(found.text), texts=rows)


def edit(store: Store, run: str, body: EditBody) -> DoneReply:
    """Appends what was changed to the run's own log; nothing is written over."""
    given = {name: getattr(body, name) for name in ("name", "notes", "tags", "colour")}
    view = store.run(run)
    view.edit(**{name: value for name, value in given.items() if value is not UNSET})
    return DoneReply(id=view.id)


def trash(store: Store, run: str) -> DoneReply:
    """Moves the run to the trash."""
    store.trash(checked_id(run))
    return DoneReply(id=run)


def restore(store: Store, run: str) -> DoneReply:
    """Takes the run out of the trash."""
    store.restore(checked_id(run))
    return DoneReply(id=run)


def checked_id(run: str) -> str:
    """A run's id, before it becomes the name of a folder."""
    if not is_run_id(run):
        raise NotFound(f"no run {run!r}, nor can there be one: it is no id")
    return run
