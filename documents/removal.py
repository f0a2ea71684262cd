"""How a document is deleted: all that is known of it, at any moment, but for a tombstone."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from accounts import audit
from documents import events, queue, search
from documents.models import Document, FileRemoval, ModelCall
from documents.originals import ownership, quarantine
from documents.storage import MediaUnavailable

logger = logging.getLogger(__name__)


def delete(
    document: Document,
    *,
    request: HttpRequest | None = None,
    act: audit.Action = audit.Action.DOCUMENT_DELETED,
    if_unmoved: bool = False,
) -> None:
    """Remove a document for good. A nameless tombstone, the ledger's figures and the act stay.

    A worker that holds it finds its row gone at the next write and drops its work. With
    `if_unmoved`, what somebody moved since it was read stays.
    """
    every = Document.with_trashed.all()
    rows = every.at_version(document) if if_unmoved else every
    with queue.locked():
        # Without `no_key`, unlike elsewhere: the key goes, and all that refers to it.
        current = rows.select_for_update().filter(pk=document.pk).first()
        if current is None:
            return
        pk = current.pk
        # Before the row: with it goes the only trace of whose answers these are.
        ModelCall.objects.filter(document=current).update(answer="")
        search.forget(current)
        current.delete()
        events.record_deletion(document.owner_id, pk, was_trashed=current.is_trashed)
        FileRemoval.objects.bulk_create([FileRemoval(document_id=pk)], ignore_conflicts=True)
        audit.record(act, document, request=request)
        # Not before the commit: if that fails, the document is still there and needs its file.
        transaction.on_commit(lambda: _erase(pk))


def _erase(document_id: UUID) -> None:
    try:
        quarantine.erase(document_id)
    except (MediaUnavailable, OSError) as error:
        # The row is gone already; `finish_removals` tries again until it is done.
        logger.warning("The file of document %s could not be removed yet: %s", document_id, error)


def finish_removals() -> int:
    """Look once more after the files of deleted documents, and forget those that are gone.

    Their deletion may have met a kill, or a store that was away, between commit and file. Raises
    `ForeignStore` beside another store, where nothing of theirs would be found, nor forgotten.
    """
    ids = list(FileRemoval.objects.values_list("pk", flat=True))
    if ids:
        ownership.require_stamp()
    done = 0
    for document_id in ids:
        try:
            quarantine.erase(document_id)
        except OSError as error:  # Of this one; a store that is away ends them all.
            logger.warning("The file of document %s cannot be removed: %s", document_id, error)
            continue
        FileRemoval.objects.filter(pk=document_id).delete()
        done += 1
    return done
