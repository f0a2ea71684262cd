"""People make, pause, try and delete webhooks on pages, by plain forms; staff look and pause."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Document, Webhook
from documents.operations import webhooks_doctor
from documents.operations.checks import Verdict
from documents.webhooks import signatures, subscriptions
from tests.conftest import PASSWORD
from tests.webhooks.conftest import URL, pass_time
from tests.webhooks.receivers import Network, failed

pytestmark = pytest.mark.django_db

PAGE = "/account/webhooks"
WANTED = {"url": URL, "event_types": ["document.completed", "document.deleted"]}


def said(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.fixture
def at(webhook: Webhook) -> str:
    return f"{PAGE}/{webhook.pk}"


@pytest.fixture
def act(browser: Client, at: str) -> Callable[..., str]:
    return lambda name, **more: said(browser.post(at, {"act": name, **more}, follow=True))


def test_a_webhook_is_made(browser: Client) -> None:
    page = said(browser.post(PAGE, WANTED, follow=True))
    webhook = Webhook.objects.get()
    assert webhook.event_types == WANTED["event_types"]
    assert "Webhook to <bdi>hooks.example.com</bdi>" in page
    assert "whsec_" not in page
    assert URL in said(browser.get(PAGE))


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"url": "https://169.254.169.254/"},
        {"url": "http://hooks.example.com/"},
        {"url": "https://hooks.example.com/\x00"},
        {"event_types": []},
        {"event_types": ["document.stolen"]},
    ],
)
def test_what_is_no_webhook_is_said_at_its_field(browser: Client, wrong: dict[str, Any]) -> None:
    assert "field__error" in said(browser.post(PAGE, {**WANTED, **wrong}))
    assert not Webhook.objects.exists()


def test_too_many_are_told(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST", 1)
    browser.post(PAGE, WANTED)
    assert "Delete one first." in said(browser.post(PAGE, WANTED))
    assert Webhook.objects.count() == 1


def test_the_secret_is_shown_on_request_and_changed(
    browser: Client, at: str, webhook: Webhook, act: Callable[..., str]
) -> None:
    assert "whsec_" not in said(browser.get(at))
    answer = browser.post(at, {"act": "show"})
    assert signatures.secret_of(webhook) in said(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "whsec_" not in act("rotate")
    changed = act("show")
    assert signatures.secret_of(webhook) not in changed
    webhook.refresh_from_db()
    assert signatures.secret_of(webhook) in changed
    assert "the former one signs as well" in changed


def test_a_page_that_is_loaded_again_makes_no_other_secret(browser: Client, at: str) -> None:
    assert browser.post(at, {"act": "rotate"})["Location"] == at


def test_it_is_paused_resumed_changed_and_deleted(
    at: str, webhook: Webhook, act: Callable[..., str]
) -> None:
    assert "Paused by its owner" in act("pause")
    assert "Go on from now" in act("nothing")
    assert "what it has missed is sent first" in act("resume")
    act("pause")
    assert "is not sent" in act("skip")
    page = act("change", url="https://other.example.com/", event_types=["document.failed"])
    assert "The webhook is changed." in page
    assert "field__error" in act("change", url="https://[::1]/", event_types=["document.failed"])
    webhook.refresh_from_db()
    assert (webhook.url, webhook.event_types) == ("https://other.example.com/", ["document.failed"])
    assert "is deleted" in act("delete")
    assert not Webhook.objects.exists()


def test_a_test_is_asked_for_and_its_end_is_shown(
    browser: Client,
    at: str,
    act: Callable[..., str],
    network: Network,
    deliver: Callable[..., Any],
) -> None:
    assert "waiting" in act("test")
    network.answer = lambda request: failed(503)
    deliver()
    page = said(browser.get(at))
    assert "The receiver answered with an error." in page
    assert "503" in page


def test_a_test_is_no_event(
    browser: Client, at: str, act: Callable[..., str], deliver: Callable[..., Any]
) -> None:
    act("test")
    deliver()
    page = said(browser.get(at))
    assert "No event was delivered yet." in page
    assert "Nothing was sent" not in page


def test_a_test_that_is_answered_gone_pauses_nothing(
    browser: Client,
    at: str,
    act: Callable[..., str],
    network: Network,
    deliver: Callable[..., Any],
) -> None:
    act("test")
    network.answer = lambda request: failed(410)
    deliver()
    page = said(browser.get(at))
    assert "410 Gone" in page
    assert "paused" not in page


def test_a_message_is_sent_again_by_its_button(
    browser: Client,
    at: str,
    network: Network,
    deliver: Callable[..., Any],
    fail: Callable[..., Document],
) -> None:
    fail()
    deliver()
    [path] = re.findall(rf'action="({at}/resend/\d+)"', said(browser.get(at)))
    assert "sent once more" in said(browser.post(path, follow=True))
    deliver()
    assert len({request.id for request in network.requests}) == 1
    assert len(network.requests) == 2
    # Signed in again in between: nothing was done.
    assert browser.get(path).status_code == 302


def test_the_page_says_that_it_was_paused_and_why(
    browser: Client,
    at: str,
    network: Network,
    deliver: Callable[..., Any],
    fail: Callable[..., Document],
) -> None:
    network.answer = lambda request: failed(500)
    fail()
    deliver()
    page = said(browser.get(at))
    assert "Not delivered since" in page
    assert "Try now" in page
    pass_time(hours=25)
    deliver()
    for path in (at, PAGE):
        assert "Paused after a day of failures" in said(browser.get(path))


def test_the_log_is_cut_into_pages(
    browser: Client, at: str, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.dashboard.webhook_views.PAGE_SIZE", 2)
    for _ in range(3):
        subscriptions.send_test(webhook)
    assert "?page=2" in said(browser.get(at))
    assert "Newer" in said(browser.get(f"{at}?page=2"))


def test_what_staff_have_paused_is_said(
    browser: Client, act: Callable[..., str], at: str, webhook: Webhook
) -> None:
    subscriptions.hold(webhook)
    for name in ("resume", "skip", "test", "delete"):
        assert "Staff have paused the webhook" in act(name)
        assert f'value="{name}"' not in said(browser.get(at))
    assert "Paused by staff" in said(browser.get(PAGE))


def test_a_pause_beside_that_of_staff_is_said(act: Callable[..., str], webhook: Webhook) -> None:
    subscriptions.hold(webhook)
    page = act("pause")
    assert "Paused by staff" in page
    assert "Paused by its owner" in page
    assert 'value="pause"' not in page
    subscriptions.release(webhook)
    page = act("show")
    assert "Paused by staff" not in page
    assert 'value="resume"' in page


def test_what_staff_have_paused_is_not_begun_anew(
    browser: Client, act: Callable[..., str], webhook: Webhook
) -> None:
    subscriptions.hold(webhook)
    assert "Staff have paused the webhook" in said(browser.post(PAGE, WANTED))
    assert "Staff have paused the webhook" in act("change", **{**WANTED, "url": f"{URL}2"})
    assert Webhook.objects.get().url == URL


def test_an_address_is_only_text(browser: Client) -> None:
    url = "https://hooks.example.com/?<script>alert(1)</script>"
    assert "<script>alert" not in said(browser.post(PAGE, {**WANTED, "url": url}, follow=True))
    assert "<script>alert" not in said(browser.get(PAGE))


def test_who_changes_a_password_is_told_that_webhooks_go_on(browser: Client) -> None:
    assert f'<a href="{PAGE}">webhooks</a> go on' in said(browser.get(reverse("password_change")))


def test_bob_finds_nothing(bob: User, at: str, webhook: Webhook) -> None:
    delivery = subscriptions.send_test(webhook)
    client = Client()
    client.force_login(bob)
    assert client.get(at).status_code == 404
    for name in ("pause", "show", "rotate", "delete", "test", "change"):
        assert client.post(at, {"act": name, **WANTED}).status_code == 404
    assert client.post(f"{at}/resend/{delivery.pk}").status_code == 404
    assert "hooks.example.com" not in said(client.get(PAGE))
    assert webhook.deliveries.count() == 1


# Staff.


def test_staff_see_the_host_only_and_hold(webhook: Webhook, alice: User) -> None:
    clerk = User.objects.create_user("clerk", password=PASSWORD, is_staff=True)
    names = ("view_webhook", "view_webhookdelivery")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    subscriptions.send_test(webhook)
    desk, admin = Client(), "/admin/documents/webhook/"
    desk.force_login(clerk)
    for path in (admin, f"{admin}{webhook.pk}/change/", "/admin/documents/webhookdelivery/"):
        page = said(desk.get(path))
        assert "hooks.example.com" in page
        assert "for=alice" not in page
        assert webhook.salt not in page
    form = {"action": "hold", "_selected_action": [webhook.pk]}
    desk.post(admin, form)
    webhook.refresh_from_db()
    assert not webhook.is_held  # Looking is not enough.
    clerk.user_permissions.add(Permission.objects.get(codename="change_webhook"))
    subscriptions.pause(webhook)
    for held in (1, 0):
        assert f"Webhooks held: {held}." in said(desk.post(admin, form, follow=True))
        webhook.refresh_from_db()
        assert (webhook.is_held, webhook.state) == (True, "held")
    page = said(desk.post(admin, {**form, "action": "release"}, follow=True))
    assert "Webhooks released: 1. Paused until their owners let them go on: 1." in page
    webhook.refresh_from_db()
    assert (webhook.is_held, webhook.is_paused) == (False, True)


def test_the_doctor_names_those_that_fail(
    webhook: Webhook,
    network: Network,
    deliver: Callable[..., Any],
    fail: Callable[..., Document],
) -> None:
    assert webhooks_doctor.examine().text == "Of 1 webhooks none fails."
    network.answer = lambda request: failed()
    fail()
    deliver()
    found = webhooks_doctor.examine()
    assert found.verdict == Verdict.WARNING
    assert "alice to hooks.example.com since" in found.text
    assert "for=alice" not in found.text
    Webhook.objects.all().delete()
    assert webhooks_doctor.examine().text == "Nobody has a webhook."
