"""What one part of a page could break for another: reader and keys, search, trash, theme, paper."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_reading_beside import WIDE, address

pytestmark = pytest.mark.slow

__all__ = ["address"]


def test_a_hit_of_a_search_opens_in_sight_and_leaves_the_keys(page: Page, address: str) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto("/?search=offers")
    page.locator(".document-row__match a").click()
    expect(page.locator(".sheet h2")).to_have_text("Page 2 of 2")
    expect(page.locator(".sheet .picture__marks rect")).to_be_in_viewport()
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/todo")
    page.locator(".task__page").first.click()
    expect(page.locator(".sheet .picture__page")).to_be_in_viewport()


def test_paper_is_dimmed_by_the_theme_that_was_chosen(
    site: Site, chromium: Browser, session: Any, address: str
) -> None:
    context = chromium.new_context(
        base_url=site.address, storage_state=session, color_scheme="light"
    )
    context.add_cookies([{"name": "theme", "value": "dark", "url": site.address}])
    page = context.new_page()
    page.goto(f"{address}/pages/1")
    expect(page.locator(".picture__sheet")).to_have_css("filter", "brightness(0.88)")
    page.goto("/")
    expect(page.locator("img.thumbnail")).to_have_css("filter", "brightness(0.88)")
    page.emulate_media(media="print")
    expect(page.locator(".upload")).to_be_hidden()
    context.close()


def test_all_can_be_unticked_in_the_trash_and_beside_an_offer_to_undo(
    page: Page, address: str
) -> None:
    page.goto("/")
    page.locator("[name=document][type=checkbox]").check()
    page.locator("#delete-several").click()
    expect(page.locator(".notice--undo")).to_be_visible()
    page.goto("/d/trash")
    box = page.locator("#select-all")
    box.check()
    expect(box).to_be_checked()
    box.uncheck()
    expect(page.locator(".document-row [type=checkbox]")).not_to_be_checked()
    name, state = (
        page.locator(f".document-row__{part}").bounding_box() for part in ("body", "state")
    )
    assert name
    assert state
    assert name["width"] > state["width"]
    page.locator(".document-row__state button").click()
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
