"""Positions: how many documents are claimed before one that waits, itself counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from documents.models import Document
from documents.waiting import line_sql, reasons
from documents.waiting.line_sql import BUILT_IN, READY

# Each place is counted once, however many documents are asked about. With them whether a circuit is
# open, which mostly none is: no question of its own.
COUNTED = """
WITH stretch AS MATERIALIZED ({stretches})
SELECT
    upto,
    CASE WHEN after_turn IS NULL THEN {place} ELSE {between} END,
    EXISTS (SELECT 1 FROM documents_opencircuit)
FROM stretch
"""

# Pairs of places (turn and number), however many there are, as one parameter. Materialized, for
# SQLite would read them from the JSON anew for each document of the line.
STRETCHES = {
    "sqlite": """
        SELECT
            json_extract(value, '$[0][0]') AS after_turn, json_extract(value, '$[0][1]') AS after,
            json_extract(value, '$[1][0]') AS upto_turn, json_extract(value, '$[1][1]') AS upto
        FROM json_each(%s)
    """,
    "postgresql": """
        SELECT CAST(pair #>> '{0,0}' AS bigint) AS after_turn,
            CAST(pair #>> '{0,1}' AS bigint) AS after,
            CAST(pair #>> '{1,0}' AS bigint) AS upto_turn,
            CAST(pair #>> '{1,1}' AS bigint) AS upto
        FROM jsonb_array_elements(CAST(%s AS jsonb)) AS each(pair)
    """,
}

_BEFORE_ALL = None

Place = tuple[int, int]


def positions(documents: Iterable[Document]) -> dict[UUID, int]:
    """The position in the queue, from 1, of each of these documents that waits its turn.

    Documents that are held have none, and are passed over in the count as by claims. One query,
    however many they are. While a circuit is open, those that need no model go on before all
    that do.
    """
    waiting = [document for document in documents if document.is_ready]
    counted, has_open_circuit = _counted(waiting, READY)
    if has_open_circuit and reasons.open_circuit() is not None:
        counted = _while_paused(waiting, counted)
    # At least 1: one that was claimed since it was read is not counted any more.
    return {pk: max(1, place) for pk, place in counted.items()}


def _while_paused(waiting: Sequence[Document], counted: dict[UUID, int]) -> dict[UUID, int]:
    """The same, where all that need no model are claimed first."""
    overtaking, _ = _counted(waiting, BUILT_IN)
    total = Document.objects.ready().without_model().count()
    return {
        document.pk: counted[document.pk] - overtaking[document.pk] + total
        if document.needs_model
        else overtaking[document.pk]
        for document in waiting
    }


def _counted(waiting: Sequence[Document], line: str) -> tuple[dict[UUID, int], bool]:
    """How many of this line stand at or before each of these, and whether a circuit is open."""
    if not waiting:
        return {}, False
    places = sorted({document.place for document in waiting})
    rows = _stretches(list(pairwise([_BEFORE_ALL, *places])), line)
    stretches = {upto: count for upto, count, _ in rows}
    counts = accumulate(stretches[number] for _, number in places)
    counted = dict(zip(places, counts, strict=True))
    found = {document.pk: counted[document.place] for document in waiting}
    return found, any(is_open for _, _, is_open in rows)


def _stretches(
    stretches: Sequence[tuple[Place | None, Place | None]], line: str
) -> list[tuple[int, int, Any]]:
    """For each stretch of the queue its last number and how many wait in it."""
    sql = COUNTED.format(
        stretches=STRETCHES[connection.vendor],
        place=line_sql.place_of("upto_turn", "upto", line),
        between=line_sql.between(("after_turn", "after"), ("upto_turn", "upto"), line),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(stretches)])
        return list(cursor.fetchall())
