"""The documents of a list, each as one row that can be fetched again alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from documents import filters, queue
from documents.models import Analysis, Document, DocumentQuerySet, Status, StatusEvent

PAGE_SIZE = 50

STEPS = {
    "extracting": "Reading page {done} of {total}",
    "analyzing": "Analyzing, {done} of {total} parts done",
}


@dataclass(frozen=True)
class Row:
    document: Document
    position: int | None  # in the queue, from 1
    version: int  # grows with every event; an older row must never replace a newer one
    snippet: str  # the summary of its current analysis

    @property
    def progress(self) -> str:
        return progress_in_words(self.document)

    @property
    def elapsed(self) -> int | None:
        return elapsed(self.document)


def with_version(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Each row with the id of its newest event, read by the same statement as its status."""
    events = StatusEvent.objects.filter(document_id=OuterRef("pk")).order_by("-id")
    return documents.annotate(version=Subquery(events.values("id")[:1]))


def read(documents: DocumentQuerySet) -> list[Row]:
    """Rows for these documents, in their order; two queries, however many there are."""
    newest = Analysis.objects.filter(document=OuterRef("pk")).newest_first()
    annotated = with_version(documents).annotate(snippet=Subquery(newest.values("summary")[:1]))
    found: list[Any] = list(annotated)
    positions = queue.positions(found)
    return [
        Row(document, positions.get(document.pk), document.version or 0, document.snippet or "")
        for document in found
    ]


def progress_in_words(document: Document) -> str:
    progress = document.progress
    # One part is either done or not: "0 of 1" and an empty bar would look stuck.
    if not progress or progress.get("step") not in STEPS or progress["total"] < 2:
        return ""
    return STEPS[progress["step"]].format(**progress)


def elapsed(document: Document) -> int | None:
    """Seconds that a worker has been busy with it, or None when none is."""
    if not document.is_processing or document.started_at is None:
        return None
    return max(0, round((timezone.now() - document.started_at).total_seconds()))


@dataclass(frozen=True)
class Filter:
    """What a list shows: a status, words to look for, or both."""

    status: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: Any) -> Filter:
        """The filter that an address asks for; what makes no sense there is left out."""
        asked = filters.sensible(query)
        return cls(asked.get("status", ""), asked.get("search", ""))

    def address(self, **changes: object) -> str:
        """The query string of this list with some of it changed."""
        parts = {"status": self.status, "search": self.search, **changes}
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Tab:
    label: str
    count: int
    address: str
    is_current: bool
    status: str = ""


@dataclass(frozen=True)
class Listing:
    """One page of somebody's documents and the ways to the others."""

    filter: Filter
    rows: list[Row]
    page: ListPage[Document]
    tabs: list[Tab]
    owned: bool  # whether there is any document at all, filter aside
    address: str  # of this page of the list
    previous_address: str = field(default="")
    next_address: str = field(default="")


def listing(documents: DocumentQuerySet, query: Any) -> Listing:
    """The page of the list that `query` asks for: one count, one page, one look at the queue."""
    chosen = Filter.of(query)
    found = documents.matching(chosen.search) if chosen.search else documents
    counts = _counts(found)
    shown = found.filter(status=chosen.status) if chosen.status else found
    paginator = Paginator(shown.newest_first(), PAGE_SIZE)
    # The counts per status are known already; counting once more would double the cost.
    paginator.count = counts.get(chosen.status, 0) if chosen.status else sum(counts.values())
    page = paginator.get_page(query.get("page"))
    return Listing(
        filter=chosen,
        rows=read(cast(DocumentQuerySet, page.object_list)),
        page=page,
        tabs=_tabs(chosen, counts),
        owned=bool(counts) or (bool(chosen.search) and documents.exists()),
        address=_page_address(chosen, page, 0),
        previous_address=_page_address(chosen, page, -1) if page.has_previous() else "",
        next_address=_page_address(chosen, page, 1) if page.has_next() else "",
    )


def _counts(documents: DocumentQuerySet) -> dict[str, int]:
    # `*`, not the key: that is answered from the index of owner and status alone.
    counted = documents.order_by().values("status").annotate(count=Count("*"))
    return dict(counted.values_list("status", "count"))


def _tabs(chosen: Filter, counts: dict[str, int]) -> list[Tab]:
    every = Tab("All", sum(counts.values()), chosen.address(status=""), not chosen.status)
    return [every] + [
        Tab(
            Status(status).label,
            counts.get(status, 0),
            chosen.address(status=status),
            chosen.status == status,
            status,
        )
        for status in Status.values
    ]


def _page_address(chosen: Filter, page: ListPage[Document], step: int) -> str:
    return chosen.address(page=page.number + step)
