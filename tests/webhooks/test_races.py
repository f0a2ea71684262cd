"""What people decide, or end, while a message is on its way or an attempt is written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from documents.models import Document, Webhook
from documents.operations import erasure
from documents.webhooks import score, subscriptions
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
        (lambda one: subscriptions.pause(one, Webhook.Pause.STAFF), "pause_reason", "staff"),
    ],
    ids=["change", "resume", "pause"],
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
        for _ in range(1000):
            if is_anybody_waiting():
                break
            time.sleep(0.01)
        log(*facts)

    monkeypatch.setattr(score, "_log", log_late)
    fail()
    deliver_by(Deliverer(network.post))
    ending.join()
    assert not accidents
    assert not Webhook.objects.exists()
