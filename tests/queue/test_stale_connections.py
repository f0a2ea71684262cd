"""The database was restarted while a thread slept: the thread goes on, and ends in good order."""

import signal
import time
from contextlib import ExitStack

import psycopg
import pytest
from django.db import OperationalError, connection

from accounts import demo
from atom_project.persistent_connections import reconnecting
from documents import queue
from documents.management.commands import up
from documents.models import Status, StatusEvent, WorkerHeartbeat
from documents.pipeline import process
from tests.conftest import statuses
from tests.processes import postgres_installation
from tests.queue.test_accidents import once_raising

STALE = OperationalError("terminating connection due to administrator command")


@pytest.fixture
def stale(monkeypatch, transactional_db):
    """This thread's connection answers no more, whatever is asked of it first."""
    monkeypatch.setattr(connection, "is_usable", lambda: False)


def test_a_stale_connection_is_dropped_and_the_question_asked_once_more(stale):
    connection.ensure_connection()
    before = connection.connection

    def ask():
        connection.ensure_connection()
        if connection.connection is before:
            raise STALE
        return "answer"

    assert reconnecting(ask) == "answer"


def test_a_question_is_asked_twice_and_no_more(stale):
    asked = []

    def ask():
        asked.append(1)
        raise STALE

    with pytest.raises(OperationalError):
        reconnecting(ask)
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_an_error_of_a_connection_that_works_is_not_repeated():
    connection.ensure_connection()
    with pytest.raises(OperationalError, match="locked"):
        reconnecting(once_raising(OperationalError("database is locked"), lambda: "second"))


def test_nothing_is_repeated_inside_a_transaction(db, monkeypatch):
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError):
        reconnecting(once_raising(STALE, lambda: "second"))


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (queue, "claim_next"),
        (process.events, "advance"),
        (process, "_provenance"),
        (process, "_keep_analysis"),
    ],
)
def test_a_document_is_finished_though_the_connection_broke(
    place, name, stale, upload, worker, monkeypatch
):
    document = upload()
    monkeypatch.setattr(place, name, once_raising(STALE, getattr(place, name)))
    busy = worker()
    busy._try_once()
    assert statuses(document)[-1] == Status.COMPLETED
    assert document.analyses.count() == 1
    assert statuses(document).count(Status.PROCESSING) == 1


def test_a_worker_gives_back_what_it_holds_though_its_connection_broke(
    stale, upload, worker, monkeypatch
):
    document, busy = upload(), worker()
    busy._keepers = []  # They were not started.
    busy._leases.announce()
    queue.claim_next(busy.name)
    # After the row was moved and before the commit: the worst moment.
    monkeypatch.setattr(queue.events, "_announce", once_raising(STALE, queue.events._announce))
    busy._finish([])
    document.refresh_from_db()
    assert (document.status, document.lease_expirations) == (Status.PENDING, 0)
    assert StatusEvent.objects.of(document).last().reason == "released"
    assert not WorkerHeartbeat.objects.exists()


def test_a_worker_without_a_database_ends_with_one_line_for_each_thing_left(
    stale, worker, monkeypatch, caplog
):
    busy = worker()
    busy._keepers = []

    def away(*arguments):
        raise STALE

    monkeypatch.setattr(busy, "_release_all", away)
    monkeypatch.setattr(busy._leases, "withdraw", away)
    busy._finish([])
    why = f"The worker ends; its lease and heartbeat will run out: {STALE}"
    assert caplog.messages.count(why) == 2


def test_announcements_never_stop_a_start(stale, monkeypatch, caplog):
    def away():
        raise STALE

    monkeypatch.setattr(demo, "stands", away)
    *_, last = up.Command()._announcement(8000, no_worker=False)
    assert last == "Press Ctrl-C to stop."
    assert caplog.messages == [f"The database did not answer while this was said: {STALE}"]


@pytest.mark.postgres
@pytest.mark.slow
def test_a_worker_stopped_after_a_restart_of_postgresql_gives_its_documents_back(tmp_path):
    with postgres_installation(tmp_path) as installation, ExitStack() as stack:
        ours = installation.environment["DATABASE_URL"]
        uploaded = installation.program("uploader", "user1", "3")
        stack.callback(uploaded.end)
        assert uploaded.wait() == 0, uploaded.lines
        worker = installation.program(
            *("worker", "--wait", tmp_path, "--slots", 3, "--grace", 2, "--lease", 30)
        )
        stack.callback(worker.end)
        with psycopg.connect(ours, autocommit=True) as asking:
            one = "SELECT count(*) FROM documents_document WHERE status = 'analyzing'"
            deadline = time.monotonic() + 60
            while asking.execute(one).fetchone() != (3,) and time.monotonic() < deadline:
                time.sleep(0.05)
            asking.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            worker.process.send_signal(signal.SIGTERM)
            assert worker.wait() == 0, worker.lines
            rows = asking.execute(
                "SELECT status, lease_expirations, claimed_by FROM documents_document"
            )
            assert rows.fetchall() == [("pending", 0, "")] * 3
            assert asking.execute("SELECT 1 FROM documents_workerheartbeat").fetchall() == []
