"""What the owner is told of each event: the document's name, its place, its result or failure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from documents import queue
from documents.failures import codes, failure
from documents.models import FINISHED, Analysis, Document, Status, StatusEvent
from documents.results import result_json

LARGEST_RESULT = 64 * 1024  # bytes of JSON that travel inside an event
JUST_FINISHED = timedelta(minutes=1)

# One statement that needs no planning by the ORM: it runs after every single commit.
SELECT = """
SELECT event.id, event.owner_id, event.document_id, event.kind, event.status, event.attempt,
    event.reason, event.data, event.created_at, document.filename, document.failure,
    document.status AS standing, document.attempts, document.queue_number
FROM documents_statusevent event
LEFT JOIN documents_document document ON document.id = event.document_id
"""
EVERYBODYS = SELECT + "WHERE event.id > %s ORDER BY event.id LIMIT %s"
ONE_OWNERS = SELECT + "WHERE event.owner_id = %s AND event.id > %s ORDER BY event.id LIMIT %s"


@dataclass(frozen=True)
class Announcement:
    id: int
    owner_id: int
    kind: str
    said: dict[str, Any] | None  # None where there is nothing left to say.


def everybodys(after: int, limit: int) -> list[Any]:
    """Events of all owners in the order they were committed, with their documents' columns."""
    return list(StatusEvent.objects.raw(EVERYBODYS, [after, limit]))


def of_owner(owner_id: int, after: int, limit: int) -> list[Any]:
    return list(StatusEvent.objects.raw(ONE_OWNERS, [owner_id, after, limit]))


def latest_of_each(owner_id: int, after: int, upto: int, limit: int) -> list[Any]:
    """The newest status event of each document that is unfinished, or finished just now."""
    documents = Document.objects.filter(
        ~Q(status__in=FINISHED) | Q(finished_at__gt=timezone.now() - JUST_FINISHED),
        owner_id=owner_id,
    )
    ids = list(
        StatusEvent.objects.statuses()
        .filter(document_id__in=documents.values("pk"), id__lte=upto)
        .order_by()
        .values("document_id")
        .annotate(newest=Max("id"))
        .filter(newest__gt=after)
        .order_by("newest")
        .values_list("newest", flat=True)[:limit]
    )
    if not ids:
        return []
    places = ", ".join(["%s"] * len(ids))
    sql = f"{SELECT} WHERE event.id IN ({places}) ORDER BY event.id"
    return list(StatusEvent.objects.raw(sql, ids))


def announce(rows: Sequence[Any], *, replayed_upto: int = 0) -> list[Announcement]:
    """What to say about each of these events; those up to `replayed_upto` are no news."""
    results = _Results(row for row in rows if row.status == Status.COMPLETED)
    places = _places(rows)
    return [
        Announcement(
            row.id,
            row.owner_id,
            row.kind,
            _said(row, results, places) | {"replayed": row.id <= replayed_upto}
            if row.filename is not None or row.kind == StatusEvent.Kind.DELETED
            else None,  # The document is gone; its tombstone follows.
        )
        for row in rows
    ]


def _said(row: Any, results: _Results, places: dict[UUID, int]) -> dict[str, Any]:
    return {
        "event": row.kind,
        "id": row.id,
        "document_id": str(row.document_id),
        "filename": row.filename,
        **_particulars(row, results, places),
        "timestamp": timestamp(row.created_at),
    }


def timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _particulars(row: Any, results: _Results, places: dict[UUID, int]) -> dict[str, Any]:
    if row.kind == StatusEvent.Kind.DELETED:
        return {}
    said: dict[str, Any] = {
        "status": row.status,
        "attempt": row.attempt,
        "reason": row.reason or None,
        "queue_position": places.get(row.document_id) if row.status == Status.PENDING else None,
    }
    if row.kind == StatusEvent.Kind.PROGRESS:
        return said | (row.data or {})
    if row.status == Status.COMPLETED:
        said["result"] = results.of(row)
    elif row.status == Status.FAILED:
        said["failure"] = _failure(row)
    return said


def _places(rows: Iterable[Any]) -> dict[UUID, int]:
    """The present places in line of those that joined it and still wait."""
    waiting = {
        row.document_id: Document(
            pk=row.document_id, status=row.standing, queue_number=row.queue_number
        )
        for row in rows
        if row.status == row.standing == Status.PENDING
    }
    return queue.positions(waiting.values())


def _failure(row: Any) -> dict[str, Any] | None:
    """As it was told then; of an earlier run only the code is kept, which says the rest."""
    kept = json.loads(row.failure) if isinstance(row.failure, str) else row.failure
    if kept and (kept["code"], row.attempts) == (row.reason, row.attempt):
        return dict(kept)
    return failure(row.reason).as_json() if row.reason in codes() else None


class _Results:
    """The analyses that some completed events were about, read at once."""

    def __init__(self, rows: Iterable[Any]) -> None:
        documents = {row.document_id for row in rows}
        self._analyses: dict[UUID, list[Analysis]] = {}
        if not documents:
            return
        found = Analysis.objects.filter(document_id__in=documents).order_by("id")
        for analysis in found.prefetch_related("action_items"):
            self._analyses.setdefault(analysis.document_id, []).append(analysis)

    def of(self, row: Any) -> dict[str, Any] | None:
        """The result that this run found, or of a large one its gist and where the rest is."""
        versions = self._analyses.get(row.document_id, [])
        # Stored in the transaction of the event, just before it.
        found = [analysis for analysis in versions if analysis.created_at <= row.created_at]
        if not (found or versions):
            return None
        result = result_json((found or versions)[-1])
        if len(json.dumps(result)) <= LARGEST_RESULT:
            return result
        gist = {name: result.get(name) for name in ("summary", "topics", "sentiment")}
        return {**gist, "partial": True, "url": reverse("api-document", args=[row.document_id])}
