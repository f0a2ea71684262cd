"""The pages of webhooks: in light and dark, on a phone, and by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_looks import MIDDLING, NARROW, WIDE, violations

pytestmark = pytest.mark.slow

PHONE = 390
LIST = "/account/webhooks"
LONG = "https://hooks.example.com/" + "a-long-path-" * 30
MADE = f"""
import django
django.setup()
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from accounts.models import User
from documents.models import Webhook, WebhookDelivery
from documents.webhooks import subscriptions

owner = User.objects.get(username="user1")
made = {{
    name: subscriptions.make(owner, url)
    for name, url in {{
        "held": "https://held.example.com/",
        "paused": "https://paused.example.com/",
        "failing": "{LONG}",
    }}.items()
}}
subscriptions.pause(made["paused"])
subscriptions.pause(made["held"])
subscriptions.hold(made["held"])
now = timezone.now()
Webhook.objects.filter(pk=made["failing"].pk).update(
    attempts=4, failing_since=now - timedelta(hours=1), next_attempt_at=now + timedelta(hours=1)
)
became = [("failed", "status", 503), ("failed", "tls", None), ("delivered", "", 204)]
for attempt, (state, code, status) in enumerate([*became, ("waiting", "", None)]):
    WebhookDelivery.objects.create(
        webhook=made["failing"], message_id=f"msg_{{attempt}}", event_type="document.completed",
        event_id=attempt + 1, document_id=uuid4(), attempt=attempt + 1, state=state, code=code,
        status_code=status, milliseconds=1234,
    )
"""


@pytest.fixture(scope="module")
def pages(site: Site, chromium: Browser, session: Any) -> dict[str, str]:
    """The address of the list, and of a webhook in each state."""
    site.run(MADE)
    context = chromium.new_context(base_url=site.address, storage_state=session)
    found = context.request.get("/webhooks").json()["results"]
    context.close()
    hosts = {"held": "held.", "paused": "paused.", "failing": "hooks."}
    return {"list": LIST} | {
        name: f"{LIST}/{webhook['id']}"
        for name, host in hosts.items()
        for webhook in found
        if host in webhook["url"]
    }


def test_each_page_is_accessible_and_never_too_wide(page: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        page.goto(address)
        assert violations(page) == [], name
        for width in (NARROW, PHONE, MIDDLING, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{name} is {over} pixels too wide at {width}"


def test_buttons_can_be_pressed_with_a_thumb(page: Page, pages: dict[str, str]) -> None:
    page.set_viewport_size({"width": PHONE, "height": 844})
    for name, address in pages.items():
        page.goto(address)
        for button in page.locator("main button:visible").all():
            box = button.bounding_box()
            assert box, name
            assert min(box["width"], box["height"]) >= 24, f"{name}: {button.inner_text()}"


def press_until(page: Page, name: str | re.Pattern[str]) -> None:
    """Go on by the Tab key until a button or field with this name has the focus."""
    is_whole = isinstance(name, str)
    button = page.get_by_role("button", name=name, exact=is_whole)
    target = button.or_(page.get_by_label(name, exact=is_whole))
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate_all("found => found.includes(document.activeElement)"):
            return
    raise AssertionError(f"The Tab key never comes to {name}.")


def test_a_webhook_is_made_paused_and_deleted_by_keyboard_alone(
    page: Page, pages: dict[str, str]
) -> None:
    page.goto(LIST)
    press_until(page, "Address")
    page.keyboard.type("https://10.0.0.1/")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    press_until(page, "Address")
    page.keyboard.press("Control+a")
    page.keyboard.type("https://keys.example.com/")
    press_until(page, re.compile("document.deleted"))
    page.keyboard.press("Space")
    press_until(page, "Make a webhook")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Webhook to keys.example.com")
    expect(page.get_by_label(re.compile("document.deleted"))).to_be_checked()
    press_until(page, "Pause")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Paused by its owner")
    press_until(page, "Go on from now")
    page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text("Paused by its owner")
    press_until(page, "Show the secret")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="whsec_")).to_be_visible()
    press_until(page, "Delete")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    expect(page.locator("main")).not_to_contain_text("keys.example.com/")
    expect(page.locator("body")).to_contain_text("The webhook to keys.example.com is deleted.")


def test_what_staff_hold_offers_nothing_that_would_be_refused(
    page: Page, pages: dict[str, str]
) -> None:
    page.goto(pages["held"])
    expect(page.locator(".notice--warning")).to_contain_text("Paused by staff")
    expect(page.locator(".notice--warning")).to_contain_text("Paused by its owner")
    buttons = page.locator("form.buttons button")
    expect(buttons).to_have_text(["Show the secret", "Make another secret"])
