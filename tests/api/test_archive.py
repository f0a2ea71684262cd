"""All documents at once to take away: whole, one's own, in little memory."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from documents import queue, removal
from documents.api.archive import contents, zipped
from documents.api.archive import view as archive_view
from documents.models import Document, Page
from documents.trash import moves
from documents.uploads import intake
from tests.api.conftest import QUOTE, analyzed, finish

Uploader = Callable[..., Document]


def taken(api: APIClient, query: str = "") -> zipfile.ZipFile:
    answer: Any = api.get(f"/documents/export?{query}")
    assert answer.status_code == 200, answer.content
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return archive


def index(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read("index.ndjson").splitlines()]


def lines(api: APIClient, query: str = "") -> list[dict[str, Any]]:
    answer: Any = api.get(f"/documents/export?as=ndjson&{query}")
    assert answer.status_code == 200
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["filename"] for entry in entries]


# What is in it.


def test_an_archive_has_of_each_document_what_its_own_calls_have(
    api: APIClient, completed: Document
) -> None:
    archive = taken(api)
    [entry] = index(archive)
    files = entry.pop("files")
    assert entry == api.get("/documents").json()["results"][0]
    exported = api.get(f"/documents/{completed.pk}/export").json()
    assert json.loads(archive.read(files["analysis"])) == exported
    assert archive.read(files["text"]).decode() == f"{QUOTE}\f"
    assert files["original"] is None
    assert set(archive.namelist()) == {"index.ndjson", files["analysis"], files["text"]}


def test_lines_have_the_same(api: APIClient, completed: Document) -> None:
    [entry] = lines(api)
    exported = api.get(f"/documents/{completed.pk}/export").json()
    exported.pop("document")
    assert entry.pop("analysis") == exported
    assert entry.pop("pages") == api.get(f"/documents/{completed.pk}/pages").json()["results"]
    assert entry == api.get("/documents").json()["results"][0]


def test_a_document_without_an_analysis_is_there_with_its_status(
    api: APIClient, upload: Uploader
) -> None:
    queue.cancel(upload("fails.txt"))
    upload("waits.txt")
    told = {entry["filename"]: entry for entry in index(taken(api))}
    assert {name: entry["status"] for name, entry in told.items()} == {
        "waits.txt": "pending",
        "fails.txt": "failed",
    }
    assert told["fails.txt"]["failure"]["code"] == "cancelled"
    assert told["waits.txt"]["files"] == {"analysis": None, "text": None, "original": None}
    assert [(entry["analysis"], entry["pages"]) for entry in lines(api)] == [(None, [])] * 2


def test_no_line_end_of_a_document_ends_a_line(api: APIClient, upload: Uploader) -> None:
    text = "a\x85b\u2028c\u2029d\x0be\x0cf\x1cg\r\nh"
    Page.objects.create(document=upload(), number=1, text=text, condition="read")
    answer: Any = api.get("/documents/export?as=ndjson")
    [line] = b"".join(answer.streaming_content).decode().splitlines()
    assert json.loads(line)["pages"][0]["text"] == text


def test_the_newest_analysis_counts_and_unverified_claims_stay(
    api: APIClient, completed: Document
) -> None:
    newest = analyzed(completed, {**completed.current_analysis.result, "summary": "Newer."})  # type: ignore[union-attr]
    [entry] = lines(api)
    assert entry["analysis"]["summary"] == newest.summary
    assert "1820" not in json.dumps(entry)


def test_nothing_at_all_is_an_archive_too(api: APIClient) -> None:
    archive = taken(api)
    assert (archive.namelist(), index(archive), lines(api)) == (["index.ndjson"], [], [])


def test_originals_come_along_if_asked_for(api: APIClient, upload: Uploader) -> None:
    upload("text.txt", "The quay wall is safe.")
    files = [SimpleUploadedFile("a.pdf", b"%PDF-1.4\n" + os.urandom(90_000))]
    assert not intake.receive(User.objects.get(), files).errors
    archive = taken(api, "originals=true")
    contents_of = {
        entry["filename"]: archive.read(entry["files"]["original"]) for entry in index(archive)
    }
    assert contents_of["text.txt"] == b"The quay wall is safe."
    assert contents_of["a.pdf"].startswith(b"%PDF-1.4\n")
    assert len(contents_of["a.pdf"]) == 90_009
    for name in ("", "originals=false", "originals="):
        assert {entry["files"]["original"] for entry in index(taken(api, name))} == {None}


def test_a_file_that_is_lost_is_no_reason_to_end(api: APIClient, upload: Uploader) -> None:
    lost, _ = upload("lost.txt"), upload("there.txt")
    lost.file.storage.delete(lost.file.name)
    there, gone = index(taken(api, "originals=true"))
    assert (there["filename"], gone["files"]["original"]) == ("there.txt", None)
    assert there["files"]["original"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "C:\\x\\..\\y.txt", "text.txt", "a\0b.txt"]
)
def test_no_name_in_it_leads_out_of_its_folder(api: APIClient, upload: Uploader, name: str) -> None:
    document = finish(upload(name))
    members = [one for one in taken(api, "originals=true").namelist() if one != "index.ndjson"]
    assert len(members) == len(set(members)) == 3
    for member in members:
        assert member.startswith(f"documents/{document.pk}/")
        assert not {"..", ""} & set(member.split("/"))
        assert "\\" not in member


# Which documents are in it.


def test_only_ones_own_documents_are_in_it(
    api: APIClient, bobs_api: APIClient, upload: Uploader, bob: User
) -> None:
    moves.put(finish(upload("trashed.txt")).pk)
    upload("mine.txt")
    upload("bobs.txt", owner=bob)
    assert names(index(taken(api))) == ["mine.txt"]
    assert names(lines(bobs_api)) == ["bobs.txt"]


def test_filters_and_order_are_those_of_the_list(api: APIClient, upload: Uploader) -> None:
    for name in ("b.txt", "a.txt", "c.txt"):
        queue.cancel(upload(name))
    upload("waits.txt")
    assert names(index(taken(api, "status=failed&ordering=filename"))) == [
        *("a.txt", "b.txt", "c.txt")
    ]
    assert names(lines(api, "status=failed,pending&created_after=2099-01-01")) == []
    assert names(lines(api)) == ["waits.txt", "c.txt", "a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("as=tar", "unknown_form"),
        ("originals=1", "unknown_answer"),
        ("as=ndjson&originals=true", "unknown_answer"),
        ("page=2", "unknown_parameter"),
        ("statuz=failed", "unknown_parameter"),
        ("status=odd", "unknown_status"),
        ("search=" + "a" * 201, "bad_search"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    api: APIClient, query: str, code: str
) -> None:
    answer = api.get(f"/documents/export?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not AuditEvent.objects.exists()


def test_a_batch_follows_the_other(
    api: APIClient, upload: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "AT_ONCE", 2)
    monkeypatch.setattr(contents, "PAGES_AT_ONCE", 2)
    for number in range(5):
        document = upload(f"{number}.txt")
        Page.objects.bulk_create(
            Page(document=document, number=page, text=f"{number}-{page}", condition="read")
            for page in range(1, 6)
        )
    entries = lines(api)
    assert names(entries) == [f"{number}.txt" for number in (4, 3, 2, 1, 0)]
    for entry in entries:
        assert [page["number"] for page in entry["pages"]] == [1, 2, 3, 4, 5]


def test_small_documents_are_read_together(
    api: APIClient, upload: Uploader, django_assert_max_num_queries: Any
) -> None:
    for number in range(2 * contents.AT_ONCE):
        finish(upload(f"{number}.txt"))
    # Two batches: who may, the documents, their newest analyses, tasks, texts.
    with django_assert_max_num_queries(20):
        assert [len(entry["pages"]) for entry in lines(api)] == [2] * 40


# While it is sent.


@pytest.fixture
def begun(
    api: APIClient, upload: Uploader, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Iterator[bytes], list[Document]]]:
    """An export of which one piece is sent: of the newest of three."""
    monkeypatch.setattr(contents, "AT_ONCE", 1)
    documents = [upload(f"{number}.txt") for number in range(3)]
    for document in documents:
        Page.objects.create(document=document, number=1, text="x" * 70_000, condition="read")
    answer: Any = api.get("/documents/export?as=ndjson")
    pieces = iter(answer.streaming_content)
    assert b'"2.txt"' in next(pieces)
    yield pieces, documents
    answer.close()


def test_what_is_deleted_meanwhile_is_left_out(begun: Any) -> None:
    pieces, documents = begun
    removal.delete(documents[1])
    rest = b"".join(pieces)
    assert b'"0.txt"' in rest
    assert b'"1.txt"' not in rest


def test_who_may_not_any_more_gets_no_further(begun: Any, alice: User) -> None:
    pieces, _ = begun
    alice.is_active = False
    alice.save()
    with pytest.raises(contents.ExportEnded):
        b"".join(pieces)


def test_an_archive_that_was_cut_short_is_none(api: APIClient, completed: Document) -> None:
    answer: Any = api.get("/documents/export")
    whole = b"".join(answer.streaming_content)
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(whole[:-30]))


def test_large_files_are_never_in_memory(api: APIClient, alice: User, settings: Any) -> None:
    for number in range(3):
        text = os.urandom(4_500_000).hex().encode()
        intake.receive(alice, [SimpleUploadedFile(f"{number}.txt", text)])
    api.get("/documents/export")
    tracemalloc.start()
    try:
        answer: Any = api.get("/documents/export?originals=true")
        size = sum(len(piece) for piece in answer.streaming_content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 12_000_000
    assert peak < 3_000_000


def test_a_file_too_large_for_32_bits_is_told_in_64(
    api: APIClient, upload: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "LARGE", 1)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 5_000)  # Which the index does not come near.
    text = "The quay wall is safe. " * 1_000
    upload("notes.txt", text)
    archive = taken(api, "originals=true")
    [entry] = index(archive)
    assert archive.read(entry["files"]["original"]).decode() == text


# Around it.


def test_it_is_saved_and_never_shown(api: APIClient) -> None:
    answer = api.get("/documents/export")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="atom-export.zip"'
    assert answer["Cache-Control"] == "no-store, private"
    assert api.get("/documents/export?as=ndjson")["Content-Type"] == "application/x-ndjson"


def test_an_export_is_in_the_audit_log(api: APIClient, alice: User, upload: Uploader) -> None:
    upload()
    api.get("/documents/export")
    act = AuditEvent.objects.get()
    assert (act.action, act.subject, act.figures) == (
        "analysis_exported",
        str(alice.pk),
        {"documents": 1},
    )


def test_a_look_at_the_head_reads_nothing(api: APIClient, completed: Document) -> None:
    answer: Any = api.head("/documents/export")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b""


def test_exports_are_counted_by_themselves(
    api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ATOM_THROTTLE = True
    monkeypatch.setattr(archive_view.ExportThrottle, "limit", 2)
    statuses = [api.get("/documents/export").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert api.get("/documents").status_code == 200
