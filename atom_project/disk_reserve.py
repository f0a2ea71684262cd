"""The disk reserve: room that uploads leave, so that deletes, logins and work always have some."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem

# Unless ATOM_DISK_RESERVE says otherwise, whichever is smaller.
USUAL_RESERVE = 100 * 1024**2
USUAL_SHARE = 0.05  # of a whole disk
PLENTY = sys.maxsize


def room() -> int:
    """Bytes that uploads may take; below zero where the reserve itself is begun.

    The least of the disks that an upload fills: files, database, temporary files.
    """
    return min((_room_on(folder) for folder in _folders()), default=PLENTY)


def room_for_files() -> int:
    """The same of the disk that stored files fill, which deleting documents makes larger."""
    return min((_room_on(folder) for folder in _folders_of_files()), default=PLENTY)


def _folders_of_files() -> list[Path]:
    # Not the disk of an object store.
    if not isinstance(default_storage, FileSystemStorage):
        return []
    return [Path(default_storage.location)]


def _folders() -> list[Path]:
    folders = _folders_of_files()
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).absolute().parent)
    if settings.FILE_UPLOAD_TEMP_DIR:
        folders.append(Path(settings.FILE_UPLOAD_TEMP_DIR))
    return folders


def _room_on(folder: Path) -> int:
    try:
        existing = next(path for path in [folder, *folder.parents] if path.exists())
        usage = shutil.disk_usage(existing)
    except OSError:
        return PLENTY  # Whoever stores something there is told why it cannot be done.
    return usage.free - reserve(usage.total)


def reserve(total: int) -> int:
    """Bytes kept free on a disk of this size."""
    if settings.ATOM_DISK_RESERVE is not None:
        return int(settings.ATOM_DISK_RESERVE)
    return min(USUAL_RESERVE, int(USUAL_SHARE * total))


def refusal(size: int) -> Problem | None:
    """Why an upload of so many bytes is not taken; None if there is room for it."""
    if size <= room():
        return None
    return Problem(
        507,
        ProblemCode.STORAGE_FULL,
        "The server has no room for this; it keeps a reserve for its work. Nothing was stored. "
        "Delete documents you do not need, or tell the operator.",
    )
