"""Coverage: the receipt that says what was read of a document, and what was not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from documents.models import Document, Page
from documents.pipeline.analysis import Findings
from documents.pipeline.extraction.ocr import UnreadScan
from documents.pipeline.extraction.unread import receipt

# What was hidden on a page is not in its text, so the rest of it can be read.
READABLE = (Page.Condition.READ, Page.Condition.READ_BY_OCR, Page.Condition.HIDDEN_TEXT)
WHY_EMPTY = ("scan", "blank", "drawing", *UnreadScan)


def of(document: Document, pages: Sequence[Page], findings: Findings) -> dict[str, Any]:
    """How many pages of the document were read, which were not, and why."""
    conditions = [(page.number, page.condition) for page in pages]
    unreadable = [
        {"page": number, "reason": condition}
        for number, condition in conditions
        if condition not in READABLE
        and not any(_is_about(each, number) for each in document.unread)
    ]
    not_analyzed = {entry["page"] for entry in findings.pages_not_analyzed if "page" in entry}
    # The model may have seen them; claimed is only what is known.
    not_analyzed |= set(findings.pages_unverified)
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
        "struck_out": [page.number for page in pages if page.struck_out],
        "ocr": _recognized(pages, read),
        "unverified": findings.pages_unverified,
        "prompts_cut": findings.prompts_cut,
    }


def _is_about(entry: dict[str, Any], number: int) -> bool:
    """Whether extraction tells by the entry why the page is empty."""
    return entry["reason"] in WHY_EMPTY and receipt.is_about(entry, number)


def _recognized(pages: Sequence[Page], read: Collection[int]) -> dict[str, Any] | None:
    """Which pages were read by OCR, how sure their words are, and which pages are poor."""
    recognized = [page for page in pages if page.ocr_confidence is not None and page.number in read]
    if not recognized:
        return None
    # A page of five words must not weigh as much as one of five hundred.
    characters = sum(len(page.text) for page in recognized) or 1
    weighed = sum(len(page.text) * (page.ocr_confidence or 0) for page in recognized)
    return {
        "pages": [page.number for page in recognized],
        "confidence": round(weighed / characters),
        "poor": [page.number for page in recognized if page.is_poorly_recognized],
    }
