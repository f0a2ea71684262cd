"""Documents whose tasks are told by the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from documents import events, queue
from documents.models import Analysis, Document, Status
from tests.api.conftest import EVIDENCE, RESULT, analyzed

Told = tuple[str, str | None, str | None]  # task, who is asked, the day


def found(*tasks: Told, **more: Any) -> dict[str, Any]:
    """The result of an analysis that found these tasks."""
    items = [
        {
            "task": task,
            "assignee": assignee,
            "due_text": f"by {day}" if day else None,
            "due_date": day,
            "priority": "unspecified",
            "evidence": EVIDENCE,
        }
        for task, assignee, day in tasks
    ]
    return {**RESULT, **more, "findings": {**RESULT["findings"], "actionable_items": items}}


@pytest.fixture
def asks(upload: Callable[..., Document]) -> Callable[..., Analysis]:
    """A completed document that asks for these tasks."""

    def make(
        *tasks: Told, name: str = "notes.txt", topics: Sequence[str] = (), **who: Any
    ) -> Analysis:
        upload(name, **who)
        claimed = queue.claim_next("worker")
        assert claimed
        events.advance(claimed, Status.ANALYZING)
        analysis = analyzed(claimed, found(*tasks, topics=list(topics)))
        events.advance(claimed, Status.COMPLETED)
        return analysis

    return make
