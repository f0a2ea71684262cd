"""The queue: who is next. Documents wait in the order they were queued."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from atom_project import logs
from documents import circuit_breaker, events, quotas, wakeup
from documents.failures import Failure, FailureCode, failure
from documents.models import (
    BudgetHold,
    Document,
    OpenCircuit,
    Status,
    WorkerHeartbeat,
    budget_holds,
    clock,
    open_circuits,
)
from documents.models.positions import positions as positions

logger = logging.getLogger(__name__)

# Any number, as long as nothing else on the database server uses it.
QUEUE_LOCK = 0x41544F4D_0001


class WaitingReason(StrEnum):
    """Why a document does not move: nobody works, money is spent, or an open circuit."""

    NO_WORKER = "no_worker"
    OWNER_BUDGET = "owner_budget"
    KEY_REJECTED = OpenCircuit.Reason.KEY_REJECTED
    QUOTA_EXHAUSTED = OpenCircuit.Reason.QUOTA_EXHAUSTED
    BUDGET = OpenCircuit.Reason.BUDGET

    def in_words(self) -> str:
        """For the owner; that nobody works is said by those who know how to start a worker."""
        if self is WaitingReason.OWNER_BUDGET:
            return budget_holds.IN_WORDS
        return open_circuits.in_words(self)


class NotFinished(Exception):
    """Only a finished document can be tried again."""


class NotRunning(Exception):
    """Only a running document can be given back to the queue."""


class AlreadyFinished(Exception):
    """A finished document can no longer be canceled."""


def append(documents: Sequence[Document]) -> None:
    """Add documents at the end of the queue, in this order. In a transaction that has it locked."""
    number = _last_number()
    holds = {owner: BudgetHold.objects.until(owner) for owner in {d.owner_id for d in documents}}
    for document in documents:
        number += 1
        document.queue_number = number
        document.held_until = holds[document.owner_id]
        # Not when its bytes came in: lists by date are to show the order of the queue.
        document.created_at = document.updated_at = document.queued_at = clock.now()
        document.save(force_insert=True)
        events.record(document)


def _last_number() -> int:
    # Not a sequence: those give numbers before the commit, so not in the order of commits.
    return Document.objects.aggregate(last=Max("queue_number"))["last"] or 0


@contextmanager
def locked() -> Iterator[None]:
    """One transaction in which the queue stands still, so that number order is commit order.

    SQLite has one writer anyway; each of our transactions takes its lock at BEGIN.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Until the transaction ends, however it ends: a killed process leaves no lock.
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUEUE_LOCK])
        yield


def claim_next(worker: str, account: str = "") -> Document | None:
    """Give the document that waited longest to this worker, for one lease.

    Documents of owners who have used up their budget of today are passed over.
    `account` pays for the worker's calls to a model; an open circuit holds who pays with it.
    """
    # A plain look first: an idle worker takes no lock.
    if not Document.objects.ready().exists() or circuit_breaker.blocks(account):
        return None
    with locked():
        head = _head(account)
        if head is None or not circuit_breaker.acquire_probe(account, head):
            return None
        events.advance(
            head,
            Status.PROCESSING,
            attempts=head.attempts + 1,
            claimed_by=worker,
            # By the clock that all hosts share: any of them may judge it.
            lease_expires_at=clock.now() + settings.LEASE,
            started_at=clock.now(),
        )
    return head


def _head(account: str) -> Document | None:
    """Who is next, under the queue lock; owners whose budget is used up are held on the way."""
    # Never `skip_locked`: it would let later documents overtake a head that is being read.
    # SQLite ignores it without a word, so tests would pass; on PostgreSQL, 4 of 400 overtook.
    line = Document.objects.ready().in_queue_order().select_for_update(no_key=True)
    head = line.first()
    # Each turn takes all that one owner has out of the line. The built-in engine costs nothing.
    while head and account and hold_if_used_up(head.owner_id):
        head = line.first()
    return head


def hold_if_used_up(owner_id: int) -> bool:
    """Hold the owner's documents until tomorrow if today's budget is used up; say whether it is.

    Documents that run already are finished, as with the budget of all.
    """
    hold = budget_holds.due(owner_id)
    if hold is None:
        return False
    with locked():
        facts = {"until": hold.until, "budget": hold.budget}
        BudgetHold.objects.update_or_create(owner_id=owner_id, defaults=facts)
        # One statement, so that no claim sees some of them held and others not.
        waiting = Document.objects.pending().filter(owner=owner_id).exclude(held_until=hold.until)
        waiting.update(held_until=hold.until)
    return True


def let_go() -> int:
    """End the holds that are over; documents stand at their old places. Says how many holds.

    All are over where no worker pays any more: the built-in engine costs nothing. As long as one
    does, a worker with the built-in engine passes over held documents, too.
    """
    holds = list(BudgetHold.objects.all())
    if not holds:
        return 0
    nobody_pays = not any(_accounts())
    return sum(_let_go(hold) for hold in holds if nobody_pays or hold.is_over)


def _let_go(hold: BudgetHold) -> bool:
    with locked():
        # Not one that was renewed since it was read: that is of a new day.
        if not BudgetHold.objects.filter(pk=hold.pk, until=hold.until).delete()[0]:
            return False
        held = Document.objects.pending().filter(owner=hold.owner_id).exclude(held_until=None)
        if held.update(held_until=None):
            wakeup.notify(wakeup.QUEUE)
    return True


