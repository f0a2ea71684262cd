"""Which documents a list shows, and in which order: one filter for the API and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet

from documents.models import Document, DocumentQuerySet, Status

LONGEST_SEARCH = 200  # characters; SQLite refuses patterns of 50,000 bytes

# Each ends at the queue number, which is unique, and is served by an index.
ORDERINGS = {
    "-created_at": ("-created_at", "-queue_number"),
    "created_at": ("created_at", "queue_number"),
    "status": ("status", "-created_at", "-queue_number"),
    "-status": ("-status", "created_at", "queue_number"),
    "filename": ("filename", "queue_number"),
    "-filename": ("-filename", "-queue_number"),
}
NEWEST_FIRST = "-created_at"


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]  # It has no types.
    """`status`, `search` and `ordering`; blank means all, newest first."""

    status = django_filters.ChoiceFilter(choices=Status.choices)
    search = django_filters.CharFilter(method="matching", max_length=LONGEST_SEARCH)
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ORDERINGS], method="ordered"
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def matching(self, documents: DocumentQuerySet, name: str, words: str) -> DocumentQuerySet:
        return documents.matching(words)

    def ordered(self, documents: DocumentQuerySet, name: str, ordering: str) -> DocumentQuerySet:
        return documents.order_by(*ORDERINGS[ordering])

    def filter_queryset(self, queryset: QuerySet[Document]) -> QuerySet[Document]:
        found: QuerySet[Document] = super().filter_queryset(
            queryset.order_by(*ORDERINGS[NEWEST_FIRST])
        )
        return found


def sensible(query: Mapping[str, str]) -> dict[str, Any]:
    """What an address asks for that makes sense; the rest is left out."""
    form = DocumentFilter(query).form
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}
