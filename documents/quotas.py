"""Quotas: how much one person may have, documents waiting in the queue and bytes kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, Sum

from accounts.models import User
from documents.failures import Failure, FailureCode, failure
from documents.models import Document, Status

RETRY_SECONDS = 60  # when it makes sense to look whether the queue has moved


class OverQuota(Exception):
    """There is no room for it; `failure` says which quota and what to do."""

    def __init__(self, code: FailureCode, limit: str) -> None:
        super().__init__(code)
        self.failure: Failure = failure(code, detail=limit)


@dataclass
class RemainingQuota:
    """What is left of a person's quotas. Ask for it and reserve from it under the queue lock.

    Without the lock, uploads that come at once would each be told of the same rest.
    """

    documents: float
    bytes: float

    @classmethod
    def of(cls, owner: User | int) -> RemainingQuota:
        waiting = Count("pk", filter=Q(status=Status.PENDING))
        used = Document.objects.filter(owner=owner).aggregate(waiting=waiting, kept=Sum("size"))
        return cls(
            (settings.ATOM_MAX_QUEUED_PER_USER or math.inf) - used["waiting"],
            (settings.ATOM_MAX_BYTES_PER_USER or math.inf) - (used["kept"] or 0),
        )

    def reserve(self, size: int) -> None:
        """Room for one more document of this many bytes in the queue; may raise `OverQuota`."""
        self.reserve_place()
        if self.bytes < size:
            # Its place goes to the next file of the upload, which may be small enough.
            self.documents += 1
            limit = shown(settings.ATOM_MAX_BYTES_PER_USER)
            raise OverQuota(
                FailureCode.QUOTA_BYTES, f"All your documents together may have {limit}."
            )
        self.bytes -= size

    def reserve_place(self) -> None:
        """A place in the queue for a document that is kept already; may raise `OverQuota`."""
        if self.documents < 1:
            limit = settings.ATOM_MAX_QUEUED_PER_USER
            raise OverQuota(
                FailureCode.QUOTA_QUEUE, f"{limit} of your documents are waiting already."
            )
        self.documents -= 1


def shown(size: int) -> str:
    """Bytes in words: `10 GB`, `1.5 MB`, `7 bytes`."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{round(size / unit, 1):g} {name}"
    return f"{size} bytes"
