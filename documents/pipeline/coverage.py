"""Coverage: the receipt that says what was read of a document, and what was not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.functions import Length

from documents.models import Document, Page
from documents.pipeline.analysis import Findings
from documents.pipeline.extraction import receipt
from documents.pipeline.extraction.ocr import UnreadScan

# What was hidden on a page is not in its text, so the rest of it can be read.
READABLE = (Page.Condition.READ, Page.Condition.READ_BY_OCR, Page.Condition.HIDDEN_TEXT)
WHY_EMPTY = ("scan", "blank", "drawing", *UnreadScan)


def of(document: Document, findings: Findings) -> dict[str, Any]:
    """How many pages of the document were read, which were not, and why."""
    conditions = list(document.pages.values_list("number", "condition"))
    unreadable = [
        {"page": number, "reason": condition}
        for number, condition in conditions
        if condition not in READABLE
        and not any(_is_about(each, number) for each in document.unread)
    ]
    not_analyzed = {entry["page"] for entry in findings.pages_not_analyzed if "page" in entry}
    read = [
        number
        for number, condition in conditions
        if condition in READABLE and number not in not_analyzed
    ]
    return {
        "pages_total": document.page_count,
        "pages_read": len(read),
        "not_read": [*unreadable, *document.unread, *findings.pages_not_analyzed],
        "hidden_text": [
            number for number, condition in conditions if condition == Page.Condition.HIDDEN_TEXT
        ],
        "ocr": _recognized(document, read),
    }


def _is_about(entry: dict[str, Any], number: int) -> bool:
    """Whether extraction tells by the entry why the page is empty."""
    return entry["reason"] in WHY_EMPTY and receipt.is_about(entry, number)


def _recognized(document: Document, read: Collection[int]) -> dict[str, Any] | None:
    """Which pages were read by OCR, how sure their words are, and which pages are poor."""
    recognized = document.pages.exclude(ocr_confidence=None).order_by("number")
    pages = [
        page
        for page in recognized.defer("text").annotate(length=Length("text"))
        if page.number in read
    ]
    if not pages:
        return None
    # A page of five words must not weigh as much as one of five hundred.
    characters = sum(page.length for page in pages) or 1
    weighed = sum(page.length * (page.ocr_confidence or 0) for page in pages)
    return {
        "pages": [page.number for page in pages],
        "confidence": round(weighed / characters),
        "poor": [page.number for page in pages if page.is_poorly_recognized],
    }
