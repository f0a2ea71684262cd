"""How a document is deleted: all that is known of it, at any moment, but for a tombstone."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from django.db import transaction

from documents import events, queue, storage
from documents.models import Document, ModelCall

AT_ONCE = 500  # ids in one statement
ORPHAN_AGE = 3600  # seconds; younger folders may belong to an upload that is being stored


def delete(document: Document) -> None:
    """Remove a document for good. A nameless tombstone and the ledger's figures stay.

    A worker that holds it finds its row gone at the next write and drops its work.
    """
    with queue.locked():
        # Without `no_key`, unlike elsewhere: the key goes, and all that refers to it.
        current = Document.objects.select_for_update().filter(pk=document.pk).first()
        if current is None:
            return
        pk, name = current.pk, current.file.name
        # Before the row: with it goes the only trace of whose answers these are.
        ModelCall.objects.filter(document=current).update(answer="")
        current.delete()
        events.record_deletion(document.owner_id, pk)
        # Not before the commit: if that fails, the document is still there and needs its file.
        transaction.on_commit(lambda: storage.discard(pk, name))


def sweep_orphans(age: float | None = None) -> int:
    """Remove stored files whose document does not exist: a process died between two steps."""
    ids = storage.old_documents(ORPHAN_AGE if age is None else age)
    return sum(_discard_orphans(some) for some in iter(lambda: set(islice(ids, AT_ONCE)), set()))


def _discard_orphans(ids: set[UUID]) -> int:
    # Asked after the folders were listed: what was committed in between is known by now.
    known = set(Document.objects.filter(pk__in=ids).values_list("pk", flat=True))
    for document_id in ids - known:
        storage.discard(document_id)
    return len(ids - known)
