"""The run that a training program writes to."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zlib import crc32

from kymograph import values as kinds
from kymograph.log import background, process
from kymograph.log.mapping import Attributes
from kymograph.log.plain import plain
from kymograph.log.writer import Writer, WriterClosed
from kymograph.store import records
from kymograph.store.alive import this_boot, this_host
from kymograph.store.layout import StoreFolder
from kymograph.store.resume import Past
from kymograph.version import __version__

if TYPE_CHECKING:
    from typing_extensions import Self

STATUSES = ("finished", "failed", "cancelled")
GOALS = ("min", "max")
_DEEPEST = 32  # nested mappings in one log call
_now = clock.time


class Run:
    """A run that is being written, by `kymograph.init`. Any thread may use it; a forked child may too.

    As a context manager it finishes at the end; an exception marks it failed and its traceback is kept.
    """

    def __init__(
        self,
        store: StoreFolder,
        run: str,
        attributes: dict[str, Any],
        *,
        about: dict[str, Any],
        start: Callable[[str], int],
    ) -> None:
        self._id = run
        self._store = store
        self._attributes = attributes
        self._about = about
        self._writer = Writer(store, run, about, start)
        self._sets = self._writer.sets
        self._finished = False

    # Opening; called by front.init

    def _open(self) -> None:
        self._writer.open()
        background.add(self._writer)
        process.opened(self)

    # What is kept

    @property
    def id(self) -> str:
        """Short and typeable; the name of the run's folder."""
        return self._id

    @property
    def name(self) -> str:
        """Memorable and unique, unless one was given."""
        return str(self._attributes.get("name", self.id))

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return str(self._attributes.get("project", "default"))

    @property
    def path(self) -> str:
        """The run's folder."""
        return self._store.run_folder(self.id)

    @property
    def store(self) -> str:
        """The store's folder."""
        return self._store.path

    @property
    def config(self) -> Attributes:
        """The settings of the run: a nested mapping; every change is recorded at once.

        `update` accepts dicts, argparse namespaces, dataclasses, pydantic models, attrs classes, omegaconf.
        """
        return Attributes("config", self._attributes, self._write)

    @config.setter
    def config(self, value: Any) -> None:
        self.config.update(value)

    @property
    def summary(self) -> Attributes:
        """Results stated explicitly: a mapping; every change is recorded at once.

        Last, min, max, mean, first, count and best of each series need not be stated: readers have them.
        """
        return Attributes("summary", self._attributes, self._write)

    @summary.setter
    def summary(self, value: Any) -> None:
        self.summary.update(value)

    @property
    def tags(self) -> dict[str, Any]:
        """The tags with their values; a tag that is only there has True."""
        return {path[4:]: value for path, value in self._attributes.items() if path.startswith("tag/")}

    def tag(self, key: str, value: Any = None) -> None:
        """Set a tag; without a value it is just there (True)."""
        self._set({f"tag/{key}": True if value is None else plain(value)})

    def untag(self, key: str) -> None:
        """Take a tag away."""
        self._attributes.pop(f"tag/{key}", None)
        self._write({}, [f"tag/{key}"])

    @property
    def notes(self) -> str:
        """Free text about the run; set it with `run.notes = ...`."""
        return str(self._attributes.get("notes", ""))

    @notes.setter
    def notes(self, text: str) -> None:
        self._set({"notes": str(text)})

    def define(
        self,
        pattern: str,
        goal: str | None = None,
        unit: str | None = None,
        clock: str | None = None,
        doc: str | None = None,
    ) -> None:
        """Say what the keys that match a pattern mean.

        pattern: a key, or a shell pattern over keys: `val/*`; the last definition that matches a key counts.
        goal: "min" or "max": which values are better. Default: none.
        unit: for example "s" or "%". clock: the key whose values are this one's x-axis.
        doc: a sentence that the page shows.
        Raises ValueError for another goal.
        """
        if goal is not None and goal not in GOALS:
            raise ValueError(f"unknown goal {goal!r}; a goal is 'min' or 'max'")
        said = {"goal": goal, "unit": unit, "clock": clock, "doc": doc}
        self._set({f"define/{pattern}": {word: value for word, value in said.items() if value is not None}})

    def _set(self, changes: dict[str, Any]) -> None:
        self._attributes.update(changes)
        self._write(changes, [])

    def _write(self, changes: dict[str, Any], gone: list[str]) -> None:
        content: dict[str, Any] = {"set": changes}
        if gone:
            content["unset"] = gone
        self._live(lambda writer: writer.put_json(records.ATTRIBUTES, content))

    # Points

    def log(self, values: Mapping[str, Any], step: float | None = None, time: float | None = None) -> None:
        """Record values: numbers, booleans, scalars of any array library, strings, nested mappings of them.

        values: key -> value. Nested mappings are joined by "/". NaN and infinities are kept.
        step: any int or float, in any order, repeated or not. Default: each key counts for itself 0, 1, 2, …
        time: seconds since the epoch, or a datetime. Default: now.

        The values have reached the operating system when this returns: they survive the process. Raises
        TypeError, naming key and type, for a value that can never be logged, after the others were recorded.
        Nothing else is raised; other trouble is one warning, counted, and shown with the run.
        """
        # Hot path: one look-up of the packed layout, one pack, one check, one copy. No lock: the mapping's
        # own write is one step under the interpreter's lock. What does not fit here goes the slow way.
        if time is None:
            try:
                pack, head, steps, close, write, keyset = self._sets[tuple(values)]
                if step is None:
                    step = next(steps)  # type: ignore[arg-type]
                body = pack(head, _now(), step, *values.values())
            except Exception:  # noqa: BLE001 - a stranger's __float__ may raise anything; the slow way finds out
                self._log_slowly(values, step, time)
                return
            try:
                write(close(body, crc32(body)))
            except (ValueError, OSError):  # the file is full or closed, or the disk is
                try:
                    self._writer.put(records.close_frame(body), keyset)
                except WriterClosed:
                    self._log_slowly(values, step, None)
        else:
            self._log_slowly(values, step, time)

    def _log_slowly(self, values: Mapping[str, Any], step: Any, time: Any) -> None:
        numbers: dict[object, object] = {}
        others: list[tuple[object, int, bytes]] = []
        refused: list[str] = []
        for key, value in _leaves(values):
            number = _number(value)
            if number is not None:
                numbers[key] = number
            elif (encoded := kinds.encode(value)) is not None:
                others.append((key, *encoded))
            else:
                refused.append(f"{key!r} is {_kind(value)}")
        step = self._checked(step, "step")
        time = self._checked(time, "time")
        try:
            if numbers:
                self._live(
                    lambda writer: writer.put_points(tuple(numbers), list(numbers.values()), step, time)
                )
            for key, kind, data in others:
                self._live(
                    partial(Writer.put_value, given=key, value_kind=kind, data=data, step=step, time=time)
                )
        except Exception as error:  # noqa: BLE001 - the border with the training loop: said once, counted
            self._writer.troubles.add(
                "internal", f"run {self.id}: a log call failed inside ({error!r}); training goes on"
            )
        if refused:
            raise TypeError(
                f"cannot log {', '.join(refused)}; accepted are {kinds.accepted()}, and mappings of them"
            )

    def _checked(self, value: Any, what: str) -> float | None:
        """A step or time as a number; None, with a trouble counted, when it is none."""
        if value is None:
            return None
        try:
            number = _number(value.timestamp() if hasattr(value, "timestamp") else value)
        except Exception:  # noqa: BLE001 - a stranger's property may raise anything
            number = None
        # A step that is not finite has no place on a chart, but it is what was said; a time must be one.
        if number is not None and (what == "step" or number - number == 0):
            return number
        self._writer.troubles.add(
            what, f"run {self.id}: {what}={value!r:.80} is not a number; the default was taken instead"
        )
        return None

    def _live(self, act: Callable[[Writer], None]) -> None:
        """Do it with the writer; with a new one when the run was finished, or when this is a forked child."""
        while True:
            try:
                act(self._writer)
            except WriterClosed:
                self._reopen("late" if self._finished else "child")
            else:
                return

    def _reopen(self, role: str) -> None:
        with self._writer.lock:
            if not self._writer.closed:
                return
            self._about = {
                **self._about,
                "role": role,
                "started": clock.time(),
                "cut": None,
                "pid": os.getpid(),
            }
            self._writer = Writer(self._store, self.id, self._about, self._writer.next_steps())
            self._sets = self._writer.sets
            self._writer.open()
            background.add(self._writer)
            process.opened(self)

    # The end

    def finish(
        self, status: str | None = None, *, reason: str = "", traceback: str = "", timeout: float = 5.0
    ) -> None:
        """End the run: "finished", "failed" or "cancelled".

        Returns within `timeout` seconds, whatever the disk does.
        Everything logged is already safe from the end of the process; this adds the status and gives back
        preallocated space. Points may still be logged afterwards; they are kept and change no status.
        Raises ValueError for another status.
        """
        status = status or "finished"
        if status not in STATUSES:
            raise ValueError(f"unknown status {status!r}; a run ends as {', '.join(map(repr, STATUSES))}")
        process.closed(self)
        writer = self._writer
        if writer.closed:
            return
        self._finished = True
        if self._about["role"] == "main":
            said = {"status": status, "reason": reason, "traceback": traceback}
            try:
                writer.put_json(records.STATUS, {word: text for word, text in said.items() if text})
            except WriterClosed:
                return  # another thread finished it meanwhile
        if not background.call(writer.close, timeout):
            writer.troubles.add(
                "exit", f"run {self.id}: the disk did not answer within {timeout} s; nothing logged is lost"
            )
        background.remove(writer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            status, reason, text = process.judge(kind, error, trace)
            self.finish(status, reason=reason, traceback=text)

    def before_fork(self) -> None:
        """Called before the process forks."""
        self._writer.lock.acquire()

    def after_fork(self, *, child: bool) -> None:
        """Called after the process forked. The child writes a log of its own, from its first log call on."""
        if child:
            self._writer.abandon()
        else:
            self._writer.lock.release()

    def __reduce__(self) -> tuple[Any, ...]:
        # A spawned process gets a writer of its own.
        return _attach_child, (self._store.path, self.id, dict(self._attributes))

    def __repr__(self) -> str:
        return f"<Run {self.name} ({self.id}) in project {self.project}>"


def attach(store: StoreFolder, run: str, attributes: dict[str, Any], role: str) -> Run:
    """A run that is already there, for points and attributes that do not change its status."""
    past: list[Past] = []

    def start(key: str) -> int:
        if not past:
            past.append(Past(store.run_folder(run)))
        return past[0].next_step(key)

    generation = Past(store.run_folder(run)).generation
    opened = Run(store, run, attributes, about=about_writer(role, generation, None), start=start)
    opened._open()  # noqa: SLF001 - the same file
    return opened


def _attach_child(store: str, run: str, attributes: dict[str, Any]) -> Run:
    return attach(StoreFolder(store), run, attributes, "child")


def about_writer(role: str, generation: int, cut: float | None) -> dict[str, Any]:
    """What a writer says of itself at the start of each of its files."""
    return {
        "role": role,
        "started": clock.time(),
        "generation": generation,
        "cut": cut,
        "host": this_host(),
        "pid": os.getpid(),
        "boot": this_boot(),
        "version": __version__,
    }


def _leaves(values: Mapping[Any, Any], prefix: str = "", depth: int = 0) -> Iterable[tuple[Any, Any]]:
    """Keys and values with nested mappings joined by "/"."""
    for key, value in values.items():
        path = f"{prefix}{key}" if prefix else key
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _leaves(value, f"{path}/", depth + 1)
        else:
            yield path, value


def _number(value: Any) -> float | None:
    """A value as a float, when it is one number: also an array of one element; None otherwise."""
    if isinstance(value, (str, bytes, bytearray)):
        return None
    try:
        return float(value)
    except Exception:  # noqa: BLE001 - a stranger's __float__ may raise anything
        pass
    try:
        if getattr(value, "size", None) == 1 or (
            callable(getattr(value, "numel", None)) and value.numel() == 1
        ):
            return float(value.item())
        if callable(getattr(value, "numpy", None)):  # tensorflow
            return float(value.numpy().item())
    except Exception:  # noqa: BLE001 - as above
        pass
    return None


def _kind(value: Any) -> str:
    shape = getattr(value, "shape", None)
    name = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    return f"{name} of shape {tuple(shape)}" if shape is not None else name
