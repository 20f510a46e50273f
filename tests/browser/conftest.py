"""A real store, a real server, a real Chromium; and a page that makes no error and asks nobody else."""

from __future__ import annotations

import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import kymograph as ky

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture(scope="session", name="browser")
def _browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(store: Path) -> Iterator[str]:
    """`kymograph ui` on a store; gives its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "kymograph", "ui", str(store), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None, "the address comes first"
        yield address.group().rstrip("/")
    finally:
        server.terminate()
        assert server.wait(timeout=10) in {0, -15, 143}
        server.stdout.close()


@pytest.fixture(scope="session", name="serve")
def _serve() -> Callable[[Path], object]:
    return served


def curve(step: int, steps: int, rate: float, noise: random.Random) -> float:
    return math.exp(-3 * rate * step / steps) + noise.random() * 0.05


def write_digits(store: Path, runs: int = 12, steps: int = 3000) -> None:
    """Runs as people have them: settings that differ, goals, a failed one, one with NaN, one with text."""
    for number in range(runs):
        noise = random.Random(number)
        config = {"lr": 10 ** -(number % 4 + 1), "model": {"depth": number % 3 + 1}, "seed": number}
        group = f"depth-{number % 3}"
        with ky.init(
            project="digits", name=f"run-{number:02d}", store=store, config=config, group=group
        ) as run:
            run.define("val/acc", goal="max", doc="Share of held-out digits that are named right.")
            run.define("*loss", goal="min", unit="nat")
            for step in range(steps):
                loss = curve(step, steps, 1 + number / 10, noise)
                run.log({"train/loss": loss, "val/acc": 1 - loss / 2, "grad/norm": loss * 3}, step=step)
            run.log({"val/note": "done"}, step=steps)
    try:
        with ky.init(
            project="digits", name="diverged", store=store, config={"lr": 10.0}, tags=["bad"]
        ) as run:
            for step in range(50):
                run.log({"train/loss": math.nan if step > 40 else 2.0**step}, step=step)
            raise FloatingPointError("the loss is NaN")  # noqa: TRY301 - as a training does
    except FloatingPointError:
        pass


@pytest.fixture(scope="session", name="digits")
def _digits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that shows the runs of `write_digits`; tests that change them say so."""
    store = tmp_path_factory.mktemp("digits") / "store"
    write_digits(store)
    with served(store) as address:
        yield address


@pytest.fixture(name="open_page")
def _open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address. At the end: no error on the page, no request to anywhere else, nothing that jumped."""
    pages: list[tuple[Page, list[str]]] = []

    def open_page(
        address: str, *, width: int = 1440, height: int = 900, theme: str = "light", calm: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        origin = "/".join(address.split("/")[:3])
        page.on("request", lambda asked: wrong.append(asked.url) if elsewhere(asked.url, origin) else None)
        page.add_init_script(SHIFTS)
        page.goto(address)
        if calm:
            pages.append((page, wrong))
        return page

    yield open_page
    for page, wrong in pages:
        assert wrong == []
        if not page.is_closed():
            assert page.evaluate("window.shifts") < 0.02, "the layout moved"
            page.context.close()


def elsewhere(url: str, origin: str) -> bool:
    return not url.startswith((origin, "data:", "blob:"))
