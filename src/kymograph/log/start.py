"""Opens a run: which store, which id, what it inherits, what is written first."""

from __future__ import annotations

import math
import os
import time as clock
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from kymograph import config as settings
from kymograph.errors import NotFound, RunExists, StoreError
from kymograph.log.capture import NOTHING, Capture, surroundings
from kymograph.log.names import new_name
from kymograph.log.plain import flat, plain
from kymograph.log.run import Run, about_writer, attach
from kymograph.log.trouble import warn
from kymograph.store.layout import StoreFolder, find_store, is_run_id, new_id
from kymograph.store.resume import Past

COLOURS = 12  # of the page's palette
RESUME = ("never", "allow", "must")


class _Start(NamedTuple):
    """Where a run begins."""

    id: str
    past: Past | None  # None: nothing is there yet
    cut: float | None
    parent: Past | None  # what a fork inherits from
    parent_cut: float


def init(  # noqa: PLR0913, PLR0917 - each has a default, and people know them from other trackers
    project: str | None = None,
    name: str | None = None,
    config: Any = None,
    tags: Iterable[str] | Mapping[str, Any] = (),
    notes: str = "",
    group: str = "",
    parent: str | None = None,
    fork: str | None = None,
    id: str | None = None,
    resume: str | None = None,
    store: str | os.PathLike[str] | None = None,
    capture: bool | Capture | None = None,
) -> Run:
    """Open a run and return it; use it as a context manager, or call `finish()`.

    project: what the run belongs to. Default: KYMOGRAPH_PROJECT, else the working folder's name.
    name: default: a memorable one that no other run of the store has.
    config: settings: dict, argparse namespace, dataclass, pydantic model, attrs class, omegaconf.
    tags: names, or name -> value.  notes: free text.  group: runs that belong together, such as seeds.
    parent: id of the run whose child this is; nothing is inherited.
    fork: "RUN" or "RUN@STEP": a new run that inherits RUN's config and its points up to STEP (by
        default all it has by now).
    id: default: a new one. With resume="allow", many processes and hosts write one run, each its own log.
        "RUN@STEP" goes on from an earlier step; what came after it stays visible as a branch.
    resume: "never" (default): the id must be new. "allow": go on if it is there. "must": it must be there
        (the default with "RUN@STEP").
    store: folder. Default: KYMOGRAPH_STORE, else the nearest `.kymograph` upward, else `./.kymograph`.
    capture: True: keep the surroundings; False: nothing but what is logged; or a Capture. Default:
        KYMOGRAPH_CAPTURE, else True.

    Raises RunExists, NotFound, StoreError or ValueError when the run that was asked for cannot be meant. A
    disk that cannot be written raises nothing: it is one warning, and the training goes on.
    """
    folder = find_store(store)
    if folder.exists():
        folder.check_format()
    start = _find_start(folder, id, resume, fork)
    asked = _capture(capture)
    given = _given(
        project=project, name=name, config=config, tags=tags, notes=notes, group=group, parent=parent
    )
    if start.past is None:
        first = {**_birth(folder, start, fork), **surroundings(asked), **given}
        before: dict[str, Any] = {}
    else:
        before = start.past.attributes
        first = {path: value for path, value in given.items() if before.get(path) != value}
    generation = (
        0 if start.past is None else start.past.generation + (start.cut is not None and _cuts_anew(start))
    )
    run = Run(
        folder,
        start.id,
        {**before, **first},
        about=about_writer("main", generation, start.cut),
        start=_counting_from(start),
    )
    run._open()  # noqa: SLF001 - the same room
    if first:
        run._set(first)  # noqa: SLF001 - the same room
    return run


def late(store: str | os.PathLike[str], run: str) -> Run:
    """A run that is there, opened for late points and attributes; its status stays as it is."""
    folder = StoreFolder(store)
    return attach(folder, run, dict(Past(folder.run_folder(run)).attributes), "late")


def _capture(capture: bool | Capture | None) -> Capture:
    if isinstance(capture, Capture):
        return capture
    wanted = settings.capture() if capture is None else capture
    return Capture() if wanted else NOTHING


