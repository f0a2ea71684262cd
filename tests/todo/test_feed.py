"""The feed: a secret address that reads one list, until it is renewed or ended."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEvent, User
from atom_project import logs
from documents.models import TaskFeed
from documents.pipeline import ticks
from tests.todo import strict_icalendar

BILL = ("Pay the bill", "Ana", "2026-03-17")


def make(browser: Client) -> str:
    """The address that the page shows."""
    page = browser.post("/todo/feed", {"act": "make"})
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    [address] = re.findall(r"http://testserver(/todo/feed/[\w-]+\.ics)", page.content.decode())
    return address


def read(address: str) -> list[str]:
    answer = Client().get(address)
    assert answer.status_code == 200
    return [each.name for each in strict_icalendar.read(answer.content).inner]


def test_a_feed_needs_no_login_and_tells_the_open_tasks(browser: Client, asks: Any) -> None:
    item = asks(BILL, ("Read it", None, None)).action_items.get(position=1)
    address = make(browser)
    stranger = Client()
    answer = stranger.get(address)
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert not stranger.cookies
    assert read(address) == ["VTODO", "VEVENT", "VTODO"]
    assert read(f"{address}?only=events") == ["VEVENT"]
    assert read(f"{address}?only=todos") == ["VTODO", "VTODO"]
    ticks.tick(item, done=True)
    assert read(address) == ["VTODO"]


def test_a_feed_is_of_one_person(browser: Client, asks: Any, bob: User) -> None:
    asks(BILL, owner=bob)
    assert read(make(browser)) == []


def test_only_the_hash_of_the_secret_is_kept_and_it_is_shown_once(
    browser: Client, alice: User, bob: User
) -> None:
    address = make(browser)
    secret = address.removeprefix("/todo/feed/").removesuffix(".ics")
    feed = TaskFeed.objects.get()
    assert feed.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert len(secret) == 43
    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    assert feed.secret_hash in dump.getvalue()
    assert secret not in dump.getvalue()
    assert secret not in browser.get("/todo/feed").content.decode()


def test_renewed_or_ended_the_address_of_before_is_that_of_nobody(browser: Client) -> None:
    nobodys = Client().get(f"/todo/feed/{'x' * 43}.ics")
    assert nobodys.status_code == 404
    first = make(browser)
    second = make(browser)
    assert Client().get(first).status_code == 404
    assert read(second) == []
    browser.post("/todo/feed", {"act": "end"})
    gone = Client().get(second)
    assert (gone.status_code, gone.content) == (404, nobodys.content)
    done = AuditEvent.objects.filter(action__startswith="feed").values_list("action", flat=True)
    assert list(done) == ["feed_ended", "feed_renewed", "feed_made"]


@pytest.mark.parametrize("secret", ["", "a", "x" * 44, "%00" * 43, "é" * 43, "../login"])
def test_what_is_no_secret_leads_nowhere(db: None, secret: str) -> None:
    assert Client().get(f"/todo/feed/{secret}.ics").status_code == 404


def test_the_feed_of_somebody_who_may_not_sign_in_is_silent(browser: Client, alice: User) -> None:
    address = make(browser)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_guessing_is_slowed_down_before_anything_is_looked_for(
    browser: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ATOM_THROTTLE = True
    monkeypatch.setattr("accounts.throttles.FEEDS", 2)
    address = make(browser)
    codes = [Client().get(f"/todo/feed/{'x' * 43}.ics").status_code for _ in range(2)]
    answer = Client().get(address)
    assert (codes, answer.status_code) == ([404, 404], 429)
    assert int(answer["Retry-After"]) > 0


def test_it_is_noted_when_it_was_fetched(browser: Client) -> None:
    address = make(browser)
    assert "Nobody has fetched it yet" in browser.get("/todo/feed").content.decode()
    read(address)
    fetched_at = TaskFeed.objects.get().fetched_at
    read(address)
    assert TaskFeed.objects.get().fetched_at == fetched_at  # Not written each time.
    assert "last fetched" in browser.get("/todo/feed").content.decode()


def test_no_log_line_holds_the_secret() -> None:
    record = logging.LogRecord("x", 40, "", 1, "Gone: /todo/feed/abc-def_1.ics", (), None)
    record.facts = {"path": "/todo/feed/abc-def_1.ics/"}  # type: ignore[attr-defined]
    for formatter in (logs.JSONLines(), logs.TextLines()):
        line = formatter.format(record)
        assert "abc-def" not in line
        assert line.count("/todo/feed/[secret]") == 2


def test_a_feed_goes_with_its_person(browser: Client, alice: User) -> None:
    address = make(browser)
    call_command("erase", "alice", "--yes", stdout=io.StringIO())
    assert not TaskFeed.objects.exists()
    assert Client().get(address).status_code == 404


def test_staff_see_that_there_is_a_feed_and_nothing_of_its_secret(
    browser: Client, staff: User
) -> None:
    make(browser)
    desk = Client()
    desk.force_login(staff)
    for path in ("/admin/documents/taskfeed/", "/admin/documents/taskfeed/1/change/"):
        page = desk.get(path.replace("1", str(TaskFeed.objects.get().pk)), follow=True)
        assert page.status_code == 200
        assert "alice" in page.content.decode()
        assert TaskFeed.objects.get().secret_hash not in page.content.decode()
