"""Files come in pieces; what was acknowledged stays, and the last piece makes a document."""

from __future__ import annotations

import hashlib
import os
import uuid
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from documents.models import Document, ResumableUpload
from documents.uploads.resumable import part_files, running_hashes
from tests.resumable.conftest import PDF, Client

pytestmark = pytest.mark.django_db(transaction=True)


def on_disk(path: str) -> int:
    return part_files.size_of(uuid.UUID(path.rpartition("/")[2]))


def stored(document: Document) -> bytes:
    return Path(document.file.path).read_bytes()


def test_a_file_in_pieces_becomes_a_document_with_the_same_bytes(
    tus: Client, settings: Any
) -> None:
    path = tus.begun(len(PDF))
    assert tus.append(path, 0, PDF[:10]).offset == 10
    answer = tus.append(path, 10, PDF[10:])
    assert (answer.status, answer.offset) == (204, len(PDF))
    document = Document.objects.get(pk=answer.headers["atom-document"])
    assert (document.filename, document.size, document.status) == ("plan.pdf", len(PDF), "pending")
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert stored(document) == PDF
    assert not list(part_files.every())


def test_the_file_is_not_copied_when_it_is_whole(tus: Client) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:5])
    part = part_files.folder() / path.rpartition("/")[2]
    before = part.stat().st_ino
    tus.append(path, 5, PDF[5:])
    document = Document.objects.get()
    assert os.stat(document.file.path).st_ino == before
    assert os.stat(document.file.path).st_nlink == 1
    assert os.stat(document.file.path).st_mode & 0o777 == 0o600


def test_the_hash_is_right_where_another_process_took_the_beginning(tus: Client) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    running_hashes.of_this_process._known.clear()
    tus.append(path, 10, PDF[10:])
    assert Document.objects.get().sha256 == hashlib.sha256(PDF).hexdigest()


def test_what_came_before_the_client_hung_up_is_kept(tus: Client) -> None:
    path = tus.begun(len(PDF))
    answer = tus.append(path, 0, PDF[:7], PDF[7:12], hangs_up=True, announced=len(PDF))
    assert not answer.was_heard
    assert tus.offset(path) == on_disk(path) == 12


def test_head_tells_length_offset_and_end(tus: Client) -> None:
    path = tus.begun(100)
    answer = tus.ask("HEAD", path)
    assert (answer.status, answer.offset) == (200, 0)
    assert answer.headers["upload-length"] == "100"
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["upload-expires"].endswith("GMT")


def test_options_tell_what_is_understood(tus: Client, settings: Any) -> None:
    settings.ATOM_MAX_FILE_SIZE = 2 * 1024**3
    answer = tus.ask("OPTIONS", "/uploads")
    assert answer.status == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == "2147483648"
    assert answer.headers["tus-extension"] == "creation,expiration,termination,checksum"
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


def test_another_version_is_refused(tus: Client) -> None:
    answer = tus.ask("POST", "/uploads", **{"Tus-Resumable": "0.2.2", "Upload-Length": "5"})
    assert (answer.status, answer.code) == (412, "tus_version")
    assert answer.headers["tus-version"] == "1.0.0"


def test_the_wrong_offset_is_a_conflict_and_changes_nothing(tus: Client) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    answer = tus.append(path, 4, PDF[4:])
    assert (answer.status, answer.code, answer.offset) == (409, "offset_conflict", 10)
    assert on_disk(path) == 10


def test_the_last_piece_again_is_answered_with_the_same_document(tus: Client) -> None:
    path = tus.begun(len(PDF))
    first = tus.append(path, 0, PDF)
    for again in (tus.append(path, 0, PDF), tus.append(path, len(PDF))):
        assert again.status == 204
        assert again.offset == len(PDF)
        assert again.headers["atom-document"] == first.headers["atom-document"]
    assert tus.ask("HEAD", path).headers["atom-document"] == first.headers["atom-document"]
    assert Document.objects.count() == 1


def test_bytes_that_were_all_here_when_the_server_died_become_a_document(tus: Client) -> None:
    path = tus.begun(len(PDF))
    # As if it had been killed between the last byte and the queue.
    (part_files.folder() / path.rpartition("/")[2]).write_bytes(PDF)
    answer = tus.ask("HEAD", path)
    assert (answer.status, answer.offset) == (200, len(PDF))
    assert Document.objects.get().pk == uuid.UUID(answer.headers["atom-document"])


