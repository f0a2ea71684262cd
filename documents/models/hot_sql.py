"""The hot statements as constant SQL: a claim, a step of a document with its event, a count.

Every document takes them, and the ORM needs ten times as long to write them as a database to
carry them out. They change what the ORM would change, row by row (`tests/queue/test_hot_sql.py`);
everything else is ORM. `queue` and `events` decide who may claim and which steps there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Field
from django.db.models.sql import Query
from django.utils import timezone

from documents.models.documents import Document

# Any number, as long as nothing else on the database server uses it.
QUEUE_LOCK = 0x41544F4D_0001

# Who is next: the order of the queue, as `DocumentQuerySet.in_queue_order` has it for the ORM.
ORDER = "turn, queue_number"

# As `ready()` and `without_model()`, in the words of their partial indexes.
READY = "status = 'pending' AND held_until IS NULL"
WITHOUT_MODEL = READY + " AND chosen_engine = 'offline'"

HEAD = "SELECT id FROM documents_document WHERE {line} ORDER BY {order} LIMIT 1"

# The optimistic lock, as `at_version()`.
STEP = """
    UPDATE documents_document SET {assignments}
    WHERE id = %s AND status = %s AND attempts = %s
"""
# Then the event, from the row as it is by now.
EVENT = """
    INSERT INTO documents_statusevent
        (owner_id, document_id, kind, status, attempt, reason, created_at)
    SELECT owner_id, id, 'status', status, attempts, %s, updated_at
    FROM documents_document WHERE id = %s
"""

# The last column says whether another document of the owner has the same bytes.
SQLITE_CLAIM = """
    UPDATE documents_document SET
        status = 'processing', attempts = attempts + 1, claimed_by = %s,
        started_at = %s, updated_at = %s, lease_expires_at = %s
    WHERE id = ({head})
    RETURNING {columns}, EXISTS (
        SELECT 1 FROM documents_document AS twin
        WHERE twin.owner_id = documents_document.owner_id
            AND twin.sha256 = documents_document.sha256 AND twin.id <> documents_document.id
    )
"""
# One round trip. The lock is a statement of its own, so that the claim sees what was committed
# while it waited, and has the time after the wait. `told` comes when `moved` has locked its row:
# the trigger of the log takes the lock that all others wait for.
POSTGRESQL_CLAIM = """
    SELECT pg_advisory_xact_lock({lock});
    WITH clock AS (SELECT clock_timestamp() AS now), moved AS (
        UPDATE documents_document SET
            status = 'processing', attempts = attempts + 1, claimed_by = %s,
            started_at = now, updated_at = now, lease_expires_at = now + %s
        FROM clock WHERE id = ({head} FOR NO KEY UPDATE)
        RETURNING documents_document.*
    ), told AS (
        INSERT INTO documents_statusevent
            (owner_id, document_id, kind, status, attempt, reason, created_at)
        SELECT owner_id, id, 'status', status, attempts, '', updated_at FROM moved
    )
    SELECT {columns}, EXISTS (
        SELECT 1 FROM documents_document AS twin
        WHERE twin.owner_id = moved.owner_id
            AND twin.sha256 = moved.sha256 AND twin.id <> moved.id
    ) FROM moved
"""

# One round trip as well, and a transaction of its own where there is none around it. Whatever is
# not asked for is carried out after the rest: the log is locked when the row is, and counters,
# which come from what was told, when the log is. So everybody does.
POSTGRESQL_STEP = """
    WITH moved AS ({step} RETURNING documents_document.*), told AS (
        INSERT INTO documents_statusevent
            (owner_id, document_id, kind, status, attempt, reason, created_at)
        SELECT owner_id, id, 'status', status, attempts, %s, updated_at FROM moved
        RETURNING id
    ) {counted} SELECT updated_at FROM moved
"""
COUNTED = """
    , counted AS (
        INSERT INTO documents_counter (name, label, value)
        SELECT counts.name, counts.label, 1 FROM told, (VALUES {counts}) AS counts (name, label)
        {or_add}
    )
"""
COUNT = "INSERT INTO documents_counter (name, label, value) VALUES (%s, %s, %s) {or_add}"
OR_ADD = """
    ON CONFLICT (name, label) DO UPDATE SET value = documents_counter.value + excluded.value
