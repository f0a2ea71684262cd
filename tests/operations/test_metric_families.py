"""What can be counted is counted once, and alerts and board speak of what there is."""

from __future__ import annotations

import asyncio
import json
import re
import time
import tomllib
from datetime import timedelta

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

import atom_project
from atom_project import process_counters
from atom_project.process_counters import ProcessCounters
from documents import queue, removal
from documents.failures import failure
from documents.models import Document
from documents.worker import Worker
from tests.engines import OneCall
from tests.operations.test_logs import answer, greet
from tests.operations.test_metrics import scrape as scrape
from tests.processes import ROOT

ALERTS = yaml.safe_load((ROOT / "deploy/prometheus-alerts.yml").read_text())
BOARD = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text())
RULES = ALERTS["groups"][0]["rules"]


@pytest.fixture
def counters(monkeypatch):
    """Of a process that has just started."""
    fresh = ProcessCounters()
    monkeypatch.setattr(process_counters, "of_this_process", fresh)
    return fresh


def test_failures_retries_and_expired_leases_are_counted_and_outlive_their_documents(
    scrape, upload
):
    document = upload()
    queue.fail(queue.claim_next("w"), failure("encrypted"))
    queue.requeue(document)
    queue.claim_next("w")
    Document.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    queue.recover_expired()
    removal.delete(document)
    figures = scrape()
    assert figures["failures_total", "encrypted"] == 1
    assert figures["retries_total",] == 1
    assert figures["lease_expirations_total",] == 1


def test_a_document_that_kills_workers_counts_as_failed_and_each_lease(scrape, upload, settings):
    settings.MAX_LEASE_EXPIRATIONS = 1
    upload()
    queue.claim_next("w")
    Document.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    queue.recover_expired()
    figures = scrape()
    assert figures["failures_total", "worker_lost"] == 1
    assert figures["lease_expirations_total",] == 1


def test_tokens_are_counted_by_model(scrape, upload):
    from documents.models import ModelCall

    upload()
    Worker(slots=1, engine=OneCall()).work_once()
    call = ModelCall.objects.get()
    figures = scrape()
    assert figures["model_input_tokens_total", call.model] == call.input_tokens
    assert figures["model_output_tokens_total", call.model] == call.output_tokens


def test_requests_are_counted_by_method_and_class_and_timed(counters):
    for method, path, status, seconds in (
        ("GET", "/documents", 200, 0.02),
        ("GET", "/documents", 404, 3.0),
        ("POST", "/upload", 507, 60.0),
        ("BREW", "/", 405, 0.001),
        ("GET", "/documents/stream/", 200, 900.0),
        ("GET", "/", 0, 0.001),
    ):
        counters.count_request(method, path, status, seconds)
    assert counters.requests == {
        ("GET", "2xx"): 2,
        ("GET", "4xx"): 1,
        ("POST", "5xx"): 1,
        ("other", "4xx"): 1,
        ("GET", "none"): 1,
    }
    told = dict(counters.buckets())
    assert (told["0.01"], told["0.025"], told["5"], told["10"], told["+Inf"]) == (2, 3, 4, 4, 5)
    assert counters.seconds == pytest.approx(63.022)


def test_each_request_of_the_server_is_counted(counters):
    answer(greet)
    assert counters.requests == {("GET", "2xx"): 1}


def test_files_that_are_refused_are_counted_by_code(counters, scrape, api, text_file):
    api.post("/upload", {"files": [text_file("a.exe"), text_file("b.exe"), text_file("c.txt")]})
    assert scrape()["uploads_refused_total", "unsupported_type"] == 2


def test_what_holds_up_the_loop_is_told(counters):
    async def hold_up():
        counters.probe_loop()
        time.sleep(0.3)  # noqa: ASYNC251
        await asyncio.sleep(0.05)

    asyncio.run(hold_up())
    assert counters.largest_lag() > 0.1


def test_a_backup_free_room_and_the_build_are_told(scrape, settings, tmp_path, transactional_db):
    assert ("last_backup_timestamp_seconds",) not in scrape()
    call_command("backup", str(tmp_path / "backup.tar"), verbosity=0)
    figures = scrape()
    assert figures["last_backup_timestamp_seconds",] == pytest.approx(time.time(), abs=60)
    assert figures["media_free_bytes",] > 0
    assert [key for key in figures if key[0] == "build_info" and atom_project.__version__ in key]


def test_the_version_is_the_one_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert atom_project.__version__ == project["version"]


# Alerts and board.


def names_told():
    """Every name of a sample that /metrics can have, whether it has one just now or not."""
    headers = {"authorization": "Bearer scrape-me-please"}
    told = Client().get("/metrics", headers=headers).content.decode()
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", told, re.MULTILINE):
        endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        yield from (f"{name}{ending}" for ending in endings)


def names_asked(expressions):
    return set(re.findall(r"\batom_\w+", " ".join(expressions)))


def test_alerts_and_board_ask_for_what_is_told(scrape):
    told = set(names_told())
    alerts = names_asked(rule["expr"] for rule in RULES)
    board = names_asked(target["expr"] for panel in BOARD["panels"] for target in panel["targets"])
    assert len(alerts) >= 10
    assert len(board) >= 20
    assert (alerts | board) - told == set()


def test_each_alert_leads_to_an_incident_of_the_runbook():
    headings = re.findall(r"^## (.+)$", (ROOT / "docs/runbook.md").read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}
    wanted = {rule["annotations"]["runbook"].partition("#")[2] for rule in RULES}
    assert wanted - anchors == set()
