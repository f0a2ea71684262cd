from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from documents import events, queue
from documents.models import Document, Status, StatusEvent
from tests.conftest import statuses
from tests.queue.probes import FEW_STEPS, steps_of


def expire(document):
    past = timezone.now() - timedelta(seconds=1)
    Document.objects.filter(pk=document.pk).update(lease_expires_at=past)


def lose_once(document):
    claimed = queue.claim_next("w")
    assert claimed == document
    expire(claimed)
    assert queue.recover_expired() == 1


def test_a_document_of_a_silent_worker_goes_back_to_the_line(upload):
    document = upload()
    lose_once(document)
    document.refresh_from_db()
    assert (document.status, document.lease_expirations, document.attempts) == (
        Status.PENDING,
        1,
        1,
    )
    assert StatusEvent.objects.of(document).last().reason == "worker_lost"


def test_a_document_that_lost_three_workers_fails(upload):
    document = upload()
    for _ in range(settings.MAX_LEASE_EXPIRATIONS):
        lose_once(document)
    document.refresh_from_db()
    assert (document.status, document.failure["code"]) == (Status.FAILED, "worker_lost")
    assert document.failure["retryable"]


def test_a_retry_counts_losses_from_the_beginning(upload):
    document = upload()
    for _ in range(settings.MAX_LEASE_EXPIRATIONS):
        lose_once(document)
    queue.requeue(document)
    lose_once(document)
    document.refresh_from_db()
    assert document.status == Status.PENDING


def test_a_document_with_a_living_worker_is_left_alone(upload):
    upload()
    queue.claim_next("w")
    assert queue.recover_expired() == 0


def test_renewing_keeps_a_lease_alive(upload):
    document = upload()
    claimed = queue.claim_next("w")
    expire(claimed)
    assert queue.renew("w", [document.pk]) == {(document.pk, 1)}
    assert queue.recover_expired() == 0


def test_a_worker_renews_only_its_own_claims(upload):
    document = upload()
    expire(queue.claim_next("silent"))
    assert queue.renew("other", [document.pk]) == set()
    assert queue.recover_expired() == 1


def test_a_claim_that_its_living_worker_dropped_is_lost_all_the_same(upload):
    upload()
    expire(queue.claim_next("w"))
    assert queue.renew("w", []) == set()
    assert queue.recover_expired() == 1


def test_a_lease_from_before_the_clock_was_set_back_is_lost(upload):
    upload()
    claimed = queue.claim_next("w")
    far = timezone.now() + 3 * settings.LEASE
    Document.objects.filter(pk=claimed.pk).update(lease_expires_at=far)
    assert queue.recover_expired() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by its statistics")
def test_a_look_for_lost_leases_does_not_walk_over_finished_documents(upload):
    document = upload()
    Document.objects.bulk_create(
        Document(
            owner_id=document.owner_id,
            size=1,
            status=Status.COMPLETED,
            queue_number=document.queue_number + number,
        )
        for number in range(1, 1001)
    )
    queue.claim_next("w")
    assert steps_of(queue.recover_expired) < FEW_STEPS
    assert steps_of(lambda: queue.renew("w", [document.pk])) < FEW_STEPS


def test_documents_of_silent_workers_go_back_in_the_order_of_the_line(upload):
    documents = [upload() for _ in range(3)]
    for _ in documents:
        expire(queue.claim_next("w"))
    assert queue.recover_expired() == 3
    lost = StatusEvent.objects.filter(reason="worker_lost").oldest_first()
    assert [event.document_id for event in lost] == [document.pk for document in documents]


def test_a_release_is_no_loss(upload):
    document = upload()
    queue.release(queue.claim_next("w"))
    document.refresh_from_db()
    assert (document.status, document.lease_expirations) == (Status.PENDING, 0)


@pytest.mark.parametrize("finished", [False, True])
def test_only_a_running_document_can_be_given_back(upload, finished):
    document = upload()
    if finished:
        queue.cancel(document)
        document.refresh_from_db()
    with pytest.raises(queue.NotRunning):
        queue.release(document)


@pytest.mark.parametrize("again", [False, True], ids=["waiting again", "claimed again"])
def test_a_worker_that_lost_its_claim_can_write_nothing(upload, again):
    document = upload()
    zombie = queue.claim_next("zombie")
    expire(zombie)
    queue.recover_expired()
    if again:
        queue.claim_next("new")
    history = statuses(document)
    for write in (
        lambda: events.advance(zombie, Status.ANALYZING),
        lambda: events.progress(zombie, step="extracting", done=1, total=2),
        lambda: queue.fail(zombie, queue.failure("damaged")),
        lambda: queue.release(zombie),
    ):
        with pytest.raises(events.StaleDocument):
            write()
    assert statuses(document) == history
