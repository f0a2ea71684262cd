"""Workers that are killed, or end, while a message is on its way: it comes again, or is told."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import standardwebhooks

from accounts.models import User
from documents import events
from documents.models import Document, StatusEvent, Webhook
from documents.webhooks import signatures, subscriptions
from documents.webhooks.event_types import TYPES
from documents.worker import Worker
from tests.programs import program
from tests.webhooks.conftest import pass_time
from tests.webhooks.receivers import Receiver, answers, hangs

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never comes to that")


def test_a_message_of_a_killed_worker_comes_again_under_its_id(
    alice: User,
    upload: Callable[..., Document],
    receiver: Callable[..., Receiver],
    settings: Any,
) -> None:
    there = receiver(hangs)
    webhook = subscriptions.make(alice, there.url, TYPES)
    document = upload()
    allowed = {"ATOM_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.1", "SECRET_KEY": settings.SECRET_KEY}
    with program("worker", **allowed) as first:
        assert there.has_come.wait(60)
        first.kill()
        first.wait()
    there.behavior = answers()
    pass_time(seconds=31)

    def is_all_told() -> bool:
        document.refresh_from_db()
        webhook.refresh_from_db()
        return document.status == "completed" and webhook.cursor == events.latest_id()

    with program("worker", "--lease", 1, **allowed):
        until(is_all_told)
    # Whether the first had begun with the document or not: all is told, in order.
    told = [request.event_id for request in there.requests]
    steps = StatusEvent.objects.of(document).statuses().oldest_first()
    assert told == [steps[0].pk, *steps.values_list("pk", flat=True)]
    assert there.requests[0].id == there.requests[1].id
    assert len({request.id for request in there.requests}) == len(told) - 1
    secret = standardwebhooks.Webhook(signatures.secret_of(webhook))
    for request in there.requests:
        secret.verify(request.body, dict(request.headers))
    assert Webhook.objects.get().state == "active"


def test_a_worker_that_ends_with_its_queue_has_told_all_of_it(
    alice: User, receiver: Callable[..., Receiver], settings: Any, upload: Callable[..., Document]
) -> None:
    def answer_late(there: Receiver, connection: socket.socket) -> None:
        time.sleep(1.2)  # Longer than its threads were once waited for.
        answers()(there, connection)

    there = receiver(answer_late)
    webhook = subscriptions.make(alice, there.url, TYPES)
    document = upload()
    Worker(slots=1, poll=0.1).drain()
    webhook.refresh_from_db()
    steps = StatusEvent.objects.of(document).statuses().oldest_first()
    told = [request.event_id for request in there.requests]
    assert told == list(steps.values_list("pk", flat=True))
    assert (webhook.cursor, webhook.lease_token) == (events.latest_id(), "")
