"""Estimates as pages, API and stream tell them, from what the database has."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import events, queue
from documents.estimates import current, forecast, queue_rows
from documents.live import event_rows, payloads
from documents.models import Analysis, Document, OpenCircuit, WorkerHeartbeat
from documents.trash import moves
from tests.queue.test_query_plans import by_index  # noqa: F401

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def past(alice):
    """Finished documents that took ten to twenty seconds each, one after the other."""

    def make(number=40, **changes):
        begin = timezone.now() - timedelta(hours=2)
        for place in range(number):
            at = begin + place * 60 * SECOND
            facts = {
                "owner": alice,
                "filename": f"{place}.txt",
                "content_type": "text/plain",
                "size": 22,
                "sha256": "0" * 64,
                "file": f"uploads/{place}",
                "status": "completed",
                "queue_number": queue._last_number() + 1,
                "queued_at": at,
                "attempts": 1,
                "started_at": at,
                "finished_at": at + (10 + place * 10 / number) * SECOND,
                **changes,
            }
            document = Document.objects.create(id=uuid.uuid4(), **facts)
            Analysis.objects.create(
                document=document, engine="offline", prompt_version="1", result={}, coverage={}
            )

    return make


@pytest.fixture
def worker(db):
    return WorkerHeartbeat.objects.create(name="worker", host="here", pid=1, slots=1)


def estimate_of(api, document):
    current.of_this_process.forget()
    return api.get(f"/documents/{document.pk}/status").json()["estimate"]


def test_the_status_tells_a_range_and_how_often_such_ranges_held(api, upload, past, worker):
    past()
    upload()
    second = upload()
    told = estimate_of(api, second)
    earliest, latest = told["seconds"]
    assert 15 <= earliest < latest <= 42
    assert told["earliest"] < told["latest"]
    # Of forty, the last twenty had twenty before them.
    assert told["checked"] in range(18, 21)
    assert told["held"] <= told["checked"]
    assert told["held_share"] == round(told["held"] / told["checked"], 2)


def test_pages_and_stream_tell_it_too(alice, browser, upload, past, worker):
    past()
    document = upload()
    page = browser.get(f"/d/{document.pk}").content.decode()
    assert "Ready within 20 s." in page or "Ready within 25 s." in page
    assert "such estimates held." in page
    assert ">ready within 2" in browser.get("/").content.decode()
    [said] = [one.body for one in payloads.of(event_rows.owner_events_since(alice.pk, 0, 9))]
    assert said["estimate"]["seconds"][1] <= 25
    queue.cancel(document)
    rows = event_rows.owner_events_since(alice.pk, said["id"], 9)
    assert "estimate" not in payloads.of(rows)[0].body


def test_there_is_none_without_history_worker_or_while_the_line_is_paused(
    api, upload, past, worker
):
    document = upload()
    past(19)
    assert estimate_of(api, document) is None
    past(1)
    assert estimate_of(api, document)
    OpenCircuit.objects.create(account=worker.account, reason="budget", probe_at=timezone.now())
    assert estimate_of(api, document) is None
    OpenCircuit.objects.all().delete()
    assert estimate_of(api, document)
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert estimate_of(api, document) is None


def test_a_held_document_has_none_and_a_finished_one_has_none(
    alice, api, upload, past, worker, use_up
):
    past()
    document = upload()
    finished = Document.objects.filter(status="completed").first()
    assert estimate_of(api, finished) is None
    use_up(alice)
    assert estimate_of(api, document) is None


def test_what_was_taken_over_from_an_identical_file_is_no_measure(api, upload, past, worker):
    past()
    for document in Document.objects.filter(status="completed"):
        events.record(document, reason="reused")
    assert not [one for one in queue_rows.read_history() if one.is_measure]
    assert estimate_of(api, upload()) is None


def test_a_running_document_counts_from_its_claim_and_trash_frees_its_slot(
    api, upload, past, worker
):
    past()
    first, second = upload(), upload()
    queue.claim_next(worker.name)
    Document.objects.filter(pk=first.pk).update(started_at=timezone.now() - 9 * SECOND)
    assert estimate_of(api, first)["seconds"][1] <= 12
    later = estimate_of(api, second)["seconds"]
    moves.put(first.pk)
    assert estimate_of(api, second)["seconds"][1] < later[1]


def test_two_statements_at_most_and_none_for_some_seconds(upload, past, worker, monkeypatch):
    monkeypatch.setattr(current.time, "monotonic", lambda: 1000.0)
    past(30)
    document = upload()
    with CaptureQueriesContext(connection) as read:
        assert current.of([document])
        assert len(read) == 2
        current.of([document])
    assert len(read) == 2


def test_a_document_that_came_since_is_looked_for_but_not_at_every_question(
    upload, past, worker, monkeypatch
):
    past(30)
    now = [time.monotonic()]
    monkeypatch.setattr(current.time, "monotonic", lambda: now[0])
    assert current.of([upload()])
    new = upload()
    assert not current.of([new])
    now[0] += 2 * current.LINE_LIFETIME_FOR_NEW
    assert current.of([new])


def test_for_what_runs_the_line_is_not_played_through(upload, past, worker, monkeypatch):
    """Most events of a stream are about it, and whoever listens waits."""
    past(30)
    running, waiting = upload(), upload()
    queue.claim_next(worker.name)
    expected = current.of([Document.objects.get(pk=running.pk), waiting])[running.pk].seconds
    monkeypatch.setattr(current, "LINE_LIFETIME", 0)
    monkeypatch.setattr(forecast, "_play", None)
    running.refresh_from_db()
    assert current.of([running])[running.pk].seconds == pytest.approx(expected, abs=1)
    with pytest.raises(TypeError):
        current.of([waiting])


def test_behind_a_full_line_nobody_is_looked_for_at_every_question(
    upload, past, worker, monkeypatch
):
    past(30)
    monkeypatch.setattr(queue_rows, "FORESEEN", 1)
    now = [time.monotonic()]
    monkeypatch.setattr(current.time, "monotonic", lambda: now[0])
    first, second = upload(), upload()
    assert current.of([first])
    now[0] += 2 * current.LINE_LIFETIME_FOR_NEW
    with CaptureQueriesContext(connection) as read:
        assert not current.of([second])
    assert not read


def test_what_a_clock_that_was_set_made_of_durations_is_told_to_nobody(upload, past, worker):
    past(30, finished_at=timezone.now() + timedelta(days=100_000))
    assert not current.of([upload()])


def test_both_statements_find_their_rows_by_an_index(by_index, upload, past, worker):  # noqa: F811
    past(30)
    upload()
    by_index(queue_rows.read_line)
    by_index(queue_rows.read_history)


def test_a_wrong_clock_of_a_host_changes_no_estimate(upload, past, worker, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("one host, one clock")
    past(30)
    document = upload()
    before = current.of([document])[document.pk].seconds
    current.of_this_process.forget()
    wrong = timezone.now() + timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    after = current.of([document])[document.pk].seconds
    assert after == pytest.approx(before, abs=1)


def test_the_words_are_rounded_outwards():
    now = timezone.now()

    def words(low, high):
        ends = (now + low * SECOND, now + high * SECOND)
        return current.in_words(current.Estimate(*ends, now, 0, 0))

    assert words(3, 11) == "within 15 s"
    assert words(130, 290) == "in 2 to 5 min"
    assert words(20, 130) == "within 3 min"
    assert words(4000, 9000) == "in 1 to 3 h"
