"""Which documents a list shows, and in which order: one filter for the API and the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import django_filters
from django.db.models import QuerySet

from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem
from documents.models import Document, DocumentQuerySet, Status, search_deadline

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


@contextmanager
def searching(user_id: int, words: object) -> Iterator[None]:
    """Within this a list may be searched; raises the problem of a search that takes too long."""
    if not words:
        yield
        return
    try:
        with search_deadline.one_search(user_id):
            yield
    except search_deadline.SearchTimedOut:
        raise Problem(
            503,
            ProblemCode.SEARCH_TIMEOUT,
            "The search took too long and was ended. Search for a longer word, or choose a "
            "status as well.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        ) from None


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
