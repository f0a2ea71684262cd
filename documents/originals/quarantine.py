"""Quarantine: what the database does not know is moved aside, and comes back when it is known.

`quarantine/<date of the move>/<document id>/<file>` in the same store. Nothing else deletes files
but owners (`removal`) and the end of their time here.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from atom_project import paths
from documents import storage
from documents.models import Document
from documents.originals import census, ownership

logger = logging.getLogger(__name__)

QUARANTINE = "quarantine"


@dataclass
class Held:
    """One document's files in quarantine."""

    document_id: UUID
    since: date
    files: int = 0
    bytes: int = 0

    @property
    def until(self) -> date:
        return self.since + _keeping_time()


def keep() -> int:
    """Bring back what is known, move aside what is not, remove what was kept long enough.

    Returns how many documents' files were moved aside. Raises `ForeignStore`, and touches nothing
    of what is unknown, if the store looks like another database's.
    """
    ownership.require_stamp()
    return_known()
    found = census.take(census.ORPHAN_AGE)
    ownership.refuse_many(found)
    for document_id in found.deleted:
        erase(document_id)
    moved = move_aside(found.unknown)
    _expire()
    return moved


def adopt() -> int:
    """Make the store this database's, whosever it was; what it does not know is moved aside."""
    ownership.write_stamp()
    return_known()
    found = census.take()
    for document_id in found.deleted:
        erase(document_id)
    return move_aside(found.unknown)


def move_aside(ids: Iterable[UUID]) -> int:
    today = _day(storage.media.now())
    moved = 0
    for document_id in ids:
        moved += _move_aside(document_id, today)
    if moved:
        logger.warning(
            "Files of %s documents that the database does not know are in quarantine until %s; "
            "%s lists them",
            moved,
            today + _keeping_time(),
            paths.command("quarantine"),
        )
    return moved


def _move_aside(document_id: UUID, day: date) -> bool:
    place = f"{storage.UPLOADS}/{document_id}"
    while not storage.media.move_folder(place, f"{QUARANTINE}/{day}/{document_id}"):
        if not any(storage.media.files(place)):
            return False
        # Of this name one is there already, since a restoration put another in its place: neither
        # replaces the other, and this one, which came later, is kept longer.
        day += timedelta(days=1)
    return True


def return_known() -> int:
    """Bring back the files of documents that the database knows (again); how many documents'."""
    days = _days_by_id()
    returned = 0
    for ids in census.batches(days):
        for document_id in census.known_among(ids):
            returned += _bring_back(document_id, days[document_id])
    return returned


def bring_back(document_id: UUID) -> bool:
    """Move a document's files to where they belong, whether or not the database knows it."""
    return _bring_back(document_id, storage.media.names(QUARANTINE))


def _bring_back(document_id: UUID, days: Iterable[str]) -> bool:
    place = f"{storage.UPLOADS}/{document_id}"
    # The newest first: of two files of one name, it is the one that stays.
    newest_first = sorted(days, reverse=True)
    moved = [
        storage.media.move_folder(f"{folder}/{document_id}", place)
        for folder in (f"{QUARANTINE}/{day}" for day in newest_first)
    ]
    if any(moved):
        logger.info("The file of document %s is back from quarantine", document_id)
    return any(moved)


def open_file(document: Document) -> Any:
    """The stored file, opened to be read; brought back if it is in quarantine."""
    try:
        return document.file.open("rb")
    except FileNotFoundError:
        # Not there either: deleted this moment, or lost.
        if not bring_back(document.pk):
            raise
        return document.file.open("rb")


def unknown_among(ids: Iterable[UUID]) -> set[UUID]:
    return {one for some in census.batches(ids) for one in set(some) - census.known_among(some)}


def erase(document_id: UUID) -> None:
    """Remove a document's files for good, wherever they are: its owner deleted it."""
    storage.media.delete_folder(f"{storage.UPLOADS}/{document_id}")
    storage.media.delete_folder(f"{storage.PAGE_IMAGES}/{document_id}")
    for day in storage.media.names(QUARANTINE):
        storage.media.delete_folder(f"{QUARANTINE}/{day}/{document_id}")


def contents() -> list[Held]:
    """What is in quarantine, oldest first."""
    held: dict[tuple[date, UUID], Held] = {}
    for name, size in storage.media.files(QUARANTINE):
        parts = name.split("/")
        since, document_id = (_date(parts[1]), _uuid(parts[2])) if len(parts) == 4 else (None, None)
        if since and document_id:
            one = held.setdefault((since, document_id), Held(document_id, since))
            one.files += 1
            one.bytes += size
    return sorted(held.values(), key=lambda one: (one.since, str(one.document_id)))


def _expire() -> int:
    # By the clock that is behind: one that jumped ahead must not end anything.
    today = _day(min(storage.media.now(), time.time()))
    removed = 0
    for day in storage.media.names(QUARANTINE):
        since = _date(day)
        if since and since + _keeping_time() < today:
            removed += len(storage.media.names(f"{QUARANTINE}/{day}"))
            storage.media.delete_folder(f"{QUARANTINE}/{day}")
    if removed:
        logger.warning("Files of %s documents were in quarantine long enough: removed", removed)
    return removed


def _days_by_id() -> dict[UUID, list[str]]:
    days: dict[UUID, list[str]] = defaultdict(list)
    for day in storage.media.names(QUARANTINE):
        for document_id in filter(None, map(_uuid, storage.media.names(f"{QUARANTINE}/{day}"))):
            days[document_id].append(day)
    return days


def _keeping_time() -> timedelta:
    return timedelta(days=settings.ATOM_QUARANTINE_DAYS)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _date(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None  # Not ours.


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
