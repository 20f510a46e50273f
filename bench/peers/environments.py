"""Makes one virtual environment per tracker, once, and runs work in it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLACE = Path(os.environ.get("KYMOGRAPH_PEERS", ROOT / "build" / "peers"))  # git-ignored
INSTALL_LIMIT = 1200  # seconds
LAST_WORDS = 5  # seconds that helpers get to write what a killed process told them
QUIET = {
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}


class Failed(Exception):
    """A tracker could not be installed or did not do the work; the text is its last line."""


class Environment:
    """One tracker's interpreter."""

    def __init__(self, adapter: str, packages: tuple[str, ...]) -> None:
        self._adapter = adapter
        self._packages = packages
        self._python = Path(sys.executable)
        if packages:
            self._python = PLACE / adapter / "bin" / "python"

    def make(self) -> None:
        """Create it and install what it needs, unless it is there."""
        done = PLACE / self._adapter / "installed"
        if not self._packages or done.exists():
            return
        self._plain([sys.executable, "-m", "venv", str(PLACE / self._adapter)])
        install = [str(self._python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        self._plain([*install, *self._packages])
        done.touch()

    def work(self, name: str, folder: Path, *numbers: int, limit: float) -> dict[str, Any]:
        """Do a piece of work; returns what it found."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            done = subprocess.run(
                self._command(name, folder, numbers), env=self._variables(), cwd=folder,
                capture_output=True, text=True, timeout=limit, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Failed(f"not done after {limit:.0f} s") from None
        for line in done.stdout.splitlines():
            if line.startswith("RESULT "):
                found: dict[str, Any] = json.loads(line[len("RESULT ") :])
                return found
        raise Failed((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])

    def killed(self, name: str, folder: Path, *numbers: int, helpers: bool, limit: float) -> int:
        """Do a piece of work and SIGKILL it when all is logged; returns how many points are kept.

        `helpers`: the processes that it started die with it, as when a machine or a container goes.
        """
        folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            self._command(name, folder, numbers), env=self._variables(), cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        said = any(line.strip() == "LOGGED" for line in process.stdout)
        if not helpers:
            process.kill()
            process.wait()
            time.sleep(LAST_WORDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not said:
            raise Failed("it ended before all was logged")
        return int(self.work("count", folder, limit=limit)["count"])

    def _command(self, name: str, folder: Path, numbers: tuple[int, ...]) -> list[str]:
        return [
            str(self._python),
            str(HERE / "work.py"),
            self._adapter,
            name,
            str(folder),
            *map(str, numbers),
        ]

    def _variables(self) -> dict[str, str]:
        ours = {"PYTHONPATH": str(ROOT / "src")} if not self._packages else {}
        kept = {
            name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}
        }
        return {**kept, **QUIET, **ours}

    def _plain(self, command: list[str]) -> None:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise Failed(f"not installed after {INSTALL_LIMIT} s") from None
        if done.returncode:
            raise Failed((done.stderr.strip().splitlines() or ["pip failed"])[-1])
