"""A document that has been read to its end, without a worker."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from documents import events, queue, search
from documents.models import Analysis, Document, Page, Status
from documents.pipeline import current

QUOTE = "Maria Lopez sends the survey to the insurer by 20 March 2026"
EVIDENCE = [{"page": 1, "start": 0, "end": 60, "quote": QUOTE, "match": "verbatim"}]
TASK = {
    "task": "Send the survey to the insurer",
    "assignee": "Maria Lopez",
    "due_text": "by 20 March 2026",
    "due_date": "2026-03-20",
    "priority": "high",
    "evidence": EVIDENCE,
}
SECOND_TASK = {
    "task": '=HYPERLINK("http://example.org")',
    "assignee": None,
    "due_text": None,
    "due_date": None,
    "priority": "unspecified",
    "evidence": [{**EVIDENCE[0], "page": 2}],
}
RESULT: dict[str, Any] = {
    "summary": "The quay wall needs a survey before the budget is fixed.",
    "topics": ["budget", "quay wall"],
    "sentiment": "mixed",
    "actionable_items": ["Send the survey to the insurer (Maria Lopez, by 20 March 2026)"],
    "findings": {
        "key_points": [{"text": "A survey comes first.", "evidence": EVIDENCE}],
        "topics": [{"label": "budget", "evidence": EVIDENCE}],
        "sentiment": {"label": "mixed", "score": 0.2, "rationale": "Both.", "evidence": EVIDENCE},
        "actionable_items": [
            {"id": 1, **TASK, "done": False},
            {"id": 2, **SECOND_TASK, "done": False},
        ],
        "unverified": [{"kind": "key_point", "text": "The wall is from 1820."}],
    },
    "language": "en",
    "coverage": {
        "pages_total": 2,
        "pages_read": 1,
        "not_read": [{"page": 2, "reason": "empty"}],
    },
    "provenance": {
        "engine": "openai",
        "model": "gpt-4.1",
        "prompt_version": "1",
        "calls": 1,
        "input_tokens": 900,
        "output_tokens": 200,
        "cost_usd": "0.0034",
        "reused_from": None,
    },
}


def analyzed(document: Document, result: dict[str, Any] = RESULT) -> Analysis:
    """Store what a finished run stores."""
    if document.analyses.exists():
        document.attempts += 1  # A claim led to this one, too.
        Document.objects.filter(pk=document.pk).update(attempts=document.attempts)
    analysis = Analysis.objects.create(
        document=document,
        engine="openai",
        model="gpt-4.1",
        prompt_version="1",
        summary=result["summary"],
        result=result,
        coverage=result["coverage"],
        language="en",
        cost_usd=Decimal("0.0034"),
    )
    current.replace(analysis)
    return analysis


def finish(document: Document) -> Document:
    """Take a waiting document, which must be the head of the line, to completion."""
    claimed = queue.claim_next("test-worker")
    assert claimed == document
    Page.objects.create(document=document, number=1, text=QUOTE, condition="read", engine="pdfium")
    Page.objects.create(document=document, number=2, condition="empty", engine="pdfium")
    events.change(claimed, page_count=2, language="en")
    events.advance(claimed, Status.ANALYZING)
    analyzed(claimed)
    search.index(claimed)
    events.advance(claimed, Status.COMPLETED)
    return claimed


@pytest.fixture
def completed(upload: Callable[..., Document]) -> Document:
    return finish(upload("quay wall.txt"))
