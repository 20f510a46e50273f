"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path


def describe() -> str:
    """One line: date, processor, cores, Python, load."""
    cores = len(os.sched_getaffinity(0))
    load = "/".join(f"{part:.1f}" for part in os.getloadavg())
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, {_processor()}, {cores} cores, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, load {load}"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()
