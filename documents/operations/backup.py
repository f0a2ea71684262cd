"""A copy of everything that belongs together, made while people upload and workers read.

One tar file: `database`, `media/…` and, last, `manifest.json` with a checksum of each. The
database comes first, then the files it speaks of: a file that is deleted in between is named
in the manifest, one that is uploaded in between is in the next backup.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from atom_project import paths
from documents.models import Document
from documents.operations import snapshot
from documents.operations.backup_archive import (
    DATABASE,
    MANIFEST,
    MEDIA,
    BackupFailed,
    Manifest,
)
from documents.operations.postgresql_programs import ProgramFailed
from documents.operations.snapshot import SnapshotFailed, StoredFile
from documents.originals import quarantine
from documents.storage import MediaUnavailable


def make(target: Path) -> tuple[Path, Manifest]:
    """Write a backup into a folder, or under a name of its own; nothing is overwritten.

    A name of its own ends in `.tar`: anything else is a folder, which has to be there.
    """
    path = _path(target)
    try:
        with snapshot.room_beside(path) as folder:
            manifest = _write(folder / "draft", folder / DATABASE)
            snapshot.finish(folder / "draft", path)
    except (OSError, SnapshotFailed, ProgramFailed, MediaUnavailable) as error:
        raise BackupFailed(str(error)) from error
    except (DatabaseError, InterfaceError, sqlite3.Error) as error:
        raise BackupFailed(_why(error, path)) from error
    return path, manifest


def _path(target: Path) -> Path:
    path = target / f"atom-{timezone.now():%Y%m%d-%H%M%S}.tar" if target.is_dir() else target
    if path.exists():
        raise BackupFailed(f"{path} exists already. Give another name.")
    if path.suffix != ".tar":
        raise BackupFailed(
            f"There is no folder {path}. Make it first, or give the name of a file in .tar."
        )
    return path


def _why(error: Exception, path: Path) -> str:
    said = " ".join(str(error).split())
    if "disk is full" in said:  # SQLite's sentence.
        return f"There is no room for a backup in {path.parent}. Free some, or use another disk."
    return (
        f"The database cannot be saved: {said}. Check that DATABASE_URL and ATOM_DATA_DIR name "
        f"the right one, and run {paths.command('doctor')}."
    )


def _write(draft: Path, database: Path) -> Manifest:
    files = snapshot.take(database)
    manifest = Manifest(
        made_at=timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        engine=connection.vendor,
        engine_version=snapshot.server_version(),
        migrations=applied_migrations(),
        documents=len(files),
    )
    # Before its first byte: everybody's documents will be in it.
    draft.touch(mode=0o600)
    with tarfile.open(draft, "w") as archive:
        manifest.checksums[DATABASE] = checksum(database)
        archive.add(database, DATABASE)
        database.unlink()
        for file in files:
            _add(archive, file, manifest)
        # Last: an archive that was cut short has none, and is refused.
        _add_bytes(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
    return manifest


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _add(archive: tarfile.TarFile, file: StoredFile, manifest: Manifest) -> None:
    try:
        stored = _opened(file)
    except FileNotFoundError:
        exists = Document.with_trashed.filter(pk=file.document_id).exists()
        (manifest.lost if exists else manifest.deleted).append(str(file.document_id))
        return
    with stored:
        # In pieces, as it may have 2 GB; read twice, as the archive tells its size first.
        found = hashlib.file_digest(stored, "sha256").hexdigest()
        if found != file.sha256:
            manifest.damaged.append(str(file.document_id))
        manifest.checksums[MEDIA + file.name] = found
        size = stored.seek(0, os.SEEK_END)
        stored.seek(0)
        archive.addfile(_member(MEDIA + file.name, size), stored)


def _opened(file: StoredFile) -> Any:
    try:
        return default_storage.open(file.name).file
    except FileNotFoundError:
        # It may be in quarantine, moved there under a database that did not know it.
        if not quarantine.bring_back(file.document_id):
            raise
        return default_storage.open(file.name).file


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_member(name, len(content)), io.BytesIO(content))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o600
    member.mtime = int(timezone.now().timestamp())
    return member


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
