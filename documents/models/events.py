"""The event log: append-only, with its low-water mark. Thinned are only progress and probes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import User
from documents.models import clock
from documents.models.literals import Literal


class StatusEventQuerySet(models.QuerySet["StatusEvent"]):
    def of(self, document: models.Model) -> StatusEventQuerySet:
        return self.filter(document_id=document.pk)

    def statuses(self) -> StatusEventQuerySet:
        return self.filter(kind=StatusEvent.Kind.STATUS)

    def visible_to(self, user: User) -> StatusEventQuerySet:
        return self.filter(owner=user)

    def tombstones(self) -> StatusEventQuerySet:
        """What is left of deleted documents."""
        return self.filter(kind=Literal(str(StatusEvent.Kind.DELETED)))

    def oldest_first(self) -> StatusEventQuerySet:
        return self.order_by("id")


class StatusEvent(models.Model):
    """One step of one document. Ids are in commit order; they are the ids of the stream."""

    class Kind(models.TextChoices):
        STATUS = "status"
        PROGRESS = "progress"
        CHANGED = "changed"
        DELETED = "deleted"

    # `event_of_owner` begins with it: an index of its own would be written for nothing.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="status_events",
        db_index=False,
    )
    document_id = models.UUIDField()  # Not a foreign key: it outlives the document.
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STATUS)
    status = models.CharField(max_length=10, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    data = models.JSONField(null=True, blank=True)
    created_at = clock.Moment(default=timezone.now)

    objects = StatusEventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["document_id", "id"], name="event_of_document"),
            models.Index(fields=["owner", "id"], name="event_of_owner"),
            models.Index(
                fields=["created_at"], name="event_tombstones", condition=models.Q(kind="deleted")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}".strip()


class LowWaterMark(models.Model):
    """The newest event of an owner that was pruned: who has not seen it has missed something.

    Cursors below it are too old to resume from.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="low_water_mark",
    )
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.event_id)
