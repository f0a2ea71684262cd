"""Idempotency: what an upload was answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class UploadReceipt(models.Model):
    """The answer given to an upload with an `Idempotency-Key`, to give it again."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="upload_receipts"
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
