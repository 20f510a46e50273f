"""Builds the page from ui/ into src/kymograph/server/page, if it is not there or older than its sources.

Used by the build hook, by the Makefile and by hand: `python scripts/build_page.py [--force | --packages]`.
Standard library only, because a build runs it where nothing is installed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_WANTED = (20, 19)
MADE_IN_UI = {"node_modules", "dist", "coverage", "test-results"}
# Tests are beside the sources, and are no part of the page.
TEST_NAME = re.compile(r"\.(test|spec)\.tsx?$")


class PageError(Exception):
    """The page cannot be built; the message is one line that says what to do."""


def page_folder(root: Path) -> Path:
    return root / "src" / "kymograph" / "server" / "page"


def sources(ui: Path) -> list[Path]:
    """Every file that the built page depends on."""
    found = []
    for folder, folders, names in os.walk(ui):
        folders[:] = [name for name in folders if name not in MADE_IN_UI and not name.startswith(".")]
        found += [Path(folder, name) for name in names if not TEST_NAME.search(name)]
    return [path for path in found if not path.name.endswith(".tsbuildinfo")]


def is_current(root: Path) -> bool:
    """Whether the built page is there and no source is newer."""
    index = page_folder(root) / "index.html"
    if not index.is_file():
        return False
    built = index.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in sources(root / "ui"))


def need_node() -> None:
    """Raise PageError unless a Node that is new enough and npm are on the PATH."""
    what = f"Node {NODE_WANTED[0]} or newer and npm are needed to build Kymograph's page"
    how = "install them (https://nodejs.org, or: apt-get install nodejs npm) or install a built wheel"
    if shutil.which("node") is None or shutil.which("npm") is None:
        message = f"{what}; {how}"
        raise PageError(message)
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    numbers = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    if numbers < NODE_WANTED:
        message = f"{what}, this is {said}; {how}"
        raise PageError(message)


def npm(ui: Path, *words: str) -> None:
    """Run npm in ui/; its output is shown only when it fails."""
    # The page is built with development packages, whatever the surroundings say.
    environment = os.environ | {"NODE_ENV": "", "CI": "true"}
    done = subprocess.run(
        ["npm", *words],
        cwd=ui,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        message = (
            f"`npm {' '.join(words)}` failed in {ui} with exit code {done.returncode}; its output is above"
        )
        raise PageError(message)


def install_packages(ui: Path) -> None:
    """`npm ci`, unless what is installed is what the lock file says."""
    need_node()
    lock = ui / "package-lock.json"
    installed = ui / "node_modules" / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("Installing the page's packages (npm ci) ...", file=sys.stderr)
    npm(ui, "ci", "--include=dev", "--no-audit", "--no-fund")
    os.utime(installed)


def build_page(root: Path = ROOT, *, force: bool = False) -> bool:
    """Build the page if it must be; returns whether it was built."""
    ui = root / "ui"
    if not force and is_current(root):
        return False
    if not (ui / "package.json").is_file():
        message = f"the page's sources are not in {ui}; take a whole checkout or an sdist of Kymograph"
        raise PageError(message)
    install_packages(ui)
    print("Building the page (npm run build) ...", file=sys.stderr)
    npm(ui, "run", "build", "--", "--outDir", str(page_folder(root)), "--emptyOutDir")
    index = page_folder(root) / "index.html"
    if not index.is_file():
        message = f"`npm run build` made no {index}"
        raise PageError(message)
    os.utime(index)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the page of Kymograph.")
    parser.add_argument("--force", action="store_true", help="build it even if it is newer than its sources")
    parser.add_argument("--packages", action="store_true", help="only install the page's packages")
    wanted = parser.parse_args()
    try:
        if wanted.packages:
            install_packages(ROOT / "ui")
        else:
            build_page(force=wanted.force)
    except PageError as error:
        print(f"kymograph: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
