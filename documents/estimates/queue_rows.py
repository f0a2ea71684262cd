"""What an estimate rests on, read from the database by two statements of constant SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from documents.estimates.backtest import Past
from documents.estimates.durations import Size
from documents.estimates.forecast import Job

REMEMBERED = 300  # finished documents, the newest
FORESEEN = 200  # documents in the queue; what stands further back has no estimate
BUILT_IN = "offline"

# Slots of workers that live and whose account no open circuit holds. All by one clock: that of the
# database where several hosts share one. The literals let both databases use the partial indexes.
LINE = """
SELECT state.slots, state.now, line.*
FROM (
    SELECT {now} AS now, (
        SELECT sum(worker.slots) FROM documents_workerheartbeat worker
        WHERE worker.seen_at > {alive} AND NOT EXISTS (
            SELECT 1 FROM documents_opencircuit circuit WHERE circuit.account = worker.account
        )
    ) AS slots
) state
LEFT JOIN (
    SELECT id, turn, queue_number, chosen_engine, content_type, size, page_count, started_at
    FROM documents_document WHERE status IN ('processing', 'analyzing')
    UNION ALL
    SELECT * FROM (
        SELECT id, turn, queue_number, chosen_engine, content_type, size, page_count,
            CAST(NULL AS {moment}) AS started_at
        FROM documents_document WHERE status = 'pending' AND held_until IS NULL
        ORDER BY turn, queue_number LIMIT %s
    ) waiting
) line ON 1 = 1
ORDER BY line.turn, line.queue_number
"""

# What an identical file gave took no time of its own; what failed only stood in the way of others.
HISTORY = """
SELECT document.id, document.turn, document.queue_number, document.chosen_engine,
    document.content_type,
    document.size, document.page_count, document.queued_at, document.started_at,
    document.finished_at, document.status = 'completed' AND NOT EXISTS (
        SELECT 1 FROM documents_statusevent step
        WHERE step.document_id = document.id AND step.reason = 'reused'
            AND step.attempt = document.attempts
    ),
    analysis.engine, analysis.model
FROM (
    SELECT * FROM documents_document
    WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT %s
) document
LEFT JOIN documents_analysis analysis ON analysis.id = (
    SELECT max(newest.id) FROM documents_analysis newest WHERE newest.document_id = document.id
)
WHERE document.started_at IS NOT NULL
ORDER BY document.finished_at DESC
"""


@dataclass(frozen=True)
class Line:
    """What runs and what waits, in queue order, at a moment of the clock that all hosts share."""

    now: datetime
    slots: int
    jobs: tuple[Job, ...]

    @property
    def is_full(self) -> bool:
        """Whether more may wait behind those that were read."""
        return sum(job.elapsed is None for job in self.jobs) >= FORESEEN


def read_line() -> Line:
    if connection.vendor == "postgresql":
        sql = LINE.format(
            now="clock_timestamp()",
            alive="clock_timestamp() - make_interval(secs => %s)",
            moment="timestamptz",
        )
        parameters: list[Any] = [settings.LEASE.total_seconds(), FORESEEN]
    else:
        sql = LINE.format(now="%s", alive="%s", moment="datetime")
        now, adapt = timezone.now(), connection.ops.adapt_datetimefield_value
        parameters = [adapt(now), adapt(now - settings.LEASE), FORESEEN]
    rows = _read(sql, parameters)
    slots, now = rows[0][0] or 0, _moment(rows[0][1])
    return Line(now, int(slots), tuple(_job(row[2:], now) for row in rows if row[2] is not None))


def read_history() -> list[Past]:
    """The newest finished documents, the newest first. Those in the trash took their time, too."""
    return [_past(row) for row in _read(HISTORY, [REMEMBERED])]


def _read(sql: str, parameters: list[Any]) -> list[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _job(row: Sequence[Any], now: datetime) -> Job:
    pk, _, _, chosen, kind, size, pages, started_at = row
    elapsed = max(0.0, (now - _moment(started_at)).total_seconds()) if started_at else None
    return Job(_uuid(pk), Size(_engine(chosen), kind, size, pages), elapsed)


def _past(row: Sequence[Any]) -> Past:
    pk, turn, number, chosen, kind, size, pages, *moments, is_measure, engine, model = row
    read_by = (BUILT_IN if engine == BUILT_IN else model) if engine else _engine(chosen)
    queued_at, started_at, finished_at = map(_moment, moments)
    return Past(
        document_id=_uuid(pk),
        place=(turn, number),
        size=Size(read_by, kind, size, pages),
        queued_at=queued_at,
        started_at=started_at,
        finished_at=finished_at,
        is_measure=bool(is_measure) and bool(engine),
    )


def _engine(chosen: str) -> str:
    """The engine that will read it: its owner's choice, or that of the settings."""
    configured = BUILT_IN if settings.ANALYSIS_ENGINE == BUILT_IN else settings.ATOM_MODEL
    return chosen or configured


def _uuid(raw: Any) -> UUID:
    return raw if isinstance(raw, UUID) else UUID(raw)


def _moment(raw: Any) -> datetime:
    """As Python knows it, whatever either database gives."""
    moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
