"""Every page as machines can judge it: accessible in light and dark, and never too wide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import MINUTES, Site
from tests.services import missing

try:
    from axe_playwright_python.sync_playwright import Axe
except ImportError:  # pragma: no cover - the dev requirements bring it
    missing("axe-playwright-python is not installed")

pytestmark = pytest.mark.slow

LONG = "a-very-long-name-" * 12 + ".txt"
RIGHT_TO_LEFT = "محضر اجتماع لجنة الميناء.txt"
WIDE, MIDDLING = 1440, 768
NARROW = 320  # CSS pixels, which is also 1280 at 400 % zoom

# Made in the order given; the worker starts after the first listing.
CONTENTS = {
    "minutes.txt": MINUTES.encode() * 3,
    LONG: MINUTES.encode(),
    RIGHT_TO_LEFT: "اجتمعت اللجنة يوم الخميس. الرصيف آمن.".encode(),
    "broken.pdf": b"%PDF-1.4\nnothing that could be read",
}


@pytest.fixture(scope="module")
def pages(site: Site, chromium: Browser, session: Any) -> dict[str, str]:
    """The address of each kind of page, with documents in several states behind them."""
    context = chromium.new_context(base_url=site.address, storage_state=session)
    page = context.new_page()
    page.goto("/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    ids = {}
    for name, content in CONTENTS.items():
        answer = context.request.post(
            "/upload",
            headers={"X-CSRFToken": token},
            multipart={"files": {"name": name, "mimeType": "text/plain", "buffer": content}},
        )
        ids[name] = answer.json()["uploaded"][0]["id"]
    site.work()
    site.wait_until(lambda: set(site.statuses()) == {"completed", "failed"})
    again = context.request.post(f"/documents/{ids[LONG]}/retry", headers={"X-CSRFToken": token})
    assert again.ok
    site.wait_until(lambda: set(site.statuses()) == {"completed", "failed"})
    site.stop("worker")
    answer = context.request.post(
        "/upload",
        headers={"X-CSRFToken": token},
        multipart={"files": {"name": "wait.txt", "mimeType": "text/plain", "buffer": b"Wait."}},
    )
    waiting = answer.json()["uploaded"][0]["id"]
    page.goto(f"/d/{ids[LONG]}")
    earlier = page.locator("#versions a").get_attribute("href")
    context.close()
    assert earlier
    return {
        "list": "/",
        "nothing found": "/?search=zebra",
        "found": "/?search=the",
        "found inside": f"/d/{ids['minutes.txt']}?find=the",
        "completed": f"/d/{ids['minutes.txt']}",
        "long name": f"/d/{ids[LONG]}",
        "right to left": f"/d/{ids[RIGHT_TO_LEFT]}",
        "failed": f"/d/{ids['broken.pdf']}",
        "waiting": f"/d/{waiting}",
        "earlier analysis": earlier,
        "text": f"/d/{ids['minutes.txt']}/pages/1?quote=0-20#quote",
        "delete": f"/d/{ids['minutes.txt']}/delete",
        "trash": "/d/trash",
        "password": "/password",
        "missing": "/d/00000000-0000-4000-8000-000000000000",
        "API": "/api",
        "API, list": "/documents?status=completed",
        "API, tasks": "/action-items",
        "API, retry": f"/documents/{ids['minutes.txt']}/retry",
        "API, document": f"/documents/{ids['minutes.txt']}",
        "API, upload": "/upload",
        "API, usage": "/usage",
        "API, reference": "/docs",
        "admin": "/admin/",
        "admin, operations": "/admin/operations/",
    }


# Swagger UI's own markup: buttons inside buttons, levels of headings left out.
NOT_OURS = {"exclude": [["#swagger-ui main > *"], ["#swagger-ui section"]]}


def violations(page: Page) -> list[str]:
    """What axe finds on this page, in light and wide, then in dark and narrow."""
    found: list[str] = []
    for scheme, width in (("light", WIDE), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        page.mouse.move(0, 0)  # What is pointed at has another color.
        # A color on its way to another one is none that anybody reads.
        page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
        axe = Axe().run(page, NOT_OURS, {"resultTypes": ["violations"]})
        found += [
            f"{scheme}: {each['nodes'][0]['failureSummary']}\n{each['nodes'][0]['html']}"
            for each in axe.response["violations"]
        ]
    return found


def test_every_page_is_accessible(page: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        page.goto(address)
        if address == "/docs":
            page.locator("#swagger-ui main").wait_for()
        assert violations(page) == [], name


def test_no_page_is_wider_than_its_window(page: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        page.goto(address)
        for width in (NARROW, MIDDLING, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{name} is {over} pixels too wide at {width}"


def test_the_page_of_the_stream_is_no_wider_than_its_window(
    page: Page, pages: dict[str, str]
) -> None:
    page.goto("/documents/stream?lastEventId=0")
    expect(page.locator("live-events tr", has_text=LONG).first).to_be_visible()
    expect(page.locator("main, [role=main]")).not_to_contain_text("`")
    for width in (NARROW, MIDDLING, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        for part in (":root", "pre >> nth=0", "live-events pre >> nth=0"):
            over = page.locator(part).evaluate("part => part.scrollWidth - part.clientWidth")
            assert over <= 0, f"{part} is {over} pixels too wide at {width}"


def test_the_question_before_deleting_is_seen_however_long_the_name(
    page: Page, pages: dict[str, str]
) -> None:
    page.set_viewport_size({"width": NARROW, "height": 500})
    page.goto(f"{pages['long name']}/delete")
    expect(page.locator("#delete-heading")).to_be_in_viewport(ratio=1)
    page.get_by_text("Move to trash").scroll_into_view_if_needed()
    expect(page.locator("#delete-heading")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Move to trash")).to_be_in_viewport(ratio=1)


def test_what_opens_on_a_page_is_accessible(
    page: Page, pages: dict[str, str], tmp_path: Path
) -> None:
    page.goto(pages["completed"])
    page.locator("#analysis a[data-read]").first.click()
    expect(page.locator("dialog.sheet mark")).to_be_visible()
    assert violations(page) == []
    page.goto("/")
    (tmp_path / "good.txt").write_text(MINUTES)
    (tmp_path / "bad.exe").write_text("MZ")
    page.locator("#files").set_input_files([tmp_path / "good.txt", tmp_path / "bad.exe"])
    expect(page.locator(".sending")).to_have_count(2)
    assert violations(page) == []
    page.locator("[name=document]").first.check()
    expect(page.locator("#bulk")).to_be_visible()
    page.locator("#list-filter summary").click()
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#bulk .button--danger").click()
    expect(page.locator(".notice--undo")).to_be_in_viewport()
    assert violations(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice--success")).to_have_text("1 document was restored.")
    page.context.clear_cookies()
    expect(page.locator("status-stream")).to_contain_text("Signed out.")
    assert violations(page) == []
    page.locator("status-stream a").click()
    assert violations(page) == []


def test_a_waiting_document_says_why_it_waits(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["waiting"])
    expect(page.locator("#state")).to_contain_text("No worker is running.")
    page.goto("/")
    expect(page.locator("#no-worker")).to_contain_text("No worker is running")


def test_the_printed_document_is_the_analysis_alone(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["completed"])
    page.emulate_media(media="print")
    expect(page.locator("#summary")).to_be_visible()
    for hidden in (".header", "#analysis-head nav", "#retry", ".document-head .buttons"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_the_current_filter_is_seen_in_forced_colors(page: Page, pages: dict[str, str]) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(pages["list"])
    line = "tab => getComputedStyle(tab).borderBottomColor"
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    current = page.locator(".tab[aria-current]").evaluate(line)
    others = page.locator(".tab:not([aria-current])").evaluate_all(f"tabs => tabs.map({line})")
    assert set(others) == {ground}
    assert current != ground


def test_a_chosen_theme_is_there_at_once_and_on_every_page(
    page: Page, pages: dict[str, str]
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.get_by_role("button", name="Theme: auto").click()
    dark = "#121517"
    ground = "getComputedStyle(document.documentElement).getPropertyValue('--ground')"
    assert page.evaluate(ground) == dark
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.first = " + ground + " })"
    )
    for address in ("/", pages["API, list"], "/docs", "/admin/"):
        page.goto(address)
        # Before any of our scripts, which are modules, has run.
        assert page.evaluate("window.first") == dark, address
        expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    page.get_by_role("button", name="Theme: dark").click()
    expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
    assert page.evaluate(ground) != dark


def test_keys_lead_through_the_list_and_can_be_switched_off(
    page: Page, pages: dict[str, str]
) -> None:
    page.goto("/")
    names = page.locator("#documents h3 a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("j?gd")
    expect(page.locator("#search")).to_have_value("j?gd")
    page.locator("h1").click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Next document")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/docs")


def test_times_are_those_of_the_machine_that_looks(
    window: Callable[..., BrowserContext], pages: dict[str, str]
) -> None:
    page = window(timezone_id="America/New_York").new_page()
    page.goto(pages["completed"])
    told = page.locator("#history time").first
    expect(told).not_to_contain_text("UTC")
    utc = datetime.fromisoformat(told.get_attribute("datetime") or "")
    local = utc.astimezone(ZoneInfo("America/New_York"))
    expect(told).to_contain_text(f"{local.day} {local:%b %Y}, {local:%H:%M}")
    assert (told.get_attribute("title") or "").endswith("UTC")
    expect(page.locator("#facts time")).to_have_text(re.compile("ago|just now"))
