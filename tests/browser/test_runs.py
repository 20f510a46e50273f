"""The heart: the runs table beside the wall of charts."""

import re

import pytest
from playwright.sync_api import expect


def names(page):
    return page.get_by_role("grid", name="Runs").get_by_role("link").all_inner_texts()


@pytest.fixture(name="project")
def _project(open_page, digits):
    page = open_page(f"{digits}/p/digits")
    expect(page.get_by_role("grid", name="Runs").get_by_role("link")).to_have_count(13)
    return page


def test_projects_lead_to_the_runs(open_page, digits):
    page = open_page(digits)
    page.get_by_role("link", name="digits").click()
    expect(page).to_have_url(re.compile("/p/digits"))
    expect(page.get_by_role("link", name="run-00")).to_be_visible()


def test_a_query_filters_and_stays_in_the_address(project):
    query = project.get_by_role("combobox", name="Filter runs by a query")
    query.fill("config.lr <= 0.001 and val/acc.max > 0.5")
    query.press("Enter")
    expect(project.get_by_role("link", name="run-00")).to_have_count(0)
    assert sorted(names(project)) == ["run-02", "run-03", "run-06", "run-07", "run-10", "run-11"]

    project.reload()
    expect(query).to_have_value("config.lr <= 0.001 and val/acc.max > 0.5")
    expect(project.get_by_role("grid", name="Runs").get_by_role("link")).to_have_count(6)
    project.go_back()
    expect(project.get_by_role("grid", name="Runs").get_by_role("link")).to_have_count(13)


def test_a_query_that_cannot_be_read_points_at_the_place(open_page, digits):
    page = open_page(f"{digits}/p/digits", calm=False)
    query = page.get_by_role("combobox", name="Filter runs by a query")
    query.fill("config.lr < and")
    query.press("Enter")
    expect(page.get_by_text(re.compile("number, a text in quotes"))).to_be_visible()
    expect(page.get_by_role("link", name="run-00")).to_be_visible()


def test_the_query_is_completed_with_what_is_there(project):
    query = project.get_by_role("combobox", name="Filter runs by a query")
    query.click()
    query.press_sequentially("config.mod")
    expect(project.get_by_role("option", name=re.compile("config.model"))).to_be_visible()
    query.press("Tab")
    expect(query).to_have_value(re.compile("config.model.depth"))


def test_a_header_sorts_and_the_best_is_bold(project):
    project.get_by_role("button", name="val/acc.best", exact=True).click()
    expect(project).to_have_url(re.compile("sort="))
    first = names(project)[0]
    project.get_by_role("button", name="val/acc.best", exact=True).click()
    expect(project.get_by_role("grid", name="Runs").get_by_role("link").first).not_to_have_text(first)
    weights = project.evaluate(
        """[...document.querySelectorAll('[role=gridcell]')].filter(c => /^0\\.\\d+$/.test(c.innerText))
           .map(c => getComputedStyle(c.querySelector('*') ?? c).fontWeight)"""
    )
    assert any(int(weight) >= 600 for weight in weights)


def test_charts_show_what_is_selected(project):
    project.get_by_role("checkbox", name="Select run-03").click()
    project.get_by_role("checkbox", name="Select run-05").click()
    expect(project).to_have_url(re.compile("sel"))
    expect(project.get_by_text("2 selected")).to_be_visible()
    project.reload()
    expect(project.get_by_role("checkbox", name="Select run-03")).to_be_checked()


def test_keys_do_what_the_mouse_does(project):
    page = project
    page.locator("body").press("3")
    expect(page.get_by_role("grid", name="Runs")).to_have_count(0)
    page.locator("body").press("1")
    expect(page.get_by_role("grid", name="Runs")).to_be_visible()
    expect(page.get_by_placeholder(re.compile("Search charts"))).to_have_count(0)
    page.locator("body").press("2")
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.get_by_role("grid", name="Runs").get_by_role("checkbox", checked=True)).to_have_count(1)
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Filter runs by a query")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("body").press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_charts_are_found_by_a_regular_expression(project):
    search = project.get_by_placeholder(re.compile("Search charts"))
    search.fill("^(train|val)/")
    expect(project.get_by_text("grad/norm", exact=True)).to_have_count(0)
    expect(project.get_by_text("train/loss", exact=True).first).to_be_visible()
    expect(project).to_have_url(re.compile("%5E|\\^"))


def test_zoom_ends_at_raw_points(project):
    project.get_by_role("checkbox", name="Select run-03").click()
    chart = (
        project.locator("section, figure, article, div")
        .filter(has=project.locator("canvas"))
        .filter(has_text=re.compile("^train/loss"))
        .last
    )
    expect(chart).to_be_visible()
    canvas = chart.locator("canvas").first
    box = canvas.bounding_box()
    project.mouse.move(box["x"] + box["width"] * 0.40, box["y"] + box["height"] * 0.5)
    project.mouse.down()
    project.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.5, steps=5)
    project.mouse.up()
    expect(chart.get_by_text("exact")).to_be_visible()


def test_the_run_page_says_what_was_run_and_how_it_ended(open_page, digits):
    page = open_page(f"{digits}/p/digits")
    page.get_by_role("link", name="diverged").click()
    expect(page).to_have_url(re.compile("/r/"))
    expect(page.get_by_text("FloatingPointError: the loss is NaN").first).to_be_visible()
    expect(page.get_by_text("failed").first).to_be_visible()
    expect(page.get_by_role("button", name="Remove the tag bad")).to_be_visible()
    expect(page.get_by_text("Traceback").first).to_be_visible()
