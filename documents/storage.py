"""Where the bytes of documents rest, durably on the disk before anyone is told so."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem

logger = logging.getLogger(__name__)

READ_AT_A_START = 20  # documents; what another user copied here belongs to that one as a whole
UPLOADS = "uploads"
NO_LINKS = {errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
PAGE_IMAGES = "page-images"  # a cache: lost, they are made again


# Threads that wait for the disk. They begin with the first upload, so nobody forks with them.
_syncs = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sync")


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
        stored = self._write(name, content)
        self._sync([stored])
        return stored

    def save_all(self, files: Iterable[tuple[str, File[bytes]]]) -> list[str]:
        """Like `save`, for several: written first, so that the disk takes them in one go."""
        names = [self._write(self.get_available_name(name), content) for name, content in files]
        self._sync(names)
        return names

    def _write(self, name: str, content: File[bytes]) -> str:
        stored: str = super()._save(name, content)  # type: ignore[misc]
        return stored

    def _sync(self, names: Sequence[str]) -> None:
        """These files are on the disk when this returns, and so are the entries of their folders.

        A document's own folder and the two above it may be new as well.
        """
        paths = [Path(self.path(name)) for name in names]
        # Each once, however many files of an upload share it.
        folders = dict.fromkeys(folder for path in paths for folder in list(path.parents)[:3])
        own = [folder for folder in folders if folder.is_relative_to(self.location)]
        # At once: a file system writes what all of them wait for in one go, and four that wait one
        # after the other take three to ten times as long.
        list(_syncs.map(sync, [*paths, *own]))

    def adopt(self, name: str, path: Path) -> None:
        """Give a file that is whole, and on this disk, a place here as well; no byte is copied.

        A second name (link), not a move: until the row is committed, the file has the first one,
        too. Done again after an accident, it changes nothing.
        """
        target = Path(self.path(name))
        for folder in [*reversed(target.parents)]:
            if Path(self.location) in folder.parents:
                folder.mkdir(mode=0o700, exist_ok=True)
        try:
            os.link(path, target)
        except FileExistsError:
            if not target.samefile(path):
                raise
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            target.unlink(missing_ok=True)
            with path.open("rb") as content:
                self.save(name, File(content))
        self._sync([name])

    def delete_folder(self, name: str) -> None:
        """Raises `OSError` if something of it stays."""
        folder = Path(self.path(name))
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            raise OSError(errno.EACCES, "The folder cannot be removed", str(folder))

    def move_folder(self, name: str, to: str) -> bool:
        """Move the files of a folder into another, where a file of the same name stays.

        Whoever is killed half way leaves each file whole, here or there. False: nothing to move.
        """
        source, target = Path(self.path(name)), Path(self.path(to))
        files: list[Path] = []
        with contextlib.suppress(FileNotFoundError):  # Nothing to move, or somebody was faster.
            files = list(source.iterdir())
        for folder in [*reversed(target.parents), target] if files else ():
            if Path(self.location) in folder.parents:
                folder.mkdir(mode=0o700, exist_ok=True)
        moved = sum(_renamed(file, target / file.name) for file in files)
        if moved:
            sync(target)
            sync(target.parent)
        with contextlib.suppress(OSError):  # Somebody else did it, or a file stays.
            source.rmdir()
            sync(source.parent)
        return moved > 0

    def names(self, name: str) -> list[str]:
        """Of the folders in this one."""
        folder = Path(self.path(name))
        return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []

    def files(self, name: str) -> Iterator[tuple[str, int]]:
        """Every file below this folder: its name in the store, and its bytes."""
        for path in Path(self.path(name)).rglob("*"):
            with contextlib.suppress(FileNotFoundError):  # Gone this moment.
                if path.is_file():
                    yield path.relative_to(self.location).as_posix(), path.stat().st_size

    def folders(self, name: str) -> Iterator[tuple[str, float]]:
        """Folders in this one, and when something was put into each, by the store's clock."""
        parent = Path(self.path(name))
        for folder in parent.iterdir() if parent.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                yield folder.name, folder.stat().st_mtime

    def now(self) -> float:
        """The time by the clock that dates files here (of a file server, perhaps): Unix seconds."""
        Path(self.location).mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.location) as probe:
            probe.write(b".")
            probe.flush()
            os.fsync(probe.fileno())  # Only now a file server has dated it.
            return os.fstat(probe.fileno()).st_mtime

    def replace(self, name: str, content: bytes) -> None:
        """Write a small file, whole or not at all, over what is there."""
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(path)
        sync(path.parent)

    def described(self) -> str:
        """Where it is, for operators."""
        return f"the folder {self.location}"

    def check_writable(self) -> None:
        """Store a byte and remove it again; raises `OSError` where uploads would fail."""
        folder = Path(self.location)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Tried, not asked: a read-only mount or a quota shows in no permission.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"1")
            probe.flush()
            os.fsync(probe.fileno())


def _renamed(path: Path, to: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):  # Somebody else was faster.
        if not to.exists():
            path.rename(to)
            return True
    return False


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
    return store_all([(document_id, safe_name, content)])[0]


def store_all(files: Sequence[tuple[UUID, str, File[bytes]]]) -> list[str]:
    """Keep the bytes of all these documents, or of none; returns their names in the storage."""
    for _, _, content in files:
        content.seek(0)
    try:
        names: list[str] = media.save_all(
            (f"{UPLOADS}/{document_id}/{safe_name}", content)
            for document_id, safe_name, content in files
        )
    except BaseException:
        for document_id, _, _ in files:
            discard(document_id)  # A full disk leaves the part that still fitted.
        raise
    return names


def adopt(document_id: UUID, safe_name: str, path: Path) -> str:
    """Keep a whole file that lies in the folder of part files; returns its name in the storage."""
    name = f"{UPLOADS}/{document_id}/{safe_name}"
    try:
        media.adopt(name, path)
    except BaseException:
        discard(document_id)
        raise
    return name


def discard(document_id: UUID, name: str | None = None) -> None:
    """Remove a document's file and folder; what is gone already is no error."""
    try:
        if name:
            default_storage.delete(name)
        media.delete_folder(f"{UPLOADS}/{document_id}")
    except (MediaUnavailable, OSError) as error:
        # Its row is gone already, or never was: housekeeping looks after what is left.
        logger.warning("The file of document %s could not be removed yet: %s", document_id, error)


def dated_documents() -> Iterator[tuple[UUID, float]]:
    """Ids of the documents with a folder, in no order, and when something was put into it.

    The time is the store's own (`media.now()`): the clock of this host may be hours apart.
    """
    for name, put_at in media.folders(UPLOADS):
        with contextlib.suppress(ValueError):  # Not ours.
            yield UUID(name), put_at


def stored_documents() -> Iterator[UUID]:
    """Ids of the documents with a folder, in no order."""
    return (document_id for document_id, _ in dated_documents())


def check_readable() -> None:
    """Open some of the stored files; raises `PermissionError` where one may not be read.

    Of a folder only: an object store refuses a key as a whole.
    """
    if not isinstance(default_storage, DurableFileSystemStorage):
        return
    for document_id in islice(stored_documents(), READ_AT_A_START):
        # Deleted this moment, or not ours.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            for path in Path(default_storage.path(f"{UPLOADS}/{document_id}")).iterdir():
                path.open("rb").close()


def check_writable() -> None:
    """Raises `OSError` or `MediaUnavailable` where uploads would fail."""
    media.check_writable()
