"""Server memories: what model servers have shown of their limits and abilities, over restarts."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from documents.models import clock

# Then all is learned anew: servers are started with other limits, and nobody tells.
KEPT = timedelta(days=7)


class ServerMemoryQuerySet(models.QuerySet["ServerMemory"]):
    def fresh(self) -> ServerMemoryQuerySet:
        return self.filter(learned_at__gt=clock.now() - KEPT)

    def expired(self) -> ServerMemoryQuerySet:
        return self.filter(learned_at__lte=clock.now() - KEPT)


class ServerMemory(models.Model):
    """What one server and model have shown under the present settings.

    Another server, model, limit or prompt is another row.
    """

    # A fingerprint, as that of an account; no address can be read from it.
    server = models.CharField(max_length=64, primary_key=True)
    model = models.CharField(max_length=200)
    learned = models.JSONField()
    learned_at = models.DateTimeField(help_text="when the first of it was")

    objects = ServerMemoryQuerySet.as_manager()

    class Meta:
        ordering = ["learned_at"]

    def __str__(self) -> str:
        return self.model
