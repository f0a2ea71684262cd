"""Event payloads: the document's name, its place in the queue, its result or failure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from atom_project.public_address import published
from documents import events, queue
from documents.estimates import current
from documents.estimates.current import Estimate
from documents.failures import FailureCode, failure, is_known
from documents.live import event_rows
from documents.live.event_rows import EventRow, ResultRow
from documents.models import Document, Status, StatusEvent, budget_holds
from documents.results import as_it_stands

LARGEST_RESULT = 64 * 1024  # bytes of JSON that travel inside an event


@dataclass(frozen=True)
class EventPayload:
    id: int
    owner_id: int
    document_id: UUID
    kind: str
    status: str
    body: dict[str, Any] | None  # None where there is nothing left to say.


@dataclass(frozen=True)
class _Present:
    """What is said of documents as they are now, whatever the event."""

    positions: dict[UUID, int]
    estimates: dict[UUID, Estimate]


def of(rows: Sequence[EventRow], *, replayed_upto: int = 0) -> list[EventPayload]:
    """What each of these events tells its owner; those up to `replayed_upto` are no news."""
    results = _Results(row for row in rows if row.status == Status.COMPLETED)
    now = _Present(_positions(rows), _estimates(rows))
    return [
        EventPayload(
            row.id,
            row.owner_id,
            row.document_id,
            row.kind,
            row.status,
            _body(row, results, now) | {"replayed": row.id <= replayed_upto}
            if row.filename is not None or row.kind == StatusEvent.Kind.DELETED
            else None,  # The document is gone; its tombstone follows.
        )
        for row in rows
    ]


def _body(row: EventRow, results: _Results, now: _Present) -> dict[str, Any]:
    return {
        "event": row.kind,
        "id": row.id,
        "document_id": str(row.document_id),
        "filename": row.filename,
        "external_id": row.external_id,
        **_particulars(row, results, now),
        "timestamp": timestamp(row.created_at),
    }


def timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _particulars(row: EventRow, results: _Results, now: _Present) -> dict[str, Any]:
    if row.kind == StatusEvent.Kind.DELETED:
        return {}
    is_pending = row.status == Status.PENDING
    particulars: dict[str, Any] = {
        "status": row.status,
        "attempt": row.attempt,
        "reason": row.reason or None,
        "queue_position": now.positions.get(row.document_id) if is_pending else None,
    }
    if row.status in current.UNFINISHED:
        estimate = now.estimates.get(row.document_id)
        particulars["estimate"] = estimate.as_json() if estimate else None
    if is_pending and row.current_status == Status.PENDING and row.is_held:
        particulars["waiting_reason"] = budget_holds.IN_WORDS
    if row.kind == StatusEvent.Kind.PROGRESS:
        return particulars | (row.data or {})
    if row.status == Status.COMPLETED:
        result = particulars["result"] = results.of(row)
        particulars["warning"] = result["warning"] if result else None
    elif row.status == Status.FAILED:
        particulars["failure"] = _failure(row)
    return particulars


def _positions(rows: Iterable[EventRow]) -> dict[UUID, int]:
    """The present places in the queue of those that were appended to it and still wait in it."""
    pending = [row for row in rows if row.status == row.current_status == Status.PENDING]
    waiting = [row for row in pending if not row.is_held]
    counted = {row.document_id: max(1, row.position) for row in waiting if row.position is not None}
    return counted | queue.positions(
        Document(
            pk=row.document_id,
            status=Status.PENDING,
            turn=row.turn or 0,
            queue_number=row.queue_number or 0,
            chosen_engine=row.chosen_engine or "",
        )
        for row in waiting
        if row.document_id not in counted
    )


def _estimates(rows: Iterable[EventRow]) -> dict[UUID, Estimate]:
    """Of those that still are where the event left them."""
    return current.of_this_process.of(
        row.document_id
        for row in rows
        if row.status == row.current_status and row.status in current.UNFINISHED and not row.is_held
    )


def _failure(row: EventRow) -> dict[str, Any] | None:
    """As it was told then; of an earlier run only the code is kept, which says the rest."""
    kept, is_latest = row.failure, row.attempts == row.attempt
    if kept and is_latest and row.reason in (kept["code"], events.RESTORED):
        return kept
    return failure(FailureCode(row.reason)).as_json() if is_known(row.reason) else None


class _Results:
    """The analyses that some completed events were about, read at once."""

    def __init__(self, rows: Iterable[EventRow]) -> None:
        documents = {row.document_id for row in rows}
        self._analyses: dict[UUID, list[ResultRow]] = {}
        for analysis in event_rows.results_of(documents) if documents else ():
            self._analyses.setdefault(analysis.document_id, []).append(analysis)

    def of(self, row: EventRow) -> dict[str, Any] | None:
        """The result that this run found, or of a large one its gist and where the rest is."""
        versions = self._analyses.get(row.document_id, [])
        # Stored in the transaction of the event, with its time.
        found = [analysis for analysis in versions if analysis.created_at <= row.created_at]
        if not (found or versions):
            return None
        told = (found or versions)[-1]
        result = as_it_stands(told.result, told.ticks)
        if len(json.dumps(result)) <= LARGEST_RESULT:
            return result
        gist = {name: result.get(name) for name in ("summary", "topics", "sentiment", "warning")}
        path = reverse("api-document-detail", args=[row.document_id])
        return {**gist, "partial": True, "url": published(path) or path}
