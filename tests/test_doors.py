"""ARCHITECTURE.md as code: which room may import which, and what the training process never loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kymograph"

LEAVES = {"errors", "types", "config", "version"}
# A room, and the rooms it may import. The front door is "__init__".
MAY_IMPORT = {
    "version": set(),
    "errors": set(),
    "types": {"errors"},
    "config": {"errors", "types"},
    "values": LEAVES,
    "store": LEAVES | {"values"},
    "log": LEAVES | {"values", "store"},
    "query": LEAVES | {"values", "store"},
    "__init__": LEAVES | {"values", "store", "log", "query"},
    "demo": LEAVES | {"__init__"},
    "testing": LEAVES | {"values", "store", "query"},
    "server": LEAVES | {"values", "store", "query", "__init__"},
    "cli": LEAVES | {"store", "query", "server", "demo", "__init__"},
    "__main__": {"cli"},
}
# These run in the training process: the standard library and each other, nothing else.
IN_TRAINING = {
    "__init__.py",
    "errors.py",
    "types.py",
    "config.py",
    "version.py",
    "store/__init__.py",
    "store/layout.py",
    "store/records.py",
    "store/recordlog.py",
    "store/resume.py",
    "store/alive.py",
}
ROOMS_IN_TRAINING = ("log", "values")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "page" not in path.relative_to(PACKAGE).parts)


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def of_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(path: Path, *, at_import: bool = False) -> list[str]:
    """Dotted names that a file imports, not for types alone; `at_import`: those that importing it runs."""
    found = []

    def visit(node: ast.AST) -> None:
        if of_typing(node):
            return
        if at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} has a relative import; write it from kymograph on"
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text()))
    return found


def rooms_used(path: Path) -> set[str]:
    used = set()
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "kymograph":
            continue
        second = parts[1] if len(parts) > 1 else "__init__"
        used.add(second if second in MAY_IMPORT else "__init__")
    return used


def outsiders(path: Path, *, at_import: bool = False) -> set[str]:
    """Third-party packages that a file imports."""
    tops = {name.split(".")[0] for name in imports(path, at_import=at_import)}
    return tops - set(sys.stdlib_module_names) - {"kymograph", "__future__"}


def runs_in_training(path: Path) -> bool:
    relative = path.relative_to(PACKAGE)
    return relative.as_posix() in IN_TRAINING or relative.parts[0] in ROOMS_IN_TRAINING


def test_every_file_is_in_a_room_of_the_drawing():
    assert {room(path) for path in modules()} <= set(MAY_IMPORT)


@pytest.mark.parametrize("name", sorted(MAY_IMPORT))
def test_rooms_are_entered_by_their_doors_only(name):
    for path in modules():
        if room(path) == name:
            strangers = rooms_used(path) - MAY_IMPORT[name] - {name}
            assert not strangers, f"{path.relative_to(PACKAGE)} must not import {sorted(strangers)}"


def test_what_runs_in_training_imports_the_standard_library_only():
    for path in modules():
        if runs_in_training(path):
            assert not outsiders(path, at_import=True), (
                f"{path.relative_to(PACKAGE)} runs in the training process"
            )


def test_what_the_log_room_loads_late_is_of_the_standard_library_too():
    for path in modules():
        if runs_in_training(path) and path.name != "__init__.py":
            assert not outsiders(path), f"{path.relative_to(PACKAGE)} imports a package inside a function"


def test_modules_stay_short():
    for path in modules():
        lines = len(path.read_text().splitlines())
        assert lines <= 600, (
            f"{path.relative_to(PACKAGE)} has {lines} lines; make it a folder of the same name"
        )


def test_every_module_opens_with_a_sentence_that_says_what_it_is():
    for path in modules():
        said = ast.get_docstring(ast.parse(path.read_text()))
        assert said, f"{path.relative_to(PACKAGE)} has no first sentence"


LOGS = """
import sys
before = set(sys.modules)
import kymograph as ky
with ky.init(project="doors", name="light", config={"lr": 0.1}, store=sys.argv[1]) as run:
    run.define("loss", goal="min")
    for n in range(100):
        run.log({"loss": 1 / (n + 1), "note": "a text", "deep": {"er": n}})
    run.summary["best"] = 1
    run.tag("kept")
tops = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(tops - set(sys.stdlib_module_names) - {"kymograph"}))
"""


def test_a_program_that_logs_loads_no_third_party_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LOGS, str(tmp_path / "store")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_logging_works_where_nothing_but_the_package_is_installed(tmp_path):
    """`python -S -s` sees no site-packages: like `pip install --no-deps` in a bare environment."""
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", LOGS, str(tmp_path / "store")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(PACKAGE.parent), "PATH": "/usr/bin:/bin"},
    )

    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "store" / "runs").iterdir())
