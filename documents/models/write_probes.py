"""The write probe: one row, written to find out whether the database takes changes."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class WriteProbe(models.Model):
    """Written at most once a minute by each web process, for `/readyz`, and by `doctor`."""

    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.written_at}"
