"""One process's own record log of one run: takes frames from any thread, never raises into the training.

What cannot be written (no space, no folder, no permission) waits in memory, bounded, and is tried again by
the background thread; what does not fit there is counted as lost, said once, and shown on the run.
"""

from __future__ import annotations

import os
import threading
import time as clock
from collections.abc import Callable
from typing import NamedTuple

from kymograph.log import background
from kymograph.log.keyset import Counts, Hot, KeySet
from kymograph.log.trouble import Troubles
from kymograph.store import records
from kymograph.store.layout import StoreFolder, new_id
from kymograph.store.recordlog import RecordLog

HELD_BYTES = 64 << 20  # what waits in memory while the disk takes nothing
MANY_SETS = 10_000  # layouts kept for a program that logs ever new sets of keys
HEARTBEAT = 10.0  # seconds


class WriterClosed(Exception):
    """The writer was closed, or its process forked; somebody else must take the frame."""


class Held(NamedTuple):
    """A frame that waits; `keyset` must be defined in the file before it."""

    frame: bytes
    keyset: KeySet | None


class Writer:
    """See the module. `sets` is the hot path's: keys as given -> how to write them. It is emptied when
    the file rolls and when keys no longer share a count.

    Any thread may call any method; `lock` is held for what the hot path cannot do by itself.
    """

    def __init__(
        self, store: StoreFolder, run: str, about: dict[str, object], start: Callable[[str], int]
    ) -> None:
        self.store = store
        self.run = run
        self.id = new_id()
        self.about = {"run": run, "writer": self.id, **about}
        self.sets: dict[tuple[object, ...], Hot] = {}
        self.troubles = Troubles()
        self.closed = False
        self.lock = threading.RLock()
        self._known: dict[tuple[object, ...], KeySet] = {}
        self._defined: set[int] = set()
        self._counts = Counts(start)
        self._log: RecordLog | None = None
        self._held: list[Held] = []
        self._held_bytes = 0
        self._last_number = 0
        self._next_file = 0
        self._heartbeat = clock.monotonic()

    # The record log and its files

    def _first_frame(self, number: int) -> bytes:
        return records.json_frame(records.WRITER, {**self.about, "file": number})

    def open(self) -> None:
        """Create the folder, the marker and the first file. Trouble is counted, not raised."""
        with self.lock:
            try:
                self._open()
            except OSError as error:
                self._blame(error)

    def _open(self) -> None:
        folder = self.store.run_folder(self.run)
        self.store.create()
        os.makedirs(folder, exist_ok=True)
        # The marker comes first: a log without one would be found by a full walk only.
        with open(self.store.marker(self.run, self.id), "wb"):
            pass
        self._log = RecordLog(folder, self.id, self._first_frame, self._next_file)
        self._fresh_file()

    def _fresh_file(self) -> None:
        """Nothing is defined in the current file yet. The hot path finds no layout and comes to us."""
        self.sets.clear()
        self._defined = set()

    def _blame(self, error: OSError) -> None:
        self.troubles.add(
            "disk",
            f"run {self.run}: writing to {self.store.path} failed ({error.strerror or error}); "
            f"training goes on, up to {HELD_BYTES >> 20} MB wait in memory and are tried again every second",
        )

    # Frames

    def put(self, frame: bytes, keyset: KeySet | None = None) -> None:
        """Append one frame, now or as soon as the disk takes it. Raises WriterClosed."""
        with self.lock:
            if self.closed:
                raise WriterClosed
            if self._held or self._log is None:
                self._hold(Held(frame, keyset))
                return
            try:
                self._append(self._log, frame, keyset)
            except OSError as error:
                self._blame(error)
                self._hold(Held(frame, keyset))

    def _append(self, log: RecordLog, frame: bytes, keyset: KeySet | None) -> None:
        for _ in range(3):
            try:
                if keyset is not None and keyset.number not in self._defined:
                    log.current.write(records.keyset_frame(keyset.number, list(keyset.keys)))
                    self._defined.add(keyset.number)
                log.current.write(frame)
            except ValueError:
                room = len(frame) + (sum(map(len, keyset.keys)) * 6 + 64 if keyset is not None else 0)
                self._fresh_file()
                log.roll(room)
                background.wake()
            else:
                return
        raise OSError("no file takes a frame of this size")

    def _hold(self, held: Held) -> None:
        if self._held_bytes + len(held.frame) > HELD_BYTES:
            self.troubles.add(
                "lost",
                f"run {self.run}: the disk takes nothing and the memory kept for it is full; "
                f"log calls are lost",
            )
            return
        self._held.append(held)
        self._held_bytes += len(held.frame)

    def retry(self) -> None:
        """Write what waits, if the disk takes it by now."""
        with self.lock:
            if self._log is None and not self.closed:
                self.open()
            if self._log is None:
                return
            done = 0
            try:
                for held in self._held:
                    self._append(self._log, held.frame, held.keyset)
                    done += 1
            except OSError:
                pass
            self._held_bytes -= sum(len(held.frame) for held in self._held[:done])
            del self._held[:done]

    # Key sets

    def keyset(self, given: tuple[object, ...]) -> KeySet:
        """The layout of these keys, defined in the current file and known to the hot path from now on.

        Raises WriterClosed.
        """
        with self.lock:
            if self.closed:
                raise WriterClosed
            live = self.sets.get(given)
            if live is not None:
                return live[-1]
            known = self._known.get(given)
            if known is None:
                known = self._new_keyset(given)
            if self._log is None or self._held:
                return known
            current = self._log.current
            keyset = KeySet(known.keys, known.number, known.steps, current.write)
            self._counts.follow(keyset)
            self._known[given] = keyset
            if keyset.number not in self._defined:
                try:
                    self._append(self._log, records.keyset_frame(keyset.number, list(keyset.keys)), None)
                except OSError as error:
                    self._blame(error)
                    return keyset
                if self._log.current is not current:
                    keyset.write = self._log.current.write
                self._defined.add(keyset.number)
            self.sets[given] = keyset.hot()
            return keyset

    def _new_keyset(self, given: tuple[object, ...]) -> KeySet:
        if len(self._known) >= MANY_SETS:
            self._known.clear()
            self.sets.clear()
        self._last_number += 1
        keyset = KeySet(tuple(map(str, given)), self._last_number, None, _closed)
        if self._counts.adopt(keyset):
            self.sets.clear()
        self._known[given] = keyset
        return keyset

    def put_points(
        self, given: tuple[object, ...], values: list[object], step: object, time: float | None
    ) -> None:
        """Points of keys that are all numbers, on the slow path. Raises what packing raises for others."""
        with self.lock:
            keyset = self.keyset(given)
            now = clock.time() if time is None else time
            if step is None and keyset.steps is not None:
                step = next(keyset.steps)
            if step is not None:
                kind = records.POINTS if time is None else records.POINTS_AT
                layout, length = records.points_layout(len(values))
                body = layout.pack(records.frame_head(kind, keyset.number, length), now, step, *values)
            else:
                kind = records.POINTS_OWN if time is None else records.POINTS_OWN_AT
                layout, length = records.points_layout(len(values), own_steps=True)
                head = records.frame_head(kind, keyset.number, length)
                layout.pack(head, now, *([0.0] * len(values)), *values)  # raises before a step is taken
                body = layout.pack(head, now, *self._counts.take(keyset.keys), *values)
            self.put(records.close_frame(body), keyset)

    def put_value(
        self, given: object, value_kind: int, data: bytes, step: object, time: float | None
    ) -> None:
        """One value that is not a number."""
        with self.lock:
            keyset = self.keyset((given,))
            if step is None:
                step = next(keyset.steps) if keyset.steps is not None else self._counts.take(keyset.keys)[0]
            now = clock.time() if time is None else time
            frame = records.value_frame(keyset.number, now, step, value_kind, data, given=time is not None)  # type: ignore[arg-type]
            self.put(frame, keyset)

    def put_json(self, kind: int, content: object) -> None:
        """A frame of a kind whose payload is JSON behind its time."""
        self.put(records.json_frame(kind, content, time=clock.time()))

    # Life

    def tend(self) -> None:
        """What the background thread does about once a second: never raises, never makes a log call wait."""
        try:
            if self._held or self._log is None:
                self.retry()
            log = self._log
            if log is None or self.closed:
                return
            if not log.current.is_there():
                self._rescue(log)
                return
            if clock.monotonic() - self._heartbeat >= HEARTBEAT:
                self._heartbeat = clock.monotonic()
                self.put(records.time_frame(records.HEARTBEAT, clock.time()))
            self._tell_troubles()
            log.prepare()
            log.tidy()
        except OSError as error:
            if not self.closed:
                self._blame(error)
        except (ValueError, WriterClosed):
            pass  # closed by another thread in between

    def prepare(self) -> None:
        """Have the next file ready."""
        log = self._log
        if log is None or self.closed:
            return
        try:
            log.prepare()
        except (OSError, ValueError):
            pass  # said by tend, or by the log call that needs the file

    def _tell_troubles(self) -> None:
        with self.lock:
            fresh = self.troubles.take_fresh()
            if fresh:
                self.put_json(records.ATTRIBUTES, {"set": fresh})

    def _rescue(self, log: RecordLog) -> None:
        """Somebody removed the run's folder, or this file: what this process still holds is written again."""
        with self.lock:
            log.current.stop()
            kept = self._frames_of(log.current.content())
            log.abandon()
            self._log = None
            self._next_file = log.number + 1
            self._fresh_file()
            self.troubles.add(
                "removed",
                f"run {self.run}: its folder was removed while it was written; "
                f"what this process still held was written again",
            )
            self._held[:0] = kept  # in front of what waits already
            self._held_bytes += sum(len(held.frame) for held in kept)
            self.retry()

    def _frames_of(self, content: bytes) -> list[Held]:
        """The frames of a file that is to be written again, but for those every file begins with."""
        keysets = {keyset.number: keyset for keyset in self._known.values()}
        kept = []
        for frame in records.walk(content):
            keyset = keysets.get(frame.id)
            if frame.kind != records.WRITER and not (frame.kind == records.KEYSET and keyset is not None):
                whole = content[frame.at : frame.at + len(frame.payload) + records.SMALLEST_FRAME]
                kept.append(Held(whole, keyset if frame.kind != records.KEYSET else None))
        return kept

    def close(self) -> None:
        """The last frame, and let go of the files. Nothing after this is written by this writer."""
        with self.lock:
            if self.closed:
                return
            self._tell_troubles()
            if self._held or self._log is None:
                self.retry()
            if self._held:
                self.troubles.add(
                    "lost",
                    f"run {self.run}: {len(self._held)} log calls could not be written to {self.store.path} "
                    f"and are lost",
                    len(self._held),
                )
            self.closed = True
            self.sets.clear()
            try:
                if self._log is not None:
                    self._log.close(records.time_frame(records.CLOSE, clock.time()))
            except (OSError, ValueError) as error:
                self.troubles.add("close", f"run {self.run}: closing its record log failed ({error})")

    def abandon(self) -> None:
        """In a forked child: the files stay the parent's; this object writes no more."""
        self.lock = threading.RLock()  # another thread of the parent may have held it
        self.closed = True
        self.sets.clear()
        if self._log is not None:
            self._log.abandon()

    def next_steps(self) -> Callable[[str], int]:
        """For the writer that comes after this one: where each key goes on."""
        return self._counts.fork()


def _closed(_: bytes) -> object:
    raise ValueError("no file is open")
