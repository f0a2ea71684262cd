"""The page of the trash: what is in it and for how long, the way back, and the way for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from documents import quotas
from documents.dashboard import access, ticked
from documents.models import Document
from documents.trash import moves, purge

PAGE_SIZE = 50
DAY = timedelta(days=1)

change = partial(access.change, page="dashboard:trash")


@dataclass(frozen=True)
class Row:
    """A document in the trash, with the time it has left there."""

    document: Document

    @property
    def days_left(self) -> int:
        """Begun days; 0 where housekeeping takes it next."""
        left = self.document.trashed.kept_until - timezone.now()
        return max(0, -(-left // DAY))


@require_safe
@never_cache
def trash(request: SignedInRequest) -> HttpResponse:
    page = Paginator(moves.contents(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [Row(document) for document in page.object_list],
        "page": page,
        "trash_days": settings.ATOM_TRASH_DAYS,
    }
    return render(request, "documents/trash.html", context)


@change
def restore(request: SignedInRequest) -> HttpResponse:
    """Take documents out of the trash; also what "Undo" of the list asks for."""
    chosen = ticked.among(moves.contents(request.user), request)
    # Who was before the other in line is so again.
    restored, over = _restore(request, sorted(chosen, key=lambda row: row.queue_number))
    if restored:
        messages.success(request, f"{ticked.in_words(restored)} restored.")
    if over:
        messages.warning(
            request,
            f"{over.failure.detail} Of the documents chosen, {len(chosen) - restored} stay in the "
            "trash until some have been read.",
        )
    back_to_list = request.POST.get("back") == "list"
    return redirect("dashboard:documents" if back_to_list else "dashboard:trash")


def _restore(
    request: SignedInRequest, chosen: list[Document]
) -> tuple[int, quotas.OverQuota | None]:
    restored, over = 0, None
    for document in chosen:
        try:
            restored += moves.restore(document.pk, request=request)
        except quotas.OverQuota as error:  # What was finished comes back all the same.
            over = error
    return restored, over


@never_cache
@change
def delete(request: SignedInRequest) -> HttpResponse:
    """Delete for good; ask first, the answer comes with `confirmed`."""
    chosen = ticked.among(moves.contents(request.user), request)
    if not chosen:
        return redirect("dashboard:trash")
    if "confirmed" not in request.POST:
        return _ask(request, documents=chosen)
    _tell(request, sum(purge.delete(document, request=request) for document in chosen))
    return redirect("dashboard:trash")


@never_cache
@change
def empty(request: SignedInRequest) -> HttpResponse:
    number = moves.contents(request.user).count()
    if not number:
        return redirect("dashboard:trash")
    if "confirmed" not in request.POST:
        return _ask(request, number=number)
    _tell(request, purge.empty(request.user, request=request))
    if left := moves.contents(request.user).count():
        messages.warning(request, f"{left} more are left. Empty the trash again for them.")
    return redirect("dashboard:trash")


def _ask(request: SignedInRequest, **context: Any) -> HttpResponse:
    return render(request, "documents/trash_delete.html", context)


def _tell(request: SignedInRequest, deleted: int) -> None:
    messages.success(request, f"{ticked.in_words(deleted)} deleted for good.")
