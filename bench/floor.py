"""The floor: the least that a log call could do in Python, measured in the same process.

A method that walks the same dict, converts with float() and packs the numbers into an mmap with a
precompiled Struct. No time, no step, no checksum, nothing that could be read back.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from struct import Struct

SIZE = 4 << 20


class Floor:
    """Packs the numbers of a dict into memory, over and over."""

    def __init__(self, keys: int) -> None:
        layout = Struct(f"<{keys}d")
        self._pack = layout.pack_into
        self._step = layout.size
        self._map = mmap.mmap(-1, SIZE)
        self._at = 0

    def log(self, values: Mapping[str, float], step: float | None = None) -> None:
        numbers = []
        for _, value in values.items():
            numbers.append(float(value))
        if self._at + self._step > SIZE:
            self._at = 0
        self._pack(self._map, self._at, *numbers)
        self._at += self._step