def test_a_second_try_after_a_crash_takes_the_same_place(
    tus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tus.begun(len(PDF))
    with monkeypatch.context() as broken:
        broken.setattr("documents.queue.append", lambda documents: 1 / 0)
        assert tus.append(path, 0, PDF).status == 500
    assert not Document.objects.exists()
    assert tus.ask("HEAD", path).status == 200
    document = Document.objects.get()
    assert stored(document) == PDF


def test_more_than_was_announced_is_refused_and_not_kept(tus: Client) -> None:
    path = tus.begun(20)
    answer = tus.append(path, 0, PDF)
    assert (answer.status, answer.code) == (413, "request_too_large")
    # Without a length it is only noticed when it comes.
    answer = tus.append(path, 0, PDF, announced=None, **{"Transfer-Encoding": "chunked"})
    assert (answer.status, answer.code) == (413, "request_too_large")
    assert tus.offset(path) == 0


def test_a_body_without_a_length_is_taken(tus: Client) -> None:
    path = tus.begun(len(PDF))
    answer = tus.append(path, 0, PDF, announced=None, **{"Transfer-Encoding": "chunked"})
    assert (answer.status, answer.offset) == (204, len(PDF))


def test_two_truths_about_the_length_are_refused(tus: Client) -> None:
    path = tus.begun(len(PDF))
    answer = tus.append(path, 0, PDF, **{"Transfer-Encoding": "chunked"})
    assert (answer.status, answer.code) == (400, "bad_request")
    assert on_disk(path) == 0


def test_two_pieces_at_once_are_one_204_and_one_423(tus: Client) -> None:
    path = tus.begun(len(PDF))
    others: list[Any] = []
    answer = tus.append(
        path,
        0,
        PDF[:10],
        PDF[10:],
        before_last=lambda: others.append(tus.append(path, 0, b"x" * 20)),
    )
    assert (answer.status, answer.offset) == (204, len(PDF))
    [other] = others
    assert (other.status, other.code) == (423, "upload_locked")
    assert stored(Document.objects.get()) == PDF


def test_whoever_asks_for_the_offset_gets_the_file_from_a_request_that_hangs(tus: Client) -> None:
    path = tus.begun(1000)
    offsets: list[int] = []
    answer = tus.append(
        path, 0, b"x" * 10, b"y" * 10, before_last=lambda: offsets.append(tus.offset(path))
    )
    assert (answer.status, answer.code) == (423, "upload_locked")
    assert offsets == [on_disk(path)] == [10]


def test_an_upload_that_is_ended_is_gone(tus: Client) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:10])
    assert tus.ask("DELETE", path).status == 204
    assert tus.ask("HEAD", path).status == 404
    assert tus.append(path, 10, PDF[10:]).status == 404
    assert not list(part_files.every())
    assert not ResumableUpload.objects.exists()


def test_ending_an_upload_leaves_its_document(tus: Client) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF)
    assert tus.ask("DELETE", path).status == 204
    assert stored(Document.objects.get()) == PDF


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_right_checksum_is_taken(tus: Client, algorithm: str) -> None:
    path = tus.begun(len(PDF))
    wanted = b64encode(hashlib.new(algorithm, PDF).digest()).decode()
    assert tus.append(path, 0, PDF, **{"Upload-Checksum": f"{algorithm} {wanted}"}).status == 204


def test_bytes_with_a_wrong_checksum_are_not_kept(tus: Client) -> None:
    path = tus.begun(len(PDF))
    tus.append(path, 0, PDF[:5])
    wanted = b64encode(hashlib.sha1(b"others").digest()).decode()
    answer = tus.append(path, 5, PDF[5:], **{"Upload-Checksum": f"sha1 {wanted}"})
    assert (answer.status, answer.code) == (460, "checksum_mismatch")
    assert tus.offset(path) == 5
    assert tus.append(path, 5, PDF[5:]).status == 204
    assert Document.objects.get().sha256 == hashlib.sha256(PDF).hexdigest()


def test_half_a_body_with_a_checksum_is_not_kept(tus: Client) -> None:
    path = tus.begun(len(PDF))
    wanted = b64encode(hashlib.sha1(PDF).digest()).decode()
    checksum = {"Upload-Checksum": f"sha1 {wanted}"}
    tus.append(path, 0, PDF[:9], hangs_up=True, announced=len(PDF), **checksum)
    assert tus.offset(path) == 0


def test_an_unknown_checksum_is_refused(tus: Client) -> None:
    path = tus.begun(len(PDF))
    for header in ("crc32 AAAA", "sha1", "sha1 ???", "sha1 "):
        answer = tus.append(path, 0, PDF, **{"Upload-Checksum": header})
        assert answer.status in (400, 460)
        assert on_disk(path) == 0


def test_whoever_has_sent_all_may_go_on_over_the_same_connection(tus: Client) -> None:
    """Nothing is left to wait for; the next request would wait behind that."""
    path = tus.begun(len(PDF))
    wrong = {"Upload-Checksum": f"sha1 {b64encode(bytes(20)).decode()}"}
    answer = tus.append(path, 0, PDF, **wrong)
    assert (answer.status, answer.headers.get("connection")) == (460, None)
    answer = tus.append(path, 0, PDF[:9], PDF[9:] + b"more than was announced", announced=None)
    assert (answer.status, answer.headers.get("connection")) == (413, None)


def test_a_client_that_knows_only_post_names_the_method_in_a_header(tus: Client) -> None:
    path = tus.begun(len(PDF))
    override = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    headers = {"Content-Type": "application/offset+octet-stream", **override}
    assert tus.ask("POST", path, PDF, **headers).status == 204
    assert tus.ask("POST", path, **{"X-HTTP-Method-Override": "DELETE"}).status == 204
    assert tus.ask("POST", path, **{"X-HTTP-Method-Override": "PUT"}).status == 405


def test_without_asgi_bytes_are_refused_by_name(tus: Client, api: Any, alice: Any) -> None:
    path = tus.begun(len(PDF))
    answer = api.patch(path, headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"})
    assert (answer.status_code, answer.json()["code"]) == (503, "needs_asgi")
