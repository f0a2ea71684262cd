"""Positions: how many documents are claimed before one that waits, itself counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Value

from documents.models.documents import Document

# SQLite takes no more terms in a union (SQLITE_MAX_COMPOUND_SELECT, sqlite.org/limits.html).
MOST_STRETCHES = 500


def positions(documents: Iterable[Document]) -> dict[UUID, int]:
    """The position in the queue, from 1, of each of these documents that waits its turn.

    Documents that are held have none, and are passed over in the count as by claims. One query
    for each 500 documents.
    """
    waiting = {document.pk: document.queue_number for document in documents if document.is_ready}
    numbers = sorted(waiting.values())
    counted = _counted(list(pairwise([-1, *numbers])))
    places = dict(
        zip(numbers, accumulate(counted.get(number, 0) for number in numbers), strict=True)
    )
    # At least 1: one that was claimed since it was read is not counted any more.
    return {pk: max(1, places[number]) for pk, number in waiting.items()}


def _counted(stretches: Sequence[tuple[int, int]]) -> dict[int, int]:
    """How many wait in each stretch of the queue, by its last number."""
    counted: dict[int, int] = {}
    for start in range(0, len(stretches), MOST_STRETCHES):
        rows = _counts(stretches[start : start + MOST_STRETCHES])
        counted.update(rows.values_list("upto", "waiting"))
    return counted


def _counts(stretches: Sequence[tuple[int, int]]) -> QuerySet[Any, Any]:
    """Each place is counted once, however many documents are asked about: a queue of 100,000
    is walked in one go. A stretch that became empty has no row.
    """
    first, *rest = (
        Document.objects.ready()
        .filter(queue_number__gt=after, queue_number__lte=upto)
        .order_by()
        .values(upto=Value(upto))
        .annotate(waiting=Count("*"))
        for after, upto in stretches
    )
    return first.union(*rest, all=True)
