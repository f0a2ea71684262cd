"""Several machines, one that dies, a locked database; and nobody holds up the others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.utils import timezone

from accounts.models import User
from documents import events
from documents.models import Counter, Document, Webhook, WebhookDelivery
from documents.webhooks import deliverer as delivering
from documents.webhooks import delivery_log, messages, score, sender, subscriptions
from documents.webhooks.deliverer import Deliverer
from tests.webhooks.conftest import URL, deliver_by, pass_time
from tests.webhooks.receivers import OK, Network, Receiver, failed, hangs

pytestmark = pytest.mark.django_db

Deliver = Callable[..., Deliverer]
Fail = Callable[..., Document]


def stored(webhook: Webhook) -> Webhook:
    webhook.refresh_from_db()
    return webhook


# Leases.


def test_two_deliverers_send_each_message_once(
    webhook: Webhook, network: Network, fail: Fail
) -> None:
    for _ in range(5):
        fail()
    one, other = Deliverer(network.post), Deliverer(network.post)
    for _ in range(30):
        one.step()
        other.step()
    assert len(network.ids) == 5
    assert network.ids == sorted(set(network.ids))


def test_while_a_message_is_on_its_way_nobody_sends_another(
    webhook: Webhook, network: Network, fail: Fail
) -> None:
    fail()
    fail()
    may_answer = threading.Event()
    network.answer = lambda request: OK if may_answer.wait(60) else failed()
    one, other = Deliverer(network.post), Deliverer(network.post)
    one.step()
    other.step()
    assert other.is_idle
    may_answer.set()
    deliver_by(one)
    assert network.ids == sorted(network.ids)
    assert len(network.ids) == 2


def test_what_a_dead_deliverer_left_comes_again_under_the_same_id(
    webhook: Webhook, network: Network, fail: Fail
) -> None:
    fail()
    dead = Deliverer(network.post)
    dead.step()  # And no more: what came back is never written down.
    heir = Deliverer(network.post)
    heir.step()
    assert heir.is_idle  # The lease holds.
    pass_time(seconds=31)
    deliver_by(heir)
    first, second = network.requests
    assert first.id == second.id
    # Should the dead one wake up: it has lost its lease, and changes nothing.
    cursor, entries = stored(webhook).cursor, webhook.deliveries.count()
    deliver_by(dead)
    assert (stored(webhook).cursor, webhook.deliveries.count()) == (cursor, entries)
    assert len(network.requests) == 2


def test_a_lease_is_longer_than_an_attempt() -> None:
    assert delivering.LEASE.total_seconds() > 2 * sender.DEADLINE


def test_a_locked_database_loses_no_attempt(
    webhook: Webhook,
    network: Network,
    fail: Fail,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail()
    settle = score.settle
    refusals = iter([True, True, False])

    def locked(*anything: Any) -> bool:
        if next(refusals):
            raise OperationalError("database is locked")
        return settle(*anything)

    monkeypatch.setattr(score, "settle", locked)
    one = Deliverer(network.post)
    one.step()
    for _ in range(2):
        with pytest.raises(OperationalError):
            one.step()
    deliver_by(one)
    assert len(network.requests) == 1
    assert webhook.deliveries.get().state == "delivered"
    assert stored(webhook).cursor == events.latest_id()


def test_its_thread_survives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, stopping, calls = Deliverer(), threading.Event(), []

    def step(*, may_begin: bool) -> None:
        calls.append(may_begin)
        if len(calls) == 3:
            stopping.set()
        if len(calls) < 3:
            raise OperationalError("the database is away")

    monkeypatch.setattr(delivering, "POLL", 0)
    monkeypatch.setattr(delivering, "RETRY_PAUSE", 0)
    monkeypatch.setattr(one, "step", step)
    # Not in this thread: it closes the connections that it used.
    thread = threading.Thread(target=one.deliver_until, args=(stopping,))
    thread.start()
    thread.join()
    assert calls == [True, True, True]
    assert "Webhooks could not be delivered" in caplog.text


def test_a_deliverer_that_is_told_to_stop_writes_down_what_comes_back(
    webhook: Webhook, network: Network, fail: Fail
) -> None:
    fail()
    fail()
    one = Deliverer(network.post)
    one.step()
    while not one.is_idle:
        one.step(may_begin=False)
    assert len(network.requests) == webhook.deliveries.count() == 1
    assert not stored(webhook).lease_token


def test_a_database_file_that_is_anothers_is_left_alone(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail, monkeypatch: Any
) -> None:
    fail()
    monkeypatch.setattr(delivering.database_file, "is_lost", lambda: True)
    deliver()
    assert network.requests == []


def test_what_comes_back_after_the_file_is_lost_keeps_nobody_busy(
    webhook: Webhook, network: Network, fail: Fail, monkeypatch: Any
) -> None:
    fail()
    one = Deliverer(network.post)
    one.step()
    monkeypatch.setattr(delivering.database_file, "is_lost", lambda: True)
    deliver_by(one)
    assert one.is_idle
    assert not webhook.deliveries.exists()


def test_an_attempt_that_cannot_be_written_down_at_all_holds_up_nobody(
    webhook: Webhook, network: Network, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail()
    one, settle = Deliverer(network.post), score.settle
    one.step()

    def broken(*anything: Any) -> bool:
        raise DataError("a value that no column takes")

    monkeypatch.setattr(score, "settle", broken)
    with pytest.raises(DataError):
        one.step()
    monkeypatch.setattr(score, "settle", settle)
    pass_time(seconds=31)
    deliver_by(one)
    assert len({request.id for request in network.requests}) == 1
    assert len(network.requests) == 2


def test_a_thread_that_cannot_be_started_takes_no_slot(
    webhook: Webhook, network: Network, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail()
    one = Deliverer(network.post)

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as short_of_threads:
        short_of_threads.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            one.step()
    assert one.is_idle
    pass_time(seconds=31)
    deliver_by(one)
    assert len(network.requests) == 1


# One and the others.


def test_a_receiver_that_hangs_delays_nobody_else(
    alice: User, bob: User, network: Network, receiver: Callable[..., Receiver], fail: Fail
) -> None:
    hanging = receiver(hangs)
    subscriptions.make(alice, hanging.url)
    subscriptions.make(bob, URL)
    fail()
    for _ in range(20):
        fail(owner=bob)

    def post(url: str, *rest: Any) -> Any:
        return (sender if url == hanging.url else network).post(url, *rest)

    one = Deliverer(post)
    one.step()
    hanging.has_come.wait()
    while len(network.requests) < 20:
        one.step()
    assert not one.is_idle  # All of his arrived while hers hung.
    hanging.is_over.set()
    deliver_by(one)


def test_nobody_has_more_than_two_messages_on_their_way(
    alice: User, bob: User, network: Network, fail: Fail
) -> None:
    for _ in range(subscriptions.MOST):
        subscriptions.make(alice, URL)
    subscriptions.make(bob, "https://his.example.com/")
    fail()
    fail(owner=bob)
    may_answer = threading.Event()
    network.answer = lambda request: OK if may_answer.wait(60) else failed()
    one = Deliverer(network.post)
    for _ in range(3):
        one._begin_due()
    held = [sending.webhook.owner_id for sending in one._under_way.values()]
    assert sorted(held) == sorted([alice.pk] * delivering.PER_OWNER + [bob.pk])
    may_answer.set()
    deliver_by(one)
    assert len(network.requests) == subscriptions.MOST + 1


def test_receivers_that_failed_have_half_of_the_slots_and_come_last(
    network: Network, fail: Fail, upload: Callable[..., Document]
) -> None:
    people = [User.objects.create_user(f"user{number}") for number in range(20)]
    for person in people:
        subscriptions.make(person, f"https://{person.username}.example.com/")
        fail(owner=person)
    bad = Webhook.objects.filter(owner__in=people[:15])
    bad.update(attempts=3, failing_since=timezone.now())
    may_answer = threading.Event()
    network.answer = lambda request: OK if may_answer.wait(60) else failed()
    one = Deliverer(network.post)
    one._begin_due()
    begun = [sending.webhook for sending in one._under_way.values()]
    assert [webhook.attempts for webhook in begun] == [0] * 5 + [3] * delivering.FOR_FAILING
    may_answer.set()
    deliver_by(one)
    assert len(network.requests) == 20


# The log.


def test_one_that_is_far_behind_takes_turns(
    alice: User, bob: User, network: Network, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "BATCH", 1)
    monkeypatch.setattr(messages, "MOST_BATCHES", 2)
    behind = subscriptions.make(alice, URL, event_types=["document.deleted"])
    quick = subscriptions.make(bob, "https://bob.example.com/", event_types=["document.failed"])
    for owner in (alice, alice, bob):
        fail(owner=owner)
    before, one = behind.cursor, Deliverer(network.post)
    one.step()
    assert before < stored(behind).cursor < events.latest_id()
    assert not behind.lease_token
    assert one._is_behind
    for _ in range(10):
        one.step()
    assert not one._is_behind
    assert not Webhook.objects.due(timezone.now()).exists()
    assert [request.url for request in network.requests] == [quick.url]


def test_what_is_due_is_sent_before_the_end_also_behind_much_else(
    alice: User, network: Network, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "BATCH", 1)
    monkeypatch.setattr(messages, "MOST_BATCHES", 1)
    # As a thread of its own would have them.
    monkeypatch.setattr(delivering, "close_old_connections", lambda: None)
    monkeypatch.setattr(delivering.database_connections, "close_all", lambda: None)
    monkeypatch.setattr(delivering.persistent_connections, "keep", lambda: None)
    subscriptions.make(alice, URL, event_types=["document.failed"])
    fail()
    ending = Deliverer(network.post)
    ending.end()
    ending.deliver_until(threading.Event())
    assert len(network.requests) == 1


def test_a_lease_counts_from_its_claim(
    alice: User, bob: User, network: Network, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [timezone.now()]
    monkeypatch.setattr(delivering.clock, "told_by_database", lambda: clock[0])
    look = messages.next_of

    def slowly(webhook: Webhook, now: Any) -> Any:
        clock[0] += delivering.LEASE
        return look(webhook, now)

    monkeypatch.setattr(messages, "next_of", slowly)
    for owner in (alice, bob):
        subscriptions.make(owner, URL)
        fail(owner=owner)
    Deliverer(network.post)._begin_due()
    first, second = Webhook.objects.order_by("served_at")
    assert second.lease_expires_at is not None
    assert first.lease_expires_at is not None
    assert second.lease_expires_at - first.lease_expires_at == delivering.LEASE


def test_what_is_logged_says_nothing_of_documents(
    webhook: Webhook,
    network: Network,
    deliver: Deliver,
    fail: Fail,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    network.answer = lambda request: failed()
    fail(name="divorce.txt", text="The quay wall is safe.")
    deliver()
    entry = str(WebhookDelivery.objects.values().get())
    # Other logs are not of this test.
    said = " ".join(r.getMessage() for r in caplog.records if "webhooks" in r.name)
    assert str(webhook.pk) in said
    for secret in ("divorce", "quay", "hooks.example.com", "whsec_"):
        assert secret not in entry
        assert secret not in said


def test_the_log_is_bounded_by_age_and_by_number(
    webhook: Webhook, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_log, "KEPT_AT_MOST", 3)
    settings.ATOM_WEBHOOK_LOG_DAYS = 7
    ages = [9, 8, 6, 5, 4, 3, 2]
    for age in ages:
        WebhookDelivery.objects.create(
            webhook=webhook,
            message_id=str(age),
            event_type="document.failed",
            state="delivered",
            at=timezone.now() - timedelta(days=age),
        )
    waiting = subscriptions.send_test(webhook)
    assert delivery_log.prune() == 4
    kept = webhook.deliveries.newest_first().values_list("message_id", flat=True)
    assert list(kept) == [waiting.message_id, "2", "3", "4"]
    assert delivery_log.prune() == 0


def test_attempts_are_counted(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed() if len(network.requests) == 1 else OK
    fail()
    deliver()
    pass_time(minutes=1)
    deliver()
    assert Counter.objects.by_label()["webhook_deliveries"] == {"delivered": 1, "status": 1}


def test_looking_costs_one_question_where_nothing_is_due(
    webhook: Webhook, network: Network, django_assert_num_queries: Callable[[int], Any]
) -> None:
    one = Deliverer(network.post)
    clocks = 1 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(1 + clocks):
        one.step()
