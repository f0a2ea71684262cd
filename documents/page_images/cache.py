"""The cache of page images, beside the originals in the store: `page-images/<document id>/`.

Not counted in anybody's quota: to look at one's documents must not make the next upload fail. All
together may take `ATOM_PAGE_IMAGES_BYTES`; then the documents drawn longest ago lose theirs. In no
backup, and nobody misses them: they are made again when somebody looks.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from atom_project import disk_reserve
from documents import storage
from documents.models import Document
from documents.originals import census
from documents.storage import PAGE_IMAGES

logger = logging.getLogger(__name__)

TRIMMED_TO = 0.8  # of what they may take: not every new one makes room by itself
LOOK_AFTER = 0.1  # of it, written by this process, before it looks how much there is

_lock = threading.Lock()
_written = 0  # since this process looked


def read(document: Document, name: str) -> bytes | None:
    try:
        with default_storage.open(f"{_folder(document.pk)}/{name}") as stored:
            content: bytes = stored.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return content


def keep(document: Document, name: str, content: bytes) -> None:
    """Store it, if there is room and its document still exists; what fails is told, not raised."""
    if len(content) > min(settings.ATOM_PAGE_IMAGES_BYTES, disk_reserve.room()):
        return
    try:
        storage.media.replace(f"{_folder(document.pk)}/{name}", content)
        # Deleted while it was drawn: its files were removed before this one was there.
        if not Document.objects.filter(pk=document.pk).exists():
            storage.media.delete_folder(_folder(document.pk))
        elif _is_time_to_look(len(content)):
            trim()
    except (storage.MediaUnavailable, OSError) as error:
        logger.warning("A page image of document %s was not kept: %s", document.pk, error)


def _is_time_to_look(size: int) -> bool:
    global _written
    with _lock:
        _written += size
        if _written < LOOK_AFTER * settings.ATOM_PAGE_IMAGES_BYTES:
            return False
        _written = 0
        return True


def trim() -> int:
    """Remove those of unknown documents and, beyond the limit, the oldest; of how many documents.

    Another database's, beside a store that is not ours, are lost with it: they are made again.
    """
    dated = dict(storage.media.folders(PAGE_IMAGES))
    gone = _unknown_among(dated)
    sizes = _sizes()
    left, limit = sum(sizes[name] for name in dated.keys() - gone), settings.ATOM_PAGE_IMAGES_BYTES
    oldest_first = sorted(dated.keys() - gone, key=lambda name: dated[name])
    if left > limit:
        for name in oldest_first:
            if left <= TRIMMED_TO * limit:
                break
            gone.add(name)
            left -= sizes[name]
    for name in gone:
        storage.media.delete_folder(f"{PAGE_IMAGES}/{name}")
    return len(gone)


def _unknown_among(names: dict[str, float]) -> set[str]:
    ids = filter(None, map(_uuid, names))
    known = {str(one) for some in census.batches(ids) for one in census.known_among(some)}
    return names.keys() - known


def _sizes() -> dict[str, int]:
    sizes: dict[str, int] = defaultdict(int)
    for name, size in storage.media.files(PAGE_IMAGES):
        sizes[name.split("/")[1]] += size
    return sizes


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _folder(document_id: UUID) -> str:
    return f"{PAGE_IMAGES}/{document_id}"
