"""Writes docs/reference/cli.md from the commands themselves: `python scripts/write_cli_docs.py [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kymograph.cli.exits import MEANINGS
from kymograph.cli.main import cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "cli.md"
HEAD = """# Command line

<!-- Written by scripts/write_cli_docs.py from the commands themselves; `make docs` writes it anew. -->

`kymograph COMMAND --help` says the same in the terminal, and `python -m kymograph` is the same program.
"""


def one_line(text: str | None) -> str:
    return " ".join((text or "").replace("\b", "").split()).replace("|", "\\|").replace("*", "\\*")


def value_of(option: click.Parameter) -> str:
    """What stands behind an option: its choices, or a word for its value; empty for a flag."""
    if isinstance(option, click.Option) and (option.is_flag or option.count):
        return ""
    if isinstance(option.type, click.Choice):
        return " " + "\\|".join(str(choice) for choice in option.type.choices)
    return " " + (option.metavar or (option.name or "").upper())


def default_of(option: click.Parameter) -> str:
    default = option.default
    said = "default" in (getattr(option, "help", None) or "").lower()
    plain = isinstance(default, str | int | float) and not isinstance(default, bool)
    return f" Default: `{default}`." if plain and default != "" and not said else ""


def rows(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            names = ", ".join([*option.opts, *option.secondary_opts])
            yield f"| `{names}{value_of(option)}` | {one_line(option.help)}{default_of(option)} |"
    yield "| `-h, --help` | Says this, and exits. |"


def arguments(command: click.Command) -> str:
    words = []
    for one in command.params:
        if isinstance(one, click.Argument):
            word = (one.metavar or (one.name or "").upper()).replace("...", "").strip("[]")
            word = f"{word}..." if one.nargs == -1 else word
            words.append(word if one.required else f"[{word}]")
    return " ".join(["", *words])


def section(name: str, command: click.Command) -> Iterator[str]:
    yield f"\n## kymograph {name}\n"
    yield f"```console\n$ kymograph {name}{arguments(command)} [OPTIONS]\n```\n"
    for paragraph in f"{command.help or ''}\n\n{command.epilog or ''}".split("\n\n"):
        if paragraph.startswith("\b"):
            yield "```text\n" + paragraph.removeprefix("\b").strip("\n") + "\n```\n"
        elif paragraph.strip():
            yield " ".join(paragraph.split()) + "\n"
    yield "| option | |\n|---|---|"
    yield from rows(command)


def page() -> str:
    """The whole page."""
    context = click.Context(cli, info_name="kymograph")
    lines = [HEAD]
    if cli.help:
        lines += [" ".join(paragraph.split()) + "\n" for paragraph in cli.help.split("\n\n")[1:]]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is not None and not command.hidden:
            lines += section(name, command)
    lines.append("\n## Exit codes\n\n| code | what it means |\n|---|---|")
    lines += [f"| {code} | {one_line(meaning)} |" for code, meaning in MEANINGS.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.is_file() and PAGE.read_text() == text:
            return 0
        print(f"{PAGE.name} is not what the commands say; write it anew with: make docs", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
