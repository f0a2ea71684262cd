"""What supervisors and load balancers are told."""

from __future__ import annotations

import errno
import shutil
import time
from collections import namedtuple
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import User
from documents import storage
from documents.models import WorkerHeartbeat, WriteProbe
from documents.operations import readiness


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    readiness.database_takes_changes.forget()
    readiness.files_can_be_stored.forget()


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
    assert (response.status_code, response.json()) == (503, not_ready("no_worker"))


def not_ready(code: str) -> dict[str, str]:
    return {"status": "not_ready", "code": code}


def test_staff_are_told_what_is_missing(operator: Client) -> None:
    assert operator.get("/readyz").json()["checks"] == {
        "database": "ok",
        "disk": "ok",
        "files": "ok",
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
    assert (response.status_code, response.json()) == (503, not_ready("database_unavailable"))


def test_what_is_written_to_find_out_is_written_once_a_minute(
    worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client().get("/readyz")
    first = WriteProbe.objects.get()
    monkeypatch.setattr(readiness.storage, "check_writable", lambda: pytest.fail("written again"))
    for _ in range(3):
        assert Client().get("/readyz").status_code == 200
    assert WriteProbe.objects.get().written_at == first.written_at


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(errno.EACCES, "denied"), "storage_unavailable"),
        (OSError(errno.ENOSPC, "full"), "storage_full"),
        (OSError(errno.EROFS, "read-only"), "storage_full"),
        (storage.MediaUnavailable("the bucket is gone"), "storage_unavailable"),
    ],
)
def test_a_store_that_takes_no_file_makes_it_not_ready_and_says_so(
    error: Exception, code: str, worker: WorkerHeartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(readiness, "files_can_be_stored", readiness.WriteCheck(refuse))
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (503, not_ready(code))


def test_what_was_mended_is_noticed_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [PermissionError(errno.EACCES, "denied")]

    def write() -> None:
        for error in errors:
            raise error

    check = readiness.WriteCheck(write)
    assert check() == "storage_unavailable"
    errors.clear()
    later = time.monotonic() + readiness.BAD_FOR
    monkeypatch.setattr(readiness.time, "monotonic", lambda: later)
    assert check() == ""
