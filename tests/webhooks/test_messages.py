"""What is sent: the event of the log, in order, of one's own documents, and nothing unproven."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from documents import events, queue, removal
from documents.live import event_rows, payloads
from documents.models import Document, StatusEvent, Webhook
from documents.trash import moves
from documents.webhooks import subscriptions
from documents.webhooks.event_types import TYPES
from tests.api.conftest import finish
from tests.webhooks.conftest import URL
from tests.webhooks.receivers import Network

pytestmark = pytest.mark.django_db

Deliver = Callable[..., Any]


@pytest.fixture
def all_types(alice: User) -> Webhook:
    return subscriptions.make(alice, URL, TYPES)


def test_every_step_is_told_in_order(
    all_types: Webhook, network: Network, deliver: Deliver, fail: Callable[..., Document]
) -> None:
    document = fail()
    removal.delete(document)
    fail()
    deliver()
    # The history of the first went with it.
    assert network.types == [
        f"document.{what}" for what in ("deleted", "pending", "processing", "failed")
    ]
    assert network.ids == sorted(network.ids)
    assert [request.id for request in network.requests] == [
        f"msg_{all_types.pk.hex}_{event_id}" for event_id in network.ids
    ]


def test_only_what_was_asked_for_is_told(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Callable[..., Document]
) -> None:
    document = fail()
    removal.delete(fail())
    deliver()
    assert network.types == ["document.failed"]
    said = network.requests[0].said
    assert said["data"]["document_id"] == str(document.pk)
    assert said["data"]["filename"] == "notes.txt"
    assert said["data"]["failure"]["code"] == "encrypted"
    assert said["timestamp"] == said["data"]["timestamp"]
    assert not set(said["data"]) & {"queue_position", "estimate", "replayed", "event"}


def test_a_result_is_told_without_what_no_quote_stands_behind(
    webhook: Webhook, network: Network, deliver: Deliver, upload: Callable[..., Document]
) -> None:
    document = finish(upload("quay wall.txt"))
    assert document.analyses.get().result["findings"]["unverified"]
    deliver()
    [request] = network.requests
    assert request.type == "document.completed"
    assert request.said["data"]["result"]["findings"]["key_points"]
    assert "The wall is from 1820" not in request.body.decode()
    assert "unverified" not in request.said["data"]["result"]["findings"]


def test_progress_is_not_told_and_keeps_nobody_busy(
    all_types: Webhook, network: Network, deliver: Deliver, upload: Callable[..., Document]
) -> None:
    upload()
    claimed = queue.claim_next("worker")
    assert claimed
    deliver()
    before = len(network.requests)
    events.progress(claimed, step="extracting", done=1, total=2)
    assert not Webhook.objects.due(timezone.now())
    deliver()
    assert len(network.requests) == before


def test_what_happened_before_is_not_told(
    alice: User, network: Network, deliver: Deliver, fail: Callable[..., Document]
) -> None:
    fail()
    subscriptions.make(alice, URL, TYPES)
    deliver()
    assert network.requests == []


def test_documents_of_others_are_not_told(
    webhook: Webhook,
    bob: User,
    network: Network,
    deliver: Deliver,
    fail: Callable[..., Document],
) -> None:
    fail(owner=bob)
    deliver()
    assert network.requests == []
    subscriptions.make(bob, "https://his.example.com/")
    fail(owner=bob)
    deliver()
    assert [request.url for request in network.requests] == ["https://his.example.com/"]


def test_of_a_document_in_the_trash_only_its_deletion_is_told(
    all_types: Webhook, network: Network, deliver: Deliver, fail: Callable[..., Document]
) -> None:
    moves.put(fail(name="secret.txt").pk)
    deliver()
    assert network.types == ["document.deleted"]
    assert "secret" not in network.requests[0].body.decode()


def test_what_was_pruned_before_it_was_told_makes_a_reset(
    all_types: Webhook, network: Network, deliver: Deliver, fail: Callable[..., Document]
) -> None:
    removal.delete(fail())
    document = fail()
    long_ago = timezone.now() - events.TOMBSTONES_KEPT - timedelta(hours=1)
    StatusEvent.objects.tombstones().update(created_at=long_ago)
    assert events.prune_tombstones() == 1
    deliver()
    assert network.types == ["webhook.reset"]
    newest = events.latest_id()
    assert network.requests[0].said["data"] == {"reason": "too_old", "cursor": newest}
    # From there on it goes on as usual.
    removal.delete(document)
    deliver()
    assert network.types == ["webhook.reset", "document.deleted"]


def test_a_reset_comes_though_nothing_else_happens(
    alice: User,
    bob: User,
    network: Network,
    deliver: Deliver,
    fail: Callable[..., Document],
) -> None:
    document = fail()
    subscriptions.make(alice, URL)
    removal.delete(document)
    fail(owner=bob)
    long_ago = timezone.now() - timedelta(days=2)
    StatusEvent.objects.tombstones().update(created_at=long_ago)
    events.prune_tombstones()
    deliver()
    assert network.types == ["webhook.reset"]
    deliver()
    assert len(network.requests) == 1


def test_a_long_backlog_of_what_nobody_wants_is_passed_over(
    webhook: Webhook,
    network: Network,
    deliver: Deliver,
    fail: Callable[..., Document],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("documents.webhooks.messages.BATCH", 2)
    for _ in range(3):
        removal.delete(fail())
    last = fail()
    deliver()
    assert [request.said["data"]["document_id"] for request in network.requests] == [str(last.pk)]
    webhook.refresh_from_db()
    assert webhook.cursor == events.latest_id()


def test_an_event_says_of_a_document_what_the_stream_says(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Callable[..., Document]
) -> None:
    fail()
    deliver()
    [row] = event_rows.owner_events_since(webhook.owner_id, network.ids[0] - 1, 1)
    [streamed] = payloads.of([row])
    assert streamed.body
    sent = network.requests[0].said["data"]
    assert json.loads(json.dumps(streamed.body)).items() >= sent.items()
