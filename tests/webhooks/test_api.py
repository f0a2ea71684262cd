"""Webhooks over HTTP: their owner makes, changes, tries and deletes them; others find none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.keys import api_keys
from accounts.models import AuditEvent, User
from documents import removal
from documents.api.webhooks import WebhookBase
from documents.models import Document, Webhook
from documents.operations import erasure, restore
from documents.operations.backup_archive import Manifest
from documents.webhooks import signatures, subscriptions
from tests.webhooks.conftest import URL
from tests.webhooks.receivers import Network, failed

pytestmark = pytest.mark.django_db


def code(response: Any, status: int) -> str:
    assert response.status_code == status, response.content
    return str(response.json()["code"])


@pytest.fixture
def at(webhook: Webhook) -> str:
    return f"/webhooks/{webhook.pk}"


def test_a_webhook_is_made_and_its_secret_told(api: APIClient, alice: User) -> None:
    made = api.post("/webhooks", {"url": URL}, format="json")
    assert made.status_code == 201
    told, webhook = made.json(), Webhook.objects.get()
    assert made["Location"].endswith(f"/webhooks/{webhook.pk}")
    assert made["Cache-Control"] == "no-store, private"
    assert told["event_types"] == ["document.completed", "document.failed"]
    assert told["secret"] == signatures.secret_of(webhook)
    assert (told["enabled"], told["pause_reason"]) == (True, None)
    [listed] = api.get("/webhooks").json()["results"]
    assert listed == api.get(f"/webhooks/{webhook.pk}").json()
    assert "secret" not in listed


def test_it_may_be_made_paused_and_for_other_types(api: APIClient) -> None:
    wanted = {"url": URL, "event_types": ["document.deleted"], "enabled": False}
    told = api.post("/webhooks", wanted, format="json").json()
    assert (told["event_types"], told["pause_reason"]) == (["document.deleted"], "owner")


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        ({"url": "https://127.0.0.1/"}, "bad_webhook_url"),
        ({"url": "http://hooks.example.com/"}, "bad_webhook_url"),
        ({"url": "nonsense"}, "bad_webhook_url"),
        ({"url": ""}, "invalid"),
        ({"url": None}, "invalid"),
        ({"url": "https://hooks.example.com/\x00"}, "invalid"),
        ({"url": "https://hooks.example.com/" + "x" * 2000}, "invalid"),
        ({}, "invalid"),
        ({"url": URL, "event_types": []}, "invalid"),
        ({"url": URL, "event_types": ["document.stolen"]}, "invalid"),
        ({"url": URL, "event_types": "document.failed"}, "invalid"),
        ({"url": URL, "enabled": "yes"}, "invalid"),
        ([], "invalid"),
    ],
)
def test_what_is_no_webhook_is_refused(api: APIClient, wrong: Any, wanted: str) -> None:
    assert code(api.post("/webhooks", wrong, format="json"), 400) == wanted
    assert not Webhook.objects.exists()


def test_a_wrong_change_changes_nothing(api: APIClient, at: str, webhook: Webhook) -> None:
    for wrong in ({"url": "https://10.0.0.1/"}, {"event_types": ["x"]}, {"enabled": 1}):
        assert code(api.patch(at, wrong, format="json"), 400)
        assert Webhook.objects.values().get() == Webhook.objects.filter(url=URL).values().get()


def test_it_is_changed_paused_and_resumed(api: APIClient, at: str, webhook: Webhook) -> None:
    Webhook.objects.update(attempts=3, failing_since=webhook.made_at)
    other = {"url": "https://other.example.com/", "event_types": ["document.failed"]}
    told = api.patch(at, other, format="json").json()
    assert told.items() >= other.items()
    assert (told["attempts"], told["failing_since"]) == (0, None)
    told = api.patch(at, {"enabled": False}, format="json").json()
    assert (told["enabled"], told["pause_reason"]) == (False, "owner")
    told = api.patch(at, {"enabled": True}, format="json").json()
    assert (told["enabled"], told["pause_reason"], told["paused_at"]) == (True, None, None)


def test_what_was_missed_may_be_skipped(
    api: APIClient,
    at: str,
    network: Network,
    deliver: Callable[..., Any],
    fail: Callable[..., Document],
) -> None:
    api.patch(at, {"enabled": False}, format="json")
    fail()
    api.patch(at, {"enabled": True, "skip_missed": True}, format="json")
    deliver()
    assert network.requests == []


@pytest.mark.parametrize(
    ("method", "part", "sent"),
    [
        ("patch", "", {"enabled": False}),
        ("patch", "", {"enabled": True}),
        ("patch", "", {"event_types": ["document.failed"]}),
        ("post", "/secret", {}),
        ("post", "/test", {}),
        ("delete", "", {}),
    ],
)
def test_one_that_is_deleted_meanwhile_is_not_found(
    api: APIClient,
    at: str,
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    part: str,
    sent: Any,
) -> None:
    def own(view: Any) -> Webhook:
        Webhook.objects.all().delete()
        return webhook

    monkeypatch.setattr(WebhookBase, "own", own)
    assert code(getattr(api, method)(at + part, sent, format="json"), 404) == "not_found"
    assert not Webhook.objects.exists()


def test_it_is_deleted_with_its_log(api: APIClient, at: str, webhook: Webhook) -> None:
    subscriptions.send_test(webhook)
    assert api.delete(at).status_code == 204
    assert not Webhook.objects.exists()
    assert code(api.get(at), 404) == "not_found"


def test_the_secret_is_told_again_and_changed(api: APIClient, at: str, webhook: Webhook) -> None:
    told = api.get(f"{at}/secret").json()
    assert told == {"secret": signatures.secret_of(webhook), "former_until": None}
    changed = api.post(f"{at}/secret").json()
    assert changed["secret"] != told["secret"]
    assert changed["former_until"]
    assert api.get(f"{at}/secret").json() == changed


def test_a_test_and_a_repetition_stand_in_the_log(
    api: APIClient,
    at: str,
    network: Network,
    deliver: Callable[..., Any],
    fail: Callable[..., Document],
) -> None:
    document = fail()
    network.answer = lambda request: failed(503)
    asked = api.post(f"{at}/test")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    deliver()
    event, test = api.get(f"{at}/deliveries").json()["results"]
    assert (test["event_type"], test["cause"]) == ("webhook.test", "test")
    assert (event["document_id"], event["code"]) == (str(document.pk), "status")
    assert (event["status_code"], event["attempt"]) == (503, 1)
    again = api.post(f"{at}/deliveries/{event['id']}/resend")
    assert again.status_code == 202
    assert again.json()["message_id"] == event["message_id"]
    listed = api.get(f"{at}/deliveries?page_size=1").json()
    assert (listed["count"], listed["results"][0]["cause"]) == (3, "resend")
    removal.delete(document)
    assert code(api.post(f"{at}/deliveries/{event['id']}/resend"), 409) == "event_gone"


def test_there_are_limits(
    api: APIClient, at: str, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MOST", 1)
    monkeypatch.setattr(subscriptions, "MOST_WAITING", 2)
    assert code(api.post("/webhooks", {"url": URL}, format="json"), 409) == "too_many_webhooks"
    for _ in range(2):
        assert api.post(f"{at}/test").status_code == 202
    assert code(api.post(f"{at}/test"), 409) == "too_many_waiting"


def test_what_staff_have_paused_stays_so(api: APIClient, at: str, webhook: Webhook) -> None:
    subscriptions.hold(webhook)
    assert code(api.patch(at, {"enabled": True}, format="json"), 409) == "webhook_held"
    assert code(api.post(f"{at}/test"), 409) == "webhook_held"
    # Nor by being made again, or another's address.
    assert code(api.delete(at), 409) == "webhook_held"
    again = {"url": "https://HOOKS.example.com./other"}
    assert code(api.post("/webhooks", again, format="json"), 409) == "webhook_held"
    other = api.post("/webhooks", {"url": "https://other.example.com/"}, format="json").json()
    for one in (at, f"/webhooks/{other['id']}"):
        assert code(api.patch(one, again, format="json"), 409) == "webhook_held"
    elsewhere = {"url": "https://third.example.com/"}
    assert code(api.patch(at, elsewhere, format="json"), 409) == "webhook_held"
    # Nor is it resumed by being paused again.
    told = api.patch(at, {"enabled": False}, format="json").json()
    assert (told["enabled"], told["pause_reason"]) == (False, "staff")
    assert [each["reason"] for each in told["pauses"]] == ["staff", "owner"]
    # What staff release is as its owner left it.
    subscriptions.release(webhook)
    told = api.get(at).json()
    assert (told["enabled"], told["pause_reason"]) == (False, "owner")
    assert told["pauses"] == [{"reason": "owner", "since": told["paused_at"]}]


def test_a_change_that_is_refused_in_part_changes_nothing(
    api: APIClient, at: str, webhook: Webhook
) -> None:
    subscriptions.hold(webhook)
    wanted = {"event_types": ["document.failed"], "enabled": True}
    assert code(api.patch(at, wanted, format="json"), 409) == "webhook_held"
    before = webhook.event_types
    webhook.refresh_from_db()
    assert webhook.event_types == before != wanted["event_types"]


CALLS = [
    ("get", "", {}),
    ("patch", "", {"enabled": False}),
    ("delete", "", {}),
    ("get", "/secret", {}),
    ("post", "/secret", {}),
    ("post", "/test", {}),
    ("get", "/deliveries", {}),
    ("post", "/deliveries/{}/resend", {}),
]


@pytest.mark.parametrize(("method", "part", "sent"), CALLS)
def test_to_bob_there_is_no_such_webhook(
    bobs_api: APIClient, at: str, webhook: Webhook, method: str, part: str, sent: Any
) -> None:
    delivery = subscriptions.send_test(webhook)
    before = list(Webhook.objects.values())
    path = at + part.format(delivery.pk)
    theirs = getattr(bobs_api, method)(path, sent, format="json")
    assert code(theirs, 404) == "not_found"
    nobodys = path.replace(str(webhook.pk), "6f8e7c1e-4d0b-4a6e-9a57-0f1f0a2b3c4d")
    assert getattr(bobs_api, method)(nobodys, sent, format="json").content == theirs.content
    assert list(Webhook.objects.values()) == before
    assert webhook.deliveries.count() == 1
    assert bobs_api.get("/webhooks").json()["results"] == []


@pytest.mark.parametrize("other", ["0", "99999999999999999999", "x", "1e3", "-1"])
def test_a_delivery_is_found_under_its_own_webhook_only(
    api: APIClient, at: str, alice: User, other: str
) -> None:
    theirs = subscriptions.send_test(subscriptions.make(alice, URL))
    for pk in (other, theirs.pk):
        assert code(api.post(f"{at}/deliveries/{pk}/resend"), 404) == "not_found"


@pytest.mark.parametrize("scopes", [["read"], ["upload"], ["read", "upload"]])
def test_keys_need_the_scope_all_even_to_look(
    alice: User, at: str, webhook: Webhook, scopes: list[str]
) -> None:
    lesser = APIClient(HTTP_AUTHORIZATION=f"Bearer {api_keys.make(alice, 'script', scopes)[1]}")
    for method, part, sent in [("get", "", {}), *CALLS]:
        answer = getattr(lesser, method)(at + part.format(1), sent, format="json")
        assert code(answer, 403) == "insufficient_scope"
    assert code(lesser.get("/webhooks"), 403) == "insufficient_scope"
    mighty = APIClient(HTTP_AUTHORIZATION=f"Bearer {api_keys.make(alice, 'script', ['all'])[1]}")
    assert mighty.get(f"{at}/secret").status_code == 200


def test_acts_stand_in_the_audit_log(api: APIClient, alice: User) -> None:
    pk = api.post("/webhooks", {"url": URL}, format="json").json()["id"]
    api.patch(f"/webhooks/{pk}", {"event_types": ["document.failed"]}, format="json")
    api.post(f"/webhooks/{pk}/secret")
    api.delete(f"/webhooks/{pk}")
    told = AuditEvent.objects.filter(subject=pk).order_by("pk")
    assert [event.action for event in told] == [
        *("webhook_made", "webhook_changed", "webhook_changed", "webhook_ended")
    ]
    assert {event.actor for event in told} == {alice.pk}
    assert "hooks.example.com" not in str(list(told.values()))


def test_who_is_erased_has_no_webhooks(alice: User, webhook: Webhook) -> None:
    subscriptions.send_test(webhook)
    assert erasure.erase(alice).webhooks == 1
    assert not Webhook.objects.exists()


def test_what_a_backup_brings_back_is_paused(webhook: Webhook) -> None:
    restore._settle(Manifest(timezone.now().isoformat(), "sqlite", "3", [], documents=0))
    webhook.refresh_from_db()
    assert webhook.pause_reason == Webhook.Pause.RESTORED
