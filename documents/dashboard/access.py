"""What every page rests on: one's own documents, and changes by POST only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect

from accounts.requests import SignedInRequest
from documents import queue, quotas
from documents.failures import FailureCode
from documents.models import Document, DocumentQuerySet
from documents.pipeline import engines

View = Callable[..., HttpResponse]

NOT_DONE = "You had been signed out, so nothing was changed. Please do it again."


def change(view: View, page: str = "dashboard:documents") -> View:
    """A view that changes something, by POST only.

    A GET comes from signing in again after the session ended: what was asked for then was not
    done. It says so, and leads back to the page on which the change was asked for.
    """

    @wraps(view)
    def answer(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["POST"])
        messages.warning(request, NOT_DONE)
        if "document_id" in kwargs:
            return redirect("dashboard:document", kwargs["document_id"])
        if "item_id" in kwargs:
            return redirect("dashboard:todo")
        return redirect(page)

    return answer


def own(request: SignedInRequest) -> DocumentQuerySet:
    return Document.objects.visible_to(request.user)


def own_or_404(request: SignedInRequest, document_id: UUID) -> Document:
    return get_object_or_404(own(request), pk=document_id)


def analyze_again(document: Document, engine: str = "") -> None:
    """Send it back in line, to be analyzed by that engine; may raise `engines.UnknownEngine`."""
    engines.require_choice(engine)
    queue.requeue(document, within_quota=True, engine=engine)


def requeue(document: Document, send: Callable[[Document], None] = analyze_again) -> str:
    """Send it back in line, or say why not; a document deleted meanwhile is not.

    `send` is a way to do so, such as one that reads it anew; what that refuses goes through.
    """
    try:
        send(document)
    except (queue.NotFinished, Document.DoesNotExist):
        return "not finished yet"
    except quotas.OverQuota as over:
        if over.failure.code == FailureCode.QUOTA_QUEUE:
            return "one more than may wait at once"
        return "one for which you have no room left"
    return ""
