"""Names as people type them, `config.lr`, `val/acc.max`, `params.lr`, and what they stand for. Pure.

Outside backticks a full stop separates; inside them everything is part of the name, so
``config.`my key` `` is one key and `` `val.max` `` is a series called so, not the maximum of `val`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STATS = ("last", "min", "max", "mean", "first", "count", "best", "best_step", "nan",
         "first_step", "last_step", "min_step", "max_step")  # fmt: skip

STAT_HELP = {
    "last": "the last value",
    "min": "the smallest value",
    "max": "the largest value",
    "mean": "the mean of the finite values",
    "first": "the first value",
    "count": "how many points",
    "best": "max or min, as the key's goal says",
    "best_step": "the step of the best value",
    "nan": "how many points are not a number",
    "first_step": "the step of the first value",
    "last_step": "the step of the last value",
    "min_step": "the step of the smallest value",
    "max_step": "the step of the largest value",
}

# What every run has, by the name of the column, and a sentence for the completion.
BUILT_IN = {
    "id": "the run's id",
    "name": "the run's name",
    "project": "the project",
    "status": "running, finished, failed, killed, lost …",
    "created": "when the run began",
    "ended": "when it ended",
    "duration": "how long it ran, say 2h",
    "group": "the group",
    "parent": "the id of the run whose child it is",
    "fork": "the id of the run it was forked from",
    "notes": "the notes",
    "host": "the machine",
    "user": "who ran it",
}
MOMENTS = frozenset({"created", "ended"})

KEYWORDS = frozenset(
    "and or not in is missing null none true false like ilike inf infinity".split()  # noqa: SIM905 - a sentence
)

_OTHER_NAMES = {"started": "created"}
_MLFLOW_ATTRIBUTES = {
    "run_id": "id",
    "run_name": "name",
    "start_time": "created",
    "end_time": "ended",
    "user_id": "user",
}
_SOURCES = {
    "config": "config",
    "params": "config",
    "param": "config",
    "summary": "summary",
    "tag": "tag",
    "tags": "tag",
    "attributes": "attribute",
    "attribute": "attribute",
    "attr": "attribute",
    "metrics": "series",
    "metric": "series",
}

_PIECE = re.compile(r"`([^`]*)`|([^`]+)")
_PLAIN = re.compile(r"[^\W\d](?:[\w./:@#$-]*[\w/@#$-])?")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a typed name stands for.

    `source` is built-in, config, summary, tag, attribute or series. `path` is the name behind the prefix as
    it was typed, `folded` the same with full stops outside backticks as slashes. For a series `stat` is set
    when the name ends in one; `whole` is then the key this would be if the ending were part of it.
    """

    source: str
    path: str
    folded: str
    stat: str | None = None
    whole: str = ""

    @property
    def is_moment(self) -> bool:
        """Whether values are moments (seconds since the epoch)."""
        return self.source == "built-in" and self.path in MOMENTS


def reference(name: str) -> Reference:
    """What `name`, as typed in a query, stands for."""
    pieces = [
        (found.group(1) or found.group(2) or "", found.group(1) is not None)
        for found in _PIECE.finditer(name)
    ]
    if not pieces:
        return Reference("series", name, name)
    first, quoted = pieces[0]
    if not quoted:
        if len(pieces) == 1 and (first in BUILT_IN or first in _OTHER_NAMES):
            path = _OTHER_NAMES.get(first, first)
            return Reference("built-in", path, path)
        prefix, dot, rest = first.partition(".")
        source = _SOURCES.get(prefix)
        if source and dot and (rest or len(pieces) > 1):
            return _with_prefix(source, [(rest, False), *pieces[1:]] if rest else pieces[1:])
    return _series(pieces)


def _with_prefix(source: str, pieces: list[tuple[str, bool]]) -> Reference:
    if source == "series":
        return _series(pieces)
    path = "".join(text for text, _ in pieces)
    folded = "".join(text if quoted else text.replace(".", "/") for text, quoted in pieces)
    if source != "attribute":
        return Reference(source, path, folded)
    path = _MLFLOW_ATTRIBUTES.get(path, _OTHER_NAMES.get(path, path))
    if path in BUILT_IN:
        return Reference("built-in", path, path)
    for prefix in ("config", "summary", "tag"):
        if folded.startswith(f"{prefix}/"):
            return Reference(prefix, path[len(prefix) + 1 :], folded[len(prefix) + 1 :])
    return Reference("attribute", path, folded)


def _series(pieces: list[tuple[str, bool]]) -> Reference:
    whole = "".join(text for text, _ in pieces)
    last, quoted = pieces[-1]
    key, dot, stat = last.rpartition(".")
    if quoted or not dot or stat not in STATS or (not key and len(pieces) == 1):
        return Reference("series", whole, whole)
    path = "".join(text for text, _ in pieces[:-1]) + key
    return Reference("series", path, path, stat, whole)


def spelled(source: str, path: str, stat: str | None = None) -> str:
    """How a column is typed in a query; `reference` gives back what went in."""
    prefix = {"built-in": "", "series": "", "attribute": "attributes."}.get(source, f"{source}.")
    ending = f".{stat}" if stat else ""
    plain = prefix + path + ending
    if _PLAIN.fullmatch(plain) and path.lower() not in KEYWORDS:
        found = reference(plain)
        if (found.source, found.path, found.stat) == (source, path, stat):
            return plain
    return f"{prefix}`{path}`{ending}"


def spelled_path(path: str) -> str:
    """How an attribute path of the store (`config/lr`, `tag/best`, `status`) is typed in a query."""
    prefix, slash, rest = path.partition("/")
    if slash and prefix in ("config", "summary", "tag"):
        return spelled(prefix, rest)
    if path in BUILT_IN:
        return path
    return spelled("attribute", path)
