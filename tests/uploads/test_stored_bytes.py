"""What is stored of a document counts: its file, its text, its analyses and its history."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, quotas
from documents.models import Document, Page, Status
from documents.operations import housekeeping
from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.uploads import intake
from documents.worker import Worker
from tests import hostile_files

Uploader = Callable[..., Document]
TEXT = "The quay wall is old. Maria Lopez must send the survey to the insurer by 20 March 2026."


def work() -> None:
    assert Worker(slots=1, engine=OfflineEngine()).work_once()


def fresh(document: Document) -> Document:
    document.refresh_from_db()
    return document


def test_text_and_analysis_are_added_to_the_file(upload: Uploader) -> None:
    document = upload(text=TEXT)
    assert document.stored_bytes == len(TEXT)
    work()
    analysis = fresh(document).current_analysis
    assert analysis
    expected = 2 * len(TEXT) + quotas.analysis_bytes(analysis)
    assert document.stored_bytes == expected
    assert expected > 2 * len(TEXT) + len(json.dumps(analysis.result))


def test_each_retry_adds_its_history_and_analysis(upload: Uploader) -> None:
    document = upload(text=TEXT)
    work()
    before = fresh(document).stored_bytes
    queue.requeue(document)
    work()
    analysis = fresh(document).current_analysis
    assert analysis
    assert before is not None
    grown = quotas.HISTORY_BYTES + quotas.analysis_bytes(analysis)
    assert document.stored_bytes == before + grown


def test_an_identical_file_counts_its_own_copy(upload: Uploader) -> None:
    first = upload("first.txt", TEXT)
    work()
    second = upload("second.txt", TEXT)
    work()
    assert second.analyses.get().result["provenance"]["reused_from"]
    analysis = second.analyses.get()
    assert fresh(second).stored_bytes == 2 * len(TEXT) + quotas.analysis_bytes(analysis)
    assert first.pk != second.pk


def test_text_that_has_no_room_fails_its_document_and_stores_nothing(
    api: APIClient, upload: Uploader, settings: Any
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = len(TEXT) + 10
    document = upload(text=TEXT)
    work()
    assert fresh(document).status == Status.FAILED
    failure: Any = document.failure
    assert failure["code"] == "quota_text"
    assert failure["retryable"] is True
    assert "Delete documents you no longer need" in failure["advice"]
    assert not document.is_extracted
    assert Page.objects.count() == 0
    assert document.stored_bytes == len(TEXT)
    assert api.get(f"/documents/{document.pk}/file").getvalue() == TEXT.encode()


def test_it_is_read_once_there_is_room_again(
    api: APIClient, upload: Uploader, settings: Any
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 6000
    other = upload("other.txt", TEXT * 60)
    document = upload(text=TEXT)
    queue.cancel(other)
    settings.ATOM_MAX_BYTES_PER_USER = other.size + len(TEXT) + 10
    work()
    assert fresh(document).status == Status.FAILED
    assert api.delete(f"/documents/{other.pk}").status_code == 204
    assert api.post(f"/documents/{document.pk}/retry").status_code == 202
    work()
    assert fresh(document).status == Status.COMPLETED


def test_a_small_pdf_of_many_pages_stores_no_more_than_the_quota(
    alice: User, settings: Any, text_file: Any
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 100_000
    content = shared_stream_pdf(60)
    assert len(content) < 10_000
    [document] = intake.receive(alice, [SimpleUploadedFile("small.pdf", content)]).documents
    work()
    assert fresh(document).failure is not None
    assert document.failure["code"] == "quota_text"  # type: ignore[index]
    assert Page.objects.count() == 0


def test_uploads_and_retries_are_refused_by_what_is_stored(
    api: APIClient, browser: Client, upload: Uploader, settings: Any
) -> None:
    document = upload(text=TEXT)
    work()
    settings.ATOM_MAX_BYTES_PER_USER = fresh(document).stored_bytes
    with pytest.raises(IndexError):
        upload("more.txt")
    answer = api.post(f"/documents/{document.pk}/retry")
    assert (answer.status_code, answer.json()["code"]) == (429, "quota_bytes")
    page = browser.post(f"/d/{document.pk}/retry", follow=True).content.decode()
    assert "no room left" in page


def test_documents_are_counted(
    upload: Uploader, alice: User, settings: Any, text_file: Any
) -> None:
    settings.ATOM_MAX_DOCUMENTS_PER_USER = 2
    upload()
    received = intake.receive(alice, [text_file("b.txt"), text_file("c.txt")])
    assert [document.filename for document in received.documents] == ["b.txt"]
    [refused] = received.errors
    assert (refused["filename"], refused["code"]) == ("c.txt", "quota_documents")
    assert "You may have 2 documents." in refused["error"]


def test_documents_of_before_are_counted_by_housekeeping(upload: Uploader) -> None:
    document = upload(text=TEXT + " ä")
    work()
    counted = fresh(document).stored_bytes
    Document.objects.update(stored_bytes=None)
    assert quotas.RemainingQuota.of(document.owner).bytes > 0
    assert housekeeping.uncounted_documents() == 1
    assert fresh(document).stored_bytes == counted
    assert housekeeping.uncounted_documents() == 0


def shared_stream_pdf(pages: int) -> bytes:
    """Every page draws the same stream of some 4,000 characters."""
    lines = [hostile_files.show(TEXT, y=20 + 10 * line, size=6) for line in range(50)]
    kids = b" 3 0 R" * pages
    return hostile_files.raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
            hostile_files.page(),
            hostile_files.stream(zlib.compress(b"\n".join(lines)), b"/Filter /FlateDecode"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )
