"""The trash: documents their owner deleted on a page, until they are gone for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models import clock

# The status of a document in the trash, in its row. Nobody is told it: but for its owner's page of
# the trash the document is deleted. What it was before stands in `TrashedDocument`.
TRASHED = "trashed"


class TrashedDocumentQuerySet(models.QuerySet["TrashedDocument"]):
    def oldest_first(self) -> TrashedDocumentQuerySet:
        return self.order_by("trashed_at", "pk")

    def newest_first(self) -> TrashedDocumentQuerySet:
        return self.order_by("-trashed_at", "pk")

    def trashed_before(self, moment: Any) -> TrashedDocumentQuerySet:
        return self.filter(trashed_at__lt=moment)


class TrashedDocument(models.Model):
    """That a document is in the trash: what it was before, and since when it is there.

    A row of its own, so that the rows of all others, which the queue reads, grow by nothing.
    """

    document = models.OneToOneField(
        "documents.Document", on_delete=models.CASCADE, primary_key=True, related_name="trashed"
    )
    status = models.CharField(max_length=10, help_text="before it was moved to the trash")
    trashed_at = clock.Moment(default=timezone.now, db_index=True)

    objects = TrashedDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-trashed_at"]

    def __str__(self) -> str:
        return str(self.pk)  # Not the name of a file.

    @property
    def kept_until(self) -> datetime:
        """When housekeeping deletes it for good."""
        kept_until: datetime = self.trashed_at + timedelta(days=settings.ATOM_TRASH_DAYS)
        return kept_until
