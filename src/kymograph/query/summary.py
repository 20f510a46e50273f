"""What a run came to: its explicit summary values, and last, min, max … of each series for free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kymograph.query.names import STATS, reference
from kymograph.query.nested import Nested
from kymograph.store.stats import SeriesStats


class Summary(Mapping[str, Any]):
    """`summary["loss"]`: what was stated, else the last of the series; `summary["loss.min"]` and so on.

    Iterating gives what was stated, then the series.
    """

    def __init__(
        self,
        stated: Nested,
        keys: list[str],
        stats: Callable[[str], SeriesStats],
        goal: Callable[[str], str | None],
    ) -> None:
        self.stated = stated
        self._keys = keys
        self._known = frozenset(keys)
        self._stats = stats
        self._goal = goal

    def __getitem__(self, name: str) -> Any:
        if name in self.stated:
            return self.stated[name]
        if name in self._known:
            return self._stats(name).last
        found = reference(name)
        if found.stat is not None and found.path in self._known:
            return self.stat(found.path, found.stat)
        raise KeyError(name)

    def stat(self, key: str, stat: str) -> float | None:
        """One of last, min, max, mean, first, count, nan, first_step …, best, best_step of a series.

        best and best_step are None when no goal was defined for the key.
        """
        if stat not in STATS:
            raise KeyError(f"{key}.{stat}")
        if stat in ("best", "best_step"):
            goal = self._goal(key)
            if goal is None:
                return None
            stat = stat.replace("best", goal)
        value: float = getattr(self._stats(key), stat)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self.stated, *self._keys]))

    def __len__(self) -> int:
        return len({*self.stated, *self._keys})

    def __repr__(self) -> str:
        return repr({name: self[name] for name in self})
