"""What a run keeps of its surroundings without being asked."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple


class Capture(NamedTuple):
    """What is kept of a run's surroundings; each part can be switched off. All off costs nothing."""

    program: bool = True
    """Command line, working folder, script, Python version, host, user and platform."""


NOTHING = Capture(program=False)


def surroundings(capture: Capture) -> dict[str, Any]:
    """The attributes that `capture` asks for."""
    return _program() if capture.program else {}


def _program() -> dict[str, Any]:
    system = os.uname()
    main = sys.modules.get("__main__")
    script = getattr(main, "__file__", None)
    about: dict[str, Any] = {
        "argv": list(getattr(sys, "orig_argv", sys.argv)),
        "script": os.path.abspath(script) if script else None,
        "python": ".".join(map(str, sys.version_info[:3])),
        "host": system.nodename,
        "user": _user(),
        "platform": f"{system.sysname} {system.release} {system.machine}",
    }
    try:
        about["cwd"] = os.getcwd()
    except OSError:
        pass  # the working folder was removed
    return {f"program/{name}": value for name, value in about.items() if value is not None}


def _user() -> str:
    name = os.environ.get("USER") or os.environ.get("LOGNAME")
    if name:
        return name
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return str(os.getuid())
