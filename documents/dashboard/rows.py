"""The documents of a list, each as one row that can be fetched again alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery

from documents import queue, search
from documents.dashboard.list_filter import ListFilter
from documents.dashboard.list_row import Addresses, Row
from documents.estimates import current
from documents.models import (
    Analysis,
    Document,
    DocumentQuerySet,
    Status,
    StatusEvent,
    clock,
    counts_by_status,
)


def with_version(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Each row with the id of its newest event, read by the same statement as its status.

    And with the time then, by the clock that its own times are of.
    """
    events = StatusEvent.objects.filter(document_id=OuterRef("pk")).order_by("-id")
    return documents.annotate(
        version=Subquery(events.values("id")[:1]),
        as_of=clock.as_expression(),
    )


def read(documents: DocumentQuerySet) -> list[Row]:
    """Rows for these documents, in their order; four queries at most, however many there are."""
    newest = Analysis.objects.filter(document=OuterRef("pk")).newest_first()
    annotated = with_version(documents).annotate(summary=Subquery(newest.values("summary")[:1]))
    found: list[Any] = list(annotated)
    positions, estimates = queue.positions(found), current.of(found)
    addresses = Addresses.here()
    return [
        Row(
            document,
            positions.get(document.pk),
            document.version or 0,
            document.summary or "",
            addresses,
            estimates.get(document.pk),
        )
        for document in found
    ]


def with_hits(found: list[Row], words: str) -> list[Row]:
    """Rows with the places of the words that are searched for, if any are."""
    if not words:
        return found
    hits = search.hits([row.document for row in found], words)
    return [replace(row, words=words, hit=hits.get(row.document.pk)) for row in found]


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

    filter: ListFilter
    rows: list[Row]
    page: ListPage[Document]
    tabs: list[Tab]
    newest_only: int | None  # so many of those that match, where a search leaves older ones out
    owned: bool  # whether there is any document at all, filter aside
    address: str  # of this page of the list
    previous_address: str = field(default="")
    next_address: str = field(default="")


def listing(documents: DocumentQuerySet, query: Any, *, owner_id: int) -> Listing:
    """The page of the list that `query` asks for: one count, one page, one look at the queue.

    What is searched for is shown with its place, the best first unless another order was chosen.
    """
    chosen = ListFilter.of(query, owner_id)
    words = chosen.search
    counts = _counts(chosen, documents)
    paginator = Paginator(chosen.applied(documents), chosen.page_size)
    # The counts per status are known already; counting once more would double the cost.
    paginator.count = counts.get(chosen.status, 0) if chosen.status else sum(counts.values())
    page = paginator.get_page(query.get("page"))
    return Listing(
        filter=chosen,
        rows=with_hits(read(cast(DocumentQuerySet, page.object_list)), words),
        page=page,
        tabs=_tabs(chosen, counts),
        newest_only=search.MOST if words and search.is_cut(owner_id, words) else None,
        owned=bool(counts) or (chosen.is_narrowed and documents.exists()),
        address=_page_address(chosen, page, 0),
        previous_address=_page_address(chosen, page, -1) if page.has_previous() else "",
        next_address=_page_address(chosen, page, 1) if page.has_next() else "",
    )


def _counts(chosen: ListFilter, documents: DocumentQuerySet) -> dict[str, int]:
    if not chosen.is_narrowed:
        return counts_by_status(chosen.owner_id)
    # `*`, not the key: that is answered from the index of owner and status alone.
    found = chosen.of_any_status(documents).order_by()
    counted = found.values("status").annotate(count=Count("*"))
    return dict(counted.values_list("status", "count"))


def _tabs(chosen: ListFilter, counts: dict[str, int]) -> list[Tab]:
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


def _page_address(chosen: ListFilter, page: ListPage[Document], step: int) -> str:
    return chosen.address(page=page.number + step)
