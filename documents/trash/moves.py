"""Into the trash and out of it: what owners do on their pages."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from accounts import audit
from accounts.models import User
from documents import events, queue, quotas, removal, search
from documents.models import (
    FINISHED,
    Document,
    DocumentQuerySet,
    Page,
    Status,
    TrashedDocument,
    clock,
)
from documents.pipeline import current


def contents(owner: User) -> DocumentQuerySet:
    """What of somebody's is in the trash, what came last first."""
    own = Document.with_trashed.trashed().visible_to(owner).select_related("trashed")
    return own.order_by("-trashed__trashed_at", "-queue_number")


def delete(document: Document, *, request: HttpRequest | None = None) -> None:
    """Delete as the pages do: into the trash or, where that keeps nothing, for good."""
    if settings.ATOM_TRASH_DAYS:
        put(document.pk, request=request)
    else:
        removal.delete(document, request=request)


def put(document_id: UUID, *, request: HttpRequest | None = None) -> None:
    """Move a document to the trash, whatever its status. A worker that holds it drops its work."""
    with queue.locked():
        rows = Document.objects.select_for_update(no_key=True)
        document = rows.filter(pk=document_id).first()
        if document is None:
            return
        TrashedDocument.objects.create(
            document=document, status=document.status, trashed_at=clock.now()
        )
        current.withdraw(document)
        search.forget(document)
        events.trash(document)
        audit.record(audit.Action.DOCUMENT_TRASHED, document, request=request)


def restore(document_id: UUID, *, request: HttpRequest | None = None) -> bool:
    """Take a document out of the trash; False if it is not there any more.

    What was finished is as it was. What waited or ran goes to the end of the queue: its old place
    is before documents whose owners were told a place by now. May raise `quotas.OverQuota`.
    """
    words = _words(document_id)  # Not under the lock: of a long text they take seconds.
    with queue.locked():
        rows = Document.with_trashed.trashed().select_for_update(no_key=True)
        document = rows.filter(pk=document_id).first()
        if document is None:
            return False
        trashed = TrashedDocument.objects.get(pk=document_id)
        _put_back(document, Status(trashed.status))
        trashed.delete()
        current.reinstate(document)
        search.index(document, words)
        audit.record(audit.Action.DOCUMENT_RESTORED, document, request=request)
    return True


def _words(document_id: UUID) -> list[search.Part]:
    """Its words as they are indexed; nobody changes the text of what is in the trash."""
    pages = Page.objects.filter(document=document_id).order_by("number")
    return search.fold(pages.values_list("number", "text"))


def _put_back(document: Document, status: Status) -> None:
    if status in FINISHED:
        events.advance(document, status, reason=events.RESTORED)
        return
    # Bytes and documents are counted in the trash, too; only a place in the queue is new.
    quotas.RemainingQuota.of(document.owner_id).reserve_place()
    queue.append_again(document, reason=events.RESTORED)
