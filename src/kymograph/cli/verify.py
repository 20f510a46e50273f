"""`kymograph verify`: reads every byte and says what is damaged."""

from __future__ import annotations

import os
import sys

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from kymograph.cli import exits
from kymograph.cli.output import console, json_option, print_json, store_option
from kymograph.cli.runs import folder_of, run_id
from kymograph.cli.words import size
from kymograph.store.layout import StoreFolder, is_run_id
from kymograph.store.upkeep import size_of
from kymograph.store.verify import CUT, RunReport, verify_run

MOST_FINDINGS = 1000  # in JSON


@click.command("verify")
@click.argument("what", required=False, metavar="[RUN|STORE]")
@json_option
@store_option
def command(what: str | None, as_json: bool, store: str | None) -> int:
    """Prove every byte of a RUN, or of a whole STORE, readable; say what is damaged and what was recovered.

    Exit code 1 means that something is damaged. A torn tail, left by a crash and cut, is no damage.
    """
    is_folder = what is not None and store is None and os.path.isdir(os.path.join(what, "runs"))
    folder = folder_of(what if is_folder else store)
    ids = _ids(folder) if what is None or is_folder else [run_id(folder, what)]
    reports = _verified(folder, ids)
    sound = all(report.sound for report in reports)
    if as_json:
        print_json(_json(folder, reports, sound))
    else:
        _print(reports, sound)
    return exits.OK if sound else exits.WRONG


def _ids(folder: StoreFolder) -> list[str]:
    return sorted(filter(is_run_id, os.listdir(folder.runs)))


def _verified(folder: StoreFolder, ids: list[str]) -> list[RunReport]:
    looks = sys.stderr.isatty()
    total = sum(size_of(folder.run_folder(run)) for run in ids) if looks else None
    columns = (TextColumn("verifying"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(error=True), disable=not looks, transient=True) as progress:
        task = progress.add_task("verifying", total=total)

        def read(_: str, count: int) -> None:
            progress.advance(task, count)

        return [verify_run(folder.run_folder(run), read) for run in ids]


def _print(reports: list[RunReport], sound: bool) -> None:
    for report in reports:
        for finding in report.findings:
            place = f"bytes {finding.start} to {finding.end}" if finding.end else "whole file"
            click.echo(f"{report.run}/{finding.file}, {place}: {finding.what} ({finding.effect})")
    points = sum(report.points for report in reports)
    read = size(sum(report.size for report in reports))
    files = sum(len(report.files) for report in reports)
    click.echo(f"{len(reports)} runs, {files} files, {read}: {points} points read")
    damaged = sum(not report.sound for report in reports)
    cut = sum(finding.effect == CUT for report in reports for finding in report.findings)
    if cut:
        click.echo(
            f"{cut} torn tails, left by crashes, were cut: nothing that was acknowledged is lost there"
        )
    click.echo("all sound" if sound else f"{damaged} damaged; everything around the damage is still read")


def _json(folder: StoreFolder, reports: list[RunReport], sound: bool) -> dict[str, object]:
    findings = [
        {
            "run": report.run,
            "file": finding.file,
            "start": finding.start,
            "end": finding.end,
            "effect": finding.effect,
            "what": finding.what,
        }
        for report in reports
        for finding in report.findings
    ]
    return {
        "store": folder.path,
        "sound": sound,
        "runs": len(reports),
        "files": sum(len(report.files) for report in reports),
        "bytes": sum(report.size for report in reports),
        "points": sum(report.points for report in reports),
        "findings": findings[:MOST_FINDINGS],
        "truncated": len(findings) > MOST_FINDINGS,
    }
