"""The real page in Chromium on a project of 1,000 runs: the table, then a hundred curves."""

from __future__ import annotations

import os
import shutil
import statistics
import time

from playwright.sync_api import Browser, expect, sync_playwright

import kymograph
from bench.figure import Figure
from bench.serving import Served
from bench.stores import PROJECT, store

ROUNDS = 5
CURVES = 100
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def measure() -> list[Figure]:
    path = store("thousand", 1000, 1000)
    ids = kymograph.open(path).runs().ids[:CURVES]
    tables, curves = [], []
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for _ in range(ROUNDS):
            table, curve = _once(browser, path, ids)
            tables.append(table)
            curves.append(curve)
        browser.close()
    return [
        Figure(
            "page: start of `kymograph ui` to the table of 1,000 runs", statistics.median(tables), 2, " s"
        ),
        Figure(f"page: from there to {CURVES} curves drawn", statistics.median(curves), 1, " s"),
    ]


def _once(browser: Browser, path: object, ids: list[str]) -> tuple[float, float]:
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    start = time.perf_counter()
    with Served(path) as served:
        page.goto(f"{served.address}/p/{PROJECT}?sel={','.join(ids)}")
        grid = page.get_by_role("grid", name="Runs")
        expect(grid.get_by_role("link").first).to_be_visible(timeout=60_000)
        seen = time.perf_counter()
        expect(page.get_by_role("img", name=f"loss of {len(ids)} runs").first).to_be_visible(timeout=60_000)
        page.evaluate(DRAWN)
        drawn = time.perf_counter()
    page.close()
    return seen - start, drawn - seen
