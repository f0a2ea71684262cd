"""Quotas: how much one person may have, documents waiting in the queue and what is stored.

Stored is the file, the text read from it, its analyses and its history: a PDF of 20 KB may hold
8 MB of text. `Document.stored_bytes` grows in the transaction that stores each of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Func, IntegerField, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from documents.failures import Failure, FailureCode, failure
from documents.models import Analysis, Document, Page, owner_totals

RETRY_SECONDS = 60  # when it makes sense to look whether the queue has moved
HISTORY_BYTES = 1024  # what the steps of one try take in the event log, at most

# What a row is known to take; only the file, where nobody has counted the rest yet.
STORED = Coalesce("stored_bytes", "size")


class OverQuota(Exception):
    """There is no room for it; `failure` says which quota and what to do."""

    def __init__(self, code: FailureCode, limit: str) -> None:
        super().__init__(code)
        self.failure: Failure = failure(code, detail=limit)


@dataclass(frozen=True)
class Used:
    """What a person has of what quotas limit."""

    places: int  # in the queue
    documents: int
    bytes: int

    @classmethod
    def of(cls, owner: User | int) -> Used:
        # Running totals: a walk over all the documents of a person would hold the queue up.
        owner_id = owner if isinstance(owner, int) else owner.pk
        totals = owner_totals.with_unfinished(owner_id)
        return cls(totals.pending, totals.documents, totals.bytes)


@dataclass
class RemainingQuota:
    """What is left of a person's quotas. Ask for it and reserve from it under the queue lock.

    Without the lock, uploads that come at once would each be told of the same rest.
    """

    places: float  # in the queue
    documents: float
    bytes: float

    @classmethod
    def of(cls, owner: User | int) -> RemainingQuota:
        used = Used.of(owner)
        return cls(
            (settings.ATOM_MAX_QUEUED_PER_USER or math.inf) - used.places,
            (settings.ATOM_MAX_DOCUMENTS_PER_USER or math.inf) - used.documents,
            (settings.ATOM_MAX_BYTES_PER_USER or math.inf) - used.bytes,
        )

    def reserve(self, size: int) -> None:
        """Room for one more document of this many bytes in the queue; may raise `OverQuota`."""
        if self.documents < 1:
            limit = f"{settings.ATOM_MAX_DOCUMENTS_PER_USER:,}"
            raise OverQuota(FailureCode.QUOTA_DOCUMENTS, f"You may have {limit} documents.")
        self.reserve_place()
        if self.bytes < size:
            # Its place goes to the next file of the upload, which may be small enough.
            self.places += 1
            raise OverQuota(FailureCode.QUOTA_BYTES, _limit_of_bytes())
        self.documents -= 1
        self.bytes -= size

    def reserve_retry(self) -> None:
        """A place, and room for the history and analysis to come; may raise `OverQuota`."""
        if self.bytes < HISTORY_BYTES:
            raise OverQuota(FailureCode.QUOTA_BYTES, _limit_of_bytes())
        self.reserve_place()

    def reserve_text(self, size: int) -> None:
        """Room for this many bytes of text of a document that is kept; may raise `OverQuota`."""
        if size > 0 and self.bytes < size:
            raise OverQuota(
                FailureCode.QUOTA_TEXT,
                f"Its text has {shown(size)}, and {_limit_of_bytes(lower=True)}",
            )

    def reserve_place(self) -> None:
        """A place in the queue for a document that is kept already; may raise `OverQuota`."""
        if self.places < 1:
            limit = settings.ATOM_MAX_QUEUED_PER_USER
            raise OverQuota(
                FailureCode.QUOTA_QUEUE, f"{limit} of your documents are waiting already."
            )
        self.places -= 1


def _limit_of_bytes(*, lower: bool = False) -> str:
    said = f"All your documents together may have {shown(settings.ATOM_MAX_BYTES_PER_USER)}."
    return said[0].lower() + said[1:] if lower else said


# What is stored.


def grown_by(size: int) -> Any:
    """The value of `stored_bytes` after this many bytes were added."""
    return STORED + size


def text_bytes(texts: Iterable[str]) -> int:
    return sum(len(text.encode(errors="replace")) for text in texts)


def analysis_bytes(analysis: Analysis) -> int:
    """As JSON, with the action items, which have rows of their own besides."""
    items = analysis.result.get("findings", {}).get("actionable_items", [])
    return len(json.dumps([analysis.summary, analysis.result, analysis.coverage, items]))


def count_stored(documents: Iterable[Document]) -> int:
    """Count what documents of before this was counted have; says how many were."""
    return sum(_count(document) for document in documents)


def _count(document: Document) -> int:
    text = Page.objects.filter(document=document).aggregate(bytes=Sum(OctetLength("text")))
    analyses = sum(map(analysis_bytes, document.analyses.order_by().iterator(chunk_size=10)))
    stored = document.size + (text["bytes"] or 0) + analyses
    # Unless something was added meanwhile, which is then of more worth than what was before.
    return Document.with_trashed.filter(pk=document.pk, stored_bytes=None).update(
        stored_bytes=stored
    )


class OctetLength(Func):
    """Bytes of a text as the database keeps it."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # It has that function from 3.43 only.
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))")


def shown(size: int) -> str:
    """Bytes in words: `10 GB`, `1.5 MB`, `7 bytes`."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{round(size / unit, 1):g} {name}"
    return f"{size} bytes"
