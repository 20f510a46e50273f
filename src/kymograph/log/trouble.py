"""What goes wrong inside is said once per kind, counted, and kept; it never reaches the training."""

from __future__ import annotations

import sys
import warnings


class KymographWarning(UserWarning):
    """Something could not be done as asked; training goes on."""


def warn(message: str) -> None:
    """One warning line, even where warnings are errors."""
    try:
        warnings.warn(message, KymographWarning, stacklevel=4)
    except Warning:
        try:
            sys.stderr.write(f"kymograph: {message}\n")
        except (OSError, ValueError, AttributeError):
            pass  # no standard error: nobody to tell


class Troubles:
    """Counts by kind. `fresh` are those whose count is not yet in the record log."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.messages: dict[str, str] = {}
        self.fresh: set[str] = set()

    def add(self, kind: str, message: str, count: int = 1) -> None:
        """Count a trouble; the first of its kind is also a warning."""
        known = kind in self.counts
        self.counts[kind] = self.counts.get(kind, 0) + count
        self.fresh.add(kind)
        if not known:
            self.messages[kind] = message
            warn(message)

    def take_fresh(self) -> dict[str, object]:
        """The counts that changed since the last call, as attributes."""
        fresh, self.fresh = self.fresh, set()
        return {
            f"trouble/{kind}": {"count": self.counts[kind], "message": self.messages[kind]}
            for kind in sorted(fresh)
        }
