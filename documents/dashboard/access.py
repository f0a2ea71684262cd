"""What every page rests on: one's own documents, and changes by POST only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect

from accounts.requests import SignedInRequest
from documents import queue, quotas
from documents.failures import FailureCode
from documents.models import Document, DocumentQuerySet
from documents.uploads import rereading

View = Callable[..., HttpResponse]


def change(view: View) -> View:
    """A view that changes something, by POST only.

    A GET comes from signing in again after the session ended; it leads back to the page
    on which the change was asked for.
    """

    @wraps(view)
    def answer(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["POST"])
        if "document_id" in kwargs:
            return redirect("dashboard:document", kwargs["document_id"])
        return redirect("dashboard:documents")

    return answer


def own(request: SignedInRequest) -> DocumentQuerySet:
    return Document.objects.visible_to(request.user)


def own_or_404(request: SignedInRequest, document_id: UUID) -> Document:
    return get_object_or_404(own(request), pk=document_id)


def requeue(document: Document, *, encoding: str = "") -> str:
    """Send it back in line, or say why not; a document deleted meanwhile is not.

    With an encoding, to be read in that one. May raise `rereading.UnknownEncoding` and
    `rereading.NotATextFile`.
    """
    try:
        if encoding:
            rereading.read_as(document, encoding)
        else:
            queue.requeue(document, within_quota=True)
    except (queue.NotFinished, Document.DoesNotExist):
        return "not finished yet"
    except quotas.OverQuota as over:
        if over.failure.code == FailureCode.QUOTA_QUEUE:
            return "one more than may wait at once"
        return "one for which you have no room left"
    return ""
