"""How a process begins, forks and ends while runs are open: exit, signals, uncaught errors, children."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Protocol

SIGTERM_WAIT = 2.0  # seconds: whoever sends SIGTERM soon sends SIGKILL


class OpenRun(Protocol):
    """What this module needs of a run that is open."""

    def finish(
        self, status: str | None = None, *, reason: str = "", traceback: str = "", timeout: float = 5.0
    ) -> None:
        """End it."""

    def before_fork(self) -> None:
        """Hold still."""

    def after_fork(self, *, child: bool) -> None:
        """Go on."""


class _Anchor:
    """Something a weak reference can be made to, as multiprocessing asks."""


_anchor = _Anchor()
_open: list[OpenRun] = []
_ready = False
_finalized_in = 0  # the process whose multiprocessing finalizers know of us
_error: tuple[str, str, str] | None = None  # status, reason and traceback of what ends the program


def opened(run: OpenRun) -> None:
    """A run was opened by this process; it is finished when the process ends."""
    _install()
    _finish_with_multiprocessing()
    if run not in _open:
        _open.append(run)


def closed(run: OpenRun) -> None:
    """The run was finished."""
    if run in _open:
        _open.remove(run)


def _install() -> None:
    global _ready  # noqa: PLW0603 - hooks of a process are set once per process
    if _ready:
        return
    _ready = True
    atexit.register(_finish_all)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_before_fork, after_in_parent=_after_in_parent, after_in_child=_after_in_child
        )
    _hook_errors()
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    ):
        signal.signal(signal.SIGTERM, _terminated)


def _finish_with_multiprocessing() -> None:
    """A multiprocessing child ends with os._exit: atexit is not called there, but its own finalizers are.

    A child that gets its run by pickle gets it before multiprocessing clears the finalizers it inherited, and
    then calls what was registered for after a fork: so both are needed.
    """
    global _finalized_in  # noqa: PLW0603 - one per process
    util = sys.modules.get("multiprocessing.util")
    if util is None or _finalized_in == os.getpid():
        return
    _finalized_in = os.getpid()

    def finalize(_: object = None) -> None:
        util.Finalize(None, _finish_all, exitpriority=0)

    finalize()
    util.register_after_fork(_anchor, finalize)


def _finish_all() -> None:
    status, reason, text = _error or (None, "", "")
    for run in _open.copy():
        run.finish(status, reason=reason, traceback=text)


def judge(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> tuple[str, str, str]:
    """Status, reason and traceback for a run that an exception ends."""
    if issubclass(kind, KeyboardInterrupt):
        return "cancelled", "interrupted (KeyboardInterrupt)", ""
    if issubclass(kind, SystemExit):
        code = getattr(error, "code", None)
        if code is None or code == 0:
            return "finished", "", ""
        return "failed", f"exit code {code}", ""
    import traceback

    return "failed", f"{kind.__name__}: {error}", "".join(traceback.format_exception(kind, error, trace))


def _hook_errors() -> None:
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        global _error  # noqa: PLW0603 - one program ends once
        _error = judge(kind, error, trace)
        before(kind, error, trace)

    sys.excepthook = hook


def _terminated(number: int, _: FrameType | None) -> None:
    """SIGTERM with its default meaning: finish the runs, then die of it as asked."""
    for run in _open.copy():
        run.finish("cancelled", reason="SIGTERM", timeout=SIGTERM_WAIT)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _before_fork() -> None:
    for run in _open:
        run.before_fork()


def _after_in_parent() -> None:
    for run in reversed(_open):
        run.after_fork(child=False)


def _after_in_child() -> None:
    for run in reversed(_open):
        run.after_fork(child=True)
