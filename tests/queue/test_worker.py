import logging
import shutil

import pytest
from django.conf import settings
from django.db import OperationalError

from documents import queue, removal
from documents.models import (
    ActionItem,
    Analysis,
    Document,
    ModelCall,
    Page,
    Status,
    StatusEvent,
    WorkerHeartbeat,
)
from tests.conftest import statuses
from tests.engines import Broken, Failing, FirstWords, OneCall
from tests.queue.test_recovery import expire

WHOLE_STORY = [Status.PENDING, Status.PROCESSING, Status.ANALYZING, Status.COMPLETED]


def test_a_document_is_read_analyzed_and_completed(upload, worker):
    document = upload(text="Repair the quay wall.")
    assert worker().work_once()
    document.refresh_from_db()
    assert statuses(document) == WHOLE_STORY
    assert [page.text for page in document.pages.all()] == ["Repair the quay wall."]
    assert document.current_analysis.summary == "Repair"
    assert document.language == "en"
    assert (document.claimed_by, document.lease_expires_at) == ("", None)


def test_nothing_is_done_when_nobody_waits(db, worker):
    assert not worker().work_once()


def test_the_result_says_what_was_read_and_by_whom(upload, worker):
    document = upload()
    worker().work_once()
    result = document.current_analysis.result
    assert result["coverage"] == {
        "pages_total": 1,
        "pages_read": 1,
        "not_read": [],
        "hidden_text": [],
        "struck_out": [],
        "ocr": None,
        "unverified": [],
        "prompts_cut": 0,
    }
    assert result["provenance"]["engine"] == "offline"
    item = ActionItem.objects.get()
    assert (item.task, item.evidence[0]["quote"]) == ("Read The", "The")


def test_a_file_that_cannot_be_read_fails_with_its_reason(alice, worker, upload):
    document = upload(text=" \n ")
    worker().work_once()
    document.refresh_from_db()
    assert (document.status, document.failure["code"]) == (Status.FAILED, "empty")
    assert document.failure["advice"]


def test_a_failed_model_call_fails_the_document_and_may_be_tried_again(upload, worker):
    document = upload()
    worker(Failing("model_unavailable")).work_once()
    document.refresh_from_db()
    assert document.failure["code"] == "model_unavailable"
    assert document.failure["retryable"]


def test_an_unforeseen_error_is_neutral_to_its_reader_and_logged_without_text(
    upload, worker, caplog
):
    document = upload(text="Secret words.")
    with caplog.at_level(logging.INFO):
        worker(Broken()).work_once()
    document.refresh_from_db()
    assert document.failure["code"] == "internal_error"
    assert document.failure["reference"] in caplog.text
    assert "Secret" not in caplog.text
    assert "Secret" not in str(document.failure)


def test_a_debug_run_logs_what_an_unforeseen_error_said(upload, worker, caplog, settings):
    settings.DEBUG = True
    upload(text="Secret words.")
    worker(Broken()).work_once()
    assert "RuntimeError('Secret words.')" in caplog.text


def test_one_bad_document_does_not_stop_the_line(upload, worker):
    bad, good = upload(text=" "), upload()
    busy = worker()
    assert busy.work_once()
    assert busy.work_once()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (bad.status, good.status) == (Status.FAILED, Status.COMPLETED)


def test_a_missing_file_fails_the_document_not_the_worker(upload, worker):
    document = upload()
    shutil.rmtree(settings.MEDIA_ROOT)
    worker().work_once()
    document.refresh_from_db()
    assert document.failure["code"] == "internal_error"


def test_extracted_pages_are_not_extracted_again(upload, worker, monkeypatch):
    document = upload()
    worker(Failing("model_unavailable")).work_once()
    queue.requeue(document)
    Page.objects.update(text="Kept from the first reading.")
    worker().work_once()
    assert document.current_analysis.summary == "Kept"


