"""The queue: who is next. Documents wait in the order they were queued, or in fair turns."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from atom_project import logs, tracing
from documents import circuit_breaker, events, quotas, search, wakeup
from documents.failures import Failure, FailureCode, failure
from documents.models import (
    BUILT_IN_ENGINE,
    BudgetHold,
    Document,
    Status,
    budget_holds,
    clock,
    hot_sql,
)
from documents.waiting import reasons, turns
from documents.waiting.positions import positions as positions
from documents.waiting.reasons import WaitingReason as WaitingReason
from documents.waiting.reasons import open_circuit as open_circuit
from documents.waiting.reasons import waiting_reason as waiting_reason
from documents.waiting.reasons import worker_available as worker_available

logger = logging.getLogger(__name__)


class NotFinished(Exception):
    """Only a finished document can be tried again."""


class NotRunning(Exception):
    """Only a running document can be given back to the queue."""


class AlreadyFinished(Exception):
    """A finished document can no longer be canceled."""


def append(documents: Sequence[Document]) -> None:
    """Add documents at the end of the queue, in this order. In a transaction that has it locked."""
    if not documents:
        return
    taken, now, last = turns.Turns(), clock.now(), _last_number()
    holds = {owner: BudgetHold.objects.until(owner) for owner in {d.owner_id for d in documents}}
    for number, document in enumerate(documents):
        document.queue_number = last + 1 + number
        document.turn = taken.next(document.owner_id)
        # The built-in engine costs nothing: no budget holds what it is to analyze.
        document.held_until = holds[document.owner_id] if document.needs_model else None
        # Not when its bytes came in: lists by date are to show the order of the queue. No two at
        # one moment: where numbers decided, a retry would move a document in such a list.
        moment = now + timedelta(microseconds=number)
        document.created_at = document.updated_at = document.queued_at = moment
    # One statement for all rows of a kind: everybody waits for the queue meanwhile.
    Document.objects.bulk_create(documents)
    events.record_queued(documents)
    search.index_new(documents)


def _last_number() -> int:
    with connection.cursor() as cursor:
        # Not a sequence: those give numbers before the commit, so not in the order of commits.
        cursor.execute("SELECT max(queue_number) FROM documents_document")
        last: int | None = cursor.fetchone()[0]
    return last or 0


@contextmanager
def locked() -> Iterator[None]:
    """One transaction in which the queue stands still, so that number order is commit order.

    SQLite has one writer anyway; each of our transactions takes its lock at BEGIN.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Until the transaction ends, however it ends: a killed process leaves no lock.
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [hot_sql.QUEUE_LOCK])
        yield


def claim_next(worker: str, account: str = "", *, look_first: bool = True) -> Document | None:
    """Give the first document of the queue to this worker, for one lease.

    Documents of owners who have used up their budget of today are passed over.
    `account` pays for the worker's calls to a model; an open circuit holds who pays with it.
    Documents for the built-in engine need no model: of these the first goes on meanwhile.
    An idle worker takes no lock; one that has just finished another need not `look_first`.
    """
    if look_first and not hot_sql.is_anybody_ready():
        return None
    circuit = circuit_breaker.state(account)
    is_blocked = circuit is circuit_breaker.State.OPEN
    if is_blocked and not hot_sql.is_anybody_ready(without_model=True):
        return None
    if not hot_sql.is_understood() or not (is_blocked or _all_may_go(account, circuit)):
        return _claim_who_may_go(worker, account, is_blocked=is_blocked)
    if claimed := hot_sql.claim(worker, without_model=is_blocked):
        wakeup.notify(wakeup.EVENTS)
    return claimed


def _all_may_go(account: str, circuit: circuit_breaker.State) -> bool:
    """Whether neither the circuit nor the budget of any owner holds who is at the head."""
    has_budgets = settings.ATOM_DAILY_BUDGET_USD_PER_USER is not None
    return not account or (circuit is circuit_breaker.State.CLOSED and not has_budgets)


def _claim_who_may_go(worker: str, account: str, *, is_blocked: bool) -> Document | None:
    """Claim the first that neither circuit nor budget holds, each asked under the queue lock."""
    with locked():
        head = None if is_blocked else _head(account)
        if head is None or not _may_go(head, account):
            head = Document.objects.ready().without_model().in_queue_order().for_claim().first()
        if head is None:
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


def _may_go(head: Document, account: str) -> bool:
    """Whether no circuit holds it, or it is now the probe of the one that does."""
    return not head.needs_model or circuit_breaker.acquire_probe(account, head)


