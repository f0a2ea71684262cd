"""Hashes that go on with their streams, while their files come in several requests.

Python keeps no half-finished SHA-256 outside of a process, so these are remembered here only. Where
the next request comes to another process, or after a restart, the file is read once at its end.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from documents.uploads.resumable.part_files import PartFile

PIECE = 1024 * 1024
MOST = 1_000  # uploads remembered; each takes some hundred bytes


class RunningHashes:
    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[UUID, tuple[int, Any]] = OrderedDict()

    def take(self, upload_id: UUID, offset: int) -> Any:
        """The hash of the first so many bytes; None if this process does not have it."""
        with self._lock:
            known, running = self._known.pop(upload_id, (0, None))
        if not offset:
            return hashlib.sha256()
        return running if known == offset else None

    def keep(self, upload_id: UUID, offset: int, running: Any) -> None:
        with self._lock:
            self._known[upload_id] = (offset, running)
            while len(self._known) > MOST:
                self._known.popitem(last=False)


of_this_process = RunningHashes()


def digest_of(part: PartFile, running: Any | None = None) -> str:
    """SHA-256 of the whole file, which is read only where `running` is not its hash already."""
    if running is None:
        running = hashlib.sha256()
        for piece in part.pieces(0, PIECE):
            running.update(piece)
    return str(running.hexdigest())
