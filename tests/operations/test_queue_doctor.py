"""What a doctor finds in the line and beneath it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from documents import queue
from documents.models import Document, OpenCircuit, WorkerHeartbeat
from documents.operations import database_doctor, queue_doctor, statistics
from documents.operations.checks import Verdict
from tests.processes import free_port
from tests.services import redis_or_skip


def worker(**facts):
    return WorkerHeartbeat.objects.create(name="w", host="box", pid=1, slots=4, **facts)


def test_a_sound_line_is_called_sound(upload):
    worker()
    upload()
    assert {finding.verdict for finding in queue_doctor.examine()} == {Verdict.GOOD}


def test_claims_that_nobody_takes_back_are_found(upload):
    upload()
    queue.claim_next("w")
    Document.objects.update(lease_expires_at=timezone.now() - timedelta(minutes=5))
    finding = queue_doctor.examine_claims()
    assert (finding.verdict, "1 documents" in finding.text) == (Verdict.WARNING, True)
    assert "Start a worker" in finding.remedy


def test_a_long_work_whose_lease_expired_a_moment_ago_is_no_accident_yet(upload):
    upload()
    queue.claim_next("w")
    Document.objects.update(
        lease_expires_at=timezone.now() - timedelta(seconds=1),
        started_at=timezone.now() - timedelta(hours=1),
    )
    assert queue_doctor.examine_claims().verdict == Verdict.GOOD


def test_a_paused_line_is_found_with_the_way_out(db):
    OpenCircuit.objects.create(account="a", reason="quota_exhausted", probe_at=timezone.now())
    [finding] = queue_doctor.examine_circuits(statistics.read())
    assert "no quota left" in finding.text
    assert "manage.py resume" in finding.remedy


def test_people_who_wait_for_their_budget_are_told_and_are_no_fault(upload, alice, use_up):
    assert not list(queue_doctor.examine_budgets(statistics.read()))
    worker()
    upload()
    Document.objects.update(queued_at=timezone.now() - timedelta(hours=2))
    use_up(alice)
    now = statistics.read()
    [finding] = queue_doctor.examine_budgets(now)
    assert (finding.verdict, "1 people" in finding.text) == (Verdict.GOOD, True)
    assert not list(queue_doctor.examine_waiting(now))


@pytest.mark.parametrize(
    ("minutes", "busy", "found"), [(30, 0, True), (30, 4, False), (1, 0, False)]
)
def test_a_document_that_waits_beside_a_free_slot_is_found(upload, minutes, busy, found):
    worker(busy=busy)
    upload()
    Document.objects.update(queued_at=timezone.now() - timedelta(minutes=minutes))
    assert bool(list(queue_doctor.examine_waiting(statistics.read()))) == found


def test_clocks_that_differ_are_found(db):
    beat = worker()
    assert not [one for one in queue_doctor.examine_clocks() if one.verdict != Verdict.GOOD]
    WorkerHeartbeat.objects.filter(pk=beat.pk).update(seen_at=timezone.now() + timedelta(hours=1))
    finding = next(iter(queue_doctor.examine_clocks()))
    assert "in the future (box)" in finding.text


def test_a_damaged_database_is_found(db):
    assert database_doctor.examine_soundness(database_doctor.quick_check()).verdict == Verdict.GOOD
    finding = database_doctor.examine_soundness("row 7 missing from index")
    assert (finding.verdict, "row 7" in finding.text) == (Verdict.BROKEN, True)


@pytest.mark.parametrize(("there", "verdict"), [(38, Verdict.GOOD), (37, Verdict.WARNING)])
def test_too_few_connections_are_found(db, monkeypatch, there, verdict):
    """24 of a web process, and of each worker that is alive one a slot and three."""
    monkeypatch.setattr(database_doctor, "most_connections", lambda: there)
    for name in ("one", "two"):
        WorkerHeartbeat.objects.create(name=name, host="box", pid=1, slots=4)
    gone = timezone.now() - timedelta(hours=1)
    WorkerHeartbeat.objects.create(name="three", host="box", pid=1, slots=4, seen_at=gone)
    found = database_doctor.examine_connections()
    assert (found.verdict, "38" in found.text) == (verdict, True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite counts none")
def test_connections_are_counted_by_the_server(db):
    assert database_doctor.most_connections() > 0


def test_a_redis_that_is_away_is_found(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert queue_doctor.examine_redis().verdict == Verdict.WARNING


def test_a_redis_that_answers_is_good(settings):
    settings.REDIS_URL = redis_or_skip()
    assert queue_doctor.examine_redis().verdict == Verdict.GOOD


def test_a_doctor_asks_all_of_it(upload, capsys):
    worker()
    call_command("doctor")
    said = capsys.readouterr().out
    assert "No document is held by a worker that has gone silent." in said
    assert "Files and documents belong together." in said
