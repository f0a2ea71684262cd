"""How a document moves: the one writer of status, by compare-and-set, and of its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from atom_project import tracing
from documents import wakeup
from documents.models import (
    TRASHED,
    Document,
    LowWaterMark,
    Status,
    StatusEvent,
    clock,
    hot_sql,
)

TOMBSTONES_KEPT = timedelta(days=1)  # who was away for longer reads everything again

CIRCUIT_OPEN = "line_paused"  # the reason why a document went back, as clients know it
RESTORED = "restored"  # the reason why one that was told to be deleted is there again

NEXT_STATUSES: dict[str, set[Status]] = {
    Status.PENDING: {Status.PROCESSING, Status.FAILED},
    Status.PROCESSING: {Status.ANALYZING, Status.FAILED, Status.PENDING},
    Status.ANALYZING: {Status.COMPLETED, Status.FAILED, Status.PENDING},
    Status.COMPLETED: {Status.PENDING},
    Status.FAILED: {Status.PENDING},
    # Out of the trash, see `trash`: to where it was, or to the end of the queue.
    TRASHED: {Status.PENDING, Status.COMPLETED, Status.FAILED},
}


class IllegalTransition(Exception):
    """The state machine does not know this step."""


class StaleDocument(Exception):
    """Somebody else moved or deleted the document since it was read: the optimistic lock failed.

    Whoever holds it drops its work.
    """


def advance(document: Document, status: Status, *, reason: str = "", **changes: Any) -> None:
    """Move the document and record it, with any columns that change along.

    Both at one moment, by then `document.updated_at`. Raises `StaleDocument` if the row is not as
    `document` says; nothing is changed then.
    """
    if status not in NEXT_STATUSES[document.status]:
        raise IllegalTransition(f"{document.status} -> {status}")
    had_progress = document.progress is not None
    defaults = {"progress": None, "held_until": None, "updated_at": clock.now()}
    changes = {"status": status, **defaults, **changes}
    # Whoever is to be woken is woken by the same transaction.
    is_whole = hot_sql.steps_are_whole() and not had_progress and status != Status.PENDING
    with nullcontext() if is_whole else _one_transaction():
        # The row first, then the event: on PostgreSQL its insert takes the lock of the log
        # (migration 0002), and two who lock in different orders deadlock.
        moment = hot_sql.step(document, changes, reason=reason, counts=[*_counts(status, reason)])
        if moment is None:
            raise StaleDocument(document.pk)
        _set(document, {**changes, "updated_at": moment})
        if had_progress:
            _forget_progress(document)
        _announce(document)


def _counts(status: Status, reason: str) -> Iterator[tuple[str, str]]:
    """For metrics; what happens to every document is in their figures already."""
    if status == Status.FAILED and reason != RESTORED:
        yield "failures", reason
    if reason == "worker_lost":
        yield "lease_expirations", ""
    if reason == "retry":
        yield "retries", ""


def _one_transaction() -> AbstractContextManager[Any]:
    """The caller's transaction, if there is one.

    A savepoint inside it would protect nothing: the first statement is the one that refuses.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def change(document: Document, **changes: Any) -> None:
    """Change columns of a document by compare-and-set: nobody may have moved it meanwhile."""
    # Unlike `save()`, `update()` overwrites no column that is not named; it sets none either.
    changes["updated_at"] = clock.now()
    if not Document.with_trashed.at_version(document).update(**changes):
        raise StaleDocument(document.pk)
    _set(document, changes)


