"""A hundred thousand documents of alice and some of bob, written by SQL in seconds."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, models

from documents.models import (
    ActionItem,
    Analysis,
    Classification,
    Document,
    DocumentTopic,
    ModelCall,
    Page,
    SearchEntry,
    StatusEvent,
    TrashedDocument,
)

MANY = 100_000
IS_POSTGRESQL = connection.vendor == "postgresql"

# Of each ten thousand, some wait, some run, some are in the trash.
STATUS = """CASE
    WHEN i % 10000 < 10 THEN 'pending' WHEN i % 10000 < 12 THEN 'processing'
    WHEN i % 10000 < 20 THEN 'trashed' WHEN i % 100 = 50 THEN 'failed'
    ELSE 'completed' END"""


FOUND: dict[str, Any] = {
    "summary": "All is well.",
    "topics": [],
    "sentiment": "neutral",
    "actionable_items": [],
    "findings": {
        "key_points": [],
        "topics": [],
        "sentiment": {"label": "neutral", "score": 0, "rationale": "", "evidence": []},
        "actionable_items": [],
        "unverified": [],
    },
    "language": "en",
    "coverage": {"pages_total": 1, "pages_read": 1, "not_read": []},
    "provenance": {"engine": "offline", "model": "", "prompt_version": "1", "calls": 0},
}


def identity(number: str) -> str:
    if IS_POSTGRESQL:
        return f"CAST(lpad(to_hex({number}), 32, '0') AS uuid)"
    return f"printf('%032x', {number})"


def seconds_ago(number: str) -> str:
    if IS_POSTGRESQL:
        return f"now() - ({number}) * interval '1 second'"
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({number}) || ' seconds')"


def day(number: str) -> str:
    return (
        f"date({seconds_ago(number)})" if not IS_POSTGRESQL else f"CAST(now() AS date) - {number}"
    )


def fill(owner_id: int, number: int = MANY, *, first: int = 1) -> None:
    """Finished some seconds apart, the last one just now; each with all that belongs to it."""
    upto = first + number - 1
    ago = f"{upto} - i + 60"
    long_ago = f"({ago}) * 600"  # Calls of two years: what is told of them is of the last days.
    numbers = (first, upto)
    pk, owner = identity("i"), str(owner_id)
    insert(Document, numbers, id=pk, owner_id=owner, filename="'file ' || i", size="1000",
           stored_bytes="9000", sha256=f"'{'0' * 50}' || i", file="'uploads/' || i",
           content_type="'text/plain'", status=STATUS, queue_number="i", page_count="1",
           attempts="1", created_at=seconds_ago(ago), queued_at=seconds_ago(ago),
           updated_at=seconds_ago(ago),
           started_at=seconds_ago(ago), language="'en'",
           finished_at=f"CASE WHEN i % 10000 < 12 THEN NULL ELSE {seconds_ago(ago)} END",
           lease_expires_at=f"CASE WHEN i % 10000 IN (10, 11) THEN {seconds_ago('-20')} END",
           claimed_by="CASE WHEN i % 10000 IN (10, 11) THEN 'worker' ELSE '' END")  # fmt: skip
    insert(TrashedDocument, numbers, "i % 10000 >= 12 AND i % 10000 < 20",
           document_id=pk, status="'completed'", trashed_at=seconds_ago(ago))  # fmt: skip
    insert(
        Page,
        numbers,
        document_id=pk,
        number="1",
        condition="'read'",
        text="'The quay wall is safe.'",
    )
    insert(StatusEvent, numbers, owner_id=owner, document_id=pk, kind="'status'",
           status="'pending'", created_at=seconds_ago(ago))  # fmt: skip
    insert(StatusEvent, numbers, owner_id=owner, document_id=pk, kind="'status'",
           status="'completed'", created_at=seconds_ago(ago))  # fmt: skip
    insert(Analysis, numbers, id="i", document_id=pk, engine="'offline'",
           result=f"'{json.dumps(FOUND)}'", prompt_version="'1'",
           summary="'All is well ' || i")  # fmt: skip
    insert(ActionItem, numbers, analysis_id="i", task="'Send it'", listed_for_id=owner,
           assignee_key="CASE WHEN i % 1000 = 0 THEN 'ana' ELSE '' END",
           due_date=f"CASE WHEN i % 1000 = 1 THEN {day('i % 20')} END",
           done=boolean("i % 500 > 0"))  # fmt: skip
    insert(Classification, numbers, document_id=pk, owner_id=owner, tone="'neutral'",
           kind="CASE WHEN i % 1000 = 0 THEN 'invoice' ELSE 'letter' END",
           analyzed_at=seconds_ago(ago))  # fmt: skip
    insert(DocumentTopic, numbers, classification_id=pk, owner_id=owner,
           key="CASE WHEN i % 1000 = 0 THEN 'quay' ELSE 'harbor ' || i % 100 END",
           label="CASE WHEN i % 1000 = 0 THEN 'quay' ELSE 'harbor ' || i % 100 END")  # fmt: skip
    insert(ModelCall, numbers, owner_id=owner, document_id=pk, model="'gpt-4.1'",
           state="'answered'", cost_usd="0.001", sent_at=seconds_ago(long_ago),
           closed_at=seconds_ago(long_ago))  # fmt: skip
    insert(SearchEntry, numbers, document_id=pk, part="1", owner_id=owner, name="'file'",
           text="CASE WHEN i % 1000 = 0 THEN 'the quay wall' ELSE 'the harbor' END")  # fmt: skip


def boolean(condition: str) -> str:
    return f"({condition})" if IS_POSTGRESQL else f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def insert(
    model: type[models.Model], numbers: tuple[int, int], condition: str = "1 = 1", /, **columns: str
) -> None:
    """A row for each number `i` that meets the condition; columns that are not named are blank."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.attname in columns or not (field.primary_key or getattr(field, "generated", False))
    ]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(columns.get(field.attname) or _blank(field) for field in fields)
    first, upto = numbers
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO {model._meta.db_table} ({names})
            WITH RECURSIVE numbers(i) AS (
                SELECT {first} UNION ALL SELECT i + 1 FROM numbers WHERE i < {upto}
            )
            SELECT {values} FROM numbers WHERE {condition}
        """)


def _blank(field: Any) -> str:
    if field.null:
        return "NULL"
    match field.get_internal_type():
        case "DateTimeField":
            return seconds_ago("0")
        case "BooleanField":
            return "false"
        case "JSONField":
            return "'{}'"
        case "CharField" | "TextField" | "FileField":
            return "''"
        case _:
            return "0"


def analyze() -> None:
    """As housekeeping and the server do before long: the planner knows how much there is."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
