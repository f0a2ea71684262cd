"""One document: how it stands, what was found in it, and what can be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from documents import events, queue
from documents.failures import failure
from documents.models import ActionItem, Document, Status, StatusEvent, WorkerHeartbeat
from tests.api.conftest import QUOTE, RESULT, analyzed, finish
from tests.uploads.test_upload import DOCUMENT_FIELDS

Uploader = Callable[..., Document]


def test_a_finished_document_shows_its_history_and_its_analysis(
    api: APIClient, completed: Document
) -> None:
    shown = api.get(f"/documents/{completed.pk}").json()
    assert list(shown) == [
        *DOCUMENT_FIELDS,
        "links",
        "encoding",
        "encoding_is_unsure",
        "status_history",
        "analysis",
        "usage",
    ]
    assert [step["status"] for step in shown["status_history"]] == [
        "pending",
        "processing",
        "analyzing",
        "completed",
    ]
    assert list(shown["status_history"][1]) == ["status", "timestamp", "attempt", "reason"]
    assert shown["status_history"][1]["attempt"] == 1
    assert shown["status_history"][1]["reason"] is None
    assert shown["status_history"][0]["timestamp"].endswith("Z")
    assert shown["analysis"]["summary"] == RESULT["summary"]
    assert (shown["page_count"], shown["language"]) == (2, "en")
    assert shown["queue_position"] is None


def test_a_waiting_document_has_no_analysis_yet(api: APIClient, upload: Uploader) -> None:
    shown = api.get(f"/documents/{upload().pk}").json()
    assert (shown["analysis"], shown["language"], shown["queue_position"]) == (None, None, 1)


def test_a_failed_document_says_why_and_what_to_do(api: APIClient, upload: Uploader) -> None:
    document = upload()
    queue.fail(document, failure("encrypted"))
    shown = api.get(f"/documents/{document.pk}").json()
    assert shown["failure"]["code"] == "encrypted"
    assert shown["failure"]["advice"]
    assert shown["status_history"][-1]["reason"] == "encrypted"


def test_progress_is_no_step_of_the_history(api: APIClient, upload: Uploader) -> None:
    document = upload()
    claimed = queue.claim_next("worker")
    assert claimed
    events.progress(claimed, step="extracting", done=1, total=9)
    shown = api.get(f"/documents/{document.pk}").json()
    assert shown["progress"] == {"step": "extracting", "done": 1, "total": 9}
    assert len(shown["status_history"]) == 2


def test_the_address_of_a_document_is_whole(api: APIClient, upload: Uploader) -> None:
    document = upload()
    shown = api.get(f"/documents/{document.pk}").json()
    assert shown["url"] == f"http://testserver/documents/{document.pk}"


def test_a_detail_takes_six_queries_however_much_was_found(
    api: APIClient, completed: Document, django_assert_num_queries: Any
) -> None:
    # The cursor, the document, its history, its analysis, its action items, its calls.
    with django_assert_num_queries(6):
        api.get(f"/documents/{completed.pk}")


# Status.


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


# Pages, file, analyses.


def test_the_text_comes_page_by_page(api: APIClient, completed: Document) -> None:
    first = api.get(f"/documents/{completed.pk}/pages?page_size=1").json()
    assert first["count"] == 2
    assert first["results"] == [
        {"number": 1, "condition": "read", "text": QUOTE, "lost_letters": 0}
    ]
    second = api.get(first["next"]).json()
    assert second["results"] == [{"number": 2, "condition": "empty", "text": "", "lost_letters": 0}]


def test_a_document_not_yet_read_has_no_pages(api: APIClient, upload: Uploader) -> None:
    assert api.get(f"/documents/{upload().pk}/pages").json()["count"] == 0


def test_the_file_comes_back_as_it_was_and_cannot_run(api: APIClient, upload: Uploader) -> None:
    document = upload("отчёт.txt", "<script>alert(1)</script>")
    response = api.get(f"/documents/{document.pk}/file")
    assert response.getvalue() == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%BE")
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Content-Security-Policy"] == policy
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Length"] == "25"


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "image/*", "*/*"])
def test_the_file_comes_whatever_the_client_accepts(
    api: APIClient, upload: Uploader, accept: str
) -> None:
    response = api.get(f"/documents/{upload().pk}/file", headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/octet-stream"


def test_a_file_that_is_gone_is_not_found(api: APIClient, upload: Uploader) -> None:
    document = upload()
    default_storage.delete(document.file.name or "")
    assert api.get(f"/documents/{document.pk}/file").status_code == 404


def test_every_analysis_is_kept_the_newest_first(api: APIClient, completed: Document) -> None:
    newer = {**RESULT, "summary": "Read again."}
    analyzed(completed, newer)
    versions = api.get(f"/documents/{completed.pk}/analyses").json()
    assert versions["count"] == 2
    assert [version["analysis"]["summary"] for version in versions["results"]] == [
        "Read again.",
        RESULT["summary"],
    ]
    assert versions["results"][0]["provenance"] == RESULT["provenance"]
    current = api.get(f"/documents/{completed.pk}").json()["analysis"]
    assert current == versions["results"][0]["analysis"]


def test_more_analyses_take_no_more_queries(
    api: APIClient, completed: Document, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        # The document, the count, the analyses, their action items.
        with django_assert_num_queries(4):
            api.get(f"/documents/{completed.pk}/analyses")
        for _ in range(5):
            analyzed(completed)


# Retry, cancel, delete.


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


# Action items.


def test_an_item_is_ticked_and_unticked(api: APIClient, completed: Document) -> None:
    item = ActionItem.objects.first()
    assert item
    for done in (True, False):
        response = api.patch(f"/action-items/{item.pk}", {"done": done}, format="json")
        assert (response.status_code, response.json()["done"]) == (200, done)
        found = api.get(f"/documents/{completed.pk}").json()["analysis"]["findings"]
        assert found["actionable_items"][0]["done"] is done


def test_an_item_says_what_it_is_and_where_it_stands(api: APIClient, completed: Document) -> None:
    found = api.get(f"/documents/{completed.pk}").json()["analysis"]["findings"]
    for item in found["actionable_items"]:
        shown = api.get(f"/action-items/{item['id']}").json()
        where = {"document_id": str(completed.pk), "filename": completed.filename}
        assert shown == {**item, **where}


def test_only_the_tick_of_an_item_can_be_changed(api: APIClient, completed: Document) -> None:
    item = ActionItem.objects.first()
    assert item
    sent = {"done": True, "task": "Pay me", "id": 999, "priority": "low", "evidence": []}
    response = api.patch(f"/action-items/{item.pk}", sent, format="json")
    assert response.json()["done"] is True
    item.refresh_from_db()
    assert (item.task, item.priority) == (RESULT["findings"]["actionable_items"][0]["task"], "high")
    assert item.evidence


@pytest.mark.parametrize(
    "sent", [{}, {"done": None}, {"done": "maybe"}, {"done": 0}, {"done": [1]}, [1], "x"]
)
def test_a_tick_that_is_none_is_refused(api: APIClient, completed: Document, sent: Any) -> None:
    item = ActionItem.objects.first()
    assert item
    response = api.patch(f"/action-items/{item.pk}", sent, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response["Content-Type"] == "application/problem+json"


# Nobody else.

READS = ["", "/status", "/pages", "/file", "/export", "/export?as=csv", "/analyses"]


def calls(document: Document, item: ActionItem) -> list[tuple[str, str]]:
    return [
        *(("get", f"/documents/{document.pk}{path}") for path in READS),
        ("post", f"/documents/{document.pk}/retry"),
        ("post", f"/documents/{document.pk}/cancel"),
        ("delete", f"/documents/{document.pk}"),
        ("get", f"/action-items/{item.pk}"),
        ("patch", f"/action-items/{item.pk}"),
    ]


def test_bob_gets_404_from_every_address_of_alices_document(
    bobs_api: APIClient, completed: Document
) -> None:
    item = completed.analyses.get().action_items.first()
    assert item
    nowhere = bobs_api.get(f"/documents/{uuid.uuid4()}")
    for method, address in calls(completed, item):
        response = getattr(bobs_api, method)(address)
        assert response.status_code == 404, address
        # Word for word what an id gets that nobody has.
        assert response.content == nowhere.content, address
    assert Document.objects.get().status == "completed"
    assert not ActionItem.objects.filter(done=True).exists()


def test_staff_get_404_too(staff: User, completed: Document) -> None:
    client = APIClient()
    client.force_authenticate(staff)
    assert client.get(f"/documents/{completed.pk}").status_code == 404


def test_a_stranger_is_asked_who_he_is(completed: Document) -> None:
    item = completed.analyses.get().action_items.first()
    assert item
    for method, address in calls(completed, item):
        response = getattr(APIClient(), method)(address)
        assert response.status_code == 401, address
        assert response["WWW-Authenticate"]


@pytest.mark.parametrize("malformed", ["1", "x" * 36, "null", "%00", "..%2f", "é", "{}", "-1"])
@pytest.mark.parametrize("path", ["", "/status", "/pages", "/file", "/export", "/analyses"])
def test_a_malformed_id_is_not_found(api: APIClient, malformed: str, path: str) -> None:
    nowhere = api.get(f"/documents/{uuid.uuid4()}")
    response = api.get(f"/documents/{malformed}{path}")
    assert response.status_code == 404
    if malformed != "..%2f":  # That one is an address of its own.
        assert response.content == nowhere.content


@pytest.mark.parametrize("malformed", ["x", "-1", "1.5", "9" * 19, "9" * 5000, "٣"])
def test_a_malformed_item_is_not_found(api: APIClient, malformed: str) -> None:
    assert api.patch(f"/action-items/{malformed}", {"done": True}).status_code == 404


def test_each_of_two_people_finishes_their_own(
    api: APIClient, bobs_api: APIClient, upload: Uploader, bob: User
) -> None:
    mine, his = finish(upload()), finish(upload(owner=bob))
    assert api.get(f"/documents/{mine.pk}/export").status_code == 200
    assert bobs_api.get(f"/documents/{his.pk}/export").status_code == 200
    assert bobs_api.get(f"/documents/{mine.pk}/export").status_code == 404
