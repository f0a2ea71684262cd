"""Pictures that nobody was there to read are read later, when their owner asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Document, Status
from documents.pipeline import recognition
from documents.pipeline.extraction.ocr import Recognizer, scans
from documents.pipeline.extraction.ocr.words import Word
from documents.uploads import intake
from documents.worker import Worker
from tests.engines import OneCall
from tests.extraction import pdf_builders_ocr as builders

Send = Callable[[], Document]
Install = Callable[[Recognizer | None], None]

ENGINE = Recognizer("tesseract", "5", ("eng",))
WORD = Word(1, 1, 1, 1, 0, 0, 9, 9, 96.0, "Approved.")


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put this engine, or none, in the place of the machine's."""
    monkeypatch.setattr(scans, "drawn", lambda *arguments: b"")
    monkeypatch.setattr(scans, "words_on", lambda *arguments: [WORD])

    def install_(engine: Recognizer | None) -> None:
        for module in (scans, recognition):
            monkeypatch.setattr(module, "installed", lambda: engine)

    return install_


@pytest.fixture
def mixed(alice: User) -> Send:
    data = builders.mixed()  # Once: the same another time has other bytes.

    def send() -> Document:
        file = SimpleUploadedFile("minutes.pdf", data)
        document: Document = intake.receive(alice, [file]).documents[0]
        return document

    return send


@pytest.fixture
def half_read(mixed: Send, install: Install) -> Document:
    """Completed where there was no engine; there is one now."""
    install(None)
    document = mixed()
    work()
    document.refresh_from_db()
    install(ENGINE)
    return document


def work() -> None:
    assert Worker(slots=1, engine=OneCall()).work_once()


def recognize(api: APIClient, document: Document) -> Any:
    return api.post(f"/documents/{document.pk}/recognize")


def test_a_picture_that_nobody_was_there_to_read_is_told(
    api: APIClient, half_read: Document
) -> None:
    shown = api.get(f"/documents/{half_read.pk}").json()
    told = shown["analysis"]["coverage"]["not_read"]
    assert told == [{"from_page": 2, "to_page": 2, "reason": "ocr_missing"}]


def test_the_picture_is_read_and_an_analysis_added(api: APIClient, half_read: Document) -> None:
    response = recognize(api, half_read)
    assert (response.status_code, response.json()["status"]) == (202, "pending")
    work()
    half_read.refresh_from_db()
    assert half_read.unread == []
    assert half_read.pages.get(number=2).text == "Approved."
    assert half_read.analyses.count() == 2


def test_without_an_engine_nothing_is_forgotten(
    api: APIClient, half_read: Document, install: Install
) -> None:
    install(None)
    problem = recognize(api, half_read)
    assert (problem.status_code, problem.json()["code"]) == (409, "no_recognition")
    assert half_read.pages.count() == 3


def test_a_document_without_such_pictures_is_refused(
    api: APIClient, upload: Callable[..., Document], install: Install
) -> None:
    install(ENGINE)
    document = upload()
    work()
    problem = recognize(api, document)
    assert (problem.status_code, problem.json()["code"]) == (409, "nothing_to_recognize")


def test_an_unfinished_document_is_left_alone(api: APIClient, half_read: Document) -> None:
    recognize(api, half_read)
    Document.objects.update(unread=[{"page": 2, "reason": "ocr_missing"}])
    assert recognize(api, half_read).json()["code"] == "not_finished"


def test_a_full_line_keeps_the_pages(
    api: APIClient, half_read: Document, mixed: Send, settings: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    mixed()
    assert recognize(api, half_read).status_code == 429
    assert half_read.pages.count() == 3


def test_bob_gets_404(bobs_api: APIClient, half_read: Document) -> None:
    assert recognize(bobs_api, half_read).status_code == 404
    half_read.refresh_from_db()
    assert half_read.status == Status.COMPLETED


def test_the_page_offers_it_only_where_it_may_help(
    browser: Client, half_read: Document, install: Install
) -> None:
    def shown() -> str:
        return browser.get(f"/d/{half_read.pk}").content.decode()

    assert "Read again with OCR" in shown()
    assert "page 2 is a picture that no text recognition (OCR) was there to read" in shown()
    install(None)
    assert "Read again with OCR" not in shown()
    install(ENGINE)
    assert browser.post(f"/d/{half_read.pk}/recognize").status_code == 302
    work()
    assert "Read again with OCR" not in shown()


@pytest.mark.parametrize("reason", ["ocr_limit", "ocr_timed_out", "ocr_failed", "scan"])
def test_what_would_mostly_end_the_same_is_only_done_when_asked_for(
    api: APIClient, browser: Client, half_read: Document, reason: str
) -> None:
    Document.objects.update(unread=[{"page": 2, "reason": reason}])
    assert "Read again with OCR" not in browser.get(f"/d/{half_read.pk}").content.decode()
    assert recognize(api, half_read).status_code == 202


def test_the_page_of_another_document_has_no_such_button(
    browser: Client, upload: Callable[..., Document], install: Install
) -> None:
    install(ENGINE)
    document = upload()
    work()
    assert "Read again with OCR" not in browser.get(f"/d/{document.pk}").content.decode()
    assert browser.post(f"/d/{document.pk}/recognize").status_code == 404


@pytest.mark.parametrize(("engine", "is_reused"), [(ENGINE, False), (None, True)])
def test_an_identical_file_takes_over_no_reading_without_an_engine(
    half_read: Document, mixed: Send, install: Install, engine: Recognizer, *, is_reused: bool
) -> None:
    install(engine)
    second = mixed()
    work()
    reused_from = second.analyses.get().result["provenance"]["reused_from"]
    assert (reused_from is not None) == is_reused
