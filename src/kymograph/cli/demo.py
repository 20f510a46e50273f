"""`kymograph demo`: real trainings on bundled data, and the page that shows them."""

from __future__ import annotations

import sys
import threading
import time

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import kymograph
from kymograph.cli import exits
from kymograph.cli.ls import LIMIT, made, show
from kymograph.cli.output import console, print_json
from kymograph.demo.conductor import Done, train_all
from kymograph.demo.data import need_scikit_learn
from kymograph.demo.plan import plan
from kymograph.server.serve import serve
from kymograph.store.layout import find_store

BEST_FIRST = {"digits": "-val/accuracy.max", "diabetes": "-val/r2.max"}


@click.command("demo")
@click.option("--once", is_flag=True, help="Train, print the runs table, and exit: no page.")
@click.option(
    "--store", metavar="FOLDER", default=".kymograph-demo", show_default=True, help="Where to write."
)
@click.option("--port", type=click.IntRange(0, 65535), help="Default: the first free one from 5757 on.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option("--at-once", default=2, show_default=True, type=click.IntRange(1, 64), help="Side by side.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print the runs table as JSON.")
def command(once: bool, store: str, port: int | None, open_browser: bool, at_once: int, as_json: bool) -> int:
    """Train real models on scikit-learn's bundled data and show them while they train."""
    need_scikit_learn()
    folder = find_store(store)
    folder.create()
    if not once:
        _train_behind_the_page(folder.path, port, open_browser, at_once)
        return exits.OK
    code = _train_here(folder.path, at_once)
    opened = kymograph.open(folder.path)
    if as_json:
        print_json(made(opened, opened.runs(limit=LIMIT)).document())
        return code
    for project in opened.projects():
        click.echo(f"\n{project.name}")
        runs = opened.runs(project=project.name, sort=BEST_FIRST.get(project.name), limit=LIMIT)
        show(made(opened, runs, project.name))
    return code


def _train_here(store: str, at_once: int) -> int:
    jobs = plan()
    began = time.perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    unplanned: list[Done] = []
    with Progress(*columns, console=console(error=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("training", total=len(jobs))
        for done in train_all(jobs, store, at_once):
            progress.advance(task)
            unplanned += [] if done.as_planned else [done]
    took = time.perf_counter() - began
    click.echo(f"trained {len(jobs)} models in {took:.0f} s, into {store}", err=True)
    for done in unplanned:
        click.echo(_complaint(done), err=True)
    return exits.WRONG if unplanned else exits.OK


def _train_behind_the_page(store: str, port: int | None, open_browser: bool, at_once: int) -> None:
    stop = threading.Event()

    def work() -> None:
        began = time.perf_counter()
        jobs = plan()
        for done in train_all(jobs, store, at_once, stop):
            if not done.as_planned:
                click.echo(_complaint(done), err=True)
        if not stop.is_set():
            took = time.perf_counter() - began
            click.echo(f"trained {len(jobs)} models in {took:.0f} s; the page stays; Ctrl-C ends it")

    trainer = threading.Thread(target=work, name="demo")
    trainer.start()
    try:
        serve(store, port=port, open_browser=open_browser)
    finally:
        stop.set()
        trainer.join()


def _complaint(done: Done) -> str:
    said = done.said.strip().splitlines()[-1:] or ["it said nothing"]
    wanted = "it was meant to fail and did not" if done.job.fails else said[0]
    return f"{done.job.name} ended with {done.code}: {wanted}"
