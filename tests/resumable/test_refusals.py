"""Who may send, what may be sent, and that nobody takes more than is his."""

from __future__ import annotations

import os
import uuid
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client as Browser
from django.utils import timezone

from accounts.keys import api_keys
from accounts.models import User
from documents import quotas
from documents.models import Document, ResumableUpload
from documents.operations import erasure, housekeeping, uploads_doctor
from documents.operations.checks import good
from documents.uploads.resumable import part_files, sweep
from tests.resumable.conftest import BYTES, PDF, Client

pytestmark = pytest.mark.django_db(transaction=True)


def named(name: str) -> str:
    return f"filename {b64encode(name.encode()).decode()}"


def test_a_stranger_is_asked_who_he_is(tus: Client) -> None:
    path = tus.begun(len(PDF))
    stranger = Client({})
    for method in ("POST", "OPTIONS"):
        assert stranger.ask(method, "/uploads").status == 401
    for method in ("HEAD", "PATCH", "DELETE"):
        assert stranger.ask(method, path, b"x" * 10).status == 401
    assert part_files.size_of(uuid.UUID(path.rpartition("/")[2])) == 0


def test_another_users_upload_is_the_same_404_as_a_random_one(
    tus: Client, bobs_tus: Client
) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    for theirs in (path, f"/uploads/{uuid.uuid4()}", "/uploads/nothing"):
        assert bobs_tus.ask("HEAD", theirs).status == 404
        assert bobs_tus.append(theirs, 10, PDF[10:]).status == 404
        assert bobs_tus.ask("DELETE", theirs).status == 404
    assert tus.offset(path) == 10


@pytest.fixture
def page(alice: User) -> dict[str, str]:
    """What a page of alice's sends."""
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(alice)
    browser.get("/")
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    token = cookies["csrftoken"]
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": said, "X-CSRFToken": token}


def test_a_page_sends_with_its_session_and_token(page: dict[str, str]) -> None:
    client = Client(page)
    path = client.begun(len(PDF))
    assert client.append(path, 0, PDF).status == 204


def test_a_session_alone_changes_nothing(page: dict[str, str]) -> None:
    path = Client(page).begun(len(PDF))
    forged = Client({"Cookie": page["Cookie"]})
    assert forged.begin(5).status == 403
    assert forged.append(path, 0, PDF).status == 403
    assert forged.ask("DELETE", path).status == 403
    override = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", **BYTES}
    assert forged.ask("POST", path, PDF, **override).status == 403
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "length", ["", "-5", "1e3", "0x10", " 5", "٥", "9" * 16, "9" * 5000, "5, 5"]
)
def test_a_length_that_is_no_number_of_bytes_is_refused(tus: Client, length: str) -> None:
    headers = {"Upload-Metadata": named("a.pdf"), "Upload-Length": length}
    if not length.isascii():
        headers["Upload-Length"] = length.encode().decode("latin-1")
    answer = tus.ask("POST", "/uploads", **headers)
    assert (answer.status, answer.code) == (400, "bad_upload_length")
    assert not ResumableUpload.objects.exists()


def test_a_huge_length_is_too_large(tus: Client, settings: Any) -> None:
    assert (tus.begin(settings.ATOM_MAX_FILE_SIZE).status) == 201
    for length in (settings.ATOM_MAX_FILE_SIZE + 1, 10**14):
        answer = tus.begin(length)
        assert (answer.status, answer.code) == (413, "too_large")


def test_only_a_pdf_may_be_larger_than_one_request_takes(tus: Client, settings: Any) -> None:
    settings.ATOM_MAX_FILE_SIZE = 50 * 1024**2
    assert tus.begin(settings.MAX_FILE_SIZE + 1).status == 201
    answer = tus.begin(settings.MAX_FILE_SIZE + 1, "a.txt")
    assert (answer.status, answer.code) == (413, "too_large")
    assert b"Only a PDF may be larger than 10 MB" in answer.body
    answer = tus.begin(settings.ATOM_MAX_FILE_SIZE + 1)
    assert b"larger than 50 MB" in answer.body


@pytest.mark.parametrize(
    "metadata",
    [
        "filename %%%",
        "filename YQ",
        "filename " + b64encode(b"\xff\xfe").decode(),
        "filename YS5wZGY=, filename YS5wZGY=",
        ",".join(f"k{number} YQ==" for number in range(21)),
        "k " + "A" * 9000,
        "filename \xe9",
    ],
)
def test_odd_metadata_is_refused(tus: Client, metadata: str) -> None:
    answer = tus.ask("POST", "/uploads", **{"Upload-Length": "5", "Upload-Metadata": metadata})
    assert (answer.status, answer.code) == (400, "bad_upload_metadata")
    assert not list(part_files.every())