def test_an_answer_that_was_paid_for_is_not_bought_again(upload, worker):
    class LosesItsClaim(OneCall):
        def analyze(self, pages, **how):
            findings = super().analyze(pages, **how)
            expire(document)
            queue.recover_expired()
            return findings

    document = upload()
    first, second = LosesItsClaim(), OneCall()
    worker(first).work_once()
    worker(second).work_once()
    document.refresh_from_db()
    assert document.status == Status.COMPLETED
    assert (first.bought, second.bought) == (1, 0)
    assert Analysis.objects.count() == 1


def test_a_call_cut_off_by_a_crash_is_unknown(upload, worker):
    class Killed(OneCall):
        def answer_arrives(self):
            raise SystemExit

    document = upload()
    with pytest.raises(SystemExit):
        worker(Killed()).work_once()
    expire(document)
    queue.recover_expired()
    worker(OneCall()).work_once()
    assert list(ModelCall.objects.values_list("state", "attempt")) == [
        ("unknown", 1),
        ("answered", 2),
    ]


def test_the_ledger_keeps_figures_not_answers_once_the_analysis_is_stored(upload, worker):
    upload()
    worker(OneCall()).work_once()
    call = ModelCall.objects.get()
    assert (call.answer, call.input_tokens, str(call.cost_usd)) == ("", 3, "0.010000")


@pytest.mark.parametrize("trouble", [removal.delete, queue.cancel], ids=["deleted", "cancelled"])
def test_work_on_a_document_taken_away_is_dropped(upload, worker, trouble):
    class Meanwhile(OneCall):
        def answer_arrives(self):
            trouble(document)

    document = upload()
    worker(Meanwhile()).work_once()
    assert not Analysis.objects.exists()
    assert Status.COMPLETED not in statuses(document)


def test_nothing_is_bought_for_a_document_taken_away(upload, worker):
    class Late(OneCall):
        def analyze(self, pages, **how):
            removal.delete(document)
            return super().analyze(pages, **how)

    document, engine = upload(), Late()
    worker(engine).work_once()
    assert engine.bought == 0


def test_deleting_while_the_model_answers_leaves_no_trace_but_figures(upload, worker):
    class Meanwhile(OneCall):
        def answer_arrives(self):
            removal.delete(document)

    document = upload()
    worker(Meanwhile()).work_once()
    call = ModelCall.objects.get()
    assert (call.document, call.answer, call.input_tokens) == (None, "", 3)
    assert not Document.objects.exists()
    assert not Page.objects.exists()
    assert [event.kind for event in StatusEvent.objects.all()] == ["deleted"]


def test_a_lost_claim_is_noticed_when_leases_are_renewed(upload, worker):
    busy = worker()

    class Meanwhile(FirstWords):
        def analyze(self, pages, **how):
            Document.objects.update(claimed_by="other")
            busy._leases.keep_once()
            return super().analyze(pages, **how)

    document = upload()
    busy._engine = Meanwhile()
    busy.work_once()
    document.refresh_from_db()
    assert document.status == Status.ANALYZING


def test_a_worker_says_that_it_lives(worker, db):
    alive = worker()
    alive._leases.announce()
    assert WorkerHeartbeat.objects.alive().get().name == alive.name
    assert queue.worker_available()


@pytest.mark.django_db(transaction=True)
def test_a_drained_line_is_empty(upload):
    from documents.worker import Worker

    documents = [upload() for _ in range(6)]
    Worker(slots=2, engine=FirstWords(), poll=0.1).drain()
    assert {statuses(document)[-1] for document in documents} == {Status.COMPLETED}
    assert not WorkerHeartbeat.objects.exists()


class CutOff(FirstWords):
    """Loses the database in the middle of the work."""

    def analyze(self, pages, **how):
        raise OperationalError("the server has gone away")


def test_a_document_whose_work_the_database_cut_off_is_recovered_while_its_worker_lives(
    upload, worker
):
    document = upload()
    unlucky = worker(CutOff())
    with pytest.raises(OperationalError):
        unlucky.work_once()
    expire(Document.objects.get(pk=document.pk))
    unlucky._leases.keep_once()
    document.refresh_from_db()
    assert (document.status, document.lease_expirations) == (Status.PENDING, 1)
