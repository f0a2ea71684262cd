"""Tasks to take away: a table for spreadsheets, a file for calendars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from atom_project.public_address import absolute
from documents.models import ActionItem, Installation
from documents.models.analyses import ActionItemQuerySet
from documents.todo import icalendar, spreadsheet
from documents.todo.icalendar import Address

MOST = 10_000  # tasks in one file, which is made in memory; the soonest
COLUMNS = (
    *("id", "task", "assignee", "due_text", "due_date", "priority", "done"),
    *("page", "quote", "document_id", "filename"),
    # Last, so that no column has moved.
    *("doubt", "due_counted_from"),
)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def export(items: ActionItemQuerySet, form: str, *, address: Address) -> str:
    """The tasks, in their order, in one of `CONTENT_TYPES`; at most `MOST`."""
    return as_csv(items) if form == "csv" else as_calendar(items, address=address)


def page_of(request: HttpRequest) -> Address:
    """Where a task stands in its document, as this request would have to ask for it."""

    def address(item: ActionItem) -> str:
        path = reverse("dashboard:document", args=[item.analysis.document_id])
        return absolute(f"{path}#tick-{item.pk}", request)

    return address


def as_csv(items: ActionItemQuerySet) -> str:
    return spreadsheet.as_csv(COLUMNS, map(_row, _read(items)))


def as_calendar(
    items: ActionItemQuerySet, *, address: Address, kinds: Iterable[str] = icalendar.KINDS
) -> str:
    installation = Installation.current().installation_id
    return icalendar.written(_read(items), installation=installation, address=address, kinds=kinds)


def _read(items: ActionItemQuerySet) -> Iterator[ActionItem]:
    return iter(items.told()[:MOST])


def _row(item: ActionItem) -> dict[str, Any]:
    place = item.evidence[0] if item.evidence else {}
    return {
        **{column: getattr(item, column) for column in COLUMNS[:6]},
        "done": "yes" if item.done else "no",
        "page": place.get("page"),
        "quote": place.get("quote"),
        "document_id": item.analysis.document_id,
        "filename": item.analysis.document.filename,
        "doubt": item.doubt,
        "due_counted_from": item.due_from,
    }
