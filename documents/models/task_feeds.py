"""Task feeds: secret addresses at which calendars fetch a person's to-do list, without a login."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class TaskFeed(models.Model):
    """The one feed a person may have. Of its secret only the hash is kept; see `todo.feeds`."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="task_feed",
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="within the hour")

    def __str__(self) -> str:
        return f"feed of {self.owner_id}"
