"""What supervisors and load balancers are told."""

from __future__ import annotations

import shutil
from collections import namedtuple
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import User
from documents.models import WorkerHeartbeat


@pytest.fixture
def worker(db: None) -> WorkerHeartbeat:
    return WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=4)


@pytest.fixture
def operator(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_with_all_there_it_is_ready(worker: WorkerHeartbeat) -> None:
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response["Cache-Control"] == "no-store, private"


def test_without_a_worker_it_is_not_ready(db: None) -> None:
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not_ready"})


def test_staff_are_told_what_is_missing(operator: Client) -> None:
    assert operator.get("/readyz").json()["checks"] == {
        "database": "ok",
        "disk": "ok",
        "migrations": "ok",
        "worker": "failed",
    }


def test_others_are_not_told(browser: Client) -> None:
    assert "checks" not in browser.get("/readyz").json()


def test_without_room_for_an_upload_it_is_not_ready(
    operator: Client, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")(10**12, 10**12, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    response = operator.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["disk"] == "failed"


def test_with_a_migration_to_come_it_is_not_ready(
    operator: Client, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'documents'")
    response = operator.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "failed"


def test_without_a_database_it_says_so_and_nothing_else(
    worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("could not connect to server at 10.0.0.7")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not_ready"})
