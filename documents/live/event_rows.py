"""Events as they are read for streams: each with what its document is now, by constant SQL.

Read after every single commit, so neither planned nor unpacked by the ORM, which costs ten
times as much. In each statement the events are chosen first, so that only their documents are
looked up.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

JUST_FINISHED = timedelta(minutes=1)
FEW = 4  # events whose places in the queue are counted one by one

COLUMNS = """event.id, event.owner_id, event.document_id, event.kind, event.status, event.attempt,
    event.reason, event.data, event.created_at, document.filename, document.failure,
    document.status, document.attempts, document.queue_number,
    document.held_until IS NOT NULL"""

EVENTS_SINCE = f"""
SELECT {COLUMNS}
FROM (SELECT * FROM documents_statusevent WHERE id > %s ORDER BY id LIMIT %s) event
LEFT JOIN documents_document document ON document.id = event.document_id
ORDER BY event.id
"""  # noqa: S608

EVENTS_SINCE_WITH_POSITION = f"""
SELECT {COLUMNS},
    CASE WHEN event.status = 'pending' AND document.status = 'pending'
        AND document.held_until IS NULL
    THEN (
        SELECT count(*) FROM documents_document ahead
        WHERE ahead.status = 'pending' AND ahead.held_until IS NULL
            AND ahead.queue_number <= document.queue_number
    ) END
FROM (SELECT * FROM documents_statusevent WHERE id > %s ORDER BY id LIMIT %s) event
LEFT JOIN documents_document document ON document.id = event.document_id
ORDER BY event.id
"""  # noqa: S608

OWNER_EVENTS_SINCE = f"""
SELECT {COLUMNS}
FROM (
    SELECT * FROM documents_statusevent WHERE owner_id = %s AND id > %s ORDER BY id LIMIT %s
) event
LEFT JOIN documents_document document ON document.id = event.document_id
ORDER BY event.id
"""  # noqa: S608

LATEST_OF_EACH = f"""
SELECT {COLUMNS}
FROM (
    SELECT * FROM documents_statusevent WHERE id IN (
        SELECT max(step.id) FROM documents_document own
        JOIN documents_statusevent step ON step.document_id = own.id AND step.kind = 'status'
        WHERE own.owner_id = %s
            AND (own.status NOT IN ('completed', 'failed') OR own.finished_at > %s)
            AND step.id <= %s
        GROUP BY own.id
        HAVING max(step.id) > %s
        ORDER BY max(step.id)
        LIMIT %s
    )
) event
LEFT JOIN documents_document document ON document.id = event.document_id
ORDER BY event.id
"""  # noqa: S608


class EventRow(NamedTuple):
    """An event with what its document is now; all None where that is gone."""

    id: int
    owner_id: int
    document_id: UUID
    kind: str
    status: str
    attempt: int
    reason: str
    data: dict[str, Any] | None
    created_at: datetime
    filename: str | None
    failure: dict[str, Any] | None
    current_status: str | None
    attempts: int | None
    queue_number: int | None
    is_held: bool  # while it waits, by the budget of its owner
    position: int | None = None  # in the queue, from 1, where it was counted along


def events_since(cursor: int, limit: int) -> list[EventRow]:
    """Events of all owners in the order they were committed.

    Mostly there is one, told within a millisecond: its place in the queue comes with it. Of
    many the places are counted together, because each count walks the queue.
    """
    few = _read(EVENTS_SINCE_WITH_POSITION, [cursor, min(FEW, limit)])
    return few if len(few) < FEW else _read(EVENTS_SINCE, [cursor, limit])


def owner_events_since(owner_id: int, cursor: int, limit: int) -> list[EventRow]:
    return _read(OWNER_EVENTS_SINCE, [owner_id, cursor, limit])


def latest_of_each(owner_id: int, cursor: int, upto: int, limit: int) -> list[EventRow]:
    """The newest status event of each document that is unfinished, or finished just now."""
    since = connection.ops.adapt_datetimefield_value(timezone.now() - JUST_FINISHED)
    return _read(LATEST_OF_EACH, [owner_id, since, upto, cursor, limit])


def _read(sql: str, parameters: list[Any]) -> list[EventRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_row(EventRow(*columns)) for columns in cursor.fetchall()]


def _row(raw: EventRow) -> EventRow:
    """The columns as Python knows them, whatever either database gives."""
    return raw._replace(
        document_id=raw.document_id if isinstance(raw.document_id, UUID) else UUID(raw.document_id),
        created_at=raw.created_at if raw.created_at.tzinfo else raw.created_at.replace(tzinfo=UTC),
        data=_json(raw.data),
        failure=_json(raw.failure),
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
