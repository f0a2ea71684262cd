"""The way back from a backup: everything is checked before anything is touched."""

from __future__ import annotations

import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts import tokens
from accounts.models import User
from documents import events, queue, removal, storage
from documents.models import Document, StatusEvent, WorkerHeartbeat
from documents.operations import backup, snapshot
from documents.operations.backup import Backup, BackupFailed, Manifest
from documents.operations.snapshot import SnapshotFailed
from documents.originals import quarantine

# Ids of events given out between backup and restoration are not given out again for others.
SKIPPED_IDS = 1_000_000


def restore(path: Path, *, force: bool) -> Manifest:
    """Make this installation what the backed-up one was.

    Refuses a target that has anybody's data, or workers, unless `force`.
    """
    try:
        with tarfile.open(path) as archive:
            return _restore(backup.read(archive), force=force)
    except (OSError, tarfile.TarError, EOFError, SnapshotFailed) as error:
        raise BackupFailed(f"{path} cannot be restored: {error}") from error


def _restore(saved: Backup, *, force: bool) -> Manifest:
    _refuse_what_cannot_fit(saved.manifest)
    if not force and (reason := _in_use()):
        raise BackupFailed(f"{reason} Stop everything, and add --force to replace it.")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / backup.DATABASE
        saved.extract_database(database)
        # Files first: without their rows they harm nobody, rows without files would.
        for name, content in saved.files():
            _put_file(name, content)
        snapshot.put_back(database)
    # An older backup catches up; one of a newer version was refused above.
    call_command("migrate", verbosity=0)
    _settle(saved.manifest)
    return saved.manifest


def _refuse_what_cannot_fit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupFailed(
            f"The backup is of a {manifest.engine} database, and DATABASE_URL names "
            f"a {connection.vendor} one. Restore it into the same kind."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupFailed(
            f"The backup is of a newer version of ATOM (it knows {unknown[-1]}). "
            "Install that version first."
        )


def _in_use() -> str:
    """Whose data would be lost, or who is at work; blank if nobody."""
    # There may be no tables yet; on PostgreSQL a failed statement spoils its transaction.
    with suppress(DatabaseError), transaction.atomic():
        if WorkerHeartbeat.objects.alive().exists():
            return "A worker is running here."
        if Document.objects.exists() or User.objects.exists():
            return "There are documents or users here already."
    if next(storage.stored_documents(), None):
        return "There are uploaded files here already."
    return ""


def _put_file(name: str, content: bytes) -> None:
    if not name.startswith(f"{storage.UPLOADS}/"):
        raise BackupFailed(f"The backup holds a file of another kind: {name}.")
    default_storage.delete(name)
    if default_storage.save(name, ContentFile(content)) != name:
        raise BackupFailed(f"The file {name} could not be put in its place.")


def _settle(manifest: Manifest) -> None:
    """Nobody works here yet: what was running waits again, at its place; no lease expired."""
    WorkerHeartbeat.objects.all().delete()
    # Who signed out, or was signed out, after the backup would be signed in again.
    tokens.end_all_of_everybody()
    # Before the first event is written here.
    _skip_event_ids()
    for document in Document.objects.running().in_queue_order():
        queue.release(document)
    for document in Document.objects.filter(pk__in=manifest.deleted):
        removal.delete(document)
    # The id came with the database. What is newer than the backup is moved aside, not deleted.
    quarantine.adopt()


def _skip_event_ids() -> None:
    """Streams know events by id: one that was told must never come again as another."""
    table = StatusEvent._meta.db_table
    upto = events.latest_id() + SKIPPED_IDS
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, upto])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, upto])
