"""What happens meanwhile leaves ticks and focus where people put them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documents.dashboard.list_views import SAMPLE
from tests.browser.conftest import Site, send

pytestmark = pytest.mark.slow

Files = Callable[..., list[Path]]


@pytest.fixture(autouse=True)
def _clean(site: Site) -> Iterator[None]:
    yield
    site.kill("worker")


def send_elsewhere(page: Page, *files: Path) -> None:
    other = page.context.new_page()
    other.goto("/")
    send(other, *files)
    expect(other.locator(".sending[data-state=accepted]")).to_have_count(len(files))
    other.close()


def is_partly_ticked(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('select-all input').indeterminate"))


def test_select_all_counts_anew_after_what_came_and_went(page: Page, files: Files) -> None:
    send_elsewhere(page, *files("all 1.txt", "all 2.txt"))
    page.goto("/?search=all+")
    rows = page.locator(".document-row")
    expect(rows).to_have_count(2)
    every = page.get_by_label("Select all on this page")
    every.check()
    send_elsewhere(page, *files("all 3.txt"))
    expect(rows).to_have_count(3)
    expect(every).not_to_be_checked()
    assert is_partly_ticked(page)
    page.locator("#delete-several").click()
    expect(rows).to_have_count(1)
    expect(every).not_to_be_checked()
    assert not is_partly_ticked(page)


@pytest.mark.parametrize("which", ["#tabs a:nth-child(3)", "#retry-several", "#delete-several"])
def test_the_focus_stays_while_the_list_changes(page: Page, files: Files, which: str) -> None:
    send_elsewhere(page, *files("before.txt"))
    page.goto("/")
    page.locator(".document-row .checkbox").first.check()  # What can be done with it is offered.
    focused = page.locator(which)
    focused.focus()
    words = focused.inner_text()
    counted = page.locator("#tabs a").first.inner_text()
    send_elsewhere(page, *files("while.txt"))
    expect(page.locator("#tabs a").first).not_to_have_text(counted)
    expect(focused).to_be_focused()
    assert focused.inner_text() == words


def analyzed(page: Page, site: Site, files: Files, name: str) -> None:
    """Be on the page of a finished document of this name."""
    page.goto("/")
    send(page, *files(name, text=SAMPLE.read_text()))
    site.work()
    page.locator(".document-row", has_text=name).locator(".status--completed").wait_for()
    page.get_by_role("link", name=name).click()
    page.wait_for_url("**/d/*")


# Makes of a part of the page what it would be after something in it changed.
MORPH = """
async ([part, isFirstElsewhere]) => {
  const { morph } = await import("/static/js/morph.js")
  const fresh = document.querySelector(part).cloneNode(true)
  if (isFirstElsewhere) fresh.querySelector("a").setAttribute("href", "/another")
  fresh.dataset.changed = "yes"
  morph(document.querySelector(part), fresh)
}
"""


def test_the_focus_stays_on_the_same_link_of_a_new_analysis(
    page: Page, site: Site, files: Files
) -> None:
    analyzed(page, site, files, "links.txt")
    page.locator("#export-csv").focus()
    page.evaluate(MORPH, ["#analysis-head", False])
    expect(page.locator("#export-csv")).to_be_focused()
    link = page.locator("#points a[data-read]").last
    expect(page.locator("#points a[data-read]")).not_to_have_count(1)
    address = link.get_attribute("href")
    link.focus()
    page.evaluate(MORPH, ["#points", True])
    expect(link).to_be_focused()
    assert link.get_attribute("href") == address
    assert page.locator("#points").get_attribute("data-changed") == "yes"


def read_the_text(page: Page) -> str:
    """Open the text beside the analysis by the first link to it; returns its address."""
    link = page.locator("#points a[data-read]").first
    link.press("Enter")
    expect(page.locator("dialog.sheet mark")).to_be_visible()
    return link.get_attribute("href") or ""


def test_the_focus_comes_back_from_the_text_to_the_same_link_of_a_new_analysis(
    page: Page, site: Site, files: Files
) -> None:
    analyzed(page, site, files, "reader.txt")
    address = read_the_text(page)
    page.evaluate(MORPH, ["#points", False])
    page.keyboard.press("Escape")
    expect(page.locator("dialog.sheet")).to_be_hidden()
    expect(page.locator("main :focus")).to_have_attribute("href", address)


def test_the_focus_comes_back_from_the_text_to_the_heading_when_no_link_is_left(
    page: Page, site: Site, files: Files
) -> None:
    analyzed(page, site, files, "no link left.txt")
    address = read_the_text(page)
    page.evaluate(
        "href => document.querySelectorAll(`[href='${href}']`).forEach(link => link.remove())",
        address,
    )
    page.keyboard.press("Escape")
    expect(page.locator("dialog.sheet")).to_be_hidden()
    expect(page.locator("#analysis-heading")).to_be_focused()
