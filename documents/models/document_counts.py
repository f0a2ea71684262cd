"""How many documents there are, told by running totals: lists and metrics count no rows."""

from __future__ import annotations

from documents.models import owner_totals
from documents.models.documents import Status
from documents.models.trash import TRASHED


def counts_by_status(owner_id: int | None) -> dict[str, int]:
    """How many documents of this person, or of all, have each status; those of 0 are left out.

    All but the completed ones are counted: these are most, and what is left of the total.
    """
    others = [status for status in (*Status.values, TRASHED) if status != Status.COMPLETED]
    documents, _, counted = owner_totals.read(owner_id, others)
    counted[Status.COMPLETED] = documents - sum(counted.values())
    return {status: counted[status] for status in Status.values if counted.get(status)}


def count_listed(owner_id: int) -> int:
    """How many documents this person has, apart from those in the trash."""
    documents, _, counted = owner_totals.read(owner_id, [TRASHED])
    return documents - counted.get(TRASHED, 0)