def renew(worker: str, documents: Iterable[UUID]) -> set[tuple[UUID, int]]:
    """Renew the worker's leases of these documents; returns those it still holds, with attempt.

    What it holds but no longer works on, because the database failed it in the middle, is left
    out: that lease must run out, or the document would be held as long as the worker lives.
    """
    held = Document.objects.held_by(worker).filter(pk__in=documents)
    held.update(lease_expires_at=clock.now() + settings.LEASE)
    # Looked at after the update: the other way round, a claim lost in between would pass for held.
    return set(held.values_list("pk", "attempts"))


def release(document: Document) -> None:
    """Give a running document back, at its old place; no lease expired."""
    if not document.is_processing:
        raise NotRunning(document.pk)
    with locked():
        _put_back(document, reason="released")


def _put_back(document: Document, *, reason: str, **changes: Any) -> None:
    events.advance(
        document,
        Status.PENDING,
        reason=reason,
        claimed_by="",
        lease_expires_at=None,
        held_until=BudgetHold.objects.until(document.owner_id),
        **changes,
    )


def recover_expired() -> int:
    """Return documents whose lease has expired to the queue; says how many it moved."""
    # Sorted here: asked for that order, SQLite walks the whole queue instead of the few leases.
    expired = Document.objects.lease_expired().order_by().values_list("queue_number", "pk")
    # Each in a transaction of its own: several rows locked at once could deadlock with others.
    return sum(_recover(pk) for _, pk in sorted(expired))


def _recover(pk: UUID) -> bool:
    with locked():
        # Look again under the lock: its worker may have come back, or another recovered it.
        document = (
            Document.objects.lease_expired().filter(pk=pk).select_for_update(no_key=True).first()
        )
        if document is None:
            return False
        if document.lease_expirations + 1 >= settings.MAX_LEASE_EXPIRATIONS:
            fail(
                document,
                failure(FailureCode.WORKER_LOST),
                lease_expirations=document.lease_expirations + 1,
            )
        else:
            _put_back(
                document, reason="worker_lost", lease_expirations=document.lease_expirations + 1
            )
    with logs.about(**document.trail):
        logger.warning("The lease of document %s expired; it is %s", document.pk, document.status)
    return True


def fail(document: Document, why: Failure, **changes: Any) -> None:
    """End the work on a document, with the reason its owner will read."""
    events.advance(
        document,
        Status.FAILED,
        reason=why.code,
        failure=why.as_json(),
        claimed_by="",
        lease_expires_at=None,
        finished_at=clock.now(),
        **changes,
    )


def trip(document: Document, why: Failure, account: str) -> None:
    """Open the account's circuit for what every document would meet, such as a rejected key.

    The first one that meets it fails with that reason. Those that meet it while the circuit is
    open, the probes and the ones that were running, go back to their places: failing them would
    turn the queue red one by one, and whatever they were asked for would be lost.
    """
    with locked():
        if circuit_breaker.trip(account, why.code):
            fail(document, why)
        else:
            _put_back(document, reason=events.CIRCUIT_OPEN)
            events.forget_failed_probes(document)


def requeue(document: Document, *, within_quota: bool = False) -> None:
    """Send a finished document to the end of the queue, to be analyzed again, and afresh.

    May raise `quotas.OverQuota`, if its owner's quota is to be kept.
    """
    with locked():
        current = _current(document)
        if not current.is_finished:
            raise NotFinished(document.pk)
        before = current.request_id
        if within_quota:
            quotas.RemainingQuota.of(current.owner).reserve_retry()
        # `attempts` counts on: a worker that slept through all this still has the old token.
        events.advance(
            current,
            Status.PENDING,
            reason="retry",
            queue_number=_last_number() + 1,
            queued_at=clock.now(),
            held_until=BudgetHold.objects.until(current.owner_id),
            lease_expirations=0,
            wants_fresh=True,
            stored_bytes=quotas.grown_by(quotas.HISTORY_BYTES),
            failure=None,
            started_at=None,
            finished_at=None,
            # From here on its lines lead to who asked for it again; this one leads further back.
            request_id=logs.request_id() or current.request_id,
        )
    with logs.about(**current.trail):
        queued_by = {"queued_before_by": before}
        logger.info("Document %s is queued again", current.pk, extra={"facts": queued_by})


def cancel(document: Document, *, by_owner: bool = True) -> None:
    """End a waiting or running document; a worker that holds it drops its work."""
    with locked():
        current = _current(document)
        if current.is_finished:
            raise AlreadyFinished(document.pk)
        fail(
            current,
            failure(FailureCode.CANCELLED, detail="You canceled this." if by_owner else None),
        )


def _current(document: Document) -> Document:
    """The row as it is now, held until the transaction ends. Raises `Document.DoesNotExist`."""
    # No key changes: with `no_key`, rows that refer to it can be inserted meanwhile.
    return Document.objects.select_for_update(no_key=True).get(pk=document.pk)


def worker_available() -> bool:
    return WorkerHeartbeat.objects.alive().exists()


def open_circuit() -> OpenCircuit | None:
    """The open circuit that holds every worker, or None if some go on or none is running."""
    return circuit_breaker.open_for_all(_accounts())


def _accounts() -> set[str]:
    return set(WorkerHeartbeat.objects.alive().values_list("account", flat=True))


def waiting_reason(document: Document) -> WaitingReason | None:
    """Why an unfinished document does not move, or None. The words are its readers' own."""
    if document.is_finished:
        return None
    accounts = _accounts()
    if not accounts:
        return WaitingReason.NO_WORKER
    if document.is_held:
        return WaitingReason.OWNER_BUDGET
    # What runs already is held by no circuit; it stands still only without a worker.
    circuit = circuit_breaker.open_for_all(accounts) if document.is_queued else None
    return WaitingReason(circuit.reason) if circuit else None
