"""Values, durations and moments in few characters."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

MINUTE, HOUR, DAY = 60, 3600, 86400
WHOLE = 1e9  # whole numbers below it are written out
KILO = 1000


def number(value: float, digits: int = 5) -> str:
    """A number in about eight characters: 0.9781, 1.25e-05, 113760."""
    if not math.isfinite(value):
        return {math.inf: "inf", -math.inf: "-inf"}.get(value, "nan")
    if abs(value) < WHOLE and (value == int(value) or abs(value) >= 10 ** (digits - 1)):
        return str(round(value))
    return f"{value:.{digits}g}"


def cell(value: object) -> str:
    """Any value as the text of a table's cell, on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value) if isinstance(value, int) else number(value)
    if isinstance(value, Mapping):
        return ", ".join(key if one is True else f"{key}={cell(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(one) for one in value)
    return " ".join(str(value).split())


def duration(seconds: float | None) -> str:
    """A duration in its two largest units: 1.2s, 3m 20s, 2h 5m, 4d 3h."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < MINUTE:
        return f"{seconds:.1f}s"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)}m {int(seconds % MINUTE)}s"
    if seconds < DAY:
        return f"{int(seconds // HOUR)}h {int(seconds % HOUR // MINUTE)}m"
    return f"{int(seconds // DAY)}d {int(seconds % DAY // HOUR)}h"


def moment(seconds: float | None) -> str:
    """A moment in the local time zone, to the minute: 2026-11-22 16:02."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def size(count: float) -> str:
    """Bytes in a readable unit: 412 B, 1.2 MB."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < KILO:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= KILO
    return f"{count:.1f} TB"
