"""What an export holds: documents as they are when their turn comes, a few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from rest_framework.request import Request

from accounts import auth_snapshot
from documents import results
from documents.api.representations import shown
from documents.models import Analysis, Document, DocumentQuerySet, Page

AT_ONCE = 20  # documents that are read together
PAGES_AT_ONCE = 50  # of one document: a text may have millions of characters
SMALL = 64 * 1024  # bytes of a document with its text and analyses
_SIZE = 16  # bytes of an id


class ExportEnded(Exception):
    """Whoever asked for it may not any more: signed out, deactivated, the key ended."""


class Ids:
    """Which documents were asked for, in their order: 1.6 MB for a hundred thousand."""

    def __init__(self, documents: QuerySet[Document]) -> None:
        self._bytes = bytearray()
        with _together():
            for pk in documents.values_list("pk", flat=True).iterator():
                self._bytes += pk.bytes

    def __len__(self) -> int:
        return len(self._bytes) // _SIZE

    def in_batches(self) -> Iterator[list[UUID]]:
        for start in range(0, len(self._bytes), AT_ONCE * _SIZE):
            batch = self._bytes[start : start + AT_ONCE * _SIZE]
            yield [
                UUID(bytes=bytes(batch[place : place + _SIZE]))
                for place in range(0, len(batch), _SIZE)
            ]


def _together() -> AbstractContextManager[Any]:
    """A cursor of PostgreSQL needs a transaction, behind a pooler at least.

    On SQLite one would keep all others from writing.
    """
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


@dataclass(frozen=True)
class Entry:
    """One document: as lists show it, and its current analysis, if there is one."""

    document: Document
    told: dict[str, Any]
    result: dict[str, Any] | None
    text: Sequence[Page] | None  # of a small one, read with others

    def pages(self) -> Iterator[Page]:
        """Its text, by page; none where it was not read yet."""
        if self.text is not None:
            yield from self.text
            return
        rows, number = self.document.pages.order_by("number"), 0
        while some := list(rows.filter(number__gt=number)[:PAGES_AT_ONCE]):
            yield from some
            if len(some) < PAGES_AT_ONCE:
                return
            number = some[-1].number


def read(ids: Ids, visible: DocumentQuerySet, request: Request) -> Iterator[Entry]:
    """Each that is still there; what was deleted meanwhile is left out. Raises `ExportEnded`."""
    snapshot = auth_snapshot.take(request)
    for batch in ids.in_batches():
        # An export may take as long as its client likes.
        if auth_snapshot.revoked([snapshot]):
            raise ExportEnded
        found = visible.in_bulk(batch)
        documents = [found[pk] for pk in batch if pk in found]
        analyses, texts = _current(batch), _small_texts(documents)
        for document, told in zip(documents, shown(documents, request), strict=True):
            analysis = analyses.get(document.pk)
            result = results.verified_json(analysis) if analysis else None
            yield Entry(document, told, result, texts.get(document.pk))


def _current(ids: Iterable[UUID]) -> dict[UUID, Analysis]:
    of_each = Analysis.objects.filter(document__in=ids).order_by().values("document")
    newest = of_each.annotate(newest=Max("pk")).values_list("newest", flat=True)
    found = Analysis.objects.filter(pk__in=list(newest)).prefetch_related("action_items")
    return {analysis.document_id: analysis for analysis in found}


def _small_texts(documents: Iterable[Document]) -> dict[UUID, list[Page]]:
    """By document, for those that are finished and small: one statement for all of them."""
    small = [one for one in documents if one.is_finished and (one.stored_bytes or SMALL) < SMALL]
    texts: dict[UUID, list[Page]] = {document.pk: [] for document in small}
    for page in Page.objects.filter(document__in=small).order_by("document", "number"):
        texts[page.document_id].append(page)
    return texts
