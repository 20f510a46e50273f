"""Settings from the environment: each variable, what it means, and its default."""

from __future__ import annotations

import os

STORE = "KYMOGRAPH_STORE"  # the store's folder; read where the store is looked for, in store/layout.py
PROJECT = "KYMOGRAPH_PROJECT"  # the project of a run that names none; default: the working folder's name
CAPTURE = "KYMOGRAPH_CAPTURE"  # "0", "off", "no" or "false": nothing is kept but what is logged

_NO = {"0", "off", "no", "false"}


def project() -> str:
    """The project of a run that names none."""
    return os.environ.get(PROJECT) or os.path.basename(os.getcwd()) or "default"


def capture() -> bool:
    """Whether a run that does not say keeps what surrounds it."""
    return os.environ.get(CAPTURE, "").strip().lower() not in _NO
