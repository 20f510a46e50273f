"""The command table, and how errors become one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple, NoReturn

import click

from kymograph.cli import exits
from kymograph.errors import KymographError, NotFound, QueryError, StoreNotFound
from kymograph.version import __version__

STANDARD_OUTPUT = 1  # the descriptor: click has wrapped or closed the file by then


class Entry(NamedTuple):
    """One command: the module that has it as `command`, and its line in the list."""

    module: str
    line: str


# Help is written from this table alone; a command's module, and what it needs, is loaded when it is called.
COMMANDS = {
    "ui": Entry("kymograph.cli.ui", "Show a store in the browser, while it is written."),
    "ls": Entry("kymograph.cli.ls", "List runs."),
    "show": Entry("kymograph.cli.show", "Show everything about one run."),
    "diff": Entry("kymograph.cli.diff", "Show where two runs differ."),
    "plot": Entry("kymograph.cli.plot", "Draw a series in the terminal."),
    "export": Entry("kymograph.cli.export", "Write points or the runs table as csv, jsonl or parquet."),
    "verify": Entry("kymograph.cli.verify", "Read every byte and say what is damaged."),
    "rebuild": Entry("kymograph.cli.rebuild", "Make the index anew from the runs' folders."),
    "rm": Entry("kymograph.cli.rm", "Move runs to the trash, take them back, or remove them for good."),
    "demo": Entry("kymograph.cli.demo", "Train real models on bundled data and show them."),
    "completion": Entry("kymograph.cli.completion", "Print the shell's completion script."),
}


class Table(click.Group):
    """A click group whose commands are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(entry.module).command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.line) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}; there are {', '.join(COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.command(cls=Table, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kymograph")
def cli() -> None:
    """Kymograph records what a training program says and shows it at once.

    A store is found by --store, else KYMOGRAPH_STORE, else the nearest .kymograph folder upward.
    Exit codes: 0 done, 1 something wrong was found, 2 usage or query, 3 not found, 4 cannot be done here.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Our own errors are one line, never a traceback."""
    try:
        code = cli.main(args=arguments, prog_name="kymograph", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # click exits by itself when a pipe closes, and only then
        # The interpreter would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STANDARD_OUTPUT)
        return exits.CLOSED
    except (KeyboardInterrupt, click.Abort):
        return exits.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return exits.USAGE
    except QueryError as error:
        return _said(f"{error}, at column {error.column + 1} of the query", exits.USAGE)
    except (NotFound, StoreNotFound) as error:
        return _said(error, exits.NOT_FOUND)
    except (KymographError, OSError) as error:
        return _said(error, exits.CANNOT)
    return code if isinstance(code, int) else exits.OK


def _said(error: object, code: int) -> int:
    click.echo(f"kymograph: {error}", err=True)
    return code
