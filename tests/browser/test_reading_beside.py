"""The original beside its result: a pane where there is room, a sheet elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import hostile_files
from tests.browser.conftest import MINUTES, Site

pytestmark = pytest.mark.slow

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
PAGES = [MINUTES, "The second page.\nJonas Weber must obtain three offers by 30 April 2027."]


@pytest.fixture(scope="module")
def address(site: Site, chromium: Browser, session: Any) -> str:
    """Of a PDF with two pages, completed."""
    context = chromium.new_context(base_url=site.address, storage_state=session)
    page = context.new_page()
    page.goto("/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    content = hostile_files.pages(*PAGES)
    answer = context.request.post(
        "/upload",
        headers={"X-CSRFToken": token},
        multipart={"files": {"name": "two.pdf", "mimeType": "application/pdf", "buffer": content}},
    )
    uploaded = answer.json()["uploaded"][0]["id"]
    site.work()
    site.wait_until(lambda: set(site.statuses()) == {"completed"})
    site.stop("worker")
    context.close()
    return f"/d/{uploaded}"


def is_drawn(page: Page) -> None:
    image = page.locator(".sheet .picture__page")
    expect(image).to_be_visible()
    expect(image).not_to_have_js_property("naturalWidth", 0)


def test_the_original_stands_beside_the_result_and_takes_no_focus(page: Page, address: str) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(address)
    expect(page.locator(".sheet h2")).to_have_text("Page 1 of 2")
    is_drawn(page)
    assert page.evaluate("document.activeElement === document.body")
    link = page.locator("#action-items a[data-read]").last
    link.press("Enter")
    expect(page.locator(".sheet h2")).to_have_text("Page 2 of 2")
    expect(page.locator(".sheet .picture__marks rect")).to_have_count(1)
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-current", "true")
    marks, sheet = (
        page.locator(f".sheet {part}").bounding_box() for part in ("rect", ".picture__sheet")
    )
    assert marks
    assert sheet
    # The line begins at 60 points of 595, in the second line of a page that begins at 780.
    assert 0.05 < (marks["x"] - sheet["x"]) / sheet["width"] < 0.3
    assert 0.07 < (marks["y"] - sheet["y"]) / sheet["height"] < 0.11
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_be_hidden()
    expect(link).to_be_focused()
    page.reload()
    expect(page.locator("#summary")).to_be_visible()
    expect(page.locator(".sheet")).to_be_hidden()  # Closed is closed.


def test_pages_quotes_and_zoom_by_key(page: Page, address: str) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(address)
    is_drawn(page)
    frame = page.locator(".sheet .picture")
    frame.press("ArrowRight")
    expect(page.locator(".sheet h2")).to_have_text("Page 2 of 2")
    page.locator(".sheet .picture").press("ArrowLeft")
    expect(page.locator(".sheet h2")).to_have_text("Page 1 of 2")
    page.locator(".sheet .picture").press("n")
    expect(page.locator("[data-place]")).to_contain_text("1 of")
    page.locator(".sheet__head button").nth(1).press("n")
    expect(page.locator("[data-place]")).to_contain_text("2 of")
    page.locator(".sheet__head button").nth(1).press("p")
    expect(page.locator("[data-place]")).to_contain_text("1 of")
    sheet = page.locator(".sheet .picture__sheet")
    before = sheet.bounding_box()
    page.locator(".sheet .picture").press("+")
    after = sheet.bounding_box()
    assert before
    assert after
    assert after["width"] > 1.4 * before["width"]
    page.locator(".page-view__tab", has_text="Text").press("Enter")
    expect(page.locator(".sheet mark").first).to_be_visible()
    expect(page.locator(".sheet .picture")).to_be_hidden()


def test_keys_step_through_the_pages_that_a_search_found(page: Page, address: str) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{address}?find=the")
    page.locator(".find__place a").first.click()
    expect(page.locator("[data-place]")).to_have_text("1 of 2")
    page.get_by_role("button", name="Next page found").click()
    expect(page.locator("[data-place]")).to_have_text("2 of 2")
    expect(page.locator(".sheet h2")).to_have_text("Page 2 of 2")
    page.locator("#action-items a[data-read]").first.click()
    expect(page.get_by_role("button", name="Next quote")).to_be_visible()


def test_on_a_narrow_screen_it_is_a_sheet(page: Page, address: str) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(address)
    expect(page.locator("#summary")).to_be_visible()
    expect(page.locator(".sheet")).to_be_hidden()
    link = page.locator("#action-items a[data-read]").first
    link.press("Enter")
    is_drawn(page)
    expect(page.locator(".sheet:modal")).to_be_visible()
    expect(page.locator(".sheet .picture__marks rect").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_picture_that_cannot_be_made_leaves_the_text(page: Page, address: str) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.route("**/pages/1/image**", lambda route: route.fulfill(status=422, body="{}"))
    page.goto(address)
    expect(page.locator("[data-undrawn]")).to_be_visible()
    expect(page.locator(".sheet .page-text")).to_contain_text("The quay wall is safe.")


def test_without_scripts_a_quote_leads_to_a_page_with_picture_and_text(
    site: Site, chromium: Browser, session: Any, address: str
) -> None:
    context = chromium.new_context(
        base_url=site.address, storage_state=session, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(address)
    page.locator("#action-items a[data-read]").first.click()
    expect(page.locator(".picture__page")).to_be_visible()
    expect(page.locator("img.picture__marks")).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    expect(page.locator(".page-view__tabs")).to_be_hidden()
    context.close()
