"""A project of a thousand runs, a run of ten thousand keys, a million points."""

import re

import pytest
from playwright.sync_api import expect

import kymograph as ky


@pytest.fixture(scope="module", name="many")
def _many(tmp_path_factory, serve):
    store = tmp_path_factory.mktemp("many") / "store"
    for number in range(1000):
        with ky.init(
            project="many", name=f"run-{number:04d}", store=store, capture=False, config={"lr": number}
        ) as run:
            for step in range(20):
                run.log({"loss": number + step}, step=step)
    with ky.init(project="wide", store=store, capture=False) as run:
        for step in range(3):
            run.log({f"layer/{key}/norm": float(step) for key in range(10_000)}, step=step)
    with ky.init(project="long", name="long", store=store, capture=False) as run:
        for step in range(1_000_000):
            run.log({"loss": 9.0 if step == 654_321 else 1.0}, step=step)
    with serve(store) as address:
        yield address


def test_a_thousand_runs_are_few_rows_in_the_page(many, open_page):
    page = open_page(f"{many}/p/many")
    expect(page.get_by_text(re.compile("1,000 runs"))).to_be_visible()
    links = page.get_by_role("grid", name="Runs").get_by_role("link")
    expect(links.first).to_have_text("run-0999")
    assert links.count() < 100
    links.first.hover()
    page.mouse.wheel(0, 40_000)
    expect(page.get_by_role("link", name="run-0000")).to_be_visible()


def test_ten_thousand_keys_are_found_by_search(many, open_page):
    page = open_page(f"{many}/p/wide")
    search = page.get_by_placeholder(re.compile("Search charts"))
    search.fill("layer/1234/")
    expect(page.get_by_text("layer/1234/norm").first).to_be_visible()
    assert page.locator("canvas").count() < 40


def test_a_single_spike_among_a_million_points_is_on_the_chart(many, open_page):
    page = open_page(f"{many}/p/long")
    row = page.get_by_role("row", name=re.compile("^long 1,000,000|^long 1000000|^long .*9"))
    expect(row.first).to_be_attached()
    expect(page.get_by_text(re.compile("1M > ")).first).to_be_visible()
    cells = (
        page.locator("table", has_text="points")
        .get_by_role("row", name=re.compile("^long"))
        .get_by_role("cell")
    )
    assert "9" in [text.strip() for text in cells.all_inner_texts()]
