"""What leaves the trash for good: at its owner's wish, after its time, and for want of room."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

from accounts import audit
from accounts.models import User
from atom_project import disk_reserve
from documents import queue, removal
from documents.models import Document, TrashedDocument
from documents.trash import moves

AT_ONCE = 500  # documents read at once, or deleted for one request


def delete(document: Document, *, request: HttpRequest) -> bool:
    """Delete for good what its owner has looked at in the trash; whether it was there still."""
    with queue.locked():
        if not TrashedDocument.objects.filter(pk=document.pk).exists():
            return False  # Restored or deleted meanwhile, in another window.
        removal.delete(document, request=request)
    return True


def empty(owner: User, *, request: HttpRequest) -> int:
    """Delete for good what somebody has in the trash, or so much of it as one request may."""
    return sum(delete(row, request=request) for row in moves.contents(owner)[:AT_ONCE])


def expired(now: datetime) -> int:
    """Delete for good what was in the trash for its time; says how many documents."""
    over = TrashedDocument.objects.trashed_before(now - timedelta(days=settings.ATOM_TRASH_DAYS))
    deleted = 0
    while some := list(over.oldest_first().select_related("document")[:AT_ONCE]):
        deleted += len(some)
        for trashed in some:
            _delete_unless_moved(trashed)
    return deleted


def make_room(wanted: int = 0) -> int:
    """Empty the trash, the oldest first, until so many bytes have room beside the disk's reserve.

    Not for an upload that all of the trash has no room for; says how many documents went.
    """
    deleted = 0
    if wanted and wanted - disk_reserve.room_for_files() > _bytes_of_files():
        return 0
    while disk_reserve.room_for_files() < wanted and (oldest := _oldest()):
        _delete_unless_moved(oldest)
        deleted += 1
    return deleted


def _bytes_of_files() -> int:
    # Not of texts: a database gives nothing back to the disk.
    return Document.with_trashed.trashed().aggregate(bytes=Sum("size"))["bytes"] or 0


def _oldest() -> TrashedDocument | None:
    return TrashedDocument.objects.oldest_first().select_related("document").first()


def _delete_unless_moved(trashed: TrashedDocument) -> None:
    with queue.locked():
        # Restored since it was read, and perhaps trashed again, it has its time before it.
        if TrashedDocument.objects.filter(pk=trashed.pk, trashed_at=trashed.trashed_at).exists():
            removal.delete(trashed.document, act=audit.Action.DOCUMENT_EXPIRED)
