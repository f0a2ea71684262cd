"""How a document moves: the one writer of status, by compare-and-set, and of its history."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from documents import wakeup
from documents.models import Counter, Document, LowWaterMark, Status, StatusEvent, clock

TOMBSTONES_KEPT = timedelta(days=1)  # who was away for longer reads everything again

CIRCUIT_OPEN = "line_paused"  # the reason why a document went back, as clients know it

NEXT_STATUSES: dict[str, set[Status]] = {
    Status.PENDING: {Status.PROCESSING, Status.FAILED},
    Status.PROCESSING: {Status.ANALYZING, Status.FAILED, Status.PENDING},
    Status.ANALYZING: {Status.COMPLETED, Status.FAILED, Status.PENDING},
    Status.COMPLETED: {Status.PENDING},
    Status.FAILED: {Status.PENDING},
}


class IllegalTransition(Exception):
    """The state machine does not know this step."""


class StaleDocument(Exception):
    """Somebody else moved or deleted the document since it was read: the optimistic lock failed.

    Whoever holds it drops its work.
    """


def advance(document: Document, status: Status, *, reason: str = "", **changes: Any) -> StatusEvent:
    """Move the document and record it, with any columns that change along.

    Raises `StaleDocument` if the row is not as `document` says; nothing is changed then.
    """
    if status not in NEXT_STATUSES[document.status]:
        raise IllegalTransition(f"{document.status} -> {status}")
    had_progress = document.progress is not None
    changes = {"progress": None, "held_until": None, **changes}
    with _one_transaction():
        # The row first, then the event: on PostgreSQL its insert takes the lock of the log
        # (migration 0002), and two who lock in different orders deadlock.
        change(document, status=status, **changes)
        if had_progress:
            _forget_progress(document)
        event = record(document, reason=reason)
        _count(status, reason)
        return event


def _count(status: Status, reason: str) -> None:
    """For metrics; what happens to every document is in their figures already."""
    if status == Status.FAILED:
        Counter.objects.add("failures", reason)
    if reason == "worker_lost":
        Counter.objects.add("lease_expirations")
    if reason == "retry":
        Counter.objects.add("retries")


def _one_transaction() -> AbstractContextManager[Any]:
    """The caller's transaction, if there is one.

    A savepoint inside it would protect nothing: the first statement is the one that refuses.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def change(document: Document, **changes: Any) -> None:
    """Change columns of a document by compare-and-set: nobody may have moved it meanwhile."""
    # Unlike `save()`, `update()` overwrites no column that is not named; it sets none either.
    changes["updated_at"] = clock.now()
    if not Document.objects.at_version(document).update(**changes):
        raise StaleDocument(document.pk)
    for name, value in changes.items():
        if hasattr(value, "resolve_expression"):
            # The database computed it: read it when somebody asks.
            document.__dict__.pop(name, None)
        else:
            setattr(document, name, value)


def record(document: Document, *, reason: str = "") -> StatusEvent:
    """Append the document's present status to its history."""
    event = StatusEvent.objects.create(
        owner_id=document.owner_id,
        document_id=document.pk,
        status=document.status,
        attempt=document.attempts,
        reason=reason,
        created_at=clock.now(),
    )
    wakeup.notify(wakeup.EVENTS)
    if document.is_queued:
        wakeup.notify(wakeup.QUEUE)
    return event


def progress(document: Document, *, step: str, done: int, total: int) -> None:
    """Say how far a running document is; callers thin this to once a second."""
    data = {"step": step, "done": done, "total": total}
    with _one_transaction():
        # Fenced like a change of status: who lost the claim tells no progress any more.
        change(document, progress=data)
        StatusEvent.objects.create(
            owner_id=document.owner_id,
            document_id=document.pk,
            kind=StatusEvent.Kind.PROGRESS,
            status=document.status,
            attempt=document.attempts,
            data=data,
            created_at=clock.now(),
        )
        wakeup.notify(wakeup.EVENTS)


def record_change(document: Document) -> StatusEvent:
    """Say that something beside the status changed: whoever shows the document reads it again."""
    with _one_transaction():
        # The newest says as much as all before it.
        StatusEvent.objects.of(document).filter(kind=StatusEvent.Kind.CHANGED).delete()
        event = StatusEvent.objects.create(
            owner_id=document.owner_id,
            document_id=document.pk,
            kind=StatusEvent.Kind.CHANGED,
            status=document.status,
            attempt=document.attempts,
            created_at=clock.now(),
        )
        wakeup.notify(wakeup.EVENTS)
    return event


def record_deletion(owner_id: int, document_id: UUID) -> StatusEvent:
    """Leave a nameless tombstone in place of the document's whole history."""
    StatusEvent.objects.filter(document_id=document_id).delete()
    event = StatusEvent.objects.create(
        owner_id=owner_id,
        document_id=document_id,
        kind=StatusEvent.Kind.DELETED,
        created_at=clock.now(),
    )
    wakeup.notify(wakeup.EVENTS)
    return event


def _forget_progress(document: Document) -> None:
    """Each step forward says more than the progress before it."""
    StatusEvent.objects.of(document).filter(kind=StatusEvent.Kind.PROGRESS).delete()


def forget_failed_probes(document: Document) -> None:
    """Keep the latest probe of an open circuit only: there may be one each minute for days."""
    events = StatusEvent.objects.of(document)
    earlier = events.filter(reason=CIRCUIT_OPEN, attempt__lt=document.attempts)
    attempts = list(earlier.values_list("attempt", flat=True))
    # The steps of such an attempt, which have no reason, and its way back.
    events.filter(attempt__in=attempts, reason__in=("", CIRCUIT_OPEN)).delete()


def latest_id() -> int:
    """The cursor: every event up to this id is in the database."""
    with connection.cursor() as cursor:
        # Plain SQL: asked before every page and stream, and the ORM takes 100 times as long.
        cursor.execute("SELECT max(id) FROM documents_statusevent")
        newest: int | None = cursor.fetchone()[0]
    return newest or 0


def prune_tombstones() -> int:
    """Forget deletions of a day ago, and raise the low-water mark to the last one forgotten.

    The newest event of all stays, so that no cursor is ever above every id.
    """
    old = StatusEvent.objects.filter(
        kind=StatusEvent.Kind.DELETED,
        created_at__lt=clock.now() - TOMBSTONES_KEPT,
        id__lt=latest_id(),
    )
    newest = old.order_by().values_list("owner").annotate(upto=Max("id"))
    return sum(_prune_upto(upto, owner_id) for owner_id, upto in list(newest))


def _prune_upto(upto: int, owner_id: int) -> int:
    with transaction.atomic():
        LowWaterMark.objects.get_or_create(owner_id=owner_id)
        # Only upwards: of two workers that prune at once, the one behind must not lower it.
        LowWaterMark.objects.filter(owner_id=owner_id, event_id__lt=upto).update(event_id=upto)
        pruned, _ = StatusEvent.objects.filter(
            owner_id=owner_id, kind=StatusEvent.Kind.DELETED, id__lte=upto
        ).delete()
    return pruned


def low_water_mark(owner_id: int) -> int:
    """Cursors of this owner below the low-water mark are too old.

    Ask after reading the events, not before.
    """
    found = LowWaterMark.objects.filter(owner_id=owner_id).values_list("event_id", flat=True)
    return found.first() or 0
