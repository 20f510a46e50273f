"""Who wrote a run, who of them still lives, and what that makes of the run's status."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from kymograph.store import records
from kymograph.store.alive import is_here, pid_alive
from kymograph.store.logreader import RawFrame

SILENT = 60.0  # seconds without a record after which a writer on another machine is taken as dead
GONE = 86_400.0  # seconds after which its last log may be sealed, too; a machine may sleep over night
_WORST_FIRST = ("failed", "lost", "cancelled", "finished")


@dataclass(frozen=True, slots=True)
class Status:
    """How a run stands: running, finished, failed, cancelled or lost, and since when (s since the epoch)."""

    word: str
    reason: str = ""
    since: float = math.nan
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class WriterInfo:
    """One writing process, as far as its records tell. Times in s since the epoch."""

    id: str
    role: str = ""  # main, child, late; nothing while the first frame is not there
    started: float = math.nan
    generation: int = 0
    cut: float | None = None
    host: str = ""
    pid: int = 0
    boot: str = ""
    version: str = ""
    closed: bool = False
    alive: bool = False
    last_activity: float = math.nan
    status: Status | None = None  # the last one it told

    @property
    def done(self) -> bool:
        """Closed, or has told how it ended."""
        return self.closed or self.status is not None


@dataclass(slots=True)
class WriterState:
    """What the frames of one writer told so far; `note` them in order."""

    id: str
    about: dict[str, object] = field(default_factory=dict)
    closed: bool = False
    status: Status | None = None
    last: float = -math.inf

    def note(self, frame: RawFrame) -> None:
        """Take in a frame that is neither points nor a value; what makes no sense is passed over."""
        self.note_frame(frame.kind, frame.payload)

    def note_frame(self, kind: int, payload: memoryview) -> None:
        """The same, for a frame in parts."""
        try:
            self._note(kind, payload)
        except (ValueError, TypeError, AttributeError, KeyError):
            pass

    def _note(self, kind: int, payload: memoryview) -> None:
        if kind == records.WRITER:
            about = records.read_json(payload)
            if isinstance(about, dict):
                self.about = about
                self.seen(_number(about.get("started")))
        elif kind == records.STATUS:
            time, told = records.read_timed_json(payload)
            self.seen(time)
            word = str(told["status"])
            final = Status(word, str(told.get("reason", "")), time, str(told.get("traceback", "")))
            self.status = final if word in _WORST_FIRST else None
        elif kind in (records.HEARTBEAT, records.CLOSE):
            self.seen(records.read_time(payload))
            self.closed = self.closed or kind == records.CLOSE
        elif kind == records.ATTRIBUTES:
            self.seen(records.read_timed_json(payload)[0])

    def seen(self, time: float) -> None:
        """It wrote something at this time of its own clock."""
        if self.last < time < math.inf:
            self.last = time

    def here(self) -> bool:
        """Whether it is, or was, a process of this machine as it runs now."""
        told = self.told()
        return is_here(told.host, told.boot)

    def gone(self, now: float) -> bool:
        """Whether it is certain to write no more."""
        if self.closed:
            return True
        info = self.told()
        if is_here(info.host, info.boot):
            return not pid_alive(info.pid, info.started)
        return not now - self.last < GONE

    def info(self, now: float) -> WriterInfo:
        """As it stands at `now`."""
        told = self.told()
        if self.closed:
            return told
        here = is_here(told.host, told.boot)
        alive = pid_alive(told.pid, told.started) if here else now - self.last < SILENT
        return WriterInfo(
            **{name: getattr(told, name) for name in WriterInfo.__slots__ if name != "alive"}, alive=alive
        )

    def told(self) -> WriterInfo:
        """As its records tell, without a look at whether it lives."""
        about = self.about
        cut = about.get("cut")
        return WriterInfo(
            id=self.id,
            role=str(about.get("role", "main")) if about else "",
            started=_number(about.get("started")),
            generation=_whole(about.get("generation")),
            cut=None if cut is None else _number(cut),
            host=str(about.get("host", "")),
            pid=_whole(about.get("pid")),
            boot=str(about.get("boot", "")),
            version=str(about.get("version", "")),
            closed=self.closed,
            last_activity=self.last if math.isfinite(self.last) else math.nan,
            status=self.status,
        )


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, (int, float)) else math.nan
    except OverflowError:
        return math.nan


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def in_order(writers: Sequence[WriterInfo]) -> list[WriterInfo]:
    """By their start; those that do not tell it come first."""
    return sorted(
        writers,
        key=lambda writer: (writer.started if math.isfinite(writer.started) else -math.inf, writer.id),
    )


def status_of(writers: Sequence[WriterInfo]) -> Status:
    """A run's status: what its main writers of the last session say, the worst of it; see ARCHITECTURE.md."""
    # A writer whose first frame is not there yet counts only where no other is known to be a main one.
    known = [writer for writer in writers if writer.role == "main"]
    mains = in_order(known or [writer for writer in writers if not writer.role])
    if not mains:
        return Status("lost", "nothing of the process that made the run can be read")
    running = [writer for writer in mains if writer.alive and not writer.done]
    if running:
        return Status("running", since=running[0].started)
    return min(map(_end_of, _last_session(mains)), key=lambda status: _WORST_FIRST.index(status.word))


def _last_session(mains: list[WriterInfo]) -> list[WriterInfo]:
    """The writers whose lives overlap with the last one's; one that resumed an ended run begins anew."""
    session: list[WriterInfo] = []
    latest = -math.inf
    for writer in mains:
        if session and writer.started > latest:
            session = []
        session.append(writer)
        if math.isfinite(writer.last_activity):
            latest = max(latest, writer.last_activity)
    return session


def _end_of(writer: WriterInfo) -> Status:
    if writer.status is not None:
        return writer.status
    if writer.closed:
        return Status("finished", since=writer.last_activity)
    where = f" on {writer.host}" if writer.host else ""
    return Status("lost", f"process {writer.pid}{where} ended without saying so", writer.last_activity)
