"""How one document stands: waiting, at work or finished, and why it waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Document, WorkerHeartbeat

Uploader = Callable[..., Document]


def test_the_status_of_a_waiting_document(api: APIClient, upload: Uploader) -> None:
    upload()
    document = upload("second.txt")
    shown = api.get(f"/documents/{document.pk}/status").json()
    assert list(shown) == [
        "id",
        "document_id",
        "status",
        "is_queued",
        "is_processing",
        "is_finished",
        "queue_position",
        "queue_order",
        "waiting_reason",
        "attempts",
        "progress",
        "failure",
        "warning",
        "worker_available",
        "estimate",
    ]
    assert shown["id"] == shown["document_id"] == str(document.pk)
    assert (shown["is_queued"], shown["is_processing"], shown["is_finished"]) == (
        True,
        False,
        False,
    )
    assert (shown["queue_position"], shown["worker_available"]) == (2, False)
    assert "No worker" in shown["waiting_reason"]


def test_with_a_worker_there_is_nothing_to_explain(api: APIClient, upload: Uploader) -> None:
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=4)
    shown = api.get(f"/documents/{upload().pk}/status").json()
    assert (shown["waiting_reason"], shown["worker_available"]) == (None, True)


def test_a_document_held_by_its_owners_budget_says_so_and_for_how_long(
    api: APIClient, upload: Uploader, alice: User, use_up: Callable[[User], None]
) -> None:
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=4, account="an account")
    document = upload()
    assert api.get(f"/documents/{document.pk}").json()["held_until"] is None
    use_up(alice)
    shown = api.get(f"/documents/{document.pk}").json()
    assert (shown["status"], shown["queue_position"]) == ("pending", None)
    assert shown["held_until"].endswith("T00:00:00Z")
    status = api.get(f"/documents/{document.pk}/status").json()
    assert "Your budget of today is used up" in status["waiting_reason"]


def test_nothing_holds_a_document_that_ended_while_its_owner_waits(
    api: APIClient, upload: Uploader, alice: User, use_up: Callable[[User], None]
) -> None:
    document = upload()
    use_up(alice)
    assert api.post(f"/documents/{document.pk}/cancel").json()["held_until"] is None
    assert api.post(f"/documents/{document.pk}/retry").json()["held_until"] is not None


def test_a_worker_that_went_silent_is_not_available(api: APIClient, upload: Uploader) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=4, seen_at=long_ago)
    assert api.get(f"/documents/{upload().pk}/status").json()["worker_available"] is False


@pytest.mark.parametrize("status", ["processing", "analyzing"])
def test_a_document_being_worked_on_is_processing(
    api: APIClient, upload: Uploader, status: str
) -> None:
    document = upload()
    Document.objects.update(status=status)
    shown = api.get(f"/documents/{document.pk}/status").json()
    assert (shown["is_queued"], shown["is_processing"], shown["is_finished"]) == (
        False,
        True,
        False,
    )
    assert shown["queue_position"] is None


def test_a_finished_document_is_finished(api: APIClient, completed: Document) -> None:
    shown = api.get(f"/documents/{completed.pk}/status").json()
    assert (shown["is_processing"], shown["is_finished"], shown["attempts"]) == (False, True, 1)
