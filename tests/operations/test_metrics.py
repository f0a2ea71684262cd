"""What Prometheus is told, and whom else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from atom_project import shared_counters
from atom_project.shared_counters import Hold
from documents import queue
from documents.failures import failure
from documents.live import channels
from documents.models import Document, ModelCall, OpenCircuit, StatusEvent, WorkerHeartbeat
from documents.operations import statistics
from documents.worker import Worker
from tests.conftest import PASSWORD
from tests.engines import OneCall

TOKEN = {"authorization": "Bearer scrape-me-please"}


@pytest.fixture
def scrape(db, settings):
    settings.ATOM_METRICS_TOKEN = "scrape-me-please"

    def ask():
        answer = Client().get("/metrics", headers=TOKEN)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (
                sample.name.removeprefix("atom_"),
                *dict(sorted(sample.labels.items())).values(),
            ): sample.value
            for family in families
            for sample in family.samples
        }

    return ask


def test_an_idle_installation_has_a_figure_for_everything(scrape):
    figures = scrape()
    for name in ("queue_depth", "queue_oldest_wait_seconds", "in_flight", "claims_silent"):
        assert figures[name,] == 0
    for name in ("workers_alive", "worker_slots", "streams_open", "line_paused"):
        assert figures[name,] == 0
    assert figures["model_spent_today_usd",] == 0
    assert figures["documents", "completed"] == 0


def test_the_line_is_counted(scrape, upload):
    first, *_ = upload(), upload(), upload()
    Document.objects.filter(pk=first.pk).update(queued_at=timezone.now() - timedelta(minutes=5))
    assert scrape()["queue_oldest_wait_seconds",] >= 300
    claimed = queue.claim_next("w")
    queue.fail(queue.claim_next("w"), failure("encrypted"))
    figures = scrape()
    assert claimed == first
    assert figures["queue_depth",] == 1
    assert figures["in_flight",] == 1
    assert figures["documents", "processing"] == 1
    assert figures["failures_last_day", "encrypted"] == 1


def test_failures_of_days_ago_are_no_news(scrape, upload):
    queue.cancel(upload())
    assert scrape()["failures_last_day", "cancelled"] == 1
    Document.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert ("failures_last_day", "cancelled") not in scrape()


def test_claims_of_silent_workers_are_counted(scrape, upload):
    upload()
    queue.claim_next("w")
    assert scrape()["claims_silent",] == 0
    Document.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert scrape()["claims_silent",] == 1


def test_each_stage_is_timed(scrape, upload):
    upload()
    Worker(slots=1, engine=OneCall()).work_once()
    begun = timezone.now() - timedelta(minutes=30)
    for seconds, event in zip((0, 10, 13, 33), StatusEvent.objects.order_by("id"), strict=True):
        moment = begun + timedelta(seconds=seconds)
        StatusEvent.objects.filter(pk=event.pk).update(created_at=moment)
    figures = scrape()
    assert figures["stage_seconds", "0.5", "waiting"] == pytest.approx(10)
    assert figures["stage_seconds", "0.95", "extracting"] == pytest.approx(3)
    assert figures["stage_seconds", "1", "analyzing"] == pytest.approx(20)


def test_calls_are_counted_timed_and_priced(scrape, upload):
    document = upload()
    now = timezone.now()
    facts = {"document": document, "owner": document.owner, "attempt": 1, "chunk": 1, "model": "m"}
    for state, cost in [("answered", Decimal("0.25")), ("answered", None), ("failed", None)]:
        ModelCall.objects.create(
            **facts,
            state=state,
            cost_usd=cost,
            sent_at=now,
            closed_at=now + timedelta(seconds=4),
        )
    figures = scrape()
    assert figures["model_calls_today", "m", "answered"] == 2
    assert figures["model_calls_today", "m", "failed"] == 1
    assert figures["model_seconds", "0.5"] == pytest.approx(4)
    assert figures["model_spent_today_usd",] == 0.25
    assert figures["model_unpriced_calls_today",] == 1


def test_workers_and_pauses_are_counted(scrape):
    WorkerHeartbeat.objects.create(name="a", host="h", pid=1, slots=4, busy=3)
    WorkerHeartbeat.objects.create(
        name="b", host="h", pid=2, slots=4, seen_at=timezone.now() - timedelta(hours=1)
    )
    OpenCircuit.objects.create(account="a", reason="key_rejected", probe_at=timezone.now())
    figures = scrape()
    assert figures["workers_alive",] == 1
    assert (figures["worker_slots",], figures["worker_slots_busy",]) == (4, 3)
    assert figures["line_paused",] == 1


def test_streams_are_those_of_all_web_processes_of_the_host(scrape):
    before, held = scrape()["streams_open",], Hold(channels.STREAMS, 2)
    assert shared_counters.of_this_service().take(held)
    assert scrape()["streams_open",] == before + 2
    shared_counters.of_this_service().give_back(held)


def test_a_quantile_is_a_value_that_was_measured():
    assert statistics.quantiles([3.0, 1.0, 2.0, 4.0]) == {0.5: 2.0, 0.95: 4.0, 1.0: 4.0}
    assert statistics.quantiles([]) == {}


def test_the_number_of_queries_does_not_grow(scrape, upload, django_assert_num_queries):
    # On PostgreSQL a transaction, inside that of the test a savepoint, sets how long each may take.
    deadline = 3 if connection.vendor == "postgresql" else 0
    for _ in range(3):
        upload()
        Worker(slots=1, engine=OneCall()).work_once()
        with django_assert_num_queries(12 + deadline):
            statistics.read()


def test_nobody_else_is_told(db, browser, settings):
    settings.ATOM_METRICS_TOKEN = "scrape-me-please"
    assert Client().get("/metrics").status_code == 401
    wrong = Client().get("/metrics", headers={"authorization": "Bearer scrape-me"})
    assert wrong.status_code == 401
    assert browser.get("/metrics").status_code == 403


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer:", ""])
def test_the_token_is_taken_by_no_other_scheme(db, settings, scheme):
    settings.ATOM_METRICS_TOKEN = "scrape-me-please"
    given = {"authorization": f"{scheme} scrape-me-please"}
    assert Client().get("/metrics", headers=given).status_code == 401


def test_without_a_token_in_the_settings_no_token_opens(db):
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 401


def test_the_token_opens_nothing_else(db, settings):
    settings.ATOM_METRICS_TOKEN = "scrape-me-please"
    for path in ("/documents", "/upload", "/documents/stream"):
        assert Client().get(path, headers=TOKEN).status_code == 401


def test_staff_are_told_by_session_and_by_token(staff):
    client = Client()
    given = {"username": "staff", "password": PASSWORD}
    access = client.post("/auth/login", given, "application/json").json()["access"]
    by_token = client.get("/metrics", headers={"authorization": f"Bearer {access}"})
    client.force_login(staff)
    assert (by_token.status_code, client.get("/metrics/").status_code) == (200, 200)
    assert by_token["Cache-Control"] == "no-store, private"