@pytest.mark.parametrize("metadata", ["", "filename", "filetype YQ==", named("")])
def test_a_file_without_a_name_is_refused(tus: Client, metadata: str) -> None:
    answer = tus.ask("POST", "/uploads", **{"Upload-Length": "5", "Upload-Metadata": metadata})
    assert (answer.status, answer.code) == (422, "bad_name")


def test_a_path_in_the_name_leads_nowhere(tus: Client, settings: Any) -> None:
    path = tus.begun(len(PDF), "../../../etc/cron.d/\x00ev\u202eil\r\nX: y.pdf")
    tus.append(path, 0, PDF)
    document = Document.objects.get()
    assert document.filename == "evilX: y.pdf"
    assert document.file.name == f"uploads/{document.pk}/evilX_y.pdf"


def test_a_kind_of_file_that_nobody_reads_is_refused_at_once(tus: Client) -> None:
    answer = tus.begin(100, "tool.exe")
    assert (answer.status, answer.code) == (422, "unsupported_type")
    assert (tus.begin(0).status, tus.begin(0).code) == (422, "empty")


def test_content_that_is_no_pdf_is_refused_at_the_end_and_again(tus: Client) -> None:
    path = tus.begun(20)
    answer = tus.append(path, 0, b"MZ" * 10)
    assert (answer.status, answer.code) == (422, "content_mismatch")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert not list(part_files.every())
    assert tus.append(path, 0, b"MZ" * 10).code == "content_mismatch"
    assert tus.ask("HEAD", path).status == 422
    assert not Document.objects.exists()


def test_what_is_coming_counts_for_the_quotas(
    tus: Client, alice: User, settings: Any, api: Any, text_file: Any
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 1000
    tus.begun(990)
    assert quotas.Used.of(alice).bytes == 990
    answer = tus.begin(11)
    assert (answer.status, answer.code) == (413, "quota_bytes")
    answer = api.post("/upload", {"files": [text_file()]}, format="multipart")
    assert answer.json()["errors"][0]["code"] == "quota_bytes"


def test_its_own_room_is_not_counted_twice_at_the_end(tus: Client, settings: Any) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = len(PDF)
    settings.ATOM_MAX_DOCUMENTS_PER_USER = 1
    path = tus.begun(len(PDF))
    assert tus.append(path, 0, PDF).status == 204


def test_a_full_line_at_the_end_keeps_the_bytes_and_may_pass(
    tus: Client, settings: Any, upload: Any
) -> None:
    path = tus.begun(len(PDF))
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    upload()
    answer = tus.append(path, 0, PDF)
    assert (answer.status, answer.code) == (429, "quota_queue")
    assert answer.headers["retry-after"] == "60"
    # Clients take an offset at the end for success, so that is not told either.
    answer = tus.ask("HEAD", path)
    assert (answer.status, answer.headers["retry-after"]) == (423, "60")
    settings.ATOM_MAX_QUEUED_PER_USER = 2
    assert tus.append(path, len(PDF)).status == 204
    assert Document.objects.count() == 2


def test_one_person_has_few_unfinished_uploads(tus: Client, bobs_tus: Client) -> None:
    for _ in range(20):
        tus.begun(len(PDF))
    answer = tus.begin(len(PDF))
    assert (answer.status, answer.code) == (429, "too_many_uploads")
    assert len(list(part_files.every())) == 20
    assert bobs_tus.begin(len(PDF)).status == 201


def test_a_flood_of_beginnings_is_slowed_down(tus: Client, settings: Any) -> None:
    settings.ATOM_THROTTLE = True
    caches["throttle"].clear()
    statuses = [tus.begin(0).status for _ in range(61)]
    assert statuses[:60] == [422] * 60
    assert statuses[60] == 429


def test_the_wrong_media_type_is_refused(tus: Client) -> None:
    path = tus.begun(len(PDF))
    answer = tus.ask("PATCH", path, PDF, **{"Upload-Offset": "0", "Content-Type": "text/plain"})
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 16])
def test_an_offset_that_is_no_number_is_refused(tus: Client, offset: str) -> None:
    path = tus.begun(len(PDF))
    answer = tus.ask("PATCH", path, PDF, **BYTES, **{"Upload-Offset": offset})
    assert (answer.status, answer.code) == (400, "bad_upload_offset")


