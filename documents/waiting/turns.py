"""Turns: where in the queue a document is put, in the order of uploads or fairly among owners.

The order of the queue is `(turn, queue_number)`, so that a claim is one probe of one index in
either order. First in, first out: all who wait have one turn, and their numbers decide. Fair
(start-time fair queueing): each owner's documents take turns one after another, beginning with the
turn that is on, so that who brings one document does not wait for a thousand of somebody else.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.models import Min

from documents.models import Document

FAIR = "fair"

# The literals let both databases use the partial indexes. Where nobody waits, the turn of those
# that run goes on: one of them may come back, and is not to stand behind who came later.
_ON = """
SELECT coalesce(
    (SELECT {which}(turn) FROM documents_document WHERE status = 'pending' AND held_until IS NULL),
    (SELECT max(turn) FROM documents_document WHERE status IN ('processing', 'analyzing')),
    0
)
"""
# The first in line has the turn that is on; without fairness, everybody joins the last.
_FIRST, _LAST = _ON.format(which="min"), _ON.format(which="max")

_OF_OWNER = """
SELECT max(turn) FROM (
    SELECT max(turn) AS turn FROM documents_document WHERE owner_id = %s AND status = 'pending'
    UNION ALL
    SELECT max(turn) FROM documents_document
    WHERE status IN ('processing', 'analyzing') AND owner_id = %s
) unfinished
"""


class Turns:
    """The turns of those who are queued by one transaction, which has the queue locked."""

    def __init__(self) -> None:
        self._on: int | None = None
        self._last: dict[int, int | None] = {}

    def next(self, owner_id: int) -> int:
        if self._on is None:
            self._on = on()
        if not is_fair():
            return self._on
        if owner_id not in self._last:
            self._last[owner_id] = _asked(_OF_OWNER, owner_id, owner_id)
        last = self._last[owner_id]
        turn = self._on if last is None else max(self._on, last + 1)
        self._last[owner_id] = turn
        return turn


def is_fair() -> bool:
    return bool(settings.ATOM_QUEUE_ORDER == FAIR)


def order_in_words() -> str:
    """By what positions are counted, for people."""
    return "in turns among all owners" if is_fair() else "in the order of uploads"


def on() -> int:
    """The turn that is on. In a transaction that has the queue locked."""
    return _asked(_FIRST if is_fair() else _LAST) or 0


def missed(owner_id: int) -> int:
    """By how many turns the owner's held documents are late, now that they may go on.

    Fairly, they begin with the turn that is on: at their old places, all of them would come before
    everybody else. In the order of uploads those places are theirs.
    """
    if not is_fair():
        return 0
    held = Document.objects.pending().filter(owner=owner_id).exclude(held_until=None)
    first: int | None = held.order_by().aggregate(first=Min("turn"))["first"]
    return 0 if first is None else max(0, on() - first)


def _asked(sql: str, *parameters: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: int | None = cursor.fetchone()[0]
    return found
