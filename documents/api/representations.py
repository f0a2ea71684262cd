"""Documents as the API shows them: place in the queue, history, analysis."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from rest_framework.request import Request

from accounts.models import User
from atom_project import paths
from atom_project.public_address import absolute
from documents import events, queue, search
from documents.api.serializers import (
    DocumentSerializer,
    StatusEventSerializer,
)
from documents.api.upload_serializers import UploadedDocumentSerializer
from documents.estimates import current
from documents.models import Document, StatusEvent
from documents.pipeline.analysis import outcomes
from documents.queue import WaitingReason
from documents.results import result_json
from documents.uploads import identical
from documents.uploads.intake import UploadResult

LINKS = {
    "self": "api-document-detail",
    "status": "api-document-status",
    "pages": "api-document-pages",
    "analyses": "api-document-analyses",
    "export": "api-document-export",
    "file": "api-document-file",
    "retry": "api-document-retry",
    "cancel": "api-document-cancel",
    "page": "dashboard:document",
}
_ANY = UUID(int=0)  # stands in an address for the id of any document


def shown(
    documents: Sequence[Document], request: Request, *, hits: dict[UUID, search.Hit] | None = None
) -> list[dict[str, Any]]:
    """Documents as lists show them, their places in the queue found at once.

    With `hits`, those of a search, each says where it has the words.
    """
    context = {"url_of": _urls(request), "positions": queue.positions(documents)}
    listed = list(DocumentSerializer(documents, many=True, context=context).data)
    if hits is not None:
        for document, one in zip(documents, listed, strict=True):
            hit = hits.get(document.pk)
            one["matches"] = [_match(place) for place in hit.places] if hit else []
    return listed


def _urls(request: Request) -> Callable[[UUID], str]:
    """The address of each document: a look-up of each takes longer than all else of a row."""
    of_any = absolute(reverse("api-document-detail", args=[_ANY]), request)
    return lambda pk: of_any.replace(str(_ANY), str(pk))


def links(pk: UUID, request: Request) -> dict[str, str]:
    """Addresses of what belongs to a document, so that nobody has to put them together."""
    return {name: absolute(reverse(view, args=[pk]), request) for name, view in LINKS.items()}


def _match(place: search.Place) -> dict[str, Any]:
    snippet, marks = "", []
    for segment in place.segments:
        if segment.is_match:
            marks.append([len(snippet), len(snippet) + len(segment.text)])
        snippet += segment.text
    return {"page": place.page, "snippet": snippet, "marks": marks}


def uploaded(received: UploadResult, owner: User, request: Request) -> list[dict[str, Any]]:
    """Documents as the answer to their upload shows them, with what is here already."""
    documents = received.documents
    context = {
        "url_of": _urls(request),
        "links_of": functools.partial(links, request=request),
        "indexes": dict(zip((one.pk for one in documents), received.indexes, strict=True)),
        "positions": queue.positions(documents),
        "twins": identical.earlier(owner, documents),
    }
    return list(UploadedDocumentSerializer(documents, many=True, context=context).data)


def shown_one(document: Document, request: Request) -> dict[str, Any]:
    return shown([document], request)[0]


def in_detail(document: Document, request: Request) -> dict[str, Any]:
    """A document with its history and its current analysis."""
    history = StatusEvent.objects.of(document).statuses().oldest_first()
    analysis = document.current_analysis
    return {
        **shown_one(document, request),
        "links": links(document.pk, request),
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
        "queue_order": settings.ATOM_QUEUE_ORDER,
        "waiting_reason": _waiting_reason(document),
        "attempts": document.attempts,
        "progress": document.progress,
        "failure": document.failure,
        "warning": outcomes.as_json(document.warning),
        "worker_available": queue.worker_available(),
        "estimate": _estimate(document),
    }


def _estimate(document: Document) -> dict[str, Any] | None:
    estimate = current.of([document]).get(document.pk)
    return estimate.as_json() if estimate else None


def _waiting_reason(document: Document) -> str | None:
    reason = queue.waiting_reason(document)
    if reason is None:
        return None
    if reason is not WaitingReason.NO_WORKER:
        return reason.in_words()
    start = f"Start one with {paths.command('worker')}"
    if document.is_queued:
        return f"No worker is running. {start}."
    return f"No worker is running, so the work stands still. {start}; it goes on by itself."


def cursor_headers(cursor: int | None = None) -> dict[str, str]:
    """Where a stream has to begin so that nothing falls between; ask before the query."""
    return {"Last-Event-ID": str(events.latest_id() if cursor is None else cursor)}
