"""What may be logged besides numbers: a kind per file, and this registry.

Numbers never come here: they are packed on the hot path. A kind gives its bytes for a value it knows.
"""

from __future__ import annotations

from typing import Any, Protocol

from kymograph.values import text


class ValueKind(Protocol):
    """One kind of value. `number` is on disk for ever: see store/FORMAT.md, "Value kinds"."""

    number: int
    name: str
    accepts: str

    def encode(self, value: Any) -> bytes | None:
        """The bytes of a value of this kind; None when it is of another kind."""

    def decode(self, data: bytes) -> Any:
        """The value again."""


KINDS: dict[int, ValueKind] = {}


def register(kind: ValueKind) -> None:
    """Make a kind known. Raises ValueError when its number belongs to another."""
    taken = KINDS.get(kind.number)
    if taken is not None:
        raise ValueError(f"value kind {kind.number} already belongs to {taken.name}")
    KINDS[kind.number] = kind


def encode(value: Any) -> tuple[int, bytes] | None:
    """Number and bytes of a value of a registered kind; None when no kind knows it."""
    for kind in KINDS.values():
        data = kind.encode(value)
        if data is not None:
            return kind.number, data
    return None


def accepted() -> str:
    """What may be logged, for the text of an error."""
    return ", ".join(
        ["numbers", "booleans", "scalars of numpy, torch, jax and tensorflow"]
        + [k.accepts for k in KINDS.values()]
    )


register(text.KIND)
