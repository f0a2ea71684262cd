"""What happens meanwhile leaves ticks and focus where people put them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

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
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_text("Delete for good").click()
    expect(rows).to_have_count(1)
    expect(every).not_to_be_checked()
    assert not is_partly_ticked(page)
