"""Whether a writing process still lives; standard library only."""

from __future__ import annotations

import os
from functools import cache

_BOOT = "/proc/sys/kernel/random/boot_id"
_SLACK = 5.0  # seconds a process may seem to start after its writer: clocks are set while machines run


@cache
def this_host() -> str:
    """The machine's name, as writers tell it."""
    return os.uname().nodename


@cache
def this_boot() -> str:
    """A name for this machine's boot and this container's processes, so that a pid means something.

    "" where there is none. A container may share the host's name; its pids are its own all the same.
    """
    try:
        with open(_BOOT, encoding="ascii") as file:
            return f"{file.read().strip()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def is_here(host: str, boot: str) -> bool:
    """Whether a writer's pid, if it lives, is a process of this machine as it runs now."""
    return host == this_host() and boot == this_boot()


def pid_alive(pid: int, started: float) -> bool:
    """Whether this process lives on this machine. One that began after `started` has only the same number."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        pass  # somebody else's, but there
    except (OSError, OverflowError):
        return False
    return not _is_other(pid, started)


def _is_other(pid: int, started: float) -> bool:
    """True for a zombie and for a process that began after `started`; False where that cannot be told."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        if fields[0] in (b"Z", b"X"):
            return True
        begun = _booted() + int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return False
    return begun > started + _SLACK


@cache
def _booted() -> int:
    """When this machine started, s since the epoch. Raises OSError or ValueError where nothing tells."""
    with open("/proc/stat", "rb") as file:
        for line in file:
            if line.startswith(b"btime "):
                return int(line.split()[1])
    raise ValueError("no btime in /proc/stat")
