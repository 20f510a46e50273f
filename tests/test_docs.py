"""The docs cannot fall behind: every example runs, every link resolves, everything public has its place."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import kymograph
from kymograph.cli.exits import MEANINGS
from kymograph.cli.main import cli
from kymograph.query.names import BUILT_IN, STATS
from kymograph.server.app import ROUTES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md")]
PAGES = [*TOP, *sorted(DOCS.rglob("*.md"))]
# For other rooms, not for people.
BETWEEN_ROOMS = {
    "before_fork",
    "after_fork",
    "look",
    "glance",
    "goal",
    "cells",
    "column_of",
    "value",
    "late",
    "write",
}
FENCE = re.compile(r"^ *```(\w*) *$")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def program(page: Path) -> str:
    """The Python of a page, each line where it stands there; `<!-- python ... -->` is run and not shown."""
    lines, language, hidden = [], None, False
    for line in page.read_text().splitlines():
        fence = FENCE.match(line)
        if hidden:
            hidden = line.strip() != "-->"
            lines.append(line if hidden else "")
        elif fence and language is None:
            language = fence.group(1)
            lines.append("")
        elif fence:
            language = None
            lines.append("")
        elif line.strip() == "<!-- python":
            hidden = True
            lines.append("")
        else:
            lines.append(line if language == "python" else "")
    return "\n".join(lines) + "\n"


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


RUN = [
    page for page in PAGES if page.name != "ARCHITECTURE.md" and program(page).strip()
]  # its blocks are contracts


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_every_python_example_of_a_page_runs_in_order(page, tmp_path):
    script = tmp_path / "page.py"
    script.write_text(program(page))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KYMOGRAPH_")}
    work = tmp_path / "work"
    work.mkdir()

    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, f"{name_of(page)}, lines as on the page:\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page):
    for target in LINK.findall(prose(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors(there), f"{name_of(page)} links to {target}; {path} has no such heading"


def test_every_page_can_be_reached_from_the_index():
    seen, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.is_file() or page.suffix != ".md":
            continue
        seen.add(page)
        waiting += [
            (page.parent / target.partition("#")[0]).resolve()
            for target in LINK.findall(prose(page))
            if "://" not in target and target.partition("#")[0]
        ]

    assert not [name_of(page) for page in DOCS.rglob("*.md") if page not in seen]


@pytest.mark.parametrize("name", sorted(kymograph.__all__))
def test_every_public_name_has_its_place(name):
    assert f"`{name}" in (REFERENCE / "python.md").read_text(), (
        f"docs/reference/python.md says nothing of {name}"
    )


@pytest.mark.parametrize("owner", ["Run", "RunView", "Runs", "Store"])
def test_every_public_member_has_its_place(owner):
    said = (REFERENCE / "python.md").read_text()
    members = [
        name
        for name, member in vars(getattr(kymograph, owner)).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    ]

    assert not [name for name in members if f"`.{name}" not in said and name not in BETWEEN_ROOMS]


def test_every_argument_of_init_is_explained():
    said = (REFERENCE / "python.md").read_text()

    assert not [name for name in inspect.signature(kymograph.init).parameters if f"| `{name}` |" not in said]


def test_the_page_of_the_command_line_is_what_the_commands_say():
    words = [sys.executable, str(ROOT / "scripts" / "write_cli_docs.py"), "--check"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr


def test_every_command_and_option_has_a_sentence_of_its_own():
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command.help, f"kymograph {name} has no help"
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, f"kymograph {name} {option.opts[0]} has no help"


@pytest.mark.parametrize("code", MEANINGS)
def test_every_exit_code_has_its_place(code):
    meaning = MEANINGS[code].replace("|", "\\|")
    assert f"| {code} | {meaning} |" in (REFERENCE / "exit-codes.md").read_text()


def test_every_setting_of_the_environment_has_its_place():
    said = (REFERENCE / "configuration.md").read_text()
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        used |= set(re.findall(r"\bKYMOGRAPH_[A-Z_]+\b", path.read_text()))

    assert used
    assert not [name for name in sorted(used) if f"`{name}`" not in said]
    assert not [name for name in re.findall(r"`(KYMOGRAPH_[A-Z_]+)`", said) if name not in used]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.public_path}")
def test_every_route_has_its_place(route):
    assert f"{route.method} {route.public_path}" in (REFERENCE / "http.md").read_text()


@pytest.mark.parametrize("column", [*BUILT_IN, *(f".{stat}" for stat in STATS)])
def test_every_column_of_the_query_language_has_its_place(column):
    assert f"`{column}`" in (REFERENCE / "query.md").read_text()


def test_the_project_says_colour_and_names_no_machine():
    for page in PAGES:
        text = page.read_text()
        assert not re.findall(r"\b[Cc]olor(?!-)\b", prose(page)), f"{name_of(page)} writes color"
        assert "/tmp/" not in text, f"{name_of(page)} names a folder of a machine"
