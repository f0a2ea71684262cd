"""Whoever reads a document learns which of its words were read from a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from documents.api import exports
from documents.dashboard import coverage as words
from documents.models import Document
from documents.pipeline import coverage
from documents.pipeline.analysis import NOT_ASSESSED, Findings
from tests.dashboard.html import Html

See = Callable[[str], Html]
Make = Callable[..., Document]


def receipt(document: Document) -> dict[str, Any]:
    nothing = Findings(
        summary="", sentiment=NOT_ASSESSED, key_points=[], topics=[], actionable_items=[]
    )
    return coverage.of(document, list(document.pages.all()), nothing)


def recognized(document: Document, *pages: tuple[int, int, float]) -> Document:
    """The document with these pages on top: number, confidence, share of poor words."""
    for number, confidence, poor in pages:
        document.pages.create(
            number=number,
            text="word " * 100,
            condition="read_by_ocr",
            engine="ocr",
            ocr_confidence=confidence,
            ocr_poor_share=poor,
        )
    Document.objects.filter(pk=document.pk).update(page_count=document.pages.count())
    document.refresh_from_db()
    return document


def test_the_receipt_counts_recognized_pages_as_read(completed: Make) -> None:
    document = recognized(completed(), (2, 96, 0.0), (3, 90, 0.3))
    told = receipt(document)
    assert (told["pages_read"], told["not_read"]) == (document.page_count, [])
    assert told["ocr"] == {"pages": [2, 3], "confidence": 93, "poor": [3]}


def test_a_document_without_scans_has_no_word_of_it(completed: Make) -> None:
    told = receipt(completed())
    assert told["ocr"] is None
    assert "OCR" not in words.in_words(told)


def test_a_picture_without_time_is_told_once(completed: Make) -> None:
    document = completed()
    document.pages.create(number=2, condition="empty", engine="pdfium")
    document.unread = [{"from_page": 2, "to_page": 2, "reason": "ocr_limit"}]
    assert receipt(document)["not_read"] == document.unread


@pytest.mark.parametrize(
    ("ocr", "said"),
    [
        (
            {"pages": [2, 3], "confidence": 94, "poor": [3]},
            "Read 3 of 4 pages; 2 of them by text recognition (OCR), confidence 94 %; "
            "it is poor on page 3; page 4 is a picture that there was no time to read",
        ),
        (
            {"pages": [1, 2, 3], "confidence": 60, "poor": [1, 2, 3]},
            "Read 3 of 4 pages; 3 of them by text recognition (OCR), confidence 60 %; "
            "it is poor on pages 1–3; page 4 is a picture that there was no time to read",
        ),
    ],
)
def test_it_is_said_in_words(ocr: dict[str, Any], said: str) -> None:
    unread = [{"from_page": 4, "to_page": 4, "reason": "ocr_limit"}]
    told = {"pages_total": 4, "pages_read": 3, "not_read": unread, "ocr": ocr}
    assert words.in_words(told) == said


def test_an_export_says_so(completed: Make) -> None:
    told = {
        "pages_total": 3,
        "pages_read": 3,
        "not_read": [],
        "ocr": {"pages": [2, 3], "confidence": 94, "poor": [3]},
    }
    lines = list(exports._coverage(told))
    assert "confidence 94 %: pages 2, 3. Letters and numbers may be wrong there." in lines[1]
    assert lines[2] == "- Poorly recognized: page 3."


def test_a_recognized_page_says_so(see: See, completed: Make) -> None:
    document = recognized(completed(), (2, 94, 0.0))
    said = see(f"/d/{document.pk}/pages/2").text
    assert "read by OCR, confidence 94 %: letters and numbers may be wrong" in said
    assert "OCR" not in see(f"/d/{document.pk}/pages/1").text


def test_a_quote_from_a_picture_says_so(see: See, completed: Make) -> None:
    document = completed()
    analysis = document.current_analysis
    assert analysis is not None
    assert "read by OCR" not in see(f"/d/{document.pk}").text
    analysis.coverage["ocr"] = {"pages": [1], "confidence": 94, "poor": []}
    analysis.save()
    assert "read by OCR" in see(f"/d/{document.pk}").text
