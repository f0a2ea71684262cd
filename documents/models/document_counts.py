"""How many documents there are, told by running totals: lists and metrics count no rows."""

from __future__ import annotations

from documents.models import owner_totals
from documents.models.documents import Status


def counts_by_status(owner_id: int | None) -> dict[str, int]:
    """How many documents of this person, or of all, have each status; those of 0 are left out."""
    totals, running = owner_totals.by_status(owner_id)
    counted: dict[str, int] = {
        **running,
        Status.PENDING: totals.pending,
        Status.FAILED: totals.failed,
    }
    # Most are completed: they are what is left.
    counted[Status.COMPLETED] = totals.documents - totals.trashed - sum(counted.values())
    return {status: counted[status] for status in Status.values if counted.get(status)}


def count_listed(owner_id: int) -> int:
    """How many documents this person has, apart from those in the trash."""
    totals, _ = owner_totals.by_status(owner_id)
    return totals.documents - totals.trashed
