"""How many rows and steps a query takes, and many held documents for it to pass over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from documents.models import BudgetHold, Document

FEW_STEPS = 500  # of SQLite's virtual machine; a probe takes about a hundred


def held_ahead(document: Document, number: int) -> None:
    """Hold this document's owner, with so many copies of the document ahead of all others."""
    until = timezone.now() + timedelta(days=1)
    BudgetHold.objects.create(owner_id=document.owner_id, until=until, budget=1)
    Document.objects.filter(pk=document.pk).update(held_until=until)
    another = "gen_random_uuid()" if connection.vendor == "postgresql" else _RANDOM_ID
    columns = {field.column: field.column for field in Document._meta.local_fields}
    columns |= {"id": another, "queue_number": "-1 - i"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO documents_document ({', '.join(columns)}) "
            f"WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted "
            f"WHERE i < %s) SELECT {', '.join(columns.values())} "
            "FROM counted, documents_document WHERE id = %s",
            [number, Document._meta.pk.get_db_prep_value(document.pk, connection)],
        )


_RANDOM_ID = "lower(hex(randomblob(16)))"


def is_one_probe(rows: QuerySet[Any]) -> bool:
    """Whether the database answers without looking at any row or entry it does not return."""
    if connection.vendor == "postgresql":
        return _touched(json.loads(rows.explain(analyze=True, format="json"))[0]["Plan"]) <= 1
    return steps_of(lambda: list(rows)) < FEW_STEPS


def _touched(node: dict[str, Any]) -> int:
    """The most rows that any step of the plan gave or threw away."""
    thrown_away = node.get("Rows Removed by Filter", 0)
    below = [_touched(child) for child in node.get("Plans", [])]
    return max([int(node["Actual Rows"]) + int(thrown_away), *below])


def steps_of(act: Callable[[], Any]) -> int:
    """Instructions of SQLite's virtual machine that this takes; the same each time."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 1)
    try:
        act()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return taken
