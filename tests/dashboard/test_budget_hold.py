"""What the pages say to somebody who has used up a budget of the day."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from documents import queue
from documents.models import Document, WorkerHeartbeat
from tests.dashboard.html import Html

See = Callable[..., Html]


@pytest.fixture
def held(
    upload: Callable[..., Document],
    alice: User,
    use_up: Callable[[User], None],
    worker: WorkerHeartbeat,
) -> Document:
    WorkerHeartbeat.objects.update(account="an account")
    document = upload()
    use_up(alice)
    return document


def test_the_hold_is_told_above_the_list_and_in_the_row(see: See, held: Document) -> None:
    page = see("/")
    assert "ATOM_DAILY_BUDGET_USD_PER_USER" in page.one("div", id="budget-hold").text
    row = page.one("li", id=f"document-{held.pk}").text
    assert "waits until midnight UTC" in row
    assert "in line" not in row


def test_a_held_document_says_why_it_waits(see: See, held: Document) -> None:
    panel = see(f"/d/{held.pk}").one("live-view", id="document-panel").text
    assert "Your budget of today is used up" in panel
    assert "in line" not in panel


def test_nothing_is_told_to_others(held: Document, bob: User) -> None:
    client = Client()
    client.force_login(bob)
    assert "budget-hold" not in client.get("/").content.decode()


def test_open_pages_notice_the_hold_and_its_end(
    browser: Client, held: Document, settings: Any
) -> None:
    def circumstances() -> str:
        return str(browser.get("/d/news").json()["circumstances"])

    before = circumstances()
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.03")
    assert queue.let_go() == 1
    assert circumstances() != before
