"""Into the trash and out of it: the queue, the stream, quotas and identical files."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from documents import events, queue, quotas, removal
from documents.events import StaleDocument
from documents.live import event_rows, payloads
from documents.live.channels import EventLog, channel_of
from documents.models import ActionItem, Document, ModelCall, Page, Status, StatusEvent
from documents.originals import census
from documents.trash import moves
from documents.uploads import intake
from documents.worker import Worker
from tests.api.conftest import finish
from tests.conftest import statuses
from tests.engines import FirstWords

pytestmark = pytest.mark.django_db


def told(user, after=0):
    """What a client that follows the stream from there hears, a line for each event."""
    rows = event_rows.owner_events_since(user.pk, after, 1000)
    bodies = [one.body for one in payloads.of(rows) if one.body]
    return [(body["event"], body.get("status"), body.get("reason")) for body in bodies]


def test_what_was_finished_comes_back_as_it_was(upload, alice):
    document = upload()
    Worker(slots=1, engine=FirstWords()).work_once()
    ActionItem.objects.filter(position=1).update(done=True)
    before = Document.objects.filter(pk=document.pk).values().get()
    moves.put(document.pk)
    assert not Document.objects.exists()
    assert moves.restore(document.pk)
    after = Document.objects.filter(pk=document.pk).values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
    assert ActionItem.objects.get(position=1).done
    assert [step.reason for step in StatusEvent.objects.of(document).statuses()][-1] == "restored"


def test_the_stream_tells_a_deletion_and_later_that_it_is_there_again(upload, alice):
    document = upload()
    Worker(slots=1, engine=FirstWords()).work_once()
    start = events.latest_id()
    moves.put(document.pk)
    assert told(alice, start) == [("deleted", None, None)]
    # Whoever reads everything from the beginning hears nothing but that it is gone.
    assert told(alice) == [("deleted", None, None)]
    assert EventLog(replayed_upto=10**9).get_latest(channel_of(alice.pk), 0) == []
    moves.restore(document.pk)
    assert told(alice, start)[-1] == ("status", "completed", "restored")
    [again] = EventLog(replayed_upto=10**9).get_latest(channel_of(alice.pk), 0)
    assert b'"reason": "restored"' in again.data


def test_a_failed_one_comes_back_with_its_failure_and_is_counted_once(upload, alice):
    document = upload()
    queue.cancel(document)
    moves.put(document.pk)
    moves.restore(document.pk)
    rows = event_rows.owner_events_since(alice.pk, 0, 1000)
    assert payloads.of(rows)[-1].body["failure"]["code"] == "cancelled"
    from documents.models import Counter

    assert Counter.objects.by_label()["failures"] == {"cancelled": 1}


def test_deleting_it_for_good_tells_no_second_time(upload, alice):
    document = finish(upload())
    start = events.latest_id()
    moves.put(document.pk)
    removal.delete(Document.with_trashed.get(pk=document.pk))
    assert told(alice, start) == [("deleted", None, None)]
    assert [event.kind for event in StatusEvent.objects.of(document)] == ["deleted"]
    assert not Page.objects.exists()


def test_a_waiting_one_leaves_the_line_and_comes_back_at_its_end(upload):
    first, second, third = upload(), upload(), upload()
    moves.put(first.pk)
    assert queue.positions([second, third]) == {second.pk: 1, third.pk: 2}
    moves.restore(first.pk)
    claimed = [queue.claim_next("worker") for _ in range(3)]
    assert claimed == [second, third, first]
    assert queue.claim_next("worker") is None


def test_the_worker_of_a_running_one_drops_its_work_and_it_waits_when_restored(upload):
    document = upload()

    class Trashing(FirstWords):
        def analyze(self, pages, **how):
            moves.put(document.pk)
            return super().analyze(pages, **how)

    Worker(slots=1, engine=Trashing()).work_once()
    trashed = Document.with_trashed.get(pk=document.pk)
    assert (trashed.status, trashed.claimed_by, trashed.analyses.count()) == ("trashed", "", 0)
    assert not queue.claim_next("worker")
    assert moves.restore(document.pk)
    restored = Document.objects.get(pk=document.pk)
    assert (restored.status, restored.is_extracted) == (Status.PENDING, True)
    Worker(slots=1, engine=FirstWords()).work_once()
    assert statuses(document)[-1] == Status.COMPLETED


def test_what_a_model_answered_meanwhile_is_kept_for_a_restoration(upload):
    from documents.pipeline.ledger import DocumentLedger

    upload()
    document = queue.claim_next("worker")
    ledger = DocumentLedger(document)
    call = ledger.intend(request_hash="1", chunk=1, model="m")
    moves.put(document.pk)
    ledger.answered(call, answer="{}", input_tokens=1, output_tokens=1, cost_usd=None)
    assert ModelCall.objects.get().answer == "{}"
    with pytest.raises(StaleDocument):
        ledger.intend(request_hash="2", chunk=2, model="m")


def test_the_trash_counts_towards_quotas_and_restoring_wants_a_place_in_line(
    upload, alice, settings
):
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    before = quotas.RemainingQuota.of(alice)
    document = upload()
    moves.put(document.pk)
    remaining = quotas.RemainingQuota.of(alice)
    assert (remaining.documents, remaining.places) == (before.documents - 1, 1)
    assert remaining.bytes == before.bytes - document.size
    upload("second.txt")
    with pytest.raises(quotas.OverQuota):
        moves.restore(document.pk)
    assert Document.with_trashed.get(pk=document.pk).is_trashed


def test_an_identical_file_is_analyzed_anew(upload):
    worker = Worker(slots=1, engine=FirstWords())
    first = upload()
    worker.work_once()
    moves.put(first.pk)
    second = upload()
    worker.work_once()
    [analysis] = second.analyses.all()
    assert analysis.result["provenance"]["reused_from"] is None


def test_an_upload_sent_again_hears_that_its_document_was_deleted(alice, text_file):
    received = intake.receive(alice, [text_file()], key="1")
    moves.put(received.documents[0].pk)
    with pytest.raises(intake.DocumentDeleted):
        intake.receive(alice, [text_file()], key="1")


def test_its_file_belongs_to_somebody_and_its_number_is_taken(upload):
    document = upload()
    moves.put(document.pk)
    assert census.take().unknown == []
    assert upload().queue_number == document.queue_number + 1


def test_what_is_gone_is_neither_trashed_nor_restored(upload):
    document = upload()
    assert not moves.restore(document.pk)
    removal.delete(document)
    moves.put(document.pk)
    assert not Document.with_trashed.exists()
    assert not moves.restore(document.pk)


def test_both_ways_are_in_the_audit_log(upload):
    document = upload()
    moves.put(document.pk)
    moves.restore(document.pk)
    acts = AuditEvent.objects.order_by("pk").values_list("action", "subject")
    assert list(acts) == [
        ("document_trashed", str(document.pk)),
        ("document_restored", str(document.pk)),
    ]
