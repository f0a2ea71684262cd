"""How a document leaves: row, history, analyses, pages and file, at any moment."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from uuid import UUID

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from documents import events, queue, storage
from documents.models import Document, ModelCall

ORPHAN_AGE = 3600  # seconds; younger folders may belong to an upload that is being stored


def delete(document: Document) -> None:
    """Remove a document for good. A nameless tombstone and the ledger's figures stay.

    A worker that holds it finds its row gone at the next write and drops its work.
    """
    with transaction.atomic():
        queue.lock()
        current = Document.objects.select_for_update().filter(pk=document.pk).first()
        if current is None:
            return
        pk, name = current.pk, current.file.name
        ModelCall.objects.filter(document=current).update(answer="")
        current.delete()
        events.record_deletion(document.owner_id, pk)
        transaction.on_commit(lambda: storage.discard(pk, name))


def sweep_orphans() -> int:
    """Remove stored files whose document does not exist: a process died between two steps."""
    if not isinstance(default_storage, FileSystemStorage):
        return 0
    folders = _old_folders(Path(default_storage.path(storage.UPLOADS)))
    known = set(Document.objects.filter(pk__in=folders).values_list("pk", flat=True))
    orphans = folders - known
    for document_id in orphans:
        storage.discard(document_id)
    return len(orphans)


def _old_folders(uploads: Path) -> set[UUID]:
    if not uploads.is_dir():
        return set()
    youngest = time.time() - ORPHAN_AGE
    ids = set()
    for folder in uploads.iterdir():
        with contextlib.suppress(ValueError, FileNotFoundError):  # Not ours, or gone this moment.
            if folder.stat().st_mtime < youngest:
                ids.add(UUID(folder.name))
    return ids
