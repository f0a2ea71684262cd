"""The same upload with the same key is one upload, however often and at once it is sent."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, removal
from documents.models import Document, UploadReceipt
from documents.uploads import intake
from tests.uploads.test_upload import send, text

KEY = {"headers": {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}}


def test_the_first_answer_is_given_again(api: APIClient) -> None:
    first = send(api, text(), text("a.exe"), **KEY)
    second = send(api, text(), text("a.exe"), **KEY)
    assert (first.status_code, second.status_code) == (207, 207)
    assert second.json()["uploaded"][0]["id"] == first.json()["uploaded"][0]["id"]
    assert second.json()["errors"] == first.json()["errors"]
    assert Document.objects.count() == 1


def test_a_refusal_is_given_again(api: APIClient) -> None:
    answers = [send(api, text("a.exe"), **KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
    assert UploadReceipt.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"files": [text("other.txt")]},
        {"files": [text(content=b"Other words.")]},
        {"files": [text(), text("second.txt")]},
        {"files": [text()], "language": "French"},
    ],
)
def test_a_key_that_came_with_another_upload_is_refused(
    api: APIClient, other: dict[str, Any]
) -> None:
    send(api, text(), **KEY)
    files = other.pop("files")
    response = send(api, *files, **other, **KEY)
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert response["Content-Type"] == "application/problem+json"
    assert Document.objects.count() == 1


def test_after_a_deletion_the_first_answer_is_gone_and_nothing_comes_back(api: APIClient) -> None:
    first = send(api, text(), text("second.txt"), **KEY)
    removal.delete(Document.objects.get(pk=first.json()["uploaded"][0]["id"]))
    again = send(api, text(), text("second.txt"), **KEY)
    assert (again.status_code, again.json()["code"]) == (410, "document_deleted")
    assert again["Content-Type"] == "application/problem+json"
    assert "new Idempotency-Key" in again.json()["detail"]
    assert Document.objects.count() == 1
    other = send(api, text("other.txt"), **KEY)
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_broken_rule_of_the_database_is_not_taken_for_a_known_key(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_a_rule(*_: Any, **__: Any) -> None:
        raise IntegrityError("another rule")

    monkeypatch.setattr(queue, "append", break_a_rule)
    with pytest.raises(IntegrityError, match="another rule"):
        intake.receive(alice, [text()], key="a key")


def test_refused_files_alone_do_not_wait_for_the_queue(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(queue, "locked")
    received = intake.receive(alice, [text("a.exe")])
    assert (received.documents, [error["code"] for error in received.errors]) == (
        [],
        ["unsupported_type"],
    )


def test_keys_of_different_people_do_not_meet(api: APIClient, bobs_api: APIClient) -> None:
    assert send(api, text(), **KEY).status_code == 201
    assert send(bobs_api, text("bob.txt"), **KEY).status_code == 201
    assert Document.objects.count() == 2


def test_without_a_key_the_same_file_is_another_document(api: APIClient) -> None:
    send(api, text())
    send(api, text())
    assert Document.objects.count() == 2


@pytest.mark.parametrize("key", ["k" * 256, "tab\there"])
def test_an_impossible_key_is_refused(api: APIClient, key: str) -> None:
    response = send(api, text(), headers={"Idempotency-Key": key})
    assert (response.status_code, response.json()["code"]) == (400, "bad_idempotency_key")
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_sent_at_once_is_stored_once() -> None:
    alice = User.objects.create_user("alice")
    answers: list[Any] = []
    together = threading.Barrier(4)

    def one_sender() -> None:
        client = APIClient()
        client.force_authenticate(alice)
        try:
            together.wait(timeout=10)
            answers.append(send(client, text(), **KEY))
        finally:
            connection.close()

    senders = [threading.Thread(target=one_sender) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=30)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["uploaded"][0]["id"] for answer in answers}) == 1
    assert Document.objects.count() == 1
