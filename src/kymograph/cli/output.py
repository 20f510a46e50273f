"""What every command shares: options, tables that fit the terminal, and JSON that is bounded and stable."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO, TypeVar

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kymograph.cli.words import cell

Command = TypeVar("Command", bound=Callable[..., Any])

PIPE_WIDTH = 100_000  # a pipe has no width: nothing is cut

STATUS_STYLES = {
    "running": "blue",
    "finished": "green",
    "failed": "red",
    "lost": "yellow",
    "interrupted": "yellow",
}

store_option = click.option("--store", metavar="FOLDER", help="The store; default: found as `--help` says.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def limit_option(default: int, what: str) -> Callable[[Command], Command]:
    """--limit: at most so many of `what`."""
    text = f"At most so many {what}; JSON says `truncated` when there are more."
    return click.option(
        "--limit", default=default, show_default=True, type=click.IntRange(min=1), metavar="N", help=text
    )


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody looks."""
    return stream.isatty()


def console(*, error: bool = False) -> Console:
    """The terminal: colours where it has them and NO_COLOR is not set, plain text into a pipe."""
    stream = sys.stderr if error else sys.stdout
    width = shutil.get_terminal_size().columns if is_terminal(stream) else PIPE_WIDTH
    return Console(stderr=error, width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)


def print_json(value: Mapping[str, object]) -> None:
    """One JSON document; NaN and infinities become the texts "NaN", "Infinity" and "-Infinity"."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: object) -> Any:
    """A value as strict JSON can carry it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _odd(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, keep: int = 2) -> int:
    """A table as wide as the terminal: columns that do not fit are left out from the right, after the first
    `keep`. Into a pipe: lines of tab-separated text, nothing cut. Returns how many columns were left out.
    """
    texts = [[cell(value) for value in row] for row in rows]
    out = console()
    if not is_terminal(sys.stdout):
        click.echo("\n".join("\t".join(row) for row in [list(columns), *texts]))
        return 0
    shown = _fitting(columns, texts, out.width, keep)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
    for at, name in enumerate(columns[:shown]):
        numeric = bool(rows) and all(isinstance(row[at], (int, float, type(None))) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", no_wrap=True, overflow="ellipsis")
    for row in texts:
        table.add_row(*(Text(text, style=_style(columns[at], text)) for at, text in enumerate(row[:shown])))
    out.print(table)
    return len(columns) - shown


def _fitting(columns: Sequence[str], texts: list[list[str]], width: int, keep: int) -> int:
    used = 0
    for at, name in enumerate(columns):
        used += max([len(name), *(len(row[at]) for row in texts)]) + 2
        if used > width and at >= keep:
            return at
    return len(columns)


def _style(column: str, text: str) -> str:
    return STATUS_STYLES.get(text, "") if column == "status" else ""


def _odd(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"
