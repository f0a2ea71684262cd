"""Census of the store of files: what is there, and whether the database knows it (orphans)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.conf import settings

from documents import storage
from documents.models import Document, FileRemoval, StatusEvent

Thing = TypeVar("Thing")

AT_ONCE = 500  # ids in one statement
ORPHAN_AGE = 3600  # seconds; younger folders may belong to an upload that is being stored
# Folders looked at where an answer cannot wait for all. Names are random, so any are a sample.
SAMPLE = 5000
MANY_PERCENT = 1


@dataclass
class Census:
    """Ids with a folder in the store; `deleted` are those that only wait to be removed."""

    known: int = 0
    unknown: list[UUID] = field(default_factory=list)
    deleted: list[UUID] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.known + len(self.unknown) + len(self.deleted)

    @property
    def has_many_unknown(self) -> bool:
        """More than one killed upload leaves behind, and more than 1 % of all.

        Uploads that die are known to nobody, and must not stop the next start; a large store may
        have gathered some of them. What is beyond both was known to another database.
        """
        unknown = len(self.unknown)
        few = settings.MAX_FILES_PER_UPLOAD
        return unknown > few and unknown * 100 > MANY_PERCENT * self.total


def take(age: float = 0, *, at_most: int | None = None) -> Census:
    """Ask the database about every folder, or so many; unknown ones count from this age on.

    The age is in seconds by the store's own clock.
    """
    youngest = storage.media.now() - age if age else math.inf
    census = Census()
    for some in batches(islice(storage.dated_documents(), at_most)):
        put_at = dict(some)
        # Asked after the folders were listed: what was committed in between is known by now.
        known = known_among(put_at)
        others = {one for one in put_at.keys() - known if put_at[one] < youngest}
        deleted = _deleted_among(others) if others else set()
        census.known += len(known)
        census.deleted += deleted
        census.unknown += others - deleted
    return census


def known_among(ids: Iterable[UUID]) -> set[UUID]:
    return set(Document.with_trashed.filter(pk__in=ids).values_list("pk", flat=True))


def _deleted_among(ids: set[UUID]) -> set[UUID]:
    """Deleted by their owners; a tombstone tells it too, of before there were removals."""
    tombstones = StatusEvent.objects.filter(kind=StatusEvent.Kind.DELETED, document_id__in=ids)
    removals = FileRemoval.objects.filter(pk__in=ids)
    return set(
        tombstones.order_by()
        .values_list("document_id", flat=True)
        .union(removals.order_by().values_list("pk", flat=True))
        .order_by()  # Or Django 6.1 takes the order of events up again.
    )


def batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    return iter(lambda: list(islice(rest, AT_ONCE)), [])