"""


def is_understood() -> bool:
    """Whether this database can take the claim; SQLite before 3.35 has no RETURNING."""
    return connection.features.can_return_columns_from_insert


def is_anybody_ready(*, without_model: bool = False) -> bool:
    """Whether a document may be claimed; takes no lock."""
    with connection.cursor() as cursor:
        cursor.execute(_head(without_model))
        return cursor.fetchone() is not None


def claim(worker: str, *, without_model: bool = False) -> Document | None:
    """Give the first that is ready to this worker and record it; None where there is none.

    Under the queue lock, in the caller's transaction or one of its own. The document is as it is
    now, and knows whether it may have a twin.
    """
    claim_here = _claim_on_postgresql if connection.vendor == "postgresql" else _claim_on_sqlite
    row = claim_here(worker, _head(without_model))
    return _document(row) if row else None


def _head(without_model: bool) -> str:
    return HEAD.format(line=WITHOUT_MODEL if without_model else READY, order=ORDER)


def _claim_on_sqlite(worker: str, head: str) -> Sequence[Any] | None:
    # Its one writer is the queue lock.
    with transaction.atomic(), connection.cursor() as cursor:
        now = timezone.now()
        moments = map(connection.ops.adapt_datetimefield_value, (now, now, now + settings.LEASE))
        cursor.execute(SQLITE_CLAIM.format(head=head, columns=_columns()), [worker, *moments])
        rows = cursor.fetchall()
        if not rows:
            return None
        cursor.execute(EVENT, ["", rows[0][0]])
        return cast("Sequence[Any]", rows[0])


def _claim_on_postgresql(worker: str, head: str) -> Sequence[Any] | None:
    statement = POSTGRESQL_CLAIM.format(lock=QUEUE_LOCK, head=head, columns=_columns())
    values: list[Any] = [worker, settings.LEASE]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.nextset()
        return cast("Sequence[Any] | None", cursor.fetchone())


def steps_are_whole() -> bool:
    """Whether a step is one statement, which needs no transaction around it."""
    return connection.vendor == "postgresql"


def step(
    document: Document,
    changes: Mapping[str, Any],
    *,
    reason: str,
    counts: Sequence[tuple[str, str]] = (),
) -> datetime | None:
    """Change these columns, if nobody has moved the document, and record its status then.

    The moment of the change, `updated_at`, which has to be among them; None where somebody has
    moved it, and nothing is changed. `counts` are names and labels of counters that it adds one
    to. In the caller's transaction, see `steps_are_whole`.
    """
    assignments, values = _assignments(changes)
    pk = Document._meta.pk.get_db_prep_value(document.pk, connection)
    values += [pk, document.status, document.attempts]
    statement = STEP.format(assignments=assignments)
    if steps_are_whole():
        return _step_on_postgresql(statement, values, reason, counts)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if not cursor.rowcount:
            return None
        cursor.execute(EVENT, [reason, pk])
    for name, label in counts:
        count(name, label, 1)
    return cast(datetime, changes["updated_at"])


def _step_on_postgresql(
    step: str, values: list[Any], reason: str, counts: Sequence[tuple[str, str]]
) -> datetime | None:
    """The moment is by the clock of the database, see `clock`."""
    rows = ", ".join(["(%s, %s)"] * len(counts))
    counted = COUNTED.format(counts=rows, or_add=OR_ADD) if counts else ""
    statement = POSTGRESQL_STEP.format(step=step, counted=counted)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, reason, *chain.from_iterable(counts)])
        row = cursor.fetchone()
    return cast(datetime, row[0]) if row else None


def count(name: str, label: str, number: int) -> None:
    """Add so many to a counter, which may be new. In the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(or_add=OR_ADD), (name, label, number))


def _assignments(changes: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Columns and values as the database takes them; expressions as the ORM writes them."""
    compiler = Query(Document).get_compiler(connection=connection)
    assignments: list[str] = []
    values: list[Any] = []
    for name, value in changes.items():
        field = cast("Field[Any, Any]", Document._meta.get_field(name))
        if hasattr(value, "resolve_expression"):
            expression = value.resolve_expression(compiler.query, allow_joins=False, for_save=True)
            sql, parameters = compiler.compile(expression)
        else:
            sql, parameters = "%s", (field.get_db_prep_save(value, connection),)
        assignments.append(f"{field.column} = {sql}")
        values += parameters
    return ", ".join(assignments), values


def _columns() -> str:
    return ", ".join(str(field.column) for field in Document._meta.concrete_fields)


def _document(row: Sequence[Any]) -> Document:
    """The row as the ORM would have read it."""
    fields = Document._meta.concrete_fields
    compiler = Query(Document).get_compiler(connection=connection)
    converters = compiler.get_converters([field.cached_col for field in fields])
    [values] = compiler.apply_converters([row[:-1]], converters)
    document = Document.from_db(connection.alias, [field.attname for field in fields], values)
    document.may_have_twin = bool(row[-1])
    return document
