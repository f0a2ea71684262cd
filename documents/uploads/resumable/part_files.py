"""Part files: what has come of each upload, for one process at a time (flock)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from documents.models import ResumableUpload
from documents.storage import sync

PARTS = "parts"
# Whoever comes again after a broken connection waits so long for the request that still has the
# file: it is asked to end. Its client may have left without a word, and is waited for otherwise.
PATIENCE = 1.5
GLANCE = 0.05
WANTED = ".wanted"  # ends the name of an empty file beside it: somebody waits


class Busy(Exception):
    """Another request has the file."""


def folder() -> Path:
    """Beside the stored files, which they become by a second name; else on the disk of this host.

    With an object store and several web hosts it has to be one disk for all, or each client has to
    come to the same host again.
    """
    if isinstance(default_storage, FileSystemStorage):
        return Path(default_storage.location) / PARTS
    return Path(settings.VAR_DIR) / PARTS


def make(upload_id: UUID) -> None:
    """An empty file, which is there after a power cut."""
    parts = folder()
    parts.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(parts / str(upload_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    sync(parts)
    sync(parts.parent)


def size_of(upload_id: UUID) -> int:
    """Bytes that are there at this moment, whoever writes them; 0 where there is no file."""
    with contextlib.suppress(FileNotFoundError):
        return (folder() / str(upload_id)).stat().st_size
    return 0


def forget(upload: ResumableUpload) -> None:
    """Row and part file; under the lock of the file."""
    pk = upload.pk
    upload.delete()
    remove(pk)


def remove(upload_id: UUID) -> None:
    """Also under somebody who writes: what he has is a file without a name then."""
    path = folder() / str(upload_id)
    path.unlink(missing_ok=True)
    path.with_suffix(WANTED).unlink(missing_ok=True)


def every() -> Iterator[tuple[UUID, float]]:
    """The part files there are, and when each was last written to (Unix seconds)."""
    parts = folder()
    for path in parts.iterdir() if parts.is_dir() else ():
        with contextlib.suppress(ValueError, FileNotFoundError):  # Not ours, or gone this moment.
            yield UUID(path.stem), path.stat().st_mtime


class PartFile:
    """A part file that this request has for itself. Close it in the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND)

    @classmethod
    def locked(cls, upload_id: UUID, *, patience: float = 0.0) -> PartFile:
        """Raises `Busy` where another has it, and `FileNotFoundError` where there is none.

        With `patience`, whoever has it is asked to let go, and waited for so many seconds.
        """
        part = cls(folder() / str(upload_id))
        try:
            part._lock(patience)
            # Removed while it was waited for: these bytes are nobody's any more.
            if part.path.stat().st_ino != os.fstat(part._descriptor).st_ino:
                raise FileNotFoundError(part.path)
        except BaseException:
            part.close()
            raise
        return part

    def _lock(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not self._is_mine():
            if time.monotonic() >= deadline:
                self._wanted.unlink(missing_ok=True)
                raise Busy
            self._wanted.touch(mode=0o600)
            time.sleep(GLANCE)
        # Mine, or what somebody left who was killed while he waited.
        self._wanted.unlink(missing_ok=True)

    def _is_mine(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    @property
    def _wanted(self) -> Path:
        return self.path.with_suffix(WANTED)

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for it with patience."""
        return self._wanted.exists()

    @property
    def size(self) -> int:
        return os.fstat(self._descriptor).st_size

    def append(self, data: bytes) -> None:
        """All of it, or as much as there is room for: then it raises `OSError`."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def cut(self, size: int) -> None:
        """Forget what came behind this offset."""
        os.ftruncate(self._descriptor, size)
        self.sync()

    def pieces(self, start: int, size: int) -> Iterator[bytes]:
        """What is there from an offset on, so many bytes at a time."""
        while piece := os.pread(self._descriptor, size, start):
            yield piece
            start += len(piece)

    def close(self) -> None:
        """The lock ends with it."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
