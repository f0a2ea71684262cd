"""Calls that nobody waits for any more are told as unknown, never as on their way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from documents import queue, removal
from documents.models import Document, ModelCall
from documents.operations import housekeeping
from documents.pipeline.ledger import DocumentLedger
from tests.engines import OneCall
from tests.queue.counting import counted


class Interrupted(OneCall):
    """Something happens to the document while the model thinks, and the worker is killed."""

    def __init__(self, what):
        super().__init__()
        self._what = what

    def answer_arrives(self):
        self._what(Document.objects.get())
        raise SystemExit


def deleted(document):
    removal.delete(document)


def canceled(document):
    queue.cancel(document)


def killed(document):
    pass


def leave_a_call(upload, worker, what):
    upload()
    with pytest.raises(SystemExit):
        worker(Interrupted(what)).work_once()
    return ModelCall.objects.get()


@pytest.mark.parametrize("what", [deleted, canceled, killed])
@pytest.mark.parametrize("look", [housekeeping.glance, housekeeping.sweep])
def test_a_call_that_nobody_waits_for_is_closed_as_unknown(
    what, look, upload, worker, api, settings
):
    call = leave_a_call(upload, worker, what)
    assert api.get("/usage").json()["total"]["intended"] == 1
    longest = timedelta(seconds=settings.ATOM_MODEL_DEADLINE) + settings.LEASE
    ModelCall.objects.filter(pk=call.pk).update(sent_at=timezone.now() - longest)
    look()
    total = api.get("/usage").json()["total"]
    assert (total["intended"], total["unknown"]) == (0, 1)
    call.refresh_from_db()
    assert call.closed_at


def test_a_call_that_may_still_be_answered_stays_on_its_way(upload, worker, settings):
    call = leave_a_call(upload, worker, killed)
    longest = timedelta(seconds=settings.ATOM_MODEL_DEADLINE) + settings.LEASE
    almost = timezone.now() - longest + timedelta(minutes=1)
    ModelCall.objects.filter(pk=call.pk).update(sent_at=almost)
    housekeeping.glance()
    housekeeping.sweep()
    call.refresh_from_db()
    assert call.state == ModelCall.State.INTENDED


def test_the_hourly_sweep_closes_what_no_glance_saw(upload, worker):
    call = leave_a_call(upload, worker, killed)
    ModelCall.objects.filter(pk=call.pk).update(sent_at=timezone.now() - timedelta(days=30))
    housekeeping.glance()
    call.refresh_from_db()
    assert call.state == ModelCall.State.INTENDED
    housekeeping.sweep()
    call.refresh_from_db()
    assert call.state == ModelCall.State.UNKNOWN


def test_at_first_only_what_was_asked_before_is_looked_for(upload):
    upload()
    document = queue.claim_next("w")
    books = DocumentLedger(document)
    with counted() as sent:
        assert books.recall("one") is None
    assert sent.statements == []
    call = books.intend(request_hash="one", chunk=1, model="m")
    books.answered(call, answer="harbor", input_tokens=1, output_tokens=1, cost_usd=None)
    assert books.recall("one") == "harbor"
    with counted() as sent:
        assert books.recall("another") is None
    assert sent.statements == []


def test_a_second_attempt_finds_what_the_first_has_paid_for(upload):
    upload()
    first = queue.claim_next("w")
    books = DocumentLedger(first)
    call = books.intend(request_hash="one", chunk=1, model="m")
    books.answered(call, answer="harbor", input_tokens=1, output_tokens=1, cost_usd=None)
    queue.release(first)
    assert DocumentLedger(queue.claim_next("w")).recall("one") == "harbor"
