"""What we ship: one wheel with the page inside, an sdist that can build it, and few dependencies."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import build_page
import pytest

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = {"numpy", "pcodec", "starlette", "uvicorn", "msgspec", "click", "rich"}
MADE_HERE = shutil.ignore_patterns(
    ".*", "node_modules", "page", "dist", "build", "__pycache__", "tests", "docs", "bench", "*.tsbuildinfo"
)
# Python 3.12 warns when no filter is named, and the first 3.10 knows none.
UNPACK = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}

pytestmark = pytest.mark.xdist_group("packaging")


def make(tree: Path, target: str, **environment: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "dist"]
    return subprocess.run(
        words,
        cwd=tree,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def tree(tmp_path) -> Path:
    """A checkout without a built page."""
    return Path(shutil.copytree(ROOT, tmp_path / "tree", ignore=MADE_HERE))


@pytest.fixture
def built(tree) -> Path:
    """A checkout in which a page was built."""
    page = build_page.page_folder(tree)
    (page / "assets").mkdir(parents=True)
    (page / "assets" / "index.js").write_text("/* built */")
    (page / "index.html").write_text("<!doctype html><title>Kymograph</title>")
    return tree


@pytest.fixture
def without_node(tmp_path) -> str:
    """A PATH on which neither node nor npm is found."""
    empty = tmp_path / "bin"
    empty.mkdir()
    return str(empty)


def test_a_wheel_carries_the_page_and_needs_no_node_when_it_is_built(built, without_node):
    done = make(built, "wheel", PATH=without_node)

    assert done.returncode == 0, done.stderr
    (wheel,) = (built / "dist").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"kymograph/__init__.py", "kymograph/py.typed", "kymograph/store/FORMAT.md"} <= names
    assert {"kymograph/server/page/index.html", "kymograph/server/page/assets/index.js"} <= names
    assert not [name for name in names if not name.startswith(("kymograph/", "kymograph-"))]


def test_a_wheel_names_its_command_its_licence_and_seven_dependencies(built):
    assert make(built, "wheel").returncode == 0
    (wheel,) = (built / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (metadata_name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = archive.read(metadata_name).decode()
        commands = archive.read(metadata_name.replace("METADATA", "entry_points.txt")).decode()

    needed = re.findall(r"^Requires-Dist: ([\w.-]+)(.*)$", metadata, re.MULTILINE)
    assert {name for name, rest in needed if "extra ==" not in rest} == RUNTIME
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.10" in metadata
    assert "kymograph = kymograph.cli.main:main" in commands


def test_an_sdist_carries_the_sources_of_the_page_and_the_page(built):
    done = make(built, "sdist")

    assert done.returncode == 0, done.stderr
    (sdist,) = (built / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"ui/package.json", "ui/package-lock.json", "ui/index.html", "hatch_build.py"} <= names
    assert {"scripts/build_page.py", "LICENSE", "src/kymograph/server/page/index.html"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_a_wheel_from_an_sdist_needs_no_node(built, tmp_path, without_node):
    assert make(built, "sdist").returncode == 0
    (sdist,) = (built / "dist").glob("*.tar.gz")
    shutil.unpack_archive(sdist, tmp_path / "unpacked", **UNPACK)
    (tree,) = (tmp_path / "unpacked").iterdir()

    done = make(tree, "wheel", PATH=without_node)

    assert done.returncode == 0, done.stderr
    (wheel,) = (tree / "dist").glob("*.whl")
    assert "kymograph/server/page/index.html" in zipfile.ZipFile(wheel).namelist()


def test_without_node_one_line_says_what_to_install(tree, without_node):
    done = make(tree, "wheel", PATH=without_node)

    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert len(said) == 1, said
    assert "Node 20 or newer and npm are needed" in said[0]
    assert "apt-get install nodejs npm" in said[0]


def test_the_page_is_built_again_only_when_a_source_is_newer(built):
    index = build_page.page_folder(built) / "index.html"
    newest = max(path.stat().st_mtime for path in build_page.sources(built / "ui"))

    os.utime(index, (newest, newest))
    assert build_page.is_current(built)
    assert build_page.build_page(built) is False

    os.utime(index, (newest - 1, newest - 1))
    assert not build_page.is_current(built)


def test_tests_of_the_page_and_its_packages_do_not_make_it_old(built):
    ui = built / "ui"
    (ui / "node_modules").mkdir()
    (ui / "node_modules" / "new.js").write_text("")
    (ui / "src" / "made_for_this.test.ts").write_text("")

    names = {path.relative_to(ui).as_posix() for path in build_page.sources(ui)}

    assert "index.html" in names
    assert not {"node_modules/new.js", "src/made_for_this.test.ts"} & names


def test_the_lock_file_of_the_page_names_no_host_to_fetch_from():
    assert "resolved" not in (ROOT / "ui" / "package-lock.json").read_text()


def test_ci_runs_what_everyone_runs():
    said = (ROOT / ".ci" / "run").read_text()

    assert "make test" in said
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
