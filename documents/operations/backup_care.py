"""What becomes of backups: old ones are deleted, and one is looked at before it is needed."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from documents.operations import backup_archive, snapshot
from documents.operations.backup_archive import Backup, BackupFailed
from documents.operations.snapshot import SnapshotFailed

# As `backup.make` names what it puts into a folder.
OWN_NAME = re.compile(r"atom-\d{8}-\d{6}\.tar")


@dataclass(frozen=True)
class Verified:
    path: Path
    made_at: str
    documents: int
    files: int
    same: int  # files that are stored here with the same bytes
    gone: int  # files that are stored here no more
    changed: list[str]  # files whose bytes are others here


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest backups of a folder; returns what went.

    Only what `backup` wrote there under a name of its own: a file that somebody named, or that
    begins otherwise, stays.
    """
    own = sorted(path for path in folder.iterdir() if _is_own(path))
    old = own[: max(0, len(own) - keep)]
    for path in old:
        path.unlink()
    return old


def _is_own(path: Path) -> bool:
    if not OWN_NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        return False
    try:
        with tarfile.open(path) as archive:
            first = archive.next()
    except (OSError, tarfile.TarError):
        return False
    return first is not None and first.name == backup_archive.DATABASE


def newest(folder: Path) -> Path:
    own = sorted(path for path in folder.iterdir() if _is_own(path))
    if not own:
        raise BackupFailed(f"There is no backup in {folder}.")
    return own[-1]


def verify(path: Path) -> Verified:
    """Read a backup as a restoration would, open its database, and compare the files with ours."""
    try:
        path = newest(path) if path.is_dir() else path
        with tarfile.open(path) as archive, tempfile.TemporaryDirectory() as folder:
            saved = backup_archive.read(archive)  # Each byte of it is checked.
            database = Path(folder) / backup_archive.DATABASE
            saved.extract_database(database)
            _examine(database, saved)
            return _compared(path, saved)
    except (OSError, tarfile.TarError, EOFError, sqlite3.Error, SnapshotFailed) as error:
        raise BackupFailed(f"{path} cannot be verified: {error}") from error


def _examine(database: Path, saved: Backup) -> None:
    found = snapshot.count_documents(database, saved.manifest.engine)
    if found != saved.manifest.documents:
        raise BackupFailed(
            f"Its database holds {found} documents, and the manifest says "
            f"{saved.manifest.documents}. Use another backup."
        )


def _compared(path: Path, saved: Backup) -> Verified:
    same, gone, changed = 0, 0, []
    checksums = saved.manifest.checksums
    names = [name for name in checksums if name.startswith(backup_archive.MEDIA)]
    for name in names:
        found = _stored_checksum(name.removeprefix(backup_archive.MEDIA))
        if found is None:
            gone += 1
        elif found == checksums[name]:
            same += 1
        else:
            changed.append(name.removeprefix(backup_archive.MEDIA))
    made_at, documents = saved.manifest.made_at, saved.manifest.documents
    return Verified(path, made_at, documents, len(names), same, gone, changed)


def _stored_checksum(name: str) -> str | None:
    try:
        stored: Any = default_storage.open(name)
        with stored:
            return hashlib.file_digest(stored.file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
