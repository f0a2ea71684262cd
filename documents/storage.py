"""Where the bytes of documents rest, durably on the disk before anyone is told so."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem

logger = logging.getLogger(__name__)

UPLOADS = "uploads"


class MediaUnavailable(Problem):
    """The store of files cannot be reached, or refuses its key; `str` says which to operators."""

    def __init__(self, why: str) -> None:
        super().__init__(
            503,
            ProblemCode.STORAGE_UNAVAILABLE,
            "The store of files is away. Nothing was changed. Try again in a moment.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
        self.why = why

    def __str__(self) -> str:
        return self.why


class DurableFileSystemStorage(FileSystemStorage):
    """A file is on the disk, and so is its folder's entry, when `save` returns.

    Beside Django's methods, those that `ObjectStore` has as well.
    """

    def _save(self, name: str, content: File[bytes]) -> str:
        stored: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(stored))
        sync(path)
        # The document's own folder and the two above it may be new as well.
        for folder in list(path.parents)[:3]:
            sync(folder)
            if folder == Path(self.location):
                break
        return stored

    def delete_folder(self, name: str) -> None:
        shutil.rmtree(self.path(name), ignore_errors=True)

    def old_folders(self, name: str, age: float) -> Iterator[str]:
        """Names of folders in this one that nothing was put into for so many seconds."""
        parent = Path(self.path(name))
        youngest = time.time() - age
        for folder in parent.iterdir() if parent.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):  # Gone this moment.
                if folder.stat().st_mtime < youngest:
                    yield folder.name

    def free_bytes(self) -> int:
        folder = Path(self.location)
        existing = next(path for path in [folder, *folder.parents] if path.exists())
        return shutil.disk_usage(existing).free


def sync(path: Path) -> None:
    """The file or folder is on the disk when this returns (fsync)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


media: Any = default_storage  # Ours: `DurableFileSystemStorage` or `ObjectStore`.


def store(document_id: UUID, safe_name: str, content: File[bytes]) -> str:
    """Keep the bytes whole, or nothing of them; returns their name in the storage."""
    content.seek(0)
    try:
        return default_storage.save(f"{UPLOADS}/{document_id}/{safe_name}", content)
    except BaseException:
        discard(document_id)  # A full disk leaves the part that still fitted.
        raise


def discard(document_id: UUID, name: str | None = None) -> None:
    """Remove a document's file and folder; what is gone already is no error."""
    try:
        if name:
            default_storage.delete(name)
        media.delete_folder(f"{UPLOADS}/{document_id}")
    except MediaUnavailable as error:
        # The row is gone already; the hourly sweep removes what it left.
        logger.warning("The file of document %s could not be removed yet: %s", document_id, error)


def old_documents(age: float) -> Iterator[UUID]:
    """Ids of the documents whose folders are older than so many seconds."""
    for name in media.old_folders(UPLOADS, age):
        with contextlib.suppress(ValueError):  # Not ours.
            yield UUID(name)


def free_bytes() -> int:
    """Room for more uploads; object stores have plenty."""
    room: int = media.free_bytes()
    return room
