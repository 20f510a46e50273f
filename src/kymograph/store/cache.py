"""Keeps what was decoded last, by size in bytes; one for the whole process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = 64 << 20  # bytes
_OVERHEAD = 256  # what an entry costs besides its numbers


class Cache:
    """Arrays by key; the ones not asked for longest go first. Any thread may call."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.held = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, NDArray[Any]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], NDArray[np.generic]]) -> NDArray[Any]:
        """The array of this key, made when it is not there. It is shared, so it cannot be written to."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
                return found
        made = make()  # without the lock: two threads may make the same, none waits for another
        made.flags.writeable = False
        with self._lock:
            self._put(key, made)
        return made

    def _put(self, key: Hashable, made: NDArray[Any]) -> None:
        if key in self._entries or made.nbytes + _OVERHEAD > self.limit:
            return
        self._entries[key] = made
        self.held += made.nbytes + _OVERHEAD
        while self.held > self.limit:
            _, dropped = self._entries.popitem(last=False)
            self.held -= dropped.nbytes + _OVERHEAD

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._entries.clear()
            self.held = 0


shared = Cache()
