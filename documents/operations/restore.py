"""The way back from a backup: everything is checked before anything is touched."""

from __future__ import annotations

import hashlib
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader

from accounts import tokens
from atom_project import presence
from documents import queue, removal, storage
from documents.models import Document, TaskFeed, WorkerHeartbeat
from documents.operations import backup_archive, in_use, snapshot, table_copies
from documents.operations.backup_archive import Backup, BackupFailed, Manifest
from documents.operations.postgresql_programs import ProgramFailed
from documents.operations.snapshot import SnapshotFailed
from documents.originals import quarantine
from documents.uploads.resumable import sweep
from documents.webhooks import subscriptions

DATABASE_ERRORS = (DatabaseError, InterfaceError, sqlite3.Error)


def restore(path: Path, *, force: bool) -> Manifest:
    """Make this installation what the backed-up one was.

    Refuses a target that has anybody's data, unless `force`; and always one where a worker or
    a web server is at work.
    """
    try:
        with tarfile.open(path) as archive, presence.alone():
            return _restore(backup_archive.read(archive), force=force)
    except presence.Present:
        raise BackupFailed(
            "A web server or a worker is running here. Stop it; --force replaces data only."
        ) from None
    except (OSError, tarfile.TarError, EOFError, *DATABASE_ERRORS) as error:
        raise BackupFailed(f"{path} cannot be restored: {error}") from error
    except (SnapshotFailed, ProgramFailed) as error:
        said = f"{path} cannot be restored: {error} The database is as it was."
        raise BackupFailed(said) from error


def _restore(saved: Backup, *, force: bool) -> Manifest:
    _refuse_what_cannot_fit(saved.manifest)
    in_use.refuse_living()
    if not force:
        in_use.refuse_data()
    with snapshot.workshop() as folder:
        database = folder / backup_archive.DATABASE
        saved.extract_database(database)
        prepared = snapshot.prepare(database)
        # Files first: without their rows they harm nobody, rows without files would.
        for name, checksum, content in saved.files():
            _put_file(name, checksum, content)
        snapshot.put_back(prepared)
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


def _put_file(name: str, checksum: str, content: Any) -> None:
    if not name.startswith(f"{storage.UPLOADS}/"):
        raise BackupFailed(f"The backup holds a file of another kind: {name}.")
    if _is_there(name, checksum):
        return  # A disk without room for a second one would take the first along.
    default_storage.delete(name)
    if default_storage.save(name, File(content)) != name:
        raise BackupFailed(f"The file {name} could not be put in its place.")


def _is_there(name: str, checksum: str) -> bool:
    try:
        stored: Any = default_storage.open(name)
        with stored:
            return hashlib.file_digest(stored.file, "sha256").hexdigest() == checksum
    except FileNotFoundError:
        return False


def _settle(manifest: Manifest) -> None:
    """Nobody works here yet: what was running waits again, at its place; no lease expired."""
    WorkerHeartbeat.objects.all().delete()
    # Who signed out, or was signed out, after the backup would be signed in again.
    tokens.end_all_of_everybody()
    # So would an address be open again that its owner ended since, because others had it.
    TaskFeed.objects.all().delete()
    # Their receivers may be somebody else's by now, or this a trial beside the real thing.
    subscriptions.pause_all()
    sweep.without_file()  # Backups leave part files out.
    # Before the first event is written here.
    table_copies.skip_event_ids(DEFAULT_DB_ALIAS)
    for document in Document.objects.running().in_queue_order():
        queue.release(document)
    for document in Document.with_trashed.filter(pk__in=manifest.deleted):
        removal.delete(document)
    # The id came with the database. What is newer than the backup is moved aside, not deleted.
    quarantine.adopt()
