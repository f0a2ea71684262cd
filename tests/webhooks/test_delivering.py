"""In order, at least once, for a day; paused, tried, and sent again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from documents import events, removal
from documents.models import Document, Webhook, WebhookDelivery
from documents.webhooks import score, subscriptions
from documents.webhooks.deliverer import Deliverer
from tests.webhooks.conftest import pass_time
from tests.webhooks.receivers import OK, Network, failed

pytestmark = pytest.mark.django_db

Deliver = Callable[..., Deliverer]
Fail = Callable[..., Document]


def stored(webhook: Webhook) -> Webhook:
    webhook.refresh_from_db()
    return webhook


# Retries.


def test_a_receiver_down_for_an_hour_gets_everything_afterwards_in_order(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed(503)
    documents = []
    for _ in range(12):
        documents.append(str(fail().pk))
        deliver()
        pass_time(minutes=5)
    # All tries were of the first: the others wait behind it.
    assert len(set(network.ids)) == 1
    assert 4 <= len(network.requests) <= 12
    network.answer = lambda request: OK
    network.requests.clear()
    pass_time(hours=4)
    deliver()
    assert [request.said["data"]["document_id"] for request in network.requests] == documents
    assert network.ids == sorted(network.ids)
    assert stored(webhook).state == "active"
    assert webhook.cursor == events.latest_id()


def test_each_failure_waits_longer_and_not_at_the_same_moment(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed()
    fail()
    for wanted in (*score.BACKOFF, score.BACKOFF[-1]):
        deliver()
        due = stored(webhook).next_attempt_at
        assert due
        waits = (due - WebhookDelivery.objects.newest_first()[0].at).total_seconds()
        assert wanted * 0.8 <= waits <= wanted * 1.2
        before = len(network.requests)
        deliver()  # Not due yet.
        assert len(network.requests) == before
        pass_time(seconds=waits + 1)
    assert len({score._pause(3, 0) for _ in range(20)}) > 1


def test_after_a_day_of_failures_it_is_paused_and_goes_on_where_it_was(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed()
    document = fail()
    tries = 0
    while not stored(webhook).is_paused:
        deliver()
        pass_time(hours=4, minutes=50)
        tries += 1
        assert tries < 20
    assert webhook.pause_reason == Webhook.Pause.FAILING
    deliver()
    assert len(network.requests) == tries
    assert len({request.id for request in network.requests}) == 1
    network.answer = lambda request: OK
    subscriptions.resume(webhook)
    deliver()
    assert network.requests[-1].said["data"]["document_id"] == str(document.pk)
    assert len({request.id for request in network.requests}) == 1
    assert stored(webhook).state == "active"


def test_gone_pauses_at_once(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed(410)
    fail()
    deliver()
    assert stored(webhook).pause_reason == Webhook.Pause.GONE
    fail()
    deliver()
    assert len(network.requests) == 1


def test_a_receiver_that_asks_for_time_gets_it(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed(429, retry_after=900)
    fail()
    deliver()
    due = stored(webhook).next_attempt_at
    assert due
    assert due - webhook.deliveries.get().at == timedelta(seconds=900)


def test_each_attempt_signs_anew_and_keeps_its_id(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed() if len(network.requests) == 1 else OK
    fail()
    deliver()
    pass_time(minutes=1)
    deliver()
    first, second = network.requests
    assert first.id == second.id
    assert first.body == second.body


# Pausing.


def test_what_happens_during_a_pause_is_sent_afterwards_or_skipped(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    for skip in (False, True):
        subscriptions.pause(webhook)
        fail()
        deliver()
        assert network.requests == []
        subscriptions.resume(webhook, skip_missed=skip)
        deliver()
        assert len(network.requests) == (0 if skip else 1)
        network.requests.clear()


def test_an_owner_who_may_not_sign_in_is_told_nothing(
    webhook: Webhook, alice: User, network: Network, deliver: Deliver, fail: Fail
) -> None:
    fail()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    deliver()
    assert network.requests == []


def test_what_staff_have_paused_sends_no_test_either(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    subscriptions.send_test(webhook)
    subscriptions.hold(webhook)
    fail()
    deliver()
    assert network.requests == []
    for ask in (subscriptions.resume, subscriptions.send_test):
        with pytest.raises(subscriptions.HeldByStaff):
            ask(webhook)
    subscriptions.release(webhook)
    deliver()
    assert network.types == ["webhook.test", "document.failed"]


def test_what_staff_release_stays_paused_by_its_owner(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    subscriptions.pause(webhook)
    subscriptions.hold(webhook)
    assert subscriptions.release(webhook)
    fail()
    deliver()
    assert network.requests == []
    assert stored(webhook).pause_reason == Webhook.Pause.OWNER
    subscriptions.resume(webhook)
    deliver()
    assert network.types == ["document.failed"]


def test_an_owner_can_pause_what_staff_hold(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    subscriptions.hold(webhook)
    assert subscriptions.pause(webhook)
    subscriptions.release(webhook)
    fail()
    deliver()
    assert network.requests == []


def test_a_hold_of_days_is_no_day_of_failures(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed()
    fail()
    deliver()
    subscriptions.hold(webhook)
    pass_time(hours=48)
    subscriptions.release(webhook)
    deliver()
    assert (stored(webhook).state, webhook.attempts) == ("failing", 1)


# Tests and repetitions.


def test_a_test_is_sent_though_it_is_paused_and_moves_nothing(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    subscriptions.pause(webhook)
    fail()
    cursor = webhook.cursor
    waiting = subscriptions.send_test(webhook)
    deliver()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.status_code) == ("delivered", 204)
    assert network.requests[0].id == waiting.message_id
    assert network.types == ["webhook.test"]
    assert stored(webhook).cursor == cursor
    assert webhook.is_paused


def test_a_test_that_arrives_lets_what_waits_go_on_at_once(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    network.answer = lambda request: failed()
    fail()
    deliver()
    network.answer = lambda request: OK
    subscriptions.send_test(webhook)
    deliver()
    assert network.types == ["document.failed", "webhook.test", "document.failed"]


def test_a_test_that_fails_is_tried_once(
    webhook: Webhook, network: Network, deliver: Deliver
) -> None:
    network.answer = lambda request: failed()
    waiting = subscriptions.send_test(webhook)
    for _ in range(3):
        deliver()
        pass_time(hours=5)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.code, waiting.status_code) == ("failed", "status", 500)
    assert len(network.requests) == 1
    assert stored(webhook).state == "active"


def test_a_message_is_sent_again_under_its_id(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    fail()
    fail()
    deliver()
    first = webhook.deliveries.order_by("id")[0]
    again = subscriptions.resend(first)
    deliver()
    assert network.requests[-1].id == network.requests[0].id == again.message_id
    assert network.requests[-1].body == network.requests[0].body
    assert stored(webhook).cursor == events.latest_id()


def test_what_was_asked_for_and_is_gone_is_said(
    webhook: Webhook, network: Network, deliver: Deliver, fail: Fail
) -> None:
    document = fail()
    deliver()
    again = subscriptions.resend(webhook.deliveries.get())
    removal.delete(document)
    deliver()
    again.refresh_from_db()
    assert (again.state, again.code) == ("failed", "event_gone")
    assert len(network.requests) == 1
