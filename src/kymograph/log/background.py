"""One daemon thread per process that tends all open writers: next files, syncs, heartbeats, second tries."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

INTERVAL = 1.0  # seconds between syncs: what a power cut can cost


class Tended(Protocol):
    """What the thread looks after. Neither call raises."""

    def tend(self) -> None:
        """About once a second."""

    def prepare(self) -> None:
        """At once after a wake."""


class _Keeper:
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.tended: list[Tended] = []
        self.calls: deque[Callable[[], None]] = deque()
        self.event = threading.Event()
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(target=self._loop, name="kymograph", daemon=True)
            self.thread.start()

    def _loop(self) -> None:
        due = time.monotonic() + INTERVAL
        while True:
            self.event.wait(max(0.0, due - time.monotonic()))
            self.event.clear()
            while self.calls:
                self.calls.popleft()()
            for one in list(self.tended):
                one.prepare()
            if time.monotonic() >= due:
                due = time.monotonic() + INTERVAL
                for one in list(self.tended):
                    one.tend()


_keeper = _Keeper()


def _this_process() -> _Keeper:
    global _keeper  # noqa: PLW0603 - one per process, by design
    if _keeper.pid != os.getpid():  # threads do not survive a fork
        _keeper = _Keeper()
    return _keeper


def add(tended: Tended) -> None:
    """Tend this writer from now on; starts the thread when it is the first."""
    keeper = _this_process()
    keeper.tended.append(tended)
    try:
        keeper.start()
    except RuntimeError:
        pass  # the interpreter is about to end: no thread can be started, and none is needed


def remove(tended: Tended) -> None:
    """Tend it no more."""
    keeper = _this_process()
    if tended in keeper.tended:
        keeper.tended.remove(tended)


def wake() -> None:
    """A file was rolled: have the next one ready now."""
    _keeper.event.set()


def call(work: Callable[[], None], timeout: float) -> bool:
    """Do the work in the thread and wait for it, so that a disk that hangs cannot hang the caller.

    Returns whether it was done within `timeout` seconds. Without a thread the work is done here.
    """
    keeper = _this_process()
    if keeper.thread is None or not keeper.thread.is_alive() or threading.current_thread() is keeper.thread:
        work()
        return True
    done = threading.Event()

    def both() -> None:
        try:
            work()
        finally:
            done.set()

    keeper.calls.append(both)
    keeper.event.set()
    return done.wait(timeout)
