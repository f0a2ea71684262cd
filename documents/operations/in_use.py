"""Whether an installation is in use: who is at work, and whose data would be lost."""

from __future__ import annotations

from contextlib import suppress

from django.db import DatabaseError, connection, transaction

from accounts.models import User
from documents import storage, wakeup
from documents.models import Document, WorkerHeartbeat
from documents.operations.backup_archive import BackupFailed
from documents.originals import ownership


def refuse_living() -> None:
    """Raises `BackupFailed` beside a worker, or a web server with open streams, of any host."""
    if reason := living():
        raise BackupFailed(f"{reason} --force replaces data only.")


def living() -> str:
    """Who is at work on this database, as a sentence that says what to do; blank if nobody.

    Those of this machine hold a lock (`presence`), however damaged the database is.
    """
    # There may be no tables yet; on PostgreSQL a failed statement spoils its transaction.
    with suppress(DatabaseError), transaction.atomic():
        if hosts := list(WorkerHeartbeat.objects.alive().values_list("host", flat=True)[:5]):
            return (
                f"A worker is running here ({', '.join(sorted(set(hosts)))}). Stop it; one that "
                "was killed counts for half a minute."
            )
    if connection.vendor == "postgresql" and _others_listen():
        return "A web server or a worker holds a connection to this database. Stop it."
    return ""


def _others_listen() -> bool:
    """Whether somebody sleeps on this database until it notifies: nobody but ATOM does so."""
    listening = [f"LISTEN {channel}" for channel in (wakeup.QUEUE, wakeup.EVENTS)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND query = ANY(%s) LIMIT 1",
            [listening],
        )
        return cursor.fetchone() is not None


def refuse_data() -> None:
    """Raises `BackupFailed` where there are documents, users or files already."""
    if reason := _data():
        raise BackupFailed(f"{reason} Stop everything, and add --force to replace it.")


def _data() -> str:
    try:
        has_tables = Document._meta.db_table in ownership.tables()
        if has_tables and (Document.with_trashed.exists() or User.objects.exists()):
            return "There are documents or users here already."
    except DatabaseError:
        return "There is a database here already, and it cannot be read."
    if next(storage.stored_documents(), None):
        return "There are uploaded files here already."
    return ""
