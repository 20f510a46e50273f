"""Config, summary and tags as they are read: a mapping that is nested where what was logged was nested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Nested(Mapping[str, Any]):
    """Paths joined by "/" as a nested mapping: `config["optim"]["lr"]` and `config["optim/lr"]` are the same.

    Members can be read as attributes too: `config.optim.lr`. What is in it does not change any more.
    """

    __slots__ = ("_paths",)

    def __init__(self, paths: Mapping[str, Any]) -> None:
        self._paths = dict(paths)

    @classmethod
    def below(cls, attributes: Mapping[str, Any], prefix: str) -> Nested:
        """The attributes whose path begins with `prefix` and a slash."""
        start = len(prefix) + 1
        return cls(
            {path[start:]: value for path, value in attributes.items() if path.startswith(f"{prefix}/")}
        )

    def __getitem__(self, key: str) -> Any:
        if key in self._paths:
            return self._paths[key]
        inside = Nested.below(self._paths, key)
        if not inside.flat():
            raise KeyError(key)
        return inside

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(path.partition("/")[0] or path for path in self._paths))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no {name!r} here; there is {', '.join(self) or 'nothing'}") from None

    def flat(self) -> dict[str, Any]:
        """Path -> value, not nested."""
        return dict(self._paths)

    def to_dict(self) -> dict[str, Any]:
        """A nested dict of its own."""
        return {key: value.to_dict() if isinstance(value, Nested) else value for key, value in self.items()}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Nested):
            return self.to_dict() == other.to_dict()
        return self.to_dict() == other if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a dict

    def __repr__(self) -> str:
        return repr(self.to_dict())
