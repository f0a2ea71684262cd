"""Building the index for documents that are there already: a backlog, worked down in batches."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from documents.models import Document, SearchBacklog, SearchEntry
from documents.search import entries, sqlite

AT_ONCE = 20  # documents, each in a transaction of its own; others write in between

_ENQUEUE_ALL = """
    INSERT INTO documents_searchbacklog (document_id)
    SELECT id FROM documents_document WHERE status <> 'trashed' ORDER BY created_at, queue_number
"""


def begin_anew() -> int:
    """Write every document into the backlog, the oldest first; returns how many there are.

    On SQLite, whose table of words may be damaged, the index is emptied first; documents are
    searched letter by letter until they are in it again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sqlite.empty()
        SearchBacklog.objects.all().delete()
        cursor.execute(_ENQUEUE_ALL)
        return int(cursor.rowcount)


def catch_up() -> int:
    """Index some documents of the backlog; returns how many it is shorter by, 0 at its end.

    Each is gone from it in the transaction that indexes it, so whoever is stopped loses nothing.
    """
    some = list(SearchBacklog.objects.order_by("pk").values_list("document", flat=True)[:AT_ONCE])
    for document_id in some:
        _catch_up_with(document_id)
    return len(some)


@transaction.atomic
def _catch_up_with(document_id: UUID) -> None:
    # Locked, as by whoever changes it: what is written meanwhile is read here, or indexed after
    # this. Never two at once: those who renew leases or hold an owner's documents lock several in
    # an order of their own, and would deadlock.
    rows = Document.objects.select_for_update(no_key=True)
    document = rows.filter(pk=document_id).first()
    if document is None:
        # In the trash, from where it is indexed anew if it comes back.
        SearchBacklog.objects.filter(document=document_id).delete()
    else:
        entries.index(document)


@dataclass(frozen=True)
class State:
    """How far the index is, and what is wrong with it."""

    waiting: int  # documents of the backlog
    missing: int  # documents that are neither indexed nor waiting
    damage: str  # in words; empty where nothing is


def state() -> State:
    """Compare the index with the documents; looks at each of them."""
    entry = SearchEntry.objects.filter(document=OuterRef("pk"))
    waiting = SearchBacklog.objects.filter(document=OuterRef("pk"))
    missing = Document.objects.order_by().filter(~Exists(entry), ~Exists(waiting))
    return State(
        waiting=SearchBacklog.objects.count(),
        missing=missing.count(),
        damage=sqlite.damage() if connection.vendor == "sqlite" else "",
    )


def purge() -> None:
    """Let the words of deleted documents vanish from the file of the index, too."""
    if connection.vendor == "sqlite":
        sqlite.merge()
