"""Documents as the API shows them: place in the queue, history, analysis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request

from documents import events, queue
from documents.api.serializers import DocumentSerializer, StatusEventSerializer
from documents.models import Document, StatusEvent
from documents.queue import WaitingReason
from documents.results import result_json


def shown(documents: Sequence[Document], request: Request) -> list[dict[str, Any]]:
    """Documents as lists show them, their places in the queue found at once."""
    context = {"request": request, "positions": queue.positions(documents)}
    return list(DocumentSerializer(documents, many=True, context=context).data)


def shown_one(document: Document, request: Request) -> dict[str, Any]:
    return shown([document], request)[0]


def in_detail(document: Document, request: Request) -> dict[str, Any]:
    """A document with its history and its current analysis."""
    history = StatusEvent.objects.of(document).statuses().oldest_first()
    analysis = document.current_analysis
    return {
        **shown_one(document, request),
        "encoding": document.encoding or None,
        "encoding_is_unsure": document.encoding_is_unsure,
        "status_history": StatusEventSerializer(history, many=True).data,
        "analysis": result_json(analysis) if analysis else None,
        "usage": document.model_calls.figures(),
    }


def status_of(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "document_id": document.pk,
        "status": document.status,
        "is_queued": document.is_queued,
        "is_processing": document.is_processing,
        "is_finished": document.is_finished,
        "queue_position": queue.positions([document]).get(document.pk),
        "waiting_reason": _waiting_reason(document),
        "attempts": document.attempts,
        "progress": document.progress,
        "failure": document.failure,
        "worker_available": queue.worker_available(),
    }


def _waiting_reason(document: Document) -> str | None:
    reason = queue.waiting_reason(document)
    if reason is None:
        return None
    if reason is not WaitingReason.NO_WORKER:
        return reason.in_words()
    start = "Start one with `python manage.py worker`"
    if document.is_queued:
        return f"No worker is running. {start}."
    return f"No worker is running, so the work stands still. {start}; it goes on by itself."


def cursor_headers() -> dict[str, str]:
    """Where a stream has to begin so that nothing falls between; ask before the query."""
    return {"Last-Event-ID": str(events.latest_id())}
