"""A shelf of documents in many languages, as they are after they were read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from documents import search
from documents.models import Analysis, Document, Page

Shelve = Callable[..., Document]


@pytest.fixture
def shelve(alice: User, upload: Callable[..., Document]) -> Shelve:
    """A document with these pages and, if given, findings."""

    def make(
        name: str, *pages: str, owner: User = alice, summary: str = "", **findings: Any
    ) -> Document:
        document = upload(name, owner=owner)
        Page.objects.bulk_create(
            Page(document=document, number=number, text=text, condition="read", engine="text")
            for number, text in enumerate(pages, start=1)
        )
        Document.objects.filter(pk=document.pk).update(page_count=len(pages))
        if summary or findings:
            Analysis.objects.create(
                document=document,
                engine="offline",
                prompt_version="1",
                coverage={},
                summary=summary,
                result={
                    "findings": {
                        "actionable_items": [{"task": task} for task in findings.get("tasks", [])],
                        "topics": [{"label": label} for label in findings.get("topics", [])],
                    }
                },
            )
        search.index(document)
        return document

    return make