def _given(
    *,
    project: str | None,
    name: str | None,
    config: Any,
    tags: Any,
    notes: str,
    group: str,
    parent: str | None,
) -> dict[str, Any]:
    """What the caller said, as attributes."""
    said: dict[str, Any] = {
        "project": project,
        "name": name,
        "notes": notes,
        "group": group,
        "parent": parent,
    }
    attributes: dict[str, Any] = {word: str(text) for word, text in said.items() if text}
    if config is not None:
        for path, value in flat("config", config):
            if path == "config" and value != {}:
                raise TypeError(
                    f"config is {type(config).__name__}; accepted are mappings, argparse namespaces, "
                    f"dataclasses, pydantic models, attrs classes and omegaconf containers"
                )
            if path != "config":
                attributes[path] = value
    if isinstance(tags, str):
        tags = [tags]
    pairs = tags.items() if isinstance(tags, Mapping) else ((tag, True) for tag in tags or ())
    for tag, value in pairs:
        attributes[f"tag/{tag}"] = plain(value)
    return attributes


def _birth(folder: StoreFolder, start: _Start, fork: str | None) -> dict[str, Any]:
    """What every new run has, and what a fork inherits."""
    try:
        runs_before = len(os.listdir(folder.runs))
    except OSError:
        runs_before = 0
    attributes: dict[str, Any] = {
        "created": clock.time(),
        "project": settings.project(),
        "name": new_name(runs_before),
        "colour": str(runs_before % COLOURS),  # runs that follow each other are told apart, for ever
    }
    if start.parent is not None and fork is not None:
        kept = {
            path: value
            for path, value in start.parent.attributes.items()
            if path.startswith(("config/", "define/"))
        }
        attributes.update(kept)
        attributes["project"] = start.parent.attributes.get("project", attributes["project"])
        attributes["fork"] = {"run": os.path.basename(start.parent.folder), "step": start.parent_cut}
    return attributes


def _find_start(folder: StoreFolder, given: str | None, resume: str | None, fork: str | None) -> _Start:
    if resume is not None and resume not in RESUME:
        raise ValueError(f"unknown resume {resume!r}; allowed are {', '.join(map(repr, RESUME))}")
    if fork is not None and given is not None and "@" in given:
        raise ValueError(f"fork={fork!r} makes a new run, id={given!r} goes on with one; give one of them")
    inherited, parent_cut = (None, math.inf) if fork is None else _existing(folder, fork, "fork")
    if inherited is not None and math.isinf(parent_cut):
        parent_cut = inherited.last_step()  # the parent may go on; the fork does not follow
    if given is None:
        if resume == "must":
            raise ValueError('resume="must" needs id=, the run to go on with')
        return _Start(new_id(), None, None, inherited, parent_cut)
    run, cut = _split(given, "id")
    if not is_run_id(run):
        raise StoreError(
            f"not a run id: {run!r}; an id is up to 64 letters, digits, '_', '-' and '.', not '.' first"
        )
    there = os.path.isdir(folder.run_folder(run))
    rule = resume or ("never" if math.isinf(cut) else "must")
    if there and rule == "never":
        raise RunExists(f'run {run!r} is there already; give resume="allow" to go on with it, or another id')
    if not there and rule == "must":
        raise NotFound(f"no run {run!r} in {folder.path} to go on with")
    past = Past(folder.run_folder(run)) if there else None
    return _Start(run, past, None if math.isinf(cut) else cut, inherited, parent_cut)


def _existing(folder: StoreFolder, text: str, what: str) -> tuple[Past, float]:
    run, cut = _split(text, what)
    path = folder.run_folder(run)
    if not os.path.isdir(path):
        raise NotFound(f"no run {run!r} in {folder.path} to {what}")
    return Past(path), cut


def _split(text: str, what: str) -> tuple[str, float]:
    """Run and step of "RUN@STEP"; infinity when no step is named."""
    run, at, step = text.partition("@")
    if not at:
        return run, math.inf
    try:
        number = float(step)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{what}={text!r}: {step!r} is not a step; write RUN@1000")
    return run, number


def _cuts_anew(start: _Start) -> bool:
    """Whether this cut begins a generation: ranks that resume at the same step together share one."""
    past = start.past
    return past is None or past.cuts.get(past.generation) != start.cut or not past.is_young()


def _counting_from(start: _Start) -> Callable[[str], int]:
    """Where each key's own count begins: behind what the run, or the fork's parent, has."""

    def next_step(key: str) -> int:
        try:
            own = start.past.next_step(key, start.cut) if start.past is not None else 0
            inherited = start.parent.next_step(key, start.parent_cut) if start.parent is not None else 0
        except OSError as error:
            warn(f"where {key!r} stopped could not be read ({error}); it counts from 0")
            return 0
        return max(own, inherited)

    return next_step
