"""Whose clock a history tells: the database's where several hosts share one."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import circuit_breaker, queue
from documents.dashboard import list_row, rows
from documents.live import event_rows, payloads
from documents.models import Document, ModelCall, OpenCircuit, StatusEvent
from documents.operations import statistics
from tests.engines import OneCall


def times_of(document):
    document.refresh_from_db()
    history = StatusEvent.objects.of(document).statuses().oldest_first()
    return list(history.values_list("created_at", flat=True))


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_worker_with_another_clock_writes_the_databases_times(upload, worker, hours):
    if connection.vendor != "postgresql":
        pytest.skip("beside a SQLite file there is one host, with one clock")
    document = upload()
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        worker(OneCall()).work_once()
    times = times_of(document)
    assert times == sorted(times)
    assert document.created_at <= document.started_at <= document.finished_at
    call = ModelCall.objects.get()
    assert document.started_at <= call.sent_at <= call.closed_at <= document.finished_at
    assert document.finished_at - document.created_at < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_an_upload_on_a_host_with_another_clock_has_the_databases_time(upload):
    if connection.vendor != "postgresql":
        pytest.skip("beside a SQLite file there is one host, with one clock")
    now = timezone.now()
    with time_machine.travel(now + timedelta(hours=2)):
        document = upload()
    assert abs(document.created_at - now) < timedelta(minutes=1)
    assert document.queued_at == Document.objects.get().queued_at


def test_a_row_just_made_knows_its_times(upload):
    document = upload()
    stored = Document.objects.get()
    for name in ("created_at", "queued_at", "updated_at"):
        assert getattr(document, name) == getattr(stored, name)


@pytest.mark.django_db(transaction=True)
def test_a_claim_takes_as_many_statements_as_ever(upload):
    upload()
    with CaptureQueriesContext(connection) as seen:
        queue.claim_next("worker")
    sent = " ".join(one["sql"] for one in seen)
    assert (sent.count("UPDATE documents"), sent.count("INSERT INTO documents")) == (1, 1)


def test_a_completion_is_told_with_its_own_analysis(upload, worker):
    document = upload()
    worker().work_once()
    document.refresh_from_db()
    first = document.current_analysis
    queue.requeue(document)
    worker().work_once()
    rows = event_rows.events_since(0, 100)
    told = [row for row in rows if row.status == "completed"]
    events = StatusEvent.objects.filter(status="completed").oldest_first()
    assert [one.created_at for one in document.analyses.order_by("id")] == [
        one.created_at for one in events
    ]
    results = payloads._Results(told)
    assert results.of(told[0])["provenance"] == first.result["provenance"]


@pytest.mark.parametrize("hours", [-2, 2])
def test_what_is_counted_is_counted_by_the_databases_clock(upload, alice, worker, hours):
    if connection.vendor != "postgresql":
        pytest.skip("beside a SQLite file there is one host, with one clock")
    upload("done.txt")
    worker(OneCall()).work_once()
    upload("waits.txt", "Others wait.")
    running = queue.claim_next("worker")
    upload("waits_too.txt", "And others.")
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert statistics._oldest_wait() < 60
        assert statistics._call_seconds()
        assert len(event_rows.latest_of_each(alice.pk, 10**9)) == 3
        assert list_row.elapsed(Document.objects.get(pk=running.pk)) < 60
        [shown] = rows.read(Document.objects.filter(pk=running.pk))
        assert shown.elapsed < 60
        circuit_breaker.trip("account", OpenCircuit.Reason.KEY_REJECTED)
        assert abs(OpenCircuit.objects.get().refused_at - running.queued_at) < timedelta(minutes=1)
