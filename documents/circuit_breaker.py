"""The circuit breaker of each account at a model server.

Closed: it has no row. Open: the account pays for nothing more, and the queue stands still for the
workers that have it; the built-in engine has none. Half-open: one document a minute, the probe,
is let through to see whether the account pays again.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from documents import wakeup
from documents.failures import FailureCode
from documents.models import CallTotals, Document, ModelCall, OpenCircuit, clock
from documents.models.model_calls import start_of_day

PROBE_INTERVAL = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=1)
# Failures that every other document would meet as well.
TRIPPING = (
    FailureCode.KEY_REJECTED,
    FailureCode.QUOTA_EXHAUSTED,
    FailureCode.MODEL_NOT_FOUND,
    FailureCode.MODEL_TOO_SLOW,
)
# Of these, what says nothing of other models at the same server.
OF_ONE_MODEL = (FailureCode.MODEL_NOT_FOUND, FailureCode.MODEL_TOO_SLOW)


class State(Enum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


def state(account: str) -> State:
    """How workers of this account find the circuit before they claim. Takes no lock."""
    if not account:
        return State.CLOSED
    circuit = OpenCircuit.objects.filter(pk=account).first()
    if _is_budget_used_up():
        if circuit is None:
            _open_until_tomorrow(account)
        return State.OPEN
    if circuit is None:
        return State.CLOSED
    if circuit.reason == OpenCircuit.Reason.BUDGET:
        # A new day, or a raised budget. By its reason: a refusal may have taken the row meanwhile.
        OpenCircuit.objects.filter(pk=account, reason=circuit.reason).delete()
        return State.CLOSED
    is_due = OpenCircuit.objects.filter(pk=account, probe_at__lte=clock.now()).exists()
    return State.HALF_OPEN if is_due else State.OPEN


def _is_budget_used_up() -> bool:
    budget = settings.ATOM_DAILY_BUDGET_USD
    return budget is not None and CallTotals.objects.today().spent() >= budget


def _open_until_tomorrow(account: str) -> None:
    tomorrow = start_of_day() + timedelta(days=1)
    circuit = OpenCircuit(
        account=account,
        reason=OpenCircuit.Reason.BUDGET,
        opened_at=clock.now(),
        refused_at=clock.now(),
        probe_at=tomorrow,
    )
    # Slots look at the same time; the first one's row is as good as any.
    OpenCircuit.objects.bulk_create([circuit], ignore_conflicts=True)


def acquire_probe(account: str, document: Document) -> bool:
    """Whether this document may be claimed: the circuit is closed, or this is now its probe.

    To be asked under the queue lock, so that there is one probe at a time, over all hosts.
    """
    if not account or not OpenCircuit.objects.filter(pk=account).exists():
        return True
    # Whose update finds the probe due has it; the next one finds it a minute later.
    due = OpenCircuit.objects.filter(pk=account, probe_at__lte=clock.now())
    acquired = due.update(
        probe_at=clock.now() + PROBE_INTERVAL, probes=F("probes") + 1, probed_with=document.pk
    )
    return bool(acquired)


def release_probe(account: str, document_id: UUID, attempt: int) -> None:
    """Let the next document be the probe at once if this one ended without asking the model."""
    probed = OpenCircuit.objects.filter(pk=account, probed_with=document_id)
    # Looked at first, after every document: an update takes a lock even where it finds nothing.
    if probed.exists():
        asked = ModelCall.objects.filter(document=OuterRef("probed_with"), attempt=attempt)
        probed.filter(~Exists(asked)).update(probe_at=clock.now(), probed_with=None)


def trip(account: str, reason: str, detail: str = "") -> bool:
    """Open the circuit until the next probe; True if it was closed before. Under the queue lock.

    `detail` is what this refusal said: the model, what else is offered, how slow it was.
    """
    probe_at = clock.now() + PROBE_INTERVAL
    extended = OpenCircuit.objects.filter(pk=account).update(
        reason=reason, detail=detail, refused_at=clock.now(), probe_at=probe_at
    )
    if extended:
        return False
    # Not a plain insert: a worker that finds the budget used up adds its row without a lock.
    times = {"opened_at": clock.now(), "refused_at": clock.now(), "probe_at": probe_at}
    facts = {"reason": reason, "detail": detail, **times}
    return OpenCircuit.objects.get_or_create(account=account, defaults=facts)[1]


def close(account: str, call: int) -> None:
    """The account has paid for this call: all may go on.

    A call sent before the last refusal proves nothing about what came after.
    """
    sent_at = Subquery(ModelCall.objects.filter(pk=call).values("sent_at"))
    # Not one for the budget: that an answer came says nothing about what is left of it.
    circuit = OpenCircuit.objects.filter(pk=account, reason__in=TRIPPING, refused_at__lt=sent_at)
    if circuit.delete()[0]:
        wakeup.notify(wakeup.QUEUE)


def probe_now(chosen: QuerySet[OpenCircuit] | None = None) -> int:
    """Let one document be the probe at once, not at the next minute; says for how many accounts.

    The circuit itself stays open until an answer comes, so that no other document fails of it.
    """
    circuits = OpenCircuit.objects.all() if chosen is None else chosen
    hurried = circuits.filter(reason__in=TRIPPING).update(probe_at=clock.now())
    if hurried:
        wakeup.notify(wakeup.QUEUE)
    return hurried


def forget_unused() -> None:
    """Drop the circuits of accounts that nobody has used for a day."""
    OpenCircuit.objects.filter(probe_at__lt=clock.now() - FORGOTTEN_AFTER).delete()


def open_for_all(accounts: set[str]) -> OpenCircuit | None:
    """The open circuit that holds all of these accounts, or None if some can go on."""
    # Blank: a worker with the built-in engine, which no circuit holds.
    if not accounts or "" in accounts:
        return None
    circuits = list(OpenCircuit.objects.filter(pk__in=accounts).order_by("probe_at"))
    return circuits[0] if len(circuits) == len(accounts) else None
