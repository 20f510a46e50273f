"""Which of the known names somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

COMPARED = 5_000  # of more names only so many are looked at: this is for an error's text


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to `most` known names, the most similar first, then those that hold the name."""
    names = list(known)[:COMPARED]
    folded = name.casefold()
    found = get_close_matches(name, names, most)
    if folded:
        found += [each for each in names if folded in each.casefold() and each not in found]
    return found[:most]


def hint(name: str, known: Iterable[str]) -> str:
    """The end of an error's text: `; nearest: a, b`, or nothing."""
    found = nearest(name, known)
    return f"; nearest: {', '.join(found)}" if found else ""
