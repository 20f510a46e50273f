"""Config and summary as mappings that write through to the record log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from kymograph.log.plain import as_mapping, flat


class Attributes(MutableMapping[str, Any]):
    """A nested mapping below one path of a run's attributes ("config").

    Every change is recorded at once. Nested mappings are joined by "/": `config["optim"]["lr"]` and
    `config["optim/lr"]` are the same. Members can be read and set as attributes too: `config.lr`.
    """

    __slots__ = ("_prefix", "_values", "_write")

    def __init__(
        self, prefix: str, values: dict[str, Any], write: Callable[[dict[str, Any], list[str]], None]
    ) -> None:
        object.__setattr__(self, "_prefix", prefix)
        object.__setattr__(self, "_values", values)  # path -> plain value, shared by all nested views
        object.__setattr__(self, "_write", write)

    def _path(self, key: object) -> str:
        return f"{self._prefix}/{key}"

    def _below(self, path: str) -> list[str]:
        return [known for known in self._values if known == path or known.startswith(f"{path}/")]

    def __getitem__(self, key: str) -> Any:
        path = self._path(key)
        if path in self._values:
            return self._values[path]
        if self._below(path):
            return Attributes(path, self._values, self._write)
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def __delitem__(self, key: str) -> None:
        path = self._path(key)
        gone = self._below(path)
        if not gone:
            raise KeyError(key)
        for known in gone:
            del self._values[known]
        self._write({}, [path])

    def update(self, *others: Any, **members: Any) -> None:
        """Set many at once. Accepts mappings, argparse namespaces, dataclasses, pydantic models, attrs
        classes and omegaconf containers. A nested mapping replaces what was below its key.
        """
        given: dict[str, Any] = {}
        for other in others:
            mapping = as_mapping(other)
            given.update(dict(other) if mapping is None else mapping)
        given.update(members)
        changes: dict[str, Any] = {}
        gone: list[str] = []
        for key, value in given.items():
            path = self._path(key)
            old = self._below(path)
            if old and old != [path]:
                gone.append(path)
            for known in old:
                del self._values[known]
            new = dict(flat(path, value))
            self._values.update(new)
            changes.update(new)
        if changes:
            self._write(changes, gone)

    def __iter__(self) -> Iterator[str]:
        start = len(self._prefix) + 1
        seen = dict.fromkeys(
            path[start:].split("/", 1)[0]
            for path in list(self._values)
            if path.startswith(f"{self._prefix}/")
        )
        return iter(seen)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no {name!r} here; there is {', '.join(self) or 'nothing yet'}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def to_dict(self) -> dict[str, Any]:
        """A nested dict of its own."""
        return {
            key: value.to_dict() if isinstance(value, Attributes) else value for key, value in self.items()
        }

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Attributes):
            return self.to_dict() == other.to_dict()
        return self.to_dict() == other if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.to_dict())
