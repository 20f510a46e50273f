"""`kymograph plot RUN KEY`: a series drawn in the terminal."""

from __future__ import annotations

import shutil

import click
import numpy as np

import kymograph
from kymograph.cli.drawing import ACROSS, Curve, draw
from kymograph.cli.output import json_option, print_json, store_option
from kymograph.cli.words import number
from kymograph.query.series import Buckets, Raw

HEIGHT = 16


@click.command("plot")
@click.argument("run")
@click.argument("key")
@click.option(
    "--x", default="step", show_default=True, metavar="NAME", help="step, time, relative or a clock."
)
@click.option("--range", "range_", type=(float, float), metavar="FROM TO", help="Only this range of x.")
@click.option("--width", type=click.IntRange(20, 1000), help="In characters; default: the terminal's.")
@click.option("--height", default=HEIGHT, show_default=True, type=click.IntRange(3, 200), help="In lines.")
@click.option("--log", is_flag=True, help="A logarithmic y-axis.")
@json_option
@store_option
def command(
    run: str,
    key: str,
    x: str,
    range_: tuple[float, float] | None,
    width: int | None,
    height: int,
    log: bool,
    as_json: bool,
    store: str | None,
) -> None:
    """Draw KEY of RUN: the mean as a line inside the envelope of lowest and highest values."""
    view = kymograph.open(store).run(run)
    wide = width or shutil.get_terminal_size((100, 24)).columns
    few = range_ is None and view.stats(key).count <= wide * ACROSS
    series = view.series(key, x=x, range=range_, points=None if few else wide * ACROSS)
    curve = _curve(series)
    if as_json:
        print_json(
            {"run": view.id, "key": key, "x": x, "exact": series.exact, "n": series.n, **_arrays(curve)}
        )
        return
    how = "exact" if series.exact else f"{len(curve.x)} buckets"
    click.echo(f"{view.name}  {key} by {x}  ({series.n} points, {how})")
    for line in draw(curve, wide, height, log=log) if series.n else ["(no points)"]:
        click.echo(line)
    finite = curve.mean[np.isfinite(curve.mean)]
    if len(finite):
        low, high = np.nanmin(curve.low), np.nanmax(curve.high)
        click.echo(f"last {number(finite[-1])}  min {number(low)}  max {number(high)}")


def _curve(series: Raw | Buckets) -> Curve:
    if isinstance(series, Raw):
        return Curve(series.x, series.value, series.value, series.value)
    full = series.count > 0
    return Curve(series.x[full], series.min[full], series.max[full], series.mean[full])


def _arrays(curve: Curve) -> dict[str, object]:
    return {"x_values": curve.x, "min": curve.low, "max": curve.high, "mean": curve.mean, "truncated": False}
