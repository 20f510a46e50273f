"""`kymograph rebuild`: the index, made anew from the runs' folders."""

from __future__ import annotations

import sys
import time

import click
from rich.progress import Progress

from kymograph.cli.output import console, json_option, print_json, store_option
from kymograph.cli.runs import folder_of
from kymograph.store.upkeep import rebuild


@click.command("rebuild")
@json_option
@store_option
def command(as_json: bool, store: str | None) -> None:
    """Make the index anew by reading every run's folder. The runs themselves are not changed."""
    folder = folder_of(store)
    began = time.perf_counter()
    looks = sys.stderr.isatty()
    with Progress(console=console(error=True), disable=not looks, transient=True) as progress:
        task = progress.add_task("reading runs", total=None)
        index = rebuild(folder, lambda done, total: progress.update(task, completed=done, total=total))
        runs = len(index.run_ids())
        index.close()
    took = time.perf_counter() - began
    if as_json:
        print_json({"store": folder.path, "runs": runs, "seconds": round(took, 3)})
    else:
        click.echo(f"indexed {runs} runs in {took:.1f} s")
