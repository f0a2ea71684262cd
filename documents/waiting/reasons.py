"""Why a document does not move, and who could move it."""

from __future__ import annotations

from enum import StrEnum

from documents import circuit_breaker
from documents.models import Document, OpenCircuit, WorkerHeartbeat, budget_holds, open_circuits


class WaitingReason(StrEnum):
    """Why a document does not move: nobody works, money is spent, or an open circuit."""

    NO_WORKER = "no_worker"
    OWNER_BUDGET = "owner_budget"
    KEY_REJECTED = OpenCircuit.Reason.KEY_REJECTED
    QUOTA_EXHAUSTED = OpenCircuit.Reason.QUOTA_EXHAUSTED
    MODEL_NOT_FOUND = OpenCircuit.Reason.MODEL_NOT_FOUND
    MODEL_TOO_SLOW = OpenCircuit.Reason.MODEL_TOO_SLOW
    BUDGET = OpenCircuit.Reason.BUDGET

    def in_words(self) -> str:
        """For the owner; that nobody works is said by those who know how to start a worker."""
        if self is WaitingReason.OWNER_BUDGET:
            return budget_holds.IN_WORDS
        return open_circuits.in_words(self)


def worker_available() -> bool:
    return WorkerHeartbeat.objects.alive().exists()


def open_circuit() -> OpenCircuit | None:
    """The open circuit that holds every worker, or None if some go on or none is running."""
    return circuit_breaker.open_for_all(accounts())


def accounts() -> set[str]:
    return set(WorkerHeartbeat.objects.alive().values_list("account", flat=True))


def waiting_reason(document: Document) -> WaitingReason | None:
    """Why an unfinished document does not move, or None. The words are its readers' own."""
    if document.is_finished:
        return None
    alive = accounts()
    if not alive:
        return WaitingReason.NO_WORKER
    if document.is_held:
        return WaitingReason.OWNER_BUDGET
    # What runs already, and what needs no model, is held by no circuit: only without a worker.
    may_be_held = document.is_queued and document.needs_model
    circuit = circuit_breaker.open_for_all(alive) if may_be_held else None
    return WaitingReason(circuit.reason) if circuit else None
