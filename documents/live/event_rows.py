"""Events as they are read for streams: each with what its document is now, by constant SQL.

Read after every single commit, so neither planned nor unpacked by the ORM, which costs ten
times as much. In each statement the events are chosen first, so that only their documents are
looked up.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from documents.models import clock
from documents.results import Tick
from documents.waiting import line_sql

JUST_FINISHED = timedelta(minutes=1)
FEW = 4  # events whose places in the queue are counted one by one

COLUMNS = """event.id, event.owner_id, event.document_id, event.kind, event.status, event.attempt,
    event.reason, event.data, event.created_at, document.filename, document.failure,
    document.status, document.attempts, document.turn, document.queue_number,
    document.held_until IS NOT NULL, document.chosen_engine, document.external_id"""

# One in the trash is gone, as if deleted.
OF_ITS_DOCUMENT = """LEFT JOIN documents_document document
    ON document.id = event.document_id AND document.status <> 'trashed'"""

EVENTS_SINCE = f"""
SELECT {COLUMNS}
FROM (SELECT * FROM documents_statusevent WHERE id > %s ORDER BY id LIMIT %s) event
{OF_ITS_DOCUMENT}
ORDER BY event.id
"""  # noqa: S608

EVENTS_SINCE_WITH_POSITION = f"""
SELECT {COLUMNS},
    CASE WHEN event.status = 'pending' AND document.status = 'pending'
        AND document.held_until IS NULL
        -- While one is open, they are not claimed in the order of their places.
        AND NOT EXISTS (SELECT 1 FROM documents_opencircuit)
    THEN {line_sql.place_of("document.turn", "document.queue_number")} END
FROM (SELECT * FROM documents_statusevent WHERE id > %s ORDER BY id LIMIT %s) event
{OF_ITS_DOCUMENT}
ORDER BY event.id
"""  # noqa: S608

OWNER_EVENTS_SINCE = f"""
SELECT {COLUMNS}
FROM (
    SELECT * FROM documents_statusevent WHERE owner_id = %s AND id > %s ORDER BY id LIMIT %s
) event
{OF_ITS_DOCUMENT}
ORDER BY event.id
"""  # noqa: S608

DOCUMENT_EVENTS_SINCE = f"""
SELECT {COLUMNS}
FROM (
    SELECT * FROM documents_statusevent WHERE document_id = %s AND id > %s ORDER BY id LIMIT %s
) event
{OF_ITS_DOCUMENT}
ORDER BY event.id
"""  # noqa: S608

CHOSEN_EVENTS = f"""
SELECT {COLUMNS}
FROM (SELECT * FROM documents_statusevent WHERE id IN ({{}})) event
{OF_ITS_DOCUMENT}
ORDER BY event.id
"""  # noqa: S608

LATEST_OF_EACH = """
SELECT max(step.id) FROM (
    SELECT id FROM documents_document
    WHERE owner_id = %s AND status IN ('pending', 'processing', 'analyzing')
    UNION ALL
    -- By the time, not by the owner: there are few of the last minute.
    SELECT id FROM documents_document
    WHERE +owner_id = %s AND finished_at > %s AND status <> 'trashed'
) own
JOIN documents_statusevent step ON step.document_id = own.id AND step.kind = 'status'
WHERE step.id <= %s
GROUP BY own.id
ORDER BY max(step.id)
"""

LATEST_OF_ONE = """
SELECT id FROM documents_statusevent WHERE document_id = %s AND kind = 'status' AND id <= %s
ORDER BY id DESC LIMIT 1
"""

RESULTS = """
SELECT id, document_id, created_at, result FROM documents_analysis
WHERE document_id IN ({}) ORDER BY id
"""

TICKS = """
SELECT analysis_id, position, id, done FROM documents_actionitem WHERE analysis_id IN ({})
"""


class ResultRow(NamedTuple):
    """An analysis as far as an event tells of it, with its action items by position."""

    id: int
    document_id: UUID
    created_at: datetime
    result: dict[str, Any]
    ticks: dict[int, Tick]


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
    turn: int | None
    queue_number: int | None
    is_held: bool  # while it waits, by the budget of its owner
    chosen_engine: str | None
    external_id: str | None
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


def document_events_since(document_id: UUID, cursor: int, limit: int) -> list[EventRow]:
    return _read(DOCUMENT_EVENTS_SINCE, [_key(document_id), cursor, limit])


def latest_of_each(owner_id: int, upto: int) -> array[int]:
    """Ids of the newest status event of each document that is unfinished, or finished just now.

    All of them, for every document of the owner has to be looked at to know the first: asked for
    each batch of a long queue anew, that took minutes.
    """
    since = connection.ops.adapt_datetimefield_value(clock.told_by_database() - JUST_FINISHED)
    with connection.cursor() as cursor:
        cursor.execute(LATEST_OF_EACH, [owner_id, owner_id, since, upto])
        return array("q", (pk for (pk,) in cursor.fetchall()))


def latest_of(document_id: UUID, upto: int) -> array[int]:
    """The id of the newest status event of one document, however long ago; none if it is gone."""
    return array("q", (pk for (pk,) in _all(LATEST_OF_ONE, [_key(document_id), upto])))


def of_ids(ids: Collection[int]) -> list[EventRow]:
    """Those of these events that are still there, oldest first."""
    return _read(CHOSEN_EVENTS.format(", ".join(["%s"] * len(ids))), list(ids))


def results_of(documents: Collection[UUID]) -> list[ResultRow]:
    """All analyses of some documents, oldest first."""
    keys = [_key(document) for document in documents]
    found = [
        ResultRow(pk, document, created_at, result, {})
        for pk, document, created_at, result in _all(RESULTS, keys)
    ]
    by_id = {row.id: row._replace(**_plain(row), result=_json(row.result)) for row in found}
    if any(row.result.get("findings", {}).get("actionable_items") for row in by_id.values()):
        for analysis_id, position, pk, done in _all(TICKS, list(by_id)):
            by_id[analysis_id].ticks[position] = (pk, bool(done))
    return list(by_id.values())


def _key(document_id: UUID) -> Any:
    return document_id if connection.features.has_native_uuid_field else document_id.hex


def _all(sql: str, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(", ".join(["%s"] * len(keys))), keys)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _read(sql: str, parameters: list[Any]) -> list[EventRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_row(EventRow(*columns)) for columns in cursor.fetchall()]


def _row(raw: EventRow) -> EventRow:
    """The columns as Python knows them, whatever either database gives."""
    return raw._replace(**_plain(raw), data=_json(raw.data), failure=_json(raw.failure))


def _plain(raw: EventRow | ResultRow) -> dict[str, Any]:
    document, moment = raw.document_id, raw.created_at
    return {
        "document_id": document if isinstance(document, UUID) else UUID(document),
        "created_at": moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    }


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
