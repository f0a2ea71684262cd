"""What happens when a step fails in the middle, and nobody foresaw how."""

import logging
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db import connections as database_connections

from documents import queue, removal, wakeup
from documents.management.commands import worker as command
from documents.models import Document, ModelCall, Status, WorkerHeartbeat
from documents.operations import start_check
from documents.pipeline import ledger, process
from documents.uploads import intake
from documents.worker import Worker
from tests.conftest import statuses
from tests.engines import FirstWords, OneCall


def once_raising(error, function):
    """The function, but its first call ends in the error."""
    calls = []

    def call(*arguments, **named):
        calls.append(1)
        if len(calls) == 1:
            raise error
        return function(*arguments, **named)

    return call


@pytest.mark.django_db(transaction=True)
def test_an_error_while_storing_fails_the_document_and_the_slot_goes_on(
    upload, worker, monkeypatch, caplog
):
    bad, good = upload(text="Secret words."), upload(text="Other words.")
    broken = once_raising(ValueError("Secret words."), ledger.forget_answers)
    monkeypatch.setattr(process.ledger, "forget_answers", broken)
    busy = worker(OneCall())
    with caplog.at_level(logging.INFO):
        assert busy._try_once()
        assert busy._try_once()
    bad.refresh_from_db()
    assert statuses(bad)[-1] == bad.status == Status.FAILED
    assert bad.failure["code"] == "internal_error"
    assert not bad.analyses.exists()
    assert statuses(good)[-1] == Status.COMPLETED
    assert "Secret" not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [ProgrammingError("no such table"), OperationalError("gone")])
def test_a_worker_waits_for_a_database_that_comes_later(worker, monkeypatch, caplog, error):
    early = worker()
    monkeypatch.setattr(early, "_poll", 0.01)
    monkeypatch.setattr(early._leases, "announce", once_raising(error, early._leases.announce))
    early._wait_for_database()
    assert WorkerHeartbeat.objects.filter(name=early.name).exists()
    assert caplog.messages == [f"The worker waits for the database: {error}"]


@pytest.mark.django_db(transaction=True)
def test_the_thread_that_waits_for_news_keeps_no_connection(worker, monkeypatch):
    closed = []
    monkeypatch.setattr(database_connections, "close_all", lambda: closed.append(True))
    worker()._wait_for_database()
    assert closed


def test_a_worker_that_waits_for_its_database_can_be_stopped(worker, monkeypatch):
    def away():
        early.stop()
        raise OperationalError("gone")

    early = worker()
    monkeypatch.setattr(start_check, "require_fit", away)
    early.run()
    assert not early.is_busy()


@pytest.mark.django_db(transaction=True)
def test_a_drain_that_was_cut_short_says_so(worker, upload, monkeypatch):
    document = upload()
    monkeypatch.setattr(queue, "claim_next", once_raising(OperationalError("gone"), None))
    with pytest.raises(CommandError, match="may still wait"):
        command._drain(worker(), only_one=True)
    document.refresh_from_db()
    assert document.is_queued


@pytest.mark.django_db(transaction=True)
def test_a_drain_without_a_database_is_told_in_one_sentence(worker, monkeypatch):
    monkeypatch.setattr(
        queue, "recover_expired", once_raising(OperationalError("gone\nmore"), None)
    )
    with pytest.raises(CommandError, match=r"cannot be used: gone\. Is `migrate` done"):
        command._drain(worker(), only_one=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [InterfaceError("gone"), OperationalError("gone"), OSError(5)])
def test_a_slot_outlives_whatever_keeps_it_from_claiming(upload, worker, monkeypatch, error):
    document = upload()
    monkeypatch.setattr(queue, "claim_next", once_raising(error, queue.claim_next))
    busy = worker()
    assert not busy._try_once()
    assert busy._try_once()
    assert statuses(document)[-1] == Status.COMPLETED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [InterfaceError("gone"), OSError(5)])
def test_leases_are_kept_on_after_whatever_hindered_it(alice, worker, monkeypatch, error):
    keeper = worker()

    def renew(*arguments):
        keeper._has_stopped.set()
        return set()

    hindered = once_raising(error, renew)
    monkeypatch.setattr(queue, "renew", hindered)
    keeper._leases.keep_until(keeper._has_stopped)  # Ends only because the second renewal says so.
    assert keeper._has_stopped.is_set()


def test_a_worker_whose_row_was_cleared_away_announces_itself_again(worker, db):
    asleep = worker()
    asleep._leases.announce()
    WorkerHeartbeat.objects.all().delete()
    asleep._leases.keep_once()
    assert WorkerHeartbeat.objects.alive().get().name == asleep.name


@pytest.mark.django_db(transaction=True)
def test_one_document_alone_is_worked_on_with_a_heartbeat(upload):
    seen = []

    class Watching(FirstWords):
        def analyze(self, pages, **how):
            seen.append(WorkerHeartbeat.objects.alive().count())
            return super().analyze(pages, **how)

    first, second = upload(text="First words."), upload(text="Second words.")
    Worker(slots=1, engine=Watching(), poll=0.1).drain(only_one=True)
    assert seen == [1]
    assert (statuses(first)[-1], statuses(second)[-1]) == (Status.COMPLETED, Status.PENDING)


@pytest.mark.django_db(transaction=True)
def test_an_upload_whose_bell_cannot_be_rung_is_an_upload(upload, monkeypatch):
    def no_descriptor_left(folder):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(wakeup, "_notify_sockets", no_descriptor_left)
    document = upload()
    assert default_storage.exists(document.file.name)


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_row_was_committed_stays_though_nobody_heard_so(alice, text_file, monkeypatch):
    commit = connection._commit

    def commit_and_break():
        commit()
        if Document.objects.exists():
            raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "_commit", commit_and_break)
    with pytest.raises(OperationalError):
        intake.receive(alice, [text_file()])
    monkeypatch.undo()
    document = Document.objects.get()
    assert default_storage.exists(document.file.name)


def test_a_file_whose_row_failed_goes(alice, text_file, monkeypatch, settings):
    monkeypatch.setattr(queue.events, "record_queued", once_raising(OperationalError("full"), None))
    with pytest.raises(OperationalError):
        intake.receive(alice, [text_file()])
    assert not Document.objects.exists()
    assert not list((Path(settings.MEDIA_ROOT) / "uploads").glob("*"))


def test_an_answer_outlives_the_connection_it_was_to_be_kept_on(upload, worker, monkeypatch):
    document = upload()
    monkeypatch.setattr(connection, "close", lambda: None)  # The test's own transaction.
    kept = ledger.DocumentLedger._keep_answer
    monkeypatch.setattr(
        ledger.DocumentLedger,
        "_keep_answer",
        once_raising(OperationalError("gone"), lambda self, *facts: kept(self, *facts)),
    )
    worker(OneCall()).work_once()
    assert statuses(document)[-1] == Status.COMPLETED
    assert ModelCall.objects.get().state == ModelCall.State.ANSWERED


def test_a_document_deleted_before_it_was_read_is_no_accident(upload, worker, caplog, monkeypatch):
    document = upload()

    def deleted_meanwhile(document, check_claim):
        removal.delete(document)
        Path(document.file.path).unlink()
        process_extract(document, check_claim)

    process_extract = process._extract
    monkeypatch.setattr(process, "_extract", deleted_meanwhile)
    caplog.clear()  # It was queued.
    with caplog.at_level(logging.WARNING):
        worker().work_once()
    assert not [record for record in caplog.records if record.name.startswith("documents")]
    assert not Document.objects.filter(pk=document.pk).exists()
