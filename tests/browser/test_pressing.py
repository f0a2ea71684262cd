"""What is pressed is sent once, without leaving the page, and what became of it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documents.dashboard.views import SAMPLE
from tests.browser.conftest import Site, send
from tests.browser.test_uploading import is_the_same_page, mark

pytestmark = pytest.mark.slow

Files = Callable[..., list[Path]]


@pytest.fixture(autouse=True)
def _clean(site: Site) -> Iterator[None]:
    yield
    site.kill("worker")


def open_document(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=name).click()
    page.wait_for_url("**/d/*")


def fail(page: Page, files: Files, name: str) -> None:
    """Leave a failed document in the list: one whose work was cancelled."""
    page.goto("/")
    send(page, *files(name))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(1)
    open_document(page, name)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#state .status--failed")).to_be_visible()
    page.goto(f"/?search={name}")
    mark(page)


def test_a_button_pressed_twice_sends_once_and_stays_on_the_page(page: Page, files: Files) -> None:
    fail(page, files, "twice.txt")
    posts: list[str] = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.get_by_role("button", name="Retry").dblclick()
    expect(page.locator(".document-row .status--pending")).to_be_visible()
    expect(page.locator(".notice--success")).to_have_text("The document is back in line.")
    assert is_the_same_page(page)
    assert len(posts) == 1


def test_two_items_ticked_at_once_are_both_ticked(page: Page, site: Site, files: Files) -> None:
    page.goto("/")
    send(page, *files("both.txt", text=SAMPLE.read_text()))
    site.work()
    page.locator(".document-row", has_text="both.txt").locator(".status--completed").wait_for()
    open_document(page, "both.txt")
    mark(page)
    page.evaluate("[...document.querySelectorAll('.tick')].slice(0, 2).forEach(box => box.click())")
    expect(page.locator(".tick[aria-checked=true]")).to_have_count(2)
    expect(page.locator("#action-items")).to_contain_text("2 of")
    assert is_the_same_page(page)
