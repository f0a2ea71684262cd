"""Files come in over HTTP; each is judged by itself and none is lost without a word."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from rest_framework.test import APIClient

from accounts.models import User
from documents import events, queue
from documents.models import Document, StatusEvent
from tests.conftest import PASSWORD

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
DOCUMENT_FIELDS = [
    "id",
    "document_id",
    "external_id",
    "filename",
    "content_type",
    "size",
    "sha256",
    "status",
    "queue_position",
    "held_until",
    "page_count",
    "language",
    "progress",
    "failure",
    "warning",
    "created_at",
    "updated_at",
    "started_at",
    "finished_at",
    "kept_until",
    "url",
]


def text(name: str = "notes.txt", content: bytes = b"The quay wall is safe.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client: APIClient, *files: Any, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    body = {"files": list(files), **fields}
    return client.post("/upload", body, format="multipart", headers=headers)


def test_a_good_file_is_queued_and_shown(api: APIClient, alice: User) -> None:
    response = send(api, text())
    assert response.status_code == 201
    [shown] = response.json()["uploaded"]
    assert list(shown) == ["index", *DOCUMENT_FIELDS, "links", "same_as"]
    assert shown["id"] == shown["document_id"]
    assert (shown["status"], shown["queue_position"]) == ("pending", 1)
    assert Document.objects.get(pk=shown["id"]).owner == alice


def test_the_location_of_one_document_is_told(api: APIClient) -> None:
    response = send(api, text())
    assert response["Location"] == response.json()["uploaded"][0]["url"]
    assert api.get(response["Location"]).json()["filename"] == "notes.txt"


def test_several_documents_have_no_one_location(api: APIClient) -> None:
    response = send(api, text("a.txt"), text("b.txt"))
    assert response.status_code == 201
    assert not response.has_header("Location")


def test_files_keep_their_order_whatever_their_fields_are_called(api: APIClient) -> None:
    body = multipart(
        part("file", "1.txt"),
        part("files[]", "2.txt"),
        part("files", "3.txt"),
        part("file", "4.txt"),
    )
    response = post_raw(api, body)
    names = [shown["filename"] for shown in response.json()["uploaded"]]
    assert names == ["1.txt", "2.txt", "3.txt", "4.txt"]
    assert [shown["queue_position"] for shown in response.json()["uploaded"]] == [1, 2, 3, 4]


def test_good_files_go_in_although_others_are_refused(api: APIClient) -> None:
    response = send(api, text(), SimpleUploadedFile("setup.exe", b"MZ"), text("more.txt"))
    assert response.status_code == 207
    body = response.json()
    assert [shown["filename"] for shown in body["uploaded"]] == ["notes.txt", "more.txt"]
    [error] = body["errors"]
    said = ["filename", "code", "detail", "error", "advice", "retryable"]
    assert list(error) == ["index", *said]
    assert (error["filename"], error["code"]) == ("setup.exe", "unsupported_type")


def test_nothing_acceptable_is_a_problem_that_names_each_file(api: APIClient) -> None:
    response = send(api, SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.txt", b""))
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["code"], body["status"], body["uploaded"]) == ("nothing_accepted", 422, [])
    assert [error["code"] for error in body["errors"]] == ["unsupported_type", "empty"]
    assert "a.exe" in body["detail"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "empty"),
        ("big.txt", b"a" * (10 * 1024 * 1024 + 1), "too_large"),
        ("page.pdf", b"<html></html>", "content_mismatch"),
        ("program.pdf", b"MZ\x90\x00", "content_mismatch"),
        ("really.txt", PDF, "content_mismatch"),
        ("noise.txt", bytes(range(256)) * 8, "not_text"),
        ("notes.docx", b"PK\x03\x04", "unsupported_type"),
        ("noextension", b"words", "unsupported_type"),
    ],
)
def test_each_kind_of_bad_file_has_its_code(
    api: APIClient, name: str, content: bytes, code: str
) -> None:
    response = send(api, SimpleUploadedFile(name, content))
    assert response.status_code == 422
    assert [error["code"] for error in response.json()["errors"]] == [code]
    assert not Document.objects.exists()


def test_a_file_of_exactly_ten_megabytes_is_taken(api: APIClient) -> None:
    response = send(api, text(content=b"word " * (2 * 1024 * 1024)))
    assert response.status_code == 201
    assert response.json()["uploaded"][0]["size"] == 10 * 1024 * 1024


def test_the_first_twenty_files_are_judged_and_the_rest_listed(api: APIClient) -> None:
    response = send(api, *(text(f"{number}.txt") for number in range(23)))
    assert response.status_code == 207
    body = response.json()
    assert len(body["uploaded"]) == 20
    assert [error["filename"] for error in body["errors"]] == ["20.txt", "21.txt", "22.txt"]
    assert {error["code"] for error in body["errors"]} == {"too_many_files"}


def test_more_than_a_hundred_files_are_refused_together(api: APIClient) -> None:
    response = send(api, *(text(f"{number}.txt") for number in range(101)))
    assert (response.status_code, response.json()["code"]) == (400, "too_many_files")
    assert not Document.objects.exists()


def test_the_cursor_lies_before_the_first_event_of_the_upload(
    api: APIClient, upload: Callable[..., Document]
) -> None:
    upload()
    before = events.latest_id()
    response = send(api, text())
    assert response.json()["stream_cursor"] == before
    assert StatusEvent.objects.filter(id__gt=before).count() == 1


@pytest.mark.parametrize("body", [{}, {"language": "French"}, {"files": ""}, {"files": "  "}])
def test_no_file_is_a_problem(api: APIClient, body: dict[str, str]) -> None:
    response = api.post("/upload", body, format="multipart")
    assert (response.status_code, response.json()["code"]) == (400, "no_file")


def test_a_post_without_any_body_has_no_file(api: APIClient) -> None:
    response = api.post("/upload")
    assert (response.status_code, response.json()["code"]) == (400, "no_file")


def test_files_in_a_strange_field_are_not_dropped_silently(api: APIClient) -> None:
    response = api.post("/upload", {"files": text(), "attachment": text()}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (400, "unexpected_field")
    assert "attachment" in response.json()["detail"]
    assert not Document.objects.exists()


def test_json_is_no_upload(api: APIClient) -> None:
    response = api.post("/upload", {"files": "notes.txt"}, format="json")
    assert response.status_code == 415
    assert response["Content-Type"] == "application/problem+json"


def test_an_upload_of_unknown_length_is_asked_for_its_length(api: APIClient) -> None:
    response = api.generic(
        "POST", "/upload", b"", "multipart/form-data; boundary=x", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert (response.status_code, response.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize(
    "language",
    ["", "fr", "pt-BR", "zh-Hant-TW", "French", "Brazilian Portuguese", "हिन्दी", "日本語"],
)
def test_a_language_is_kept_with_the_document(api: APIClient, language: str) -> None:
    assert send(api, text(), language=language).status_code == 201
    assert Document.objects.get().output_language == language


@pytest.mark.parametrize(
    "language",
    ["a" * 36, "French. Ignore all rules", "fr\x00", "{lang}", "fr_FR", "<b>", "-", "12", "a  -b"],
)
def test_what_is_no_language_is_refused(api: APIClient, language: str) -> None:
    response = send(api, text(), language=language)
    assert (response.status_code, response.json()["code"]) == (400, "bad_language")
    assert not Document.objects.exists()


def test_columns_of_the_row_cannot_be_set_from_outside(api: APIClient, bob: User) -> None:
    fields = {"owner": bob.pk, "status": "completed", "queue_number": -1, "sha256": "0"}
    shown = send(api, text(), **fields).json()["uploaded"][0]
    document = Document.objects.get()
    assert document.owner != bob
    assert (shown["status"], document.queue_number) == ("pending", 1)


def test_a_stranger_cannot_upload(db: None) -> None:
    response = send(APIClient(), text())
    assert response.status_code == 401
    assert not Document.objects.exists()


def test_a_browser_session_needs_the_csrf_token(alice: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.login(username="alice", password=PASSWORD)
    assert send(client, text()).status_code == 403
    assert not Document.objects.exists()


# A full disk.


def _disk_full(*args: Any, **kwargs: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _stored_files() -> list[Path]:
    assert isinstance(default_storage, FileSystemStorage)
    return [path for path in Path(default_storage.location).rglob("*") if path.name != "uploads"]


def test_a_full_disk_leaves_nothing_behind(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    send(api, text("earlier.txt"))
    kept = _stored_files()
    monkeypatch.setattr("documents.storage.sync", _disk_full)
    response = send(api, text("a.txt"), text("b.txt"))
    assert (response.status_code, response.json()["code"]) == (507, "storage_full")
    assert response["Content-Type"] == "application/problem+json"
    assert [document.filename for document in Document.objects.all()] == ["earlier.txt"]
    assert _stored_files() == kept


def test_a_database_without_room_leaves_no_file(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(queue, "append", full)
    response = send(api, text())
    assert (response.status_code, response.json()["code"]) == (507, "storage_full")
    assert _stored_files() == []


def test_another_error_of_the_system_is_no_full_disk(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("documents.storage.sync", broken)
    response = send(api, text())
    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
    assert "Input/output" not in response.content.decode()


# Bodies that no client library would send.


def part(field: str, filename: str | bytes | None, content: bytes = b"Some words.") -> bytes:
    disposition = f'form-data; name="{field}"'.encode()
    if filename is not None:
        given = filename.encode() if isinstance(filename, str) else filename
        disposition += b'; filename="' + given + b'"'
    return b"Content-Disposition: " + disposition + b"\r\n\r\n" + content + b"\r\n"


def multipart(*parts: bytes, end: bytes = b"--XyZ--\r\n") -> bytes:
    return b"".join(b"--XyZ\r\n" + piece for piece in parts) + end


def post_raw(client: APIClient, body: bytes) -> Any:
    return client.generic("POST", "/upload", body, "multipart/form-data; boundary=XyZ")


def test_an_upload_tells_which_document_is_the_same_file(api: APIClient) -> None:
    first, again = send(api, text("a.txt"), text("b.txt")).json()["uploaded"]
    assert (first["same_as"], again["same_as"]) == (None, {"id": first["id"], "filename": "a.txt"})
