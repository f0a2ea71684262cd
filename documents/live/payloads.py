"""Event payloads: the document's name, its place in the queue, its result or failure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from documents import queue
from documents.failures import FailureCode, failure, is_known
from documents.live.event_rows import EventRow
from documents.models import Analysis, Document, Status, StatusEvent, budget_holds
from documents.results import result_json

LARGEST_RESULT = 64 * 1024  # bytes of JSON that travel inside an event


@dataclass(frozen=True)
class EventPayload:
    id: int
    owner_id: int
    kind: str
    body: dict[str, Any] | None  # None where there is nothing left to say.


def of(rows: Sequence[EventRow], *, replayed_upto: int = 0) -> list[EventPayload]:
    """What each of these events tells its owner; those up to `replayed_upto` are no news."""
    results = _Results(row for row in rows if row.status == Status.COMPLETED)
    positions = _positions(rows)
    return [
        EventPayload(
            row.id,
            row.owner_id,
            row.kind,
            _body(row, results, positions) | {"replayed": row.id <= replayed_upto}
            if row.filename is not None or row.kind == StatusEvent.Kind.DELETED
            else None,  # The document is gone; its tombstone follows.
        )
        for row in rows
    ]


def _body(row: EventRow, results: _Results, positions: dict[UUID, int]) -> dict[str, Any]:
    return {
        "event": row.kind,
        "id": row.id,
        "document_id": str(row.document_id),
        "filename": row.filename,
        **_particulars(row, results, positions),
        "timestamp": timestamp(row.created_at),
    }


def timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _particulars(row: EventRow, results: _Results, positions: dict[UUID, int]) -> dict[str, Any]:
    if row.kind == StatusEvent.Kind.DELETED:
        return {}
    is_pending = row.status == Status.PENDING
    particulars: dict[str, Any] = {
        "status": row.status,
        "attempt": row.attempt,
        "reason": row.reason or None,
        "queue_position": positions.get(row.document_id) if is_pending else None,
    }
    if is_pending and row.current_status == Status.PENDING and row.is_held:
        particulars["waiting_reason"] = budget_holds.IN_WORDS
    if row.kind == StatusEvent.Kind.PROGRESS:
        return particulars | (row.data or {})
    if row.status == Status.COMPLETED:
        particulars["result"] = results.of(row)
    elif row.status == Status.FAILED:
        particulars["failure"] = _failure(row)
    return particulars


def _positions(rows: Iterable[EventRow]) -> dict[UUID, int]:
    """The present places in the queue of those that were appended to it and still wait in it."""
    pending = [row for row in rows if row.status == row.current_status == Status.PENDING]
    waiting = [row for row in pending if not row.is_held]
    counted = {row.document_id: max(1, row.position) for row in waiting if row.position is not None}
    return counted | queue.positions(
        Document(pk=row.document_id, status=Status.PENDING, queue_number=row.queue_number or 0)
        for row in waiting
        if row.document_id not in counted
    )


def _failure(row: EventRow) -> dict[str, Any] | None:
    """As it was told then; of an earlier run only the code is kept, which says the rest."""
    kept = row.failure
    if kept and (kept["code"], row.attempts) == (row.reason, row.attempt):
        return kept
    return failure(FailureCode(row.reason)).as_json() if is_known(row.reason) else None


class _Results:
    """The analyses that some completed events were about, read at once."""

    def __init__(self, rows: Iterable[EventRow]) -> None:
        documents = {row.document_id for row in rows}
        self._analyses: dict[UUID, list[Analysis]] = {}
        if not documents:
            return
        found = Analysis.objects.filter(document_id__in=documents).order_by("id")
        for analysis in found.prefetch_related("action_items"):
            self._analyses.setdefault(analysis.document_id, []).append(analysis)

    def of(self, row: EventRow) -> dict[str, Any] | None:
        """The result that this run found, or of a large one its gist and where the rest is."""
        versions = self._analyses.get(row.document_id, [])
        # Stored in the transaction of the event, with its time.
        found = [analysis for analysis in versions if analysis.created_at <= row.created_at]
        if not (found or versions):
            return None
        result = result_json((found or versions)[-1])
        if len(json.dumps(result)) <= LARGEST_RESULT:
            return result
        gist = {name: result.get(name) for name in ("summary", "topics", "sentiment")}
        return {
            **gist,
            "partial": True,
            "url": reverse("api-document-detail", args=[row.document_id]),
        }
