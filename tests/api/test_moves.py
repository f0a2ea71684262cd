"""What can be done with one document: sent again, stopped, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from rest_framework.test import APIClient

from documents import queue
from documents.models import Document, Status, StatusEvent

Uploader = Callable[..., Document]


def test_a_finished_document_goes_to_the_end_of_the_line(
    api: APIClient, completed: Document, upload: Uploader
) -> None:
    upload("waits.txt")
    response = api.post(f"/documents/{completed.pk}/retry")
    assert response.status_code == 202
    assert (response.json()["status"], response.json()["queue_position"]) == ("pending", 2)
    history = api.get(f"/documents/{completed.pk}").json()["status_history"]
    assert history[-1]["reason"] == "retry"


def test_a_failed_document_can_be_tried_again(api: APIClient, upload: Uploader) -> None:
    document = upload()
    queue.cancel(document)
    response = api.post(f"/documents/{document.pk}/retry")
    assert (response.status_code, response.json()["failure"]) == (202, None)


def test_the_last_analysis_is_shown_until_there_is_a_newer_one(
    api: APIClient, completed: Document
) -> None:
    api.post(f"/documents/{completed.pk}/retry")
    assert api.get(f"/documents/{completed.pk}").json()["analysis"]["summary"]


def test_an_unfinished_document_cannot_be_tried_again(api: APIClient, upload: Uploader) -> None:
    document = upload()
    for _ in range(2):
        response = api.post(f"/documents/{document.pk}/retry")
        assert (response.status_code, response.json()["code"]) == (409, "not_finished")
        queue.claim_next("worker")
    assert StatusEvent.objects.count() == 2


@pytest.mark.parametrize("claimed", [False, True])
def test_an_unfinished_document_can_be_cancelled(
    api: APIClient, upload: Uploader, claimed: bool
) -> None:
    document = upload()
    if claimed:
        queue.claim_next("worker")
    response = api.post(f"/documents/{document.pk}/cancel")
    assert response.status_code == 202
    assert response.json()["status"] == "failed"
    assert response.json()["failure"]["code"] == "cancelled"


def test_a_finished_document_cannot_be_cancelled(api: APIClient, completed: Document) -> None:
    response = api.post(f"/documents/{completed.pk}/cancel")
    assert (response.status_code, response.json()["code"]) == (409, "already_finished")
    completed.refresh_from_db()
    assert completed.status == Status.COMPLETED


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_a_document_deleted_this_moment_is_not_found(
    api: APIClient, completed: Document, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def gone(document: Document, **how: Any) -> None:
        raise Document.DoesNotExist

    monkeypatch.setattr(queue, "requeue" if verb == "retry" else "cancel", gone)
    assert api.post(f"/documents/{completed.pk}/{verb}").status_code == 404


def test_a_deleted_document_is_gone_with_its_file(
    api: APIClient, completed: Document, django_capture_on_commit_callbacks: Any
) -> None:
    name = completed.file.name or ""
    with django_capture_on_commit_callbacks(execute=True):
        response = api.delete(f"/documents/{completed.pk}")
    assert (response.status_code, response.content) == (204, b"")
    assert api.get(f"/documents/{completed.pk}").status_code == 404
    assert not default_storage.exists(name)
    assert [event.kind for event in StatusEvent.objects.all()] == ["deleted"]
    assert api.delete(f"/documents/{completed.pk}").status_code == 404
