"""One run, read: what is known of it, its series, and the ways to add to it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from kymograph.errors import NotFound
from kymograph.query.curves import AXES, REPEATS, Range
from kymograph.query.nearest import hint
from kymograph.query.nested import Nested
from kymograph.query.reader import Ask
from kymograph.query.series import Buckets, Raw, checked_points
from kymograph.query.summary import Summary
from kymograph.store.stats import SeriesStats
from kymograph.store.view import Branch, Damage, RunFolder, Texts, WriterInfo

if TYPE_CHECKING:
    from kymograph.query.project import Store

_KEPT = object()  # stands for an argument that was not given


class Fork(NamedTuple):
    """The run and the step that a run was forked from."""

    run: str
    step: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of trouble inside, how often it came, and what the first said."""

    kind: str
    count: int
    message: str


class RunView:
    """One run of a store; what it says follows the run while it is written. Any thread may use it."""

    def __init__(self, store: Store, id: str) -> None:
        self._store = store
        self.id = id

    def _folder(self, *, now: bool = True) -> RunFolder:
        if now:
            self._store.look()
        else:
            self._store.glance()
        return self._store.index.folder(self.id)

    def _value(self, name: str) -> Any:
        """From the runs table: no folder is opened for it."""
        self._store.glance()
        return self._store.value(self.id, name)

    # Who it is

    @property
    def name(self) -> str:
        """For people; its id when it has none."""
        return str(self._value("name"))

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return str(self._value("project"))

    @property
    def created(self) -> float:
        """When it began, in seconds since the epoch."""
        return float(self._value("created"))

    @property
    def ended(self) -> float | None:
        """When it ended; None while it runs."""
        return self._folder().ended

    @property
    def duration(self) -> float:
        """How long it ran, or has been running, in seconds."""
        folder = self._folder()
        end = folder.last_activity if folder.ended is None else folder.ended
        return max(end - folder.created, 0.0)

    @property
    def last_activity(self) -> float:
        """The last sign of life, in seconds since the epoch."""
        return self._folder().last_activity

    @property
    def status(self) -> str:
        """The word: running, finished, failed, cancelled or lost."""
        return self._folder().status.word

    @property
    def status_reason(self) -> str:
        """Why it has this status, where something says so."""
        return self._folder().status.reason

    @property
    def traceback(self) -> str:
        """Of the exception that ended it; else empty."""
        return self._folder().status.traceback

    @property
    def group(self) -> str:
        """The group, else empty."""
        return _text(self.attributes.get("group"))

    @property
    def notes(self) -> str:
        """Free text, else empty."""
        return _text(self.attributes.get("notes"))

    @property
    def colour(self) -> str | None:
        """The colour that was chosen for it."""
        return _text(self.attributes.get("colour")) or None

    @property
    def parent(self) -> str | None:
        """The id of the run whose child it is."""
        return _text(self.attributes.get("parent")) or None

    @property
    def fork(self) -> Fork | None:
        """The run and step that it was forked from."""
        said = self.attributes.get("fork")
        if not isinstance(said, dict) or "run" not in said:
            return None
        return Fork(str(said["run"]), float(said.get("step", float("inf"))))

    # What was written about it

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Everything that was written about it: path -> value."""
        return self._folder(now=False).attributes

    @property
    def config(self) -> Nested:
        """The settings, nested as they were given."""
        return Nested.below(self.attributes, "config")

    @property
    def tags(self) -> dict[str, Any]:
        """Tag -> value; True for a tag that is only there."""
        return {path[4:]: value for path, value in self.attributes.items() if path.startswith("tag/")}

    @property
    def summary(self) -> Summary:
        """What was stated, and the last value of each series; `summary["loss.min"]` and so on too."""
        folder = self._folder()
        stated = Nested.below(folder.attributes, "summary")
        project = str(folder.attributes.get("project", "")) or None
        return Summary(stated, folder.keys(), folder.stats, lambda key: self._store.goal(key, project))

    @property
    def troubles(self) -> list[Trouble]:
        """What went wrong inside while it was written, and how often."""
        found = []
        for path, said in self.attributes.items():
            if path.startswith("trouble/") and isinstance(said, dict):
                count = said.get("count", 1)
                number = int(count) if isinstance(count, (int, float)) else 1
                found.append(Trouble(path[len("trouble/") :], number, str(said.get("message", ""))))
        return found

    @property
    def writers(self) -> list[WriterInfo]:
        """The processes that wrote it."""
        return self._folder().writers

    @property
    def branches(self) -> list[Branch]:
        """The lines that a resume left; `series(key, branch=branch.name)` reads one."""
        return self._folder().branches

    @property
    def damage(self) -> list[Damage]:
        """Places of its files that cannot be read."""
        return self._folder().damage

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._folder().size()

    @property
    def path(self) -> Path:
        """The run's folder."""
        return self._folder(now=False).folder

    # Its series

    def keys(self) -> list[str]:
        """The keys that have a series of numbers."""
        return self._folder().keys()

    def text_keys(self) -> list[str]:
        """The keys that have a series of strings."""
        return self._folder().text_keys()

    def stats(self, key: str) -> SeriesStats:
        """count, nan, min, max, mean, first, last and their steps. Raises NotFound."""
        folder = self._folder()
        self._known(key, folder)
        return folder.stats(key)

    @overload
    def series(
        self,
        key: str,
        x: str = ...,
        range: Range | None = ...,
        points: None = None,
        branch: str | None = ...,
        repeats: str = ...,
    ) -> Raw: ...

    @overload
    def series(
        self,
        key: str,
        x: str = ...,
        range: Range | None = ...,
        *,
        points: int,
        branch: str | None = ...,
        repeats: str = ...,
    ) -> Buckets: ...

    def series(
        self,
        key: str,
        x: str = "step",
        range: Range | None = None,
        points: int | None = None,
        branch: str | None = None,
        repeats: str = "all",
    ) -> Raw | Buckets:
        """One series of numbers: every point, or with `points` that many buckets (arrays of one dimension).

        x: "step", "time" (seconds since the epoch), "relative" (seconds since the run began), or a clock: the
        value of that key at the same step; points without one are left out and counted in `.left_out`.
        range: both ends in it, in units of x. Default: all. branch: a line that a resume left.
        repeats: of points with the same step "all" stay, the "last" counts, or their "mean".
        Raises NotFound for a key that the run has not.
        """
        folder = self._folder()
        self._known(key, folder)
        if x not in AXES:
            self._known(x, folder)
        ask = checked_ask(key, x, repeats, branch)
        if points is None:
            return self._store.reader.raw([self.id], ask, checked_range(range))
        return self._store.reader.buckets(
            [self.id], ask, checked_range(range), checked_points(points)
        ).single()

    def texts(self, key: str) -> Texts:
        """A series of strings: .step .time .text. Raises NotFound."""
        folder = self._folder()
        if key not in folder.text_keys():
            raise NotFound(f"run {self.id} has no series of strings {key!r}{hint(key, folder.text_keys())}")
        return folder.texts(key)

    def _known(self, key: str, folder: RunFolder) -> None:
        if key not in folder.keys():
            raise NotFound(f"run {self.id} has no series {key!r}{hint(key, folder.keys())}")

    # Adding to it

    def log(self, values: Mapping[str, Any], step: float | None = None, time: float | None = None) -> None:
        """Appends late points, as `Run.log` does; the status stays. StoreError when it cannot write."""
        self._store.late(self.id).log(values, step=step, time=time)

    def edit(
        self,
        name: Any = _KEPT,
        notes: Any = _KEPT,
        tags: Any = _KEPT,
        colour: Any = _KEPT,
    ) -> None:
        """Changes what people say about it; what is not given stays.

        tags: a mapping of tag to value (None takes a tag away, True is a tag without a value), or a list of
        tags to set. colour, notes: None takes them away.
        """
        changes: dict[str, Any] = {}
        gone: list[str] = []
        for path, value in (("name", name), ("notes", notes), ("colour", colour)):
            if value is not _KEPT:
                _note(path, None if value is None else str(value), changes, gone)
        if tags is not _KEPT and tags is not None:
            pairs = tags.items() if isinstance(tags, Mapping) else [(tag, True) for tag in tags]
            for tag, value in pairs:
                _note(f"tag/{tag}", value, changes, gone)
        if changes or gone:
            self._store.write(self.id, changes, gone)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunView) and other.id == self.id and other._store is self._store

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<RunView {self.name} ({self.id}) in project {self.project}>"


def checked_ask(key: str, x: str, repeats: str, branch: str | None = None) -> Ask:
    """The question, when it can be one."""
    if repeats not in REPEATS:
        raise ValueError(f"repeats is {repeats!r}; it is one of {', '.join(map(repr, REPEATS))}")
    return Ask(key, x, repeats, branch)


def checked_range(range: Range | None) -> Range | None:
    """The range as two floats; its end must not lie before its beginning."""
    if range is None:
        return None
    low, high = float(range[0]), float(range[1])
    if not low <= high:
        raise ValueError(f"range is {low:g} to {high:g}; its end must not lie before its beginning")
    return low, high


def _note(path: str, value: Any, changes: dict[str, Any], gone: list[str]) -> None:
    if value is None:
        gone.append(path)
    else:
        changes[path] = value


def _text(value: object) -> str:
    return "" if value is None else str(value)
