"""Heartbeats: which workers live."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models import clock


class WorkerHeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def alive(self) -> WorkerHeartbeatQuerySet:
        """Workers heard of within one lease."""
        return self.filter(seen_at__gt=clock.now() - settings.LEASE)

    def gone(self) -> WorkerHeartbeatQuerySet:
        return self.filter(seen_at__lt=clock.now() - timedelta(days=1))


class WorkerHeartbeat(models.Model):
    name = models.CharField(max_length=100, unique=True)
    account = models.CharField(
        max_length=64, blank=True, help_text="that pays for its calls; see OpenCircuit"
    )
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    slots = models.PositiveIntegerField()
    busy = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = WorkerHeartbeatQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        permissions = (("view_operations", "Can view the operations page and the metrics"),)

    def __str__(self) -> str:
        return self.name
