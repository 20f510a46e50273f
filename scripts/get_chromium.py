"""Makes sure that there is a Chromium for the browser tests: `python scripts/get_chromium.py`.

As root on Debian it is Debian's package; elsewhere it is Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def works(program: str | None) -> bool:
    """Whether it starts: on Ubuntu `chromium-browser` may be a stub that only asks for snap."""
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, "--version", "--no-sandbox"], capture_output=True, timeout=60, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def from_playwright() -> str | None:
    """Where Playwright keeps its Chromium, if it is installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find_chromium() -> str | None:
    """The Chromium that the tests use: the system's, else Playwright's; None when there is none."""
    system = shutil.which("chromium")
    if works(system):
        return system
    return from_playwright()


def is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.is_file() and "\nID=debian\n" in f"\n{release.read_text()}\n"


def install_chromium() -> None:
    root = os.geteuid() == 0
    if root and is_debian():
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
        subprocess.run(words, check=True, env=quiet, stdout=subprocess.DEVNULL)
        return
    # As root it may install the libraries that Chromium needs; otherwise it says which are missing.
    words = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium"]
    subprocess.run(words, check=True)


def main() -> int:
    if find_chromium() is None:
        print("Installing Chromium for the browser tests ...", flush=True)
        try:
            install_chromium()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"kymograph: Chromium could not be installed ({error}); by hand: apt-get install chromium")
            return 1
    found = find_chromium()
    if found is None:
        print(
            "kymograph: the browser tests need a Chromium that starts; install one: apt-get install chromium"
        )
        return 1
    print(f"Chromium: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
