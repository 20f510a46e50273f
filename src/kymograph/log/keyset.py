"""The hot path's cache: one prepared frame layout per set of keys, and each key's own count of steps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from kymograph.store import records

Pack = Callable[..., bytes]
Hot = tuple[Pack, int, "Iterator[int] | None", Pack, Callable[[bytes], object], "KeySet"]


class KeySet:
    """How to pack and write one set of keys into the current file.

    `steps` gives the next step of a log call that names none. It is None when one of the keys is also in
    another set: then the keys' own counts may differ, and the slow path looks at each.
    """

    __slots__ = ("close", "head", "keys", "number", "pack", "steps", "write")

    def hot(self) -> Hot:
        """What a log call takes apart in one step: 4 % less than asking for each by its name."""
        return self.pack, self.head, self.steps, self.close, self.write, self

    def __init__(
        self,
        keys: tuple[str, ...],
        number: int,
        steps: Iterator[int] | None,
        write: Callable[[bytes], object],
    ) -> None:
        body, length = records.points_layout(len(keys))
        self.keys = keys
        self.number = number
        self.steps = steps
        self.pack = body.pack
        self.close = records.check_layout(body.size).pack
        self.head = records.frame_head(records.POINTS, number, length)
        self.write = write


class Group:
    """Keys that were always logged together so far, and their one count."""

    __slots__ = ("count", "keys", "keysets")

    def __init__(self, keys: list[str], start: int) -> None:
        self.keys = keys
        self.count = itertools.count(start)
        self.keysets: list[KeySet] = []  # those that are exactly this group


class Counts:
    """What each key's next step is when a log call names none: it counts for itself, from where it stopped.

    Keys that always come together share one count. A set of keys that is exactly one such group takes its
    step with one `next`, without a lock; any other set asks here. A group is split when a set comes that has
    only a part of it. All calls are made under the writer's lock.
    """

    def __init__(self, start: Callable[[str], int]) -> None:
        self._start = start  # where a key stopped in an earlier process
        self._groups: dict[str, Group] = {}

    def adopt(self, keyset: KeySet) -> bool:
        """A set of keys is used for the first time: see to it that it is made of whole groups.

        Returns whether a group was split: other sets may no longer take their step from one count.
        """
        wanted = set(keyset.keys)
        partly = [group for group in self._groups_of(keyset.keys) if not wanted.issuperset(group.keys)]
        for group in partly:
            self._split(group, wanted)
        fresh: dict[int, list[str]] = {}
        for key in keyset.keys:
            if key not in self._groups:
                fresh.setdefault(self._start(key), []).append(key)
        for start, keys in fresh.items():
            self._add(Group(keys, start))
        self.follow(keyset)
        return bool(partly)

    def follow(self, keyset: KeySet) -> None:
        """Give a set its step, if one group counts for all of it. Also for the same set in a new file."""
        groups = self._groups_of(keyset.keys)
        keyset.steps = None
        if len(groups) == 1:
            group = groups[0]
            keyset.steps = group.count
            group.keysets = [known for known in group.keysets if known.number != keyset.number]
            group.keysets.append(keyset)

    def take(self, keys: tuple[str, ...]) -> list[int]:
        """The next step of each key; the keys are whole groups."""
        steps = {group: next(group.count) for group in self._groups_of(keys)}
        return [steps[self._groups[key]] for key in keys]

    def fork(self) -> Callable[[str], int]:
        """For a forked child: where each key goes on."""
        reached = {group: next(group.count) for group in set(self._groups.values())}
        known = {key: reached[group] for key, group in self._groups.items()}
        return lambda key: known[key] if key in known else self._start(key)

    def _groups_of(self, keys: tuple[str, ...]) -> list[Group]:
        return list(dict.fromkeys(self._groups[key] for key in keys if key in self._groups))

    def _add(self, group: Group) -> None:
        for key in group.keys:
            self._groups[key] = group

    def _split(self, group: Group, wanted: set[str]) -> None:
        for keyset in group.keysets:
            keyset.steps = None
        reached = next(group.count)
        self._add(Group([key for key in group.keys if key in wanted], reached))
        self._add(Group([key for key in group.keys if key not in wanted], reached))
