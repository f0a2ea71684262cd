"""Coverage: the receipt that says what was read of a document, and what was not."""

from __future__ import annotations

from typing import Any

from documents.models import Document, Page
from documents.pipeline.analysis import Findings

# What was hidden on a page is not in its text, so the rest of it can be read.
READABLE = (Page.Condition.READ, Page.Condition.READ_BY_OCR, Page.Condition.HIDDEN_TEXT)
WHY_EMPTY = ("scan", "blank", "drawing")


def of(document: Document, findings: Findings) -> dict[str, Any]:
    """How many pages of the document were read, which were not, and why."""
    conditions = list(document.pages.values_list("number", "condition"))
    # Why an empty page is empty, extraction tells itself.
    told = {entry["page"] for entry in document.unread if entry["reason"] in WHY_EMPTY}
    unreadable = [
        {"page": number, "reason": condition}
        for number, condition in conditions
        if condition not in READABLE and number not in told
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
    }
