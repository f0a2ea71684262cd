"""What people decide, or end, while a message is on its way or an attempt is written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from documents.models import Document, Webhook
from documents.operations import erasure
from documents.webhooks import deliverer, score, subscriptions
from documents.webhooks.deliverer import Deliverer
from tests.webhooks.conftest import URL, deliver_by
from tests.webhooks.receivers import Network, failed

Fail = Callable[..., Document]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "fact", "wanted"),
    [
        (lambda one: subscriptions.change(one, url=f"{URL}2"), "attempts", 0),
        (lambda one: subscriptions.resume(one, skip_missed=True), "failing_since", None),
    ],
    ids=["change", "resume"],
)
def test_what_is_decided_during_an_attempt_outdoes_it(
    webhook: Webhook,
    network: Network,
    fail: Fail,
    act: Callable[[Webhook], None],
    fact: str,
    wanted: object,
) -> None:
    network.answer = lambda request: failed(410)
    fail()
    one = Deliverer(network.post)
    one.step()
    act(webhook)
    webhook.refresh_from_db()
    decided = webhook.paused_at
    deliver_by(one)
    webhook.refresh_from_db()
    assert getattr(webhook, fact) == wanted
    assert webhook.paused_at == decided
    assert not webhook.deliveries.exists()
    # Until its lease is over, nothing overtakes what is on its way.
    deliver_by(Deliverer(network.post))
    assert len(network.requests) == 1


@pytest.mark.django_db
def test_what_arrives_while_staff_begin_to_hold_is_in_the_log(
    webhook: Webhook, network: Network, fail: Fail
) -> None:
    fail()
    one = Deliverer(network.post)
    one.step()
    subscriptions.hold(webhook)
    deliver_by(one)
    webhook.refresh_from_db()
    assert (webhook.is_held, webhook.delivered_at is not None) == (True, True)
    assert webhook.deliveries.get().state == "delivered"


@pytest.mark.django_db
def test_staff_begin_to_hold_between_the_look_and_the_lease(
    webhook: Webhook, network: Network, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = deliverer._claim

    def claim_late(found: Webhook, now: Any) -> bool:
        subscriptions.hold(webhook)
        return claim(found, now)

    monkeypatch.setattr(deliverer, "_claim", claim_late)
    fail()
    deliver_by(Deliverer(network.post))
    assert not network.requests


@pytest.mark.django_db
def test_a_change_of_what_was_held_elsewhere_meanwhile_is_refused(webhook: Webhook) -> None:
    seen_before = Webhook.objects.get()
    subscriptions.change(webhook, url="https://other.example.com/")
    subscriptions.hold(webhook)
    with pytest.raises(subscriptions.HeldByStaff):
        subscriptions.change(seen_before, url="https://third.example.com/")


def move_away(webhook: Webhook) -> None:
    subscriptions.change(webhook, url="https://other.example.com/")


def make_another(webhook: Webhook) -> None:
    subscriptions.make(webhook.owner, f"{URL}2")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("evade", [move_away, make_another])
def test_nobody_evades_a_hold_that_begins_at_that_moment(
    webhook: Webhook, evade: Callable[[Webhook], None]
) -> None:
    ends: list[Any] = []

    def run() -> None:
        try:
            evade(Webhook.objects.get())
        except Exception as error:
            ends.append(error)
        finally:
            connection.close()

    evading = threading.Thread(target=run)
    with transaction.atomic():
        subscriptions.hold(webhook)
        evading.start()
        wait_for_another()
    evading.join()
    [refused] = ends
    assert isinstance(refused, subscriptions.HeldByStaff)
    assert Webhook.objects.get().url == URL


def wait_for_another() -> None:
    """Until another one waits for this transaction."""
    for _ in range(1000):
        if is_anybody_waiting():
            return
        time.sleep(0.01)
    raise AssertionError("Nobody waits.")


def is_anybody_waiting() -> bool:
    """For this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone() is not None


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "end",
    [subscriptions.delete, lambda webhook: erasure.erase(webhook.owner)],
    ids=["delete", "erase"],
)
def test_a_webhook_ends_while_an_attempt_is_written_down(
    webhook: Webhook,
    network: Network,
    fail: Fail,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Webhook], Any],
) -> None:
    accidents: list[Exception] = []

    def run() -> None:
        try:
            end(webhook)
        except Exception as error:
            accidents.append(error)
        finally:
            connection.close()

    ending, log = threading.Thread(target=run), score._log

    def log_late(*facts: Any) -> None:
        ending.start()
        wait_for_another()
        log(*facts)

    monkeypatch.setattr(score, "_log", log_late)
    fail()
    deliver_by(Deliverer(network.post))
    ending.join()
    assert not accidents
    assert not Webhook.objects.exists()
