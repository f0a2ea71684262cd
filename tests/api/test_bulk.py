"""Many at once: each is done by itself, and what became of it is said."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue
from documents.api import bulk
from documents.models import ActionItem, Document, Status
from tests.api.conftest import finish

pytestmark = pytest.mark.django_db

Upload = Callable[..., Document]


def act(api: APIClient, action: str, *ids: Any, **more: Any) -> Any:
    return api.post("/documents/bulk", {"action": action, "ids": [*ids], **more}, format="json")


def codes(response: Any) -> list[str | None]:
    return [verdict["code"] for verdict in response.json()["results"]]


def test_several_are_deleted_in_the_order_named(api: APIClient, upload: Upload) -> None:
    ids = [str(upload(f"{number}.txt").pk) for number in range(3)]
    response = act(api, "delete", *reversed(ids))
    assert response.status_code == 200
    assert [each["id"] for each in response.json()["results"]] == ids[::-1]
    assert not Document.with_trashed.exists()


def test_one_that_cannot_be_done_stops_no_other(api: APIClient, upload: Upload, bob: User) -> None:
    finished = finish(upload("a.txt"))
    waiting, foreign = upload("b.txt"), upload("c.txt", owner=bob)
    response = act(api, "retry", waiting.pk, foreign.pk, finished.pk, uuid.uuid4())
    assert response.status_code == 207
    assert codes(response) == ["not_finished", "not_found", None, "not_found"]
    finished.refresh_from_db()
    assert finished.status == Status.PENDING


def test_several_are_cancelled(api: APIClient, upload: Upload) -> None:
    finished, waiting = finish(upload("a.txt")), upload("b.txt")
    assert codes(act(api, "cancel", waiting.pk, finished.pk)) == [None, "already_finished"]


def test_a_retry_by_an_engine_nobody_knows_moves_nothing(api: APIClient, upload: Upload) -> None:
    document = finish(upload("a.txt"))
    response = act(api, "retry", document.pk, engine="nothing")
    assert (response.status_code, response.json()["code"]) == (400, "unknown_engine")
    document.refresh_from_db()
    assert document.status == Status.COMPLETED


def test_a_quota_is_said_for_each(api: APIClient, upload: Upload, settings: Any) -> None:
    documents = [finish(upload(f"{number}.txt")) for number in range(3)]
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    found = codes(act(api, "retry", *(each.pk for each in documents)))
    assert found == [None, "quota_queue", "quota_queue"]


def test_a_document_deleted_meanwhile_is_not_found(
    api: APIClient, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload()

    def gone(document: Document) -> None:
        raise Document.DoesNotExist

    monkeypatch.setattr(queue, "cancel", gone)
    assert codes(act(api, "cancel", document.pk)) == ["not_found"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"action": "explode"},
        {"ids": []},
        {"ids": ["no uuid"]},
        {"ids": [False]},
        {"ids": [5]},
        {"ids": "6f8e7c1e-4d0b-4a6e-9a57-0f1f0a2b3c4d"},
        {"ids": ["6f8e7c1e-4d0b-4a6e-9a57-0f1f0a2b3c4d"] * 2},
        {"ids": [str(uuid.uuid4()) for _ in range(bulk.MOST + 1)]},
    ],
)
def test_what_makes_no_sense_is_refused_whole(api: APIClient, wrong: dict[str, Any]) -> None:
    body = {"action": "delete", "ids": [str(uuid.uuid4())], **wrong} if wrong else {}
    response = api.post("/documents/bulk", body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_several_items_are_ticked_and_of_others_none(
    api: APIClient, upload: Upload, bob: User
) -> None:
    mine, his = finish(upload("a.txt")), finish(upload("b.txt", owner=bob))
    ids = [*ActionItem.objects.filter(analysis__document=mine).values_list("pk", flat=True)]
    foreign = ActionItem.objects.filter(analysis__document=his).values_list("pk", flat=True)[0]
    body = {"ids": [*ids, foreign, 10**15], "done": True}
    response = api.post("/action-items/bulk", body, format="json")
    assert response.status_code == 207
    assert codes(response) == [*[None] * len(ids), "not_found", "not_found"]
    assert set(ActionItem.objects.filter(done=True).values_list("pk", flat=True)) == set(ids)
    again = api.post("/action-items/bulk", {"ids": ids, "done": False}, format="json")
    assert again.status_code == 200
    assert not ActionItem.objects.filter(done=True).exists()


@pytest.mark.parametrize("done", [None, "yes", 1])
def test_a_tick_is_true_or_false(api: APIClient, done: Any) -> None:
    response = api.post("/action-items/bulk", {"ids": [1], "done": done}, format="json")
    assert response.status_code == 400


def test_each_call_counts_as_more_than_one(
    api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ATOM_THROTTLE = True
    monkeypatch.setattr(bulk.BulkThrottle, "limit", 2)
    statuses = [act(api, "delete", uuid.uuid4()).status_code for _ in range(3)]
    assert statuses == [207, 207, 429]