def test_no_room_on_the_disk_is_507_and_what_has_come_is_kept(
    tus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    with monkeypatch.context() as full:
        full.setattr("atom_project.disk_reserve.room", lambda: 5)
        assert (tus.begin(6).status, tus.begin(6).code) == (507, "storage_full")
        answer = tus.append(path, 10, PDF[10:])
        assert (answer.status, answer.code) == (507, "storage_full")
        assert b"is kept" in answer.body
    assert tus.offset(path) == 10
    assert tus.append(path, 10, PDF[10:]).status == 204


def test_an_upload_left_alone_expires_and_its_room_is_free(tus: Client, alice: User) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    assert sweep.expired() == 0
    ResumableUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = tus.append(path, 10, PDF[10:])
    assert (answer.status, answer.code) == (410, "upload_expired")
    housekeeping.sweep()
    assert not list(part_files.every())
    assert quotas.Used.of(alice).bytes == 0
    assert tus.ask("HEAD", path).status == 404


def test_one_that_is_sent_at_this_moment_does_not_expire(tus: Client) -> None:
    path = tus.begun(len(PDF))

    def late() -> None:
        ResumableUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert sweep.expired() == 0

    assert tus.append(path, 0, PDF[:10], PDF[10:], before_last=late).status == 204


def test_a_request_that_reaches_another_host_destroys_nothing(
    tus: Client, settings: Any, tmp_path: Any
) -> None:
    path, here = tus.begun(len(PDF)), settings.MEDIA_ROOT
    tus.append(path, 0, PDF[:10])
    settings.MEDIA_ROOT = tmp_path / "another host"
    answers = [tus.append(path, 10, PDF[10:]), tus.ask("HEAD", path)]
    assert [answer.status for answer in answers] == [503, 423]
    assert (answers[0].code, answers[0].headers["retry-after"]) == ("upload_elsewhere", "5")
    settings.MEDIA_ROOT = here
    assert tus.offset(path) == 10
    assert tus.append(path, 10, PDF[10:]).status == 204


def test_an_upload_whose_bytes_are_lost_is_ended_by_its_owner(tus: Client, alice: User) -> None:
    path = tus.begun(len(PDF))
    part_files.remove(uuid.UUID(path.rpartition("/")[2]))
    assert tus.ask("DELETE", path).status == 204
    assert quotas.Used.of(alice).bytes == 0
    assert tus.ask("HEAD", path).status == 404


def test_nothing_of_an_erased_person_is_left(tus: Client, alice: User) -> None:
    tus.append(tus.begun(len(PDF)), 0, PDF[:10])
    receipt = erasure.erase(alice)
    assert receipt.resumable_uploads == 1
    assert not list(part_files.every())
    assert not ResumableUpload.objects.exists()


def test_a_document_that_is_deleted_leaves_no_name_behind(tus: Client, api: Any) -> None:
    answer = tus.append(tus.begun(len(PDF)), 0, PDF)
    assert api.delete(f"/documents/{answer.headers['atom-document']}").status_code == 204
    assert list(ResumableUpload.objects.values_list("filename", flat=True)) == [""]


def test_a_part_file_that_no_row_knows_is_removed_after_an_hour(tus: Client) -> None:
    tus.begun(len(PDF))
    stray = uuid.uuid4()
    part_files.make(stray)
    assert sweep.without_row() == 0
    old = timezone.now().timestamp() - 3601
    for path in part_files.folder().iterdir():
        os.utime(path, (old, old))
    assert sweep.without_row() == 1
    assert not (part_files.folder() / str(stray)).exists()


def test_the_doctor_tells_what_is_coming_and_what_is_lost(tus: Client) -> None:
    assert uploads_doctor.examine() == good("No resumable upload is unfinished.")
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    said = "1 resumable upload is unfinished: 10 bytes of 35 bytes have come."
    assert uploads_doctor.examine() == good(said)
    ResumableUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "past their time" in uploads_doctor.examine().text
    part_files.make(uuid.uuid4())
    assert "1 part files" in uploads_doctor.examine().text
    for upload_id, _ in list(part_files.every()):
        part_files.remove(upload_id)
    assert "The bytes of 1 resumable uploads are not in" in uploads_doctor.examine().text


def test_a_restored_database_forgets_uploads_whose_bytes_it_has_not(
    tus: Client, alice: User
) -> None:
    kept, lost = tus.begun(len(PDF)), tus.begun(len(PDF))
    part_files.remove(uuid.UUID(lost.rpartition("/")[2]))
    sweep.without_file()
    assert tus.offset(kept) == 0
    assert ResumableUpload.objects.count() == 1


def test_a_key_that_may_hand_in_may_ask_where_to_go_on_and_one_that_reads_may_not(
    alice: User,
) -> None:
    by_key = {
        scope: Client({"Authorization": f"Bearer {api_keys.make(alice, scope, [scope])[1]}"})
        for scope in ("upload", "read")
    }
    path = by_key["upload"].begun(len(PDF))
    assert by_key["upload"].append(path, 0, PDF[:10]).status == 204
    assert by_key["upload"].offset(path) == 10
    for answer in (by_key["read"].begin(5), by_key["read"].append(path, 10, PDF[10:])):
        assert (answer.status, answer.code) == (403, "insufficient_scope")
