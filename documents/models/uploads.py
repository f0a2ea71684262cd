"""Uploads beside their documents: what one was answered (idempotency), and those that resume."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_EXTERNAL_ID = 200  # characters


class UploadReceipt(models.Model):
    """The answer given to an upload with an `Idempotency-Key`, to give it again."""

    # `receipt_once` begins with it: an index of its own would be written for nothing.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="upload_receipts",
        db_index=False,
    )
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    document_ids = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return self.key


class ResumableUploadQuerySet(models.QuerySet["ResumableUpload"]):
    def of(self, owner: Any) -> ResumableUploadQuerySet:
        return self.filter(owner=owner)

    def unfinished(self) -> ResumableUploadQuerySet:
        """Those whose bytes are still to become a document: they hold room in the quotas."""
        return self.filter(finished_at=None, failure__isnull=True)  # None would be the JSON null.

    def expired(self, now: datetime) -> ResumableUploadQuerySet:
        return self.filter(expires_at__lt=now)


class ResumableUpload(models.Model):
    """A file that comes in pieces (tus). Its bytes are in a part file, whose length is the offset.

    The id becomes that of the document: whatever breaks off between the last byte and the queue,
    the same document comes of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resumable_uploads"
    )
    filename = models.CharField(max_length=500)
    length = models.PositiveBigIntegerField(help_text="bytes it has when it is whole")
    output_language = models.CharField(max_length=35, blank=True)
    external_id = models.CharField(  # noqa: DJ001  # NULL as that of the document it becomes.
        max_length=LONGEST_EXTERNAL_ID, null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="when it was queued")
    failure = models.JSONField(null=True, blank=True, help_text="why it is no document")

    objects = ResumableUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.pk)  # Not the name of a file.
