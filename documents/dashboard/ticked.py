"""The documents ticked in a list, and how many they were in words."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages

from accounts.requests import SignedInRequest
from documents.models import Document, DocumentQuerySet


def among(documents: DocumentQuerySet, request: SignedInRequest) -> list[Document]:
    """The ticked ones of somebody's own documents, in their order; says so where there are none."""
    ticked = list(documents.filter(pk__in=_ids(request.POST.getlist("document"))))
    if not ticked:
        messages.error(request, "Tick at least one document first.")
    return ticked


def _ids(given: Iterable[str]) -> list[UUID]:
    ids = []
    for text in given:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue  # Not from our form.
    return ids


def in_words(number: int) -> str:
    """How a sentence begins that says what happened; what is, the page itself shows."""
    return "1 document was" if number == 1 else f"{number} documents were"
