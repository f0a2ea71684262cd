"""Where the bytes of documents rest, safely on the disk before anyone is told so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

UPLOADS = "uploads"


class DurableFileSystemStorage(FileSystemStorage):
    """A file is on the disk, and so is its folder's entry, when `save` returns."""

    def _save(self, name: str, content: File[bytes]) -> str:
        stored: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(stored))
        _sync(path)
        # The document's own folder and the two above it may be new as well.
        for folder in list(path.parents)[:3]:
            _sync(folder)
            if folder == Path(self.location):
                break
        return stored


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
    if name:
        default_storage.delete(name)
    if isinstance(default_storage, FileSystemStorage):
        shutil.rmtree(default_storage.path(f"{UPLOADS}/{document_id}"), ignore_errors=True)
