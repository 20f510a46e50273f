"""Kymograph records everything a training program says, loses none of it, and shows it at once.

    import kymograph as ky

    with ky.init(project="digits", config={"lr": 0.1}) as run:
        for step in range(1000):
            run.log({"loss": ...}, step=step)

This module is the whole public interface. Importing it loads the standard library only; reading (`open`)
loads numpy when it is called.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from kymograph.errors import (
    CorruptData,
    FormatTooNew,
    KymographError,
    MissingExtra,
    NotFound,
    QueryError,
    RunExists,
    StoreError,
    StoreNotFound,
)
from kymograph.log.capture import Capture
from kymograph.log.run import Run
from kymograph.log.start import init
from kymograph.log.start import late as _late
from kymograph.log.trouble import KymographWarning
from kymograph.version import __version__

if TYPE_CHECKING:
    from kymograph.query.project import Runs, RunView, Store

__all__ = [
    "Capture",
    "CorruptData",
    "FormatTooNew",
    "KymographError",
    "KymographWarning",
    "MissingExtra",
    "NotFound",
    "QueryError",
    "Run",
    "RunExists",
    "RunView",
    "Runs",
    "Store",
    "StoreError",
    "StoreNotFound",
    "__version__",
    "init",
    "open",
]

_READING = ("RunView", "Runs", "Store")


def open(store: str | os.PathLike[str] | None = None) -> Store:
    """Open a store for reading, while others write or not.

    store: folder. Default: KYMOGRAPH_STORE, else the nearest `.kymograph` upward, else `./.kymograph`.
    Raises StoreNotFound when there is no store, FormatTooNew when a newer version wrote it.
    """
    from kymograph.query.project import Store
    from kymograph.store.layout import find_store

    return Store(find_store(store).path, attach=_late)


def __getattr__(name: str) -> Any:
    if name in _READING:
        from kymograph.query import project

        return getattr(project, name)
    raise AttributeError(f"module 'kymograph' has no attribute {name!r}")