def _head(account: str) -> Document | None:
    """Who is next, under the queue lock; owners whose budget is used up are held on the way."""
    line = Document.objects.ready().in_queue_order().for_claim()
    head = line.first()
    # Each turn takes out of the line all for which one owner had to pay.
    while head and head.needs_model and account and hold_if_used_up(head.owner_id):
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
        waiting = Document.objects.pending().filter(owner=owner_id).with_model()
        waiting.exclude(held_until=hold.until).update(held_until=hold.until)
    return True


def let_go() -> int:
    """End the holds that are over; documents stand at their old places. Says how many holds.

    All are over where no worker pays any more: the built-in engine costs nothing. As long as one
    does, a worker with the built-in engine passes over held documents, too.
    """
    holds = list(BudgetHold.objects.all())
    if not holds:
        return 0
    nobody_pays = not any(reasons.accounts())
    return sum(_let_go(hold) for hold in holds if nobody_pays or hold.is_over)


def _let_go(hold: BudgetHold) -> bool:
    with locked():
        # Not one that was renewed since it was read: that is of a new day.
        if not BudgetHold.objects.filter(pk=hold.pk, until=hold.until).delete()[0]:
            return False
        held = Document.objects.pending().filter(owner=hold.owner_id).exclude(held_until=None)
        if held.update(held_until=None, turn=F("turn") + turns.missed(hold.owner_id)):
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
        held_until=_held_until(document, document.chosen_engine),
        **changes,
    )


def _held_until(document: Document, engine: str) -> datetime | None:
    """No budget holds what is to be analyzed by the built-in engine: it costs nothing."""
    return None if engine == BUILT_IN_ENGINE else BudgetHold.objects.until(document.owner_id)


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
        expirations = document.lease_expirations + 1
        if expirations >= settings.MAX_LEASE_EXPIRATIONS:
            fail(document, failure(FailureCode.WORKER_LOST), lease_expirations=expirations)
        else:
            _put_back(document, reason="worker_lost", lease_expirations=expirations)
    with logs.about(**document.trail), events.spanned("recover document", document):
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
        if circuit_breaker.trip(account, why.code, why.detail):
            fail(document, why)
        else:
            _put_back(document, reason=events.CIRCUIT_OPEN)
            events.forget_failed_probes(document)


def requeue(document: Document, *, within_quota: bool = False, engine: str = "") -> None:
    """Send a finished document to the end of the queue, to be analyzed again, and afresh.

    By the engine that the settings choose, or by this one; see `engines.choices`. May raise
    `quotas.OverQuota`, if its owner's quota is to be kept.
    """
    with locked():
        current = _current(document)
        if not current.is_finished:
            raise NotFinished(document.pk)
        before = current.request_id
        if within_quota:
            quotas.RemainingQuota.of(current.owner).reserve_retry()
        append_again(
            current,
            reason="retry",
            wants_fresh=True,
            chosen_engine=engine,
            warning="",
            stored_bytes=quotas.grown_by(quotas.HISTORY_BYTES),
        )
    with logs.about(**current.trail):
        queued_by = {"queued_before_by": before}
        logger.info("Document %s is queued again", current.pk, extra={"facts": queued_by})


def append_again(document: Document, *, reason: str, **changes: Any) -> None:
    """Put one that was there before at the end of the queue, while that is locked."""
    engine = changes.get("chosen_engine", document.chosen_engine)
    # `attempts` counts on: a worker that slept through all this still has the old token.
    events.advance(
        document,
        Status.PENDING,
        reason=reason,
        queue_number=_last_number() + 1,
        turn=turns.Turns().next(document.owner_id),
        queued_at=clock.now(),
        held_until=_held_until(document, engine),
        lease_expirations=0,
        failure=None,
        started_at=None,
        finished_at=None,
        # From here on its lines lead to who asked for it again; this one leads further back.
        request_id=logs.request_id() or document.request_id,
        traceparent=tracing.traceparent() or document.traceparent,
        **changes,
    )


def cancel(document: Document, *, by_owner: bool = True) -> None:
    """End a waiting or running document; a worker that holds it drops its work."""
    with locked():
        current = _current(document)
        if current.is_finished:
            raise AlreadyFinished(document.pk)
        words = "You canceled this." if by_owner else None
        fail(current, failure(FailureCode.CANCELLED, detail=words))


def _current(document: Document) -> Document:
    """The row as it is now, held until the transaction ends. Raises `Document.DoesNotExist`."""
    # No key changes: with `no_key`, rows that refer to it can be inserted meanwhile.
    return Document.objects.select_for_update(no_key=True).get(pk=document.pk)
