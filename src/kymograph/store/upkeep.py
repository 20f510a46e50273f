"""Care of a store by hand: the index made anew, runs to the trash and back, the trash emptied, sizes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kymograph.errors import NotFound, StoreError
from kymograph.store.index import Index
from kymograph.store.index_schema import BESIDE, places
from kymograph.store.index_sync import Progress
from kymograph.store.layout import StoreFolder, is_run_id, parse_marker
from kymograph.store.view import RunFolder

_BLOCK = 512  # bytes, whatever the file system: so stat counts


@dataclass(frozen=True, slots=True)
class Trashed:
    """A run in the trash: when it went there, s since the epoch, and its bytes on disk."""

    id: str
    since: float
    size: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk."""

    runs: int
    trash: int
    index: int


def rebuild(store: StoreFolder, progress: Progress | None = None) -> Index:
    """Make a store's index anew; `progress` is called with (runs read, runs to read). The index, open."""
    index = Index.open(store)
    index.rebuild(progress)
    return index


def trash(store: StoreFolder, run: str) -> None:
    """Move a run to the trash. Raises NotFound; StoreError while it is written or its id is there."""
    folder = store.run_folder(run)
    if not os.path.isdir(folder):
        raise NotFound(f"no run {run!r} in {store.path}")
    view = RunFolder(folder)
    view.refresh()
    if any(writer.alive and not writer.done for writer in view.writers):
        raise StoreError(f"run {run} is being written; it can go to the trash when its writers have ended")
    target = _in_trash(store, run)
    if os.path.lexists(target):
        raise StoreError(f"run {run} is in the trash already; remove that one for good first")
    os.makedirs(store.trash, exist_ok=True)
    os.rename(folder, target)
    os.utime(target)  # a folder's time says when it came
    for name in _names(store.live):
        marker = parse_marker(name)
        if marker is not None and marker[0] == run:
            Path(store.live, name).unlink(missing_ok=True)


def restore(store: StoreFolder, run: str) -> None:
    """Take a run out of the trash. Raises NotFound, and StoreError when another has its id by now."""
    place = _in_trash(store, run)
    if not os.path.isdir(place):
        raise NotFound(f"no run {run!r} in the trash of {store.path}")
    folder = store.run_folder(run)
    if os.path.lexists(folder):
        raise StoreError(f"run {run} is in {store.path} again; move that one away first")
    os.rename(place, folder)


def trashed(store: StoreFolder) -> list[Trashed]:
    """What is in the trash, the newest first."""
    found = []
    for name in _names(store.trash):
        path = os.path.join(store.trash, name)
        if is_run_id(name) and os.path.isdir(path):
            found.append(Trashed(name, os.stat(path).st_mtime, size_of(path)))
    return sorted(found, key=lambda entry: -entry.since)


def purge(store: StoreFolder, runs: Sequence[str] | None = None) -> int:
    """Remove runs of the trash for good, all for None; how many. Raises NotFound before anything is gone."""
    wanted = [entry.id for entry in trashed(store)] if runs is None else list(dict.fromkeys(runs))
    for run in wanted:
        if not os.path.isdir(_in_trash(store, run)):
            raise NotFound(f"no run {run!r} in the trash of {store.path}")
    for run in wanted:
        # Under a hidden name first: what is half removed is not shown and cannot be restored.
        hidden = os.path.join(store.trash, f".{run}.tmp")
        shutil.rmtree(hidden, ignore_errors=True)
        os.rename(_in_trash(store, run), hidden)
        shutil.rmtree(hidden)
    return len(wanted)


def sizes(store: StoreFolder) -> Sizes:
    """What a store takes on disk; the index wherever it lies."""
    index = sum(_file_size(place + end) for place in places(store) for end in BESIDE)
    return Sizes(size_of(store.runs), size_of(store.trash), index)


def size_of(path: str) -> int:
    """Bytes on disk of all files below a folder; what goes while it is counted counts nothing."""
    return sum(_file_size(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)


def _file_size(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * _BLOCK
    except OSError:
        return 0


def _in_trash(store: StoreFolder, run: str) -> str:
    store.run_folder(run)  # refuses what is no id
    return os.path.join(store.trash, run)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
