"""What the owner is told of each event: the document's name, its place, its result or failure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from documents import queue
from documents.failures import codes, failure
from documents.models import Analysis, Document, Status, StatusEvent
from documents.results import result_json

LARGEST_RESULT = 64 * 1024  # bytes of JSON that travel inside an event
JUST_FINISHED = timedelta(minutes=1)

FEW = 4  # events whose places in line are counted one by one

# Run after every single commit, so neither planned nor unpacked by the ORM, which costs ten
# times as much.
COLUMNS = """
SELECT event.id, event.owner_id, event.document_id, event.kind, event.status, event.attempt,
    event.reason, event.data, event.created_at, document.filename, document.failure,
    document.status, document.attempts, document.queue_number
"""
PLACE = """
, CASE WHEN event.status = 'pending' AND document.status = 'pending' THEN (
    SELECT count(*) FROM documents_document ahead
    WHERE ahead.status = 'pending' AND ahead.queue_number <= document.queue_number
) END
"""
# The events are chosen first, so that only their documents are looked up.
FROM = """
FROM (SELECT * FROM documents_statusevent WHERE {chosen}) event
LEFT JOIN documents_document document ON document.id = event.document_id
ORDER BY event.id
"""
EVERYBODYS = FROM.format(chosen="id > %s ORDER BY id LIMIT %s")
ONE_OWNERS = FROM.format(chosen="owner_id = %s AND id > %s ORDER BY id LIMIT %s")
LATEST = FROM.format(
    chosen="""
id IN (
    SELECT max(step.id) FROM documents_document own
    JOIN documents_statusevent step ON step.document_id = own.id AND step.kind = 'status'
    WHERE own.owner_id = %s
        AND (own.status NOT IN ('completed', 'failed') OR own.finished_at > %s)
        AND step.id <= %s
    GROUP BY own.id
    HAVING max(step.id) > %s
    ORDER BY max(step.id)
    LIMIT %s
)
"""
)


class Row(NamedTuple):
    """An event with what its document is now; all None where that is gone."""

    id: int
    owner_id: int
    document_id: UUID
    kind: str
    status: str
    attempt: int
    reason: str
    data: dict[str, Any] | None
    created_at: datetime
    filename: str | None
    failure: dict[str, Any] | None
    current_status: str | None
    attempts: int | None
    queue_number: int | None
    place: int | None = None  # in line, from 1, where it was counted along


@dataclass(frozen=True)
class Announcement:
    id: int
    owner_id: int
    kind: str
    said: dict[str, Any] | None  # None where there is nothing left to say.


def everybodys(after: int, limit: int) -> list[Row]:
    """Events of all owners in the order they were committed.

    Mostly there is one, told within a millisecond: its place in line comes with it. Of many
    the places are counted together, because each count walks the line.
    """
    few = _rows(COLUMNS + PLACE + EVERYBODYS, [after, min(FEW, limit)])
    return few if len(few) < FEW else _rows(COLUMNS + EVERYBODYS, [after, limit])


def of_owner(owner_id: int, after: int, limit: int) -> list[Row]:
    return _rows(COLUMNS + ONE_OWNERS, [owner_id, after, limit])


def _rows(sql: str, parameters: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_row(Row(*columns)) for columns in cursor.fetchall()]


def _row(raw: Row) -> Row:
    """The columns as Python knows them, whatever either database gives."""
    return raw._replace(
        document_id=raw.document_id if isinstance(raw.document_id, UUID) else UUID(raw.document_id),
        created_at=raw.created_at if raw.created_at.tzinfo else raw.created_at.replace(tzinfo=UTC),
        data=_json(raw.data),
        failure=_json(raw.failure),
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def latest_of_each(owner_id: int, after: int, upto: int, limit: int) -> list[Row]:
    """The newest status event of each document that is unfinished, or finished just now."""
    since = connection.ops.adapt_datetimefield_value(timezone.now() - JUST_FINISHED)
    return _rows(COLUMNS + LATEST, [owner_id, since, upto, after, limit])


def announce(rows: Sequence[Row], *, replayed_upto: int = 0) -> list[Announcement]:
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


def _said(row: Row, results: _Results, places: dict[UUID, int]) -> dict[str, Any]:
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


def _particulars(row: Row, results: _Results, places: dict[UUID, int]) -> dict[str, Any]:
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


def _places(rows: Iterable[Row]) -> dict[UUID, int]:
    """The present places in line of those that joined it and still wait."""
    waiting = [row for row in rows if row.status == row.current_status == Status.PENDING]
    counted = {row.document_id: max(1, row.place) for row in waiting if row.place is not None}
    return counted | queue.positions(
        Document(pk=row.document_id, status=Status.PENDING, queue_number=row.queue_number or 0)
        for row in waiting
        if row.document_id not in counted
    )


def _failure(row: Row) -> dict[str, Any] | None:
    """As it was told then; of an earlier run only the code is kept, which says the rest."""
    kept = row.failure
    if kept and (kept["code"], row.attempts) == (row.reason, row.attempt):
        return kept
    return failure(row.reason).as_json() if row.reason in codes() else None


class _Results:
    """The analyses that some completed events were about, read at once."""

    def __init__(self, rows: Iterable[Row]) -> None:
        documents = {row.document_id for row in rows}
        self._analyses: dict[UUID, list[Analysis]] = {}
        if not documents:
            return
        found = Analysis.objects.filter(document_id__in=documents).order_by("id")
        for analysis in found.prefetch_related("action_items"):
            self._analyses.setdefault(analysis.document_id, []).append(analysis)

    def of(self, row: Row) -> dict[str, Any] | None:
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
