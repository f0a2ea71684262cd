"""The to-do list and the overview in a real browser: ticks live and without scripts, and looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_looks import MIDDLING, NARROW, WIDE, violations

pytestmark = pytest.mark.slow

# Documents as a worker leaves them: what stands in them matters here, not how it was found.
PROGRAM = """
import django; django.setup()
from datetime import timedelta
from decimal import Decimal
from django.utils import timezone
from accounts.models import User
from documents.models import Analysis, Document, ModelCall, Page
from documents.pipeline import current
owner, today = User.objects.get(username="user1"), timezone.now().date()
LONG = "a-very-long-name-" * 12
for number, (task, who, days) in enumerate([
    ("Pay the bill of the harbor", "Ana", -3), ("Call the school", "Bo", 0), ("Read it", "", None),
], start=1):
    document = Document.objects.create(
        owner=owner, filename=f"{LONG}{number}.txt", content_type="text/plain", size=9, file="x",
        status="completed", queue_number=number, finished_at=timezone.now(), page_count=1)
    Page.objects.create(document=document, number=1, text=task, condition="read", engine="text")
    quote = {"page": 1, "start": 0, "end": len(task), "quote": task, "match": "verbatim"}
    due = (today + timedelta(days=days)).isoformat() if days is not None else None
    item = {"task": task, "assignee": who or None, "due_text": "soon" if due else None,
            "due_date": due, "priority": "high", "evidence": [quote]}
    tone = {"label": "mixed", "score": None, "rationale": "", "evidence": []}
    result = {
        "summary": task, "topics": ["harbor", "bill"], "sentiment": "mixed",
        "actionable_items": [task], "language": "en",
        "findings": {"document_kind": "invoice", "key_points": [], "topics": [],
                     "sentiment": tone, "actionable_items": [item]},
        "coverage": {"pages_total": 1, "pages_read": 1, "not_read": []},
        "provenance": {"engine": "offline", "model": "", "reused_from": None}}
    current.replace(Analysis.objects.create(
        document=document, engine="offline", prompt_version="1", summary=task, result=result,
        coverage=result["coverage"], language="en"))
ModelCall.objects.create(
    owner=owner, attempt=1, request_hash="0" * 64, chunk=1, model="gpt-4.1", state="answered",
    input_tokens=9000, output_tokens=100, cost_usd=Decimal("0.2"))
"""
Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module", autouse=True)
def _documents(site: Site) -> None:
    site.run(PROGRAM)


@pytest.fixture(autouse=True)
def _all_open(site: Site) -> Iterator[None]:
    yield
    site.run(
        "import django; django.setup(); from documents.models import ActionItem\n"
        "ActionItem.objects.update(done=False)"
    )


def task(page: Page, words: str) -> Any:
    return page.locator(".task").filter(has_text=words)


def test_a_tick_here_shows_in_every_other_window(window: Open) -> None:
    one, other = window().new_page(), window().new_page()
    one.goto("/todo")
    other.goto("/todo")
    expect(task(other, "Call the school")).to_be_visible()
    task(one, "Call the school").get_by_role("checkbox").click()
    for page in (one, other):
        expect(task(page, "Call the school")).to_have_count(0)
        expect(page.locator("#state-open")).to_have_text("Open 2")
    # What is gone from the list says where it can be taken back.
    one.get_by_role("link", name="Show it in its document").click()
    done = one.get_by_role("checkbox", name="Done: Call the school")
    expect(done).to_be_checked()
    done.click()
    expect(task(other, "Call the school")).to_be_visible()


def test_the_keyboard_alone_ticks_and_keeps_its_place(page: Page) -> None:
    page.goto("/todo")
    task(page, "Pay the bill").get_by_role("checkbox").focus()
    page.keyboard.press("Enter")
    expect(task(page, "Pay the bill")).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")


def test_without_scripts_it_filters_and_ticks(window: Open) -> None:
    page = window(java_script_enabled=False).new_page()
    page.goto("/todo")
    page.get_by_role("link", name="Overdue 1").click()
    expect(page.locator(".task")).to_have_count(1)
    task(page, "Pay the bill").get_by_role("checkbox").click()
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    page.get_by_role("link", name="Done 1").click()
    expect(task(page, "Pay the bill").get_by_role("checkbox")).to_be_checked()


def test_they_are_accessible_and_never_too_wide(page: Page) -> None:
    for address in ("/todo", "/todo?state=done", "/overview", "/my-usage", "/todo/feed"):
        page.goto(address)
        for details in page.locator("details").all():
            details.locator("summary").click()
        assert violations(page) == [], address
        for width in (NARROW, MIDDLING, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{address} is {over} pixels too wide at {width}"
