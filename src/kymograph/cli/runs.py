"""Which store, and which run of it, an argument means."""

from __future__ import annotations

import os

import kymograph
from kymograph.errors import StoreNotFound
from kymograph.store.layout import StoreFolder, find_store, is_run_id


def folder_of(store: str | None) -> StoreFolder:
    """The folder of a store that is there. Raises StoreNotFound and FormatTooNew."""
    folder = find_store(store)
    if not folder.exists():
        raise StoreNotFound(f"no store at {folder.path}; kymograph.init() makes one where a training runs")
    folder.check_format()
    return folder


def stated(view: kymograph.RunView) -> dict[str, object]:
    """The summary that was stated; the values that come from series are left out."""
    return {
        path.removeprefix("summary/"): value
        for path, value in view.attributes.items()
        if path.startswith("summary/")
    }


def run_id(folder: StoreFolder, run: str) -> str:
    """The id of a run named by its id, the beginning of it, or its name. Raises NotFound."""
    if is_run_id(run) and os.path.isdir(folder.run_folder(run)):
        return run
    return kymograph.open(folder.path).run(run).id
