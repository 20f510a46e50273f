"""How the page looks: both themes, narrow and wide, readable by everybody. Its pictures are the README's."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kymograph.demo.conductor import train_all
from kymograph.demo.plan import plan

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
IMAGES = ROOT / "docs" / "images"


def serious(page):
    """What an accessibility checker finds that keeps somebody from using the page."""
    page.evaluate(AXE.read_text())  # not as a script tag: the page allows none but its own
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (found["id"], found["nodes"][0]["html"][:160], found["nodes"][0].get("failureSummary", "")[:300])
        for found in result["violations"]
        if found["impact"] in {"serious", "critical"}
    ]


def settle(page):
    """Wait until the charts in view have drawn what they asked for."""
    expect(page.get_by_text("exact").or_(page.get_by_text(">")).first).to_be_visible()
    page.wait_for_timeout(700)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["/", "/p/digits", "run"])
def test_every_place_can_be_read_by_everybody(open_page, digits, theme, place):
    page = open_page(f"{digits}/p/digits" if place == "run" else f"{digits}{place}", theme=theme)
    if place == "run":
        page.get_by_role("link", name="run-05").click()
    expect(page.get_by_role("main")).to_be_visible()
    if place != "/":
        settle(page)
    found = serious(page)
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_cut_off_at_900_pixels(open_page, digits, theme):
    page = open_page(f"{digits}/p/digits", width=900, theme=theme)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 900


@pytest.fixture(name="trained")
def _trained(serve):
    """A server that shows real trainings of the demo, in a folder whose name anybody could have."""
    folder = Path(tempfile.gettempdir()) / "digits"
    shutil.rmtree(folder, ignore_errors=True)
    jobs = [job for job in plan() if job.project == "digits" and job.recipe == "network"]
    try:
        assert all(done.as_planned for done in train_all(jobs[:13], str(folder / ".kymograph")))
        with serve(folder / ".kymograph") as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_pictures_for_the_readme(trained, open_page):
    IMAGES.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        page = open_page(f"{trained}/p/digits", theme=theme)
        settle(page)
        picture(page, IMAGES / f"runs-{theme}.png")
    page = open_page(f"{trained}/p/digits")
    page.get_by_role("link", name="64x32-lr0.05-s0").click()
    settle(page)
    picture(page, IMAGES / "run-page.png")


def picture(page, path):
    """Take a picture; one that is there already stays, so that a test run does not change the repository."""
    taken = page.screenshot()
    assert taken[1:4] == b"PNG"
    if not path.exists():
        path.write_bytes(taken)
