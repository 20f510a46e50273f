"""Runs the jobs of the plan as child processes, a few at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from kymograph.demo.plan import Job

LOOK_EVERY = 0.05  # seconds between two looks at the children
GRACE = 5.0  # seconds a child has to finish its run when it is told to stop


@dataclass(frozen=True, slots=True)
class Done:
    """A job that has ended: its exit code, how long it took in seconds, and what it said on stderr."""

    job: Job
    code: int
    seconds: float
    said: str

    @property
    def as_planned(self) -> bool:
        """Whether it ended the way it was meant to."""
        return (self.code != 0) == self.job.fails


def train_all(
    jobs: Sequence[Job], store: str, at_once: int = 2, stop: threading.Event | None = None
) -> Iterator[Done]:
    """Train every job into the store; yields each as it ends. Closing it, or `stop`, ends the children."""
    stop = stop or threading.Event()
    waiting = list(jobs)
    working: list[_Child] = []
    try:
        while (waiting or working) and not stop.is_set():
            while waiting and len(working) < at_once:
                working.append(_Child(waiting.pop(0), store))
            for child in list(working):
                done = child.look()
                if done is not None:
                    working.remove(child)
                    yield done
            stop.wait(LOOK_EVERY)
    finally:
        for child in working:
            child.stop()


class _Child:
    """One process that trains one job."""

    def __init__(self, job: Job, store: str) -> None:
        self._job = job
        self._began = time.perf_counter()
        self._said: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kymograph.demo.train", job.name],
            env=_environment(store),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is for us; `stop` tells the children
        )

    def look(self) -> Done | None:
        """What came of it; None while it works."""
        code = self._process.poll()
        if code is None:
            return None
        self._said.seek(0)
        said = self._said.read()
        self._said.close()
        return Done(self._job, code, time.perf_counter() - self._began, said)

    def stop(self) -> None:
        """Ask it to end its run, wait a little, then kill it."""
        self._process.terminate()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()


def _environment(store: str) -> dict[str, str]:
    # One thread per child: the children are what runs side by side.
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **single, "KYMOGRAPH_STORE": store}
