"""What we raise on purpose:

KymographError
├── StoreError               something about the files of a store
│   ├── StoreNotFound        no store where one was asked for
│   ├── RunExists            resume="never", and the run is there
│   ├── FormatTooNew         written by a newer version; says which
│   └── CorruptData          bytes that do not pass their check; carries the place
├── NotFound                 no such run, project or key; names the nearest
├── QueryError               carries the column of the mistake and what was expected
└── MissingExtra             an optional package is needed; names the install command

A value that can never be logged raises the built-in TypeError.
"""

from __future__ import annotations


class KymographError(Exception):
    """The root of every error raised on purpose."""


class StoreError(KymographError):
    """Something about the files of a store."""


class StoreNotFound(StoreError):
    """There is no store at the place that was named."""


class RunExists(StoreError):
    """`init(id=..., resume="never")` met a run that is already there."""


class FormatTooNew(StoreError):
    """A file was written by a newer version of Kymograph than this one."""

    def __init__(self, path: object, version: int, known: int) -> None:
        super().__init__(
            f"{path} has format {version}, this version reads up to {known}; "
            f"upgrade with: pip install -U kymograph"
        )


class CorruptData(StoreError):
    """Bytes that do not pass their check. `at` is the offset in the file, None when unknown."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message if at is None else f"{message} (at byte {at})")
        self.at = at


class NotFound(KymographError):
    """No run, project or key has that name."""


class QueryError(KymographError):
    """A query that cannot be read. `column` counts from 0 in the query's text."""

    def __init__(self, message: str, column: int = 0, expected: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.expected = expected


class MissingExtra(KymographError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs {package}; install it with: pip install 'kymograph[{extra}]'")
