"""Running totals of what each person has, kept by triggers in the transaction of every change.

So lists tell how many documents there are, and quotas what is left, without walking over them.
Triggers, because whoever writes or deletes a row is counted, whichever way it is done.

On PostgreSQL the row of totals is locked after that of the document and after the event log, until
the transaction ends. Where both are written by one statement, triggers of the log come first: taken
in another order elsewhere, two would wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, connections, models, transaction

_ADDED = """
    INSERT INTO documents_ownertotals (owner_id, documents, bytes)
    VALUES (new.owner_id, 1, coalesce(new.stored_bytes, new.size))
    ON CONFLICT (owner_id) DO UPDATE SET
        documents = documents_ownertotals.documents + 1,
        bytes = documents_ownertotals.bytes + excluded.bytes;
"""
_REMOVED = """
    UPDATE documents_ownertotals SET
        documents = documents - 1, bytes = bytes - coalesce(old.stored_bytes, old.size)
    WHERE owner_id = old.owner_id;
"""
_EVENT_LOCK = 0x41544F4D_0002  # of the event log, see migration 0002
_CHANGE = "UPDATE OF owner_id, stored_bytes, size"

# By name, what each does; PostgreSQL has one for all, with a function.
_SQLITE = {
    "documents_owned_added": f"AFTER INSERT ON documents_document BEGIN {_ADDED} END",
    "documents_owned_removed": f"AFTER DELETE ON documents_document BEGIN {_REMOVED} END",
    "documents_owned_changed": (
        f"AFTER {_CHANGE} ON documents_document BEGIN {_REMOVED} {_ADDED} END"
    ),
}
_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION documents_owned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({_EVENT_LOCK});
    IF TG_OP <> 'INSERT' THEN {_REMOVED} END IF;
    IF TG_OP <> 'DELETE' THEN {_ADDED} END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER documents_owned AFTER INSERT OR DELETE OR {_CHANGE} ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_owned();
"""
_FOUND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%owned%'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname = 'documents_owned'",
}
_COUNT_ANEW = """
INSERT INTO documents_ownertotals (owner_id, documents, bytes)
SELECT owner_id, count(*), sum(coalesce(stored_bytes, size)) FROM documents_document
GROUP BY owner_id
"""

# One statement, so that all of it is of one moment.
_COUNTS = """
SELECT '', documents, bytes FROM documents_ownertotals WHERE owner_id = %s
UNION ALL
SELECT status, count(*), 0 FROM documents_document WHERE owner_id = %s AND status IN ({})
GROUP BY status
"""
# Room is held for what comes in pieces from its first byte on: 20 files would each be told of the
# same rest.
_UNFINISHED = """
UNION ALL
SELECT 'unfinished', count(*), coalesce(sum(length), 0) FROM documents_resumableupload
WHERE owner_id = %s AND finished_at IS NULL AND failure IS NULL
"""
_COUNTS_OF_ALL = """
SELECT '', sum(documents), sum(bytes) FROM documents_ownertotals
UNION ALL
SELECT status, count(*), 0 FROM documents_ownertotals
JOIN documents_document USING (owner_id) WHERE status IN ({})
GROUP BY status
"""


class OwnerTotals(models.Model):
    """What one person has, in the trash too."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
    )
    documents = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0, help_text="files, with text and analyses")

    class Meta:
        verbose_name_plural = "owner totals"

    def __str__(self) -> str:
        return f"{self.documents} documents"


def read(
    owner_id: int | None, statuses: Iterable[str], *, with_unfinished: bool = False
) -> tuple[int, int, dict[str, int]]:
    """Documents and bytes of this person, or of all, and how many have each of these statuses.

    `with_unfinished` counts a person's unfinished resumable uploads as documents, whole.

    Only what has such a status is walked over, in an index.
    """
    parameters: list[Any] = list(statuses)
    marks = ", ".join(["%s"] * len(parameters))
    sql = _COUNTS_OF_ALL.format(marks)
    if owner_id is not None:
        sql, parameters = _COUNTS.format(marks), [owner_id, owner_id, *parameters]
        if with_unfinished:
            sql, parameters = sql + _UNFINISHED, [*parameters, owner_id]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = {status: (number, size) for status, number, size in cursor.fetchall()}
    told = rows.pop("", (0, 0)), rows.pop("unfinished", (0, 0))
    documents, size = (
        sum(int(figure or 0) for figure in column) for column in zip(*told, strict=True)
    )
    return documents, size, {status: number for status, (number, _) in rows.items()}


def keep(using: str = "default", **more: Any) -> None:
    """Make the triggers where there are none, and count anew; after every `migrate`.

    SQLite loses them whenever a migration copies the table of documents.
    """
    database = connections[using]
    with database.cursor() as cursor:
        cursor.execute(_FOUND[database.vendor])
        found = len(cursor.fetchall())
        if found >= (1 if database.vendor == "postgresql" else len(_SQLITE)):
            return
        if OwnerTotals._meta.db_table not in database.introspection.table_names(cursor):
            return  # Migrated back to before there were any.
    with transaction.atomic(using=using), database.cursor() as cursor:
        # First, for on PostgreSQL that keeps all who write out until the end of this.
        forget(using)
        for statement in _statements(database.vendor):
            cursor.execute(statement)
        cursor.execute("DELETE FROM documents_ownertotals")
        cursor.execute(_COUNT_ANEW)


def forget(using: str) -> None:
    """Drop the triggers."""
    database = connections[using]
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS documents_owned ON documents_document")
            return
        for name in _SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [_POSTGRESQL]
    return [f"CREATE TRIGGER {name} {does}" for name, does in _SQLITE.items()]
