"""Text as a value: a series of strings."""

from __future__ import annotations


class _Text:
    number = 1
    name = "text"
    accepts = "strings"

    def encode(self, value: object) -> bytes | None:
        return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else None

    def decode(self, data: bytes) -> str:
        return data.decode("utf-8", "replace")


KIND = _Text()