def _set(document: Document, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if hasattr(value, "resolve_expression"):
            # The database computed it: read it when somebody asks.
            document.__dict__.pop(name, None)
        else:
            setattr(document, name, value)


def record(document: Document, *, reason: str = "") -> StatusEvent:
    """Append the document's present status to its history."""
    event = _status_event(document, reason)
    event.save(force_insert=True)
    _announce(document)
    return event


def record_queued(documents: Sequence[Document]) -> None:
    """Append that these documents are queued, in this order and by one statement."""
    StatusEvent.objects.bulk_create([_status_event(document) for document in documents])
    wakeup.notify(wakeup.EVENTS)
    wakeup.notify(wakeup.QUEUE, number=len(documents))
    for document in documents:
        _trace_when_committed(document)


def _status_event(document: Document, reason: str = "") -> StatusEvent:
    return StatusEvent(
        owner_id=document.owner_id,
        document_id=document.pk,
        status=document.status,
        attempt=document.attempts,
        reason=reason,
        created_at=clock.now(),
    )


def _announce(document: Document) -> None:
    wakeup.notify(wakeup.EVENTS)
    if document.is_queued:
        wakeup.notify(wakeup.QUEUE)
    _trace_when_committed(document)


def _trace_when_committed(document: Document) -> None:
    """Not before: what is rolled back did not happen, and its id may be another's."""
    if tracing.is_on():
        transaction.on_commit(partial(_trace, _latest(document)))


def _trace(event: StatusEvent | None) -> None:
    """Put it into the span around, under the id by which streams know it."""
    if event is None:
        return
    facts: tracing.Attributes = {
        "atom.event.id": event.pk,
        "atom.document.id": str(event.document_id),
        "atom.status": event.status,
        "atom.attempt": event.attempt,
        "atom.reason": event.reason,
    }
    tracing.event("status", facts)


@contextmanager
def spanned(name: str, document: Document, **facts: tracing.Value) -> Iterator[tracing.Span]:
    """A span of the trace that queued the document, with the event that led to this work."""
    if not tracing.is_on():
        yield tracing.NO_SPAN
        return
    known: dict[str, tracing.Value] = {f"atom.{fact}": value for fact, value in facts.items()}
    known |= {"atom.document.id": str(document.pk), "atom.attempt": document.attempts}
    waited = max(timezone.now() - document.queued_at, timedelta(0))
    known["atom.waited_ms"] = waited // timedelta(milliseconds=1)
    with tracing.span(name, known, parent=document.traceparent, kind="consumer") as span:
        _trace_latest(document)
        yield span


def _trace_latest(document: Document) -> None:
    """What was recorded before its trace was known: the claim, the end of a lease."""
    with suppress(DatabaseError, InterfaceError):
        _trace(_latest(document))


def _latest(document: Document) -> StatusEvent | None:
    return StatusEvent.objects.of(document).statuses().last()


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
    """Say that something beside the status changed: whoever shows the document reads it again.

    Whoever asks what was updated since finds it, too.
    """
    with _one_transaction():
        # The row first, as everywhere.
        moment = clock.now()
        Document.with_trashed.filter(pk=document.pk).update(updated_at=moment)
        _set(document, {"updated_at": moment})
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


def trash(document: Document) -> None:
    """Take the document out of everything, from any status, and tell streams that it is deleted.

    Its history stays for the case that it is restored; the tombstone closes it. A worker that
    holds it finds the row moved, and drops its work as that of a deleted one.
    """
    with _one_transaction():
        gone = {"progress": None, "held_until": None, "claimed_by": "", "lease_expires_at": None}
        change(document, status=TRASHED, **gone)
        _forget_progress(document)
        _bury(document.owner_id, document.pk)


def record_deletion(owner_id: int, document_id: UUID, *, was_trashed: bool = False) -> None:
    """Leave a nameless tombstone in place of the document's whole history.

    From the trash it goes without a word: that it is deleted was told when it came there.
    """
    history = StatusEvent.objects.filter(document_id=document_id)
    if was_trashed:
        # Where it was pruned, the low-water mark says as much.
        told = list(history.tombstones().order_by("-id").values_list("pk", flat=True)[:1])
        history.exclude(pk__in=told).delete()
        return
    history.delete()
    _bury(owner_id, document_id)


def _bury(owner_id: int, document_id: UUID) -> None:
    StatusEvent.objects.create(
        owner_id=owner_id,
        document_id=document_id,
        kind=StatusEvent.Kind.DELETED,
        created_at=clock.now(),
    )
    wakeup.notify(wakeup.EVENTS)


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
    old = StatusEvent.objects.tombstones().filter(
        created_at__lt=clock.now() - TOMBSTONES_KEPT,
        id__lt=latest_id(),
    )
    # Not grouped by the database, which would walk over all events for it, owner by owner.
    newest: dict[int, int] = {}
    for owner_id, event_id in old.order_by().values_list("owner", "id"):
        newest[owner_id] = max(event_id, newest.get(owner_id, 0))
    return sum(_prune_upto(upto, owner_id) for owner_id, upto in newest.items())


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
