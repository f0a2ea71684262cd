"""Webhooks of alice, a deliverer, and what it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from documents import queue
from documents.failures import failure
from documents.models import Document, Status, Webhook
from documents.webhooks import subscriptions
from documents.webhooks.deliverer import Deliverer
from tests.webhooks.receivers import Behavior, Network, Receiver

URL = "https://hooks.example.com/atom?for=alice"
MOST_STEPS = 500


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def webhook(alice: User) -> Webhook:
    return subscriptions.make(alice, URL)


@pytest.fixture
def deliver(network: Network) -> Callable[..., Deliverer]:
    """Deliver until nothing is due."""
    return lambda **how: deliver_by(Deliverer(how.get("post", network.post)))


def deliver_by(deliverer: Deliverer) -> Deliverer:
    for _ in range(MOST_STEPS):
        deliverer.step()
        if deliverer.is_idle:
            return deliverer
    raise AssertionError("it never comes to an end")


@pytest.fixture
def fail(upload: Callable[..., Document]) -> Callable[..., Document]:
    """Bring a document to its end: pending, processing, failed."""

    def end(**how: Any) -> Document:
        document = upload(**how)
        claimed = queue.claim_next("worker")
        assert claimed == document
        queue.fail(claimed, failure("encrypted"))
        claimed.refresh_from_db()
        assert claimed.status == Status.FAILED
        return claimed

    return end


def pass_time(**how: float) -> None:
    """For webhooks it is later, by the clock of either database."""
    span = timedelta(**how)
    for name in ("next_attempt_at", "failing_since", "lease_expires_at", "former_until"):
        Webhook.objects.exclude(**{name: None}).update(**{name: F(name) - span})


@pytest.fixture
def receiver(settings: Any) -> Iterator[Callable[..., Receiver]]:
    """Make receivers on this machine, where webhooks may go for once."""
    settings.ATOM_WEBHOOK_ALLOWED_NETWORKS = tuple(map(ip_network, ("127.0.0.0/8", "::1")))
    made: list[Receiver] = []

    def make(behavior: Behavior | None = None, **how: Any) -> Receiver:
        made.append(Receiver(behavior, **how))
        return made[-1]

    yield make
    for each in made:
        each.end()
