"""The main job: a training writes, and the page shows it while it runs."""

import os
import re
import signal
import subprocess
import sys
import textwrap

import pytest
from playwright.sync_api import expect

import kymograph as ky

TRAINING = textwrap.dedent("""
    import sys, time
    import kymograph as ky

    with ky.init(project="live", name="training", store=sys.argv[1]) as run:
        for step in range(100_000):
            run.log({"train/loss": 1 / (step + 1)}, step=step)
            if step % 50 == 0:
                time.sleep(0.1)
""")


@pytest.fixture(name="store")
def _store(tmp_path):
    with ky.init(project="live", name="earlier", store=tmp_path / "store") as run:
        for step in range(100):
            run.log({"train/loss": 1 / (step + 1)}, step=step)
    return tmp_path / "store"


def last_step(page):
    """The last step of the run that trains, as the table behind the chart tells it."""
    cell = page.get_by_role("row", name=re.compile("^training ")).get_by_role("cell").last
    found = re.search(r"step ([\d,]+)", cell.inner_text(timeout=2000))
    return int(found.group(1).replace(",", "")) if found else -1


def wait_for_more(page, than):
    page.wait_for_function(
        """(than) => [...document.querySelectorAll("tr")].some((row) => {
             const found = /^training[^]*step ([\\d,]+)/.exec(row.innerText);
             return found !== null && Number(found[1].replaceAll(",", "")) > than;
           })""",
        arg=than,
        timeout=20_000,
    )


def test_a_training_appears_grows_and_ends_on_the_page(store, serve, open_page):
    with serve(store) as address:
        page = open_page(f"{address}/p/live")
        expect(page.get_by_role("link", name="earlier")).to_be_visible()
        training = subprocess.Popen([sys.executable, "-c", TRAINING, str(store)])
        try:
            new = page.get_by_text(re.compile("1 new"))
            expect(new.or_(page.get_by_role("link", name="training")).first).to_be_visible(timeout=20_000)
            if new.is_visible():
                new.click()
            expect(page.get_by_role("row", name=re.compile("training.*running"))).to_be_visible()
            wait_for_more(page, 0)
            seen = last_step(page)
            wait_for_more(page, seen)
        finally:
            training.send_signal(signal.SIGTERM)
            training.wait(timeout=20)
        expect(page.get_by_role("row", name=re.compile("training.*cancelled"))).to_be_visible(timeout=20_000)
        page.context.close()


def test_a_killed_training_is_shown_as_lost(store, serve, open_page):
    training = subprocess.Popen([sys.executable, "-c", TRAINING, str(store)])
    with serve(store) as address:
        page = open_page(f"{address}/p/live")
        expect(page.get_by_role("row", name=re.compile("training.*running"))).to_be_visible(timeout=20_000)
        os.kill(training.pid, signal.SIGKILL)
        training.wait()
        expect(page.get_by_role("row", name=re.compile("training.*lost"))).to_be_visible(timeout=20_000)
        page.context.close()


def test_the_page_goes_on_when_the_server_comes_back(store, serve, open_page):
    with serve(store) as address:
        page = open_page(f"{address}/p/live", calm=False)
        expect(page.get_by_role("link", name="earlier")).to_be_visible()
        port = address.rsplit(":", 1)[1]
    expect(page.get_by_role("link", name="earlier")).to_be_visible()  # what was shown stays
    again = subprocess.Popen(
        [sys.executable, "-m", "kymograph", "ui", str(store), "--port", port], stdout=subprocess.DEVNULL
    )
    try:
        with ky.init(project="live", name="later", store=store) as run:
            run.log({"train/loss": 1.0})
        found = page.get_by_text(re.compile("1 new")).or_(page.get_by_role("link", name="later"))
        expect(found.first).to_be_visible(timeout=30_000)
    finally:
        page.context.close()
        again.terminate()
        again.wait(timeout=10)


def test_an_edit_is_in_place_kept_and_undone(store, serve, open_page):
    with serve(store) as address:
        page = open_page(f"{address}/p/live")
        page.get_by_role("link", name="earlier").click()
        tag = page.get_by_role("textbox", name="Add a tag")
        tag.fill("best")
        tag.press("Enter")
        remove = page.get_by_role("button", name="Remove the tag best")
        expect(remove).to_be_visible()
        page.reload()
        expect(remove).to_be_visible()
        assert ky.open(store).run("earlier").tags == {"best": True}
        remove.click()
        expect(remove).to_have_count(0)
        page.locator("body").press("Control+z")
        expect(remove).to_be_visible()
        page.context.close()
