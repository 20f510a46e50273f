"""Turns what people put into config and summary into what JSON can hold."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_DEEPEST = 32
_LARGE = 1_000  # elements of an array that are kept
_LONGEST = 100_000  # characters of a repr that is kept


def plain(value: Any, depth: int = 0) -> Any:
    """A JSON value that says the same. Whatever is unknown keeps its repr; nothing raises."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if kind is int or kind is float or kind is str:
        return value
    if depth > _DEEPEST:
        return _told(value)
    try:
        return _plain(value, depth)
    except Exception:  # noqa: BLE001 - a stranger's property or repr may raise anything; config must still be kept
        return _told(value)


def _plain(value: Any, depth: int) -> Any:  # noqa: PLR0911 - a table of kinds
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value.value) if hasattr(value, "value") and not callable(value.value) else str(value)
    members = as_mapping(value)
    if members is not None:
        return {str(key): plain(member, depth + 1) for key, member in members.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [plain(member, depth + 1) for member in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(member, depth + 1) for member in value), key=repr)
    if hasattr(value, "__fspath__"):
        return value.__fspath__()
    if (
        hasattr(value, "tolist") and getattr(value, "size", _LARGE + 1) <= _LARGE
    ):  # numpy, jax; small tensors too
        return plain(value.tolist(), depth + 1)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return plain(value.item(), depth + 1)
    if isinstance(value, type) or callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    return _told(value)


def _told(value: Any) -> str:
    try:
        return repr(value)[:_LONGEST]
    except Exception:  # noqa: BLE001 - see plain
        return f"<{type(value).__module__}.{type(value).__qualname__}>"


def as_mapping(value: Any) -> Mapping[Any, Any] | None:
    """The members of a mapping, argparse namespace, dataclass, pydantic model, attrs class or omegaconf
    container; None for anything else. None of their packages is imported.
    """
    if isinstance(value, Mapping):
        omegaconf = sys.modules.get("omegaconf")
        if omegaconf is not None and isinstance(value, omegaconf.DictConfig):
            return dict(omegaconf.OmegaConf.to_container(value, resolve=True))
        return value
    if isinstance(value, type):
        return None
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if hasattr(value, "model_dump"):
        return dict(value.model_dump())
    if hasattr(value, "__attrs_attrs__"):
        return {field.name: getattr(value, field.name) for field in value.__attrs_attrs__}
    if type(value).__name__ == "Namespace" or type(value).__name__ == "SimpleNamespace":
        return dict(vars(value))
    return None


def flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Paths and plain values of a value that may be nested; an empty mapping is kept as one."""
    value = plain(value)
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from flat(f"{prefix}/{key}", member)
    else:
        yield prefix, value
