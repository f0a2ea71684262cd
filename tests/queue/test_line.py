import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents import events, queue
from documents.models import Document, Status, StatusEvent
from documents.uploads import intake
from tests.conftest import statuses


def test_the_document_that_waited_longest_is_claimed_first(upload):
    first, second = upload(), upload()
    assert queue.claim_next("w") == first
    assert queue.claim_next("w") == second
    assert queue.claim_next("w") is None


def test_files_of_one_upload_keep_their_order(alice, text_file):
    sent = intake.receive(alice, [text_file(f"{n}.txt") for n in range(5)]).documents
    assert [queue.claim_next("w") for _ in range(5)] == sent


def test_a_claim_is_counted_leased_and_recorded(upload):
    upload()
    claimed = queue.claim_next("w")
    assert (claimed.status, claimed.attempts, claimed.claimed_by) == (Status.PROCESSING, 1, "w")
    assert claimed.lease_expires_at is not None
    assert claimed.started_at is not None
    assert statuses(claimed) == [Status.PENDING, Status.PROCESSING]


def test_an_idle_look_takes_no_lock_and_one_query(alice):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert queue.claim_next("w") is None
    assert len(queries) == 1


def test_a_recovered_document_goes_to_the_front(upload):
    first, second = upload(), upload()
    queue.claim_next("w")
    queue.release(Document.objects.get(pk=first.pk))
    assert queue.claim_next("w") == first
    assert queue.claim_next("w") == second


def test_a_retried_document_goes_to_the_back(upload):
    first, second = upload(), upload()
    queue.cancel(first)
    queue.requeue(first)
    assert queue.claim_next("w") == second
    assert queue.claim_next("w") == first


def test_retry_forgets_the_failure_but_not_the_attempts(upload):
    document = upload()
    queue.claim_next("w")
    queue.cancel(document)
    queue.requeue(document)
    document.refresh_from_db()
    assert (document.failure, document.finished_at, document.lease_expirations) == (None, None, 0)
    assert document.attempts == 1


def test_only_a_finished_document_can_be_tried_again(upload):
    with pytest.raises(queue.NotFinished):
        queue.requeue(upload())


def test_a_finished_document_cannot_be_cancelled(upload):
    document = upload()
    queue.cancel(document)
    with pytest.raises(queue.AlreadyFinished):
        queue.cancel(document)


def test_a_cancelled_document_says_so_and_leaves_the_line(upload):
    document = upload()
    queue.cancel(document)
    document.refresh_from_db()
    assert document.failure["code"] == "cancelled"
    assert document.failure["detail"] == "You canceled this."
    assert queue.claim_next("w") is None


def test_positions_count_everybody_who_waits_ahead(upload, bob):
    mine, others, last = upload(), upload(owner=bob), upload()
    assert queue.positions([mine, last]) == {mine.pk: 1, last.pk: 3}
    queue.claim_next("w")
    assert queue.positions([last]) == {last.pk: 2}
    assert queue.positions([others]) == {others.pk: 1}


def test_positions_of_many_documents_take_one_query(upload, django_assert_num_queries):
    documents = [upload() for _ in range(10)]
    with django_assert_num_queries(1):
        places = queue.positions(documents)
    assert sorted(places.values()) == list(range(1, 11))


def test_positions_of_more_documents_than_a_union_has_terms_are_told(upload):
    first = upload()
    Document.objects.bulk_create(
        Document(owner_id=first.owner_id, size=1, queue_number=first.queue_number + number)
        for number in range(1, 1001)
    )
    places = queue.positions(Document.objects.all())
    assert sorted(places.values()) == list(range(1, 1002))
    assert places[first.pk] == 1


def test_documents_that_do_not_wait_have_no_position(upload, django_assert_num_queries):
    document = upload()
    queue.cancel(document)
    document.refresh_from_db()
    with django_assert_num_queries(0):
        assert queue.positions([document]) == {}


def test_a_waiting_document_says_that_no_worker_runs(upload, worker):
    document = upload()
    assert queue.waiting_reason(document) == queue.WaitingReason.NO_WORKER
    worker()._leases.announce()
    assert queue.waiting_reason(document) is None


@pytest.mark.parametrize("status", Status)
def test_steps_the_state_machine_does_not_know_are_refused(upload, status):
    document = upload()
    if status in events.NEXT_STATUSES[Status.PENDING]:
        return
    with pytest.raises(events.IllegalTransition):
        events.advance(document, status)
    assert statuses(document) == [Status.PENDING]


def test_a_document_somebody_else_moved_is_not_moved_again(upload):
    stale = upload()
    queue.cancel(stale)
    with pytest.raises(events.StaleDocument):
        events.advance(stale, Status.PROCESSING)
    assert statuses(stale) == [Status.PENDING, Status.FAILED]


def test_progress_is_kept_while_running_and_forgotten_at_the_end(upload):
    upload()
    document = queue.claim_next("w")
    events.progress(document, step="extracting", done=3, total=9)
    document.refresh_from_db()
    assert document.progress == {"step": "extracting", "done": 3, "total": 9}
    queue.fail(document, queue.failure("damaged"))
    assert document.progress is None
    assert not StatusEvent.objects.filter(kind=StatusEvent.Kind.PROGRESS).exists()


def test_events_are_in_the_order_of_their_ids(upload):
    for _ in range(3):
        upload()
    queue.claim_next("w")
    ids = list(StatusEvent.objects.oldest_first().values_list("id", flat=True))
    assert ids == sorted(ids)
    assert events.latest_id() == ids[-1]
