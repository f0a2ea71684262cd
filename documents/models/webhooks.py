"""Webhooks: addresses that are told of events, and the log of what was sent to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from documents.models.events import LowWaterMark, StatusEvent

STAFF = "staff"  # the reason of a hold; those of pauses are `Webhook.Pause`


class Stop(NamedTuple):
    """One of the reasons why a subscription is sent nothing."""

    reason: str
    since: datetime


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: User) -> WebhookQuerySet:
        return self.filter(owner=user)

    def unpaused(self) -> WebhookQuerySet:
        """Staff may hold them all the same."""
        return self.filter(paused_at=None)

    def held(self) -> WebhookQuerySet:
        """By staff."""
        return self.exclude(held_at=None)

    def unheld(self) -> WebhookQuerySet:
        return self.filter(held_at=None)

    def failing(self) -> WebhookQuerySet:
        return self.exclude(failing_since=None)

    def unleased(self, now: datetime) -> WebhookQuerySet:
        """Those that no deliverer holds: it gave them back, or has gone silent."""
        return self.filter(Q(lease_expires_at=None) | Q(lease_expires_at__lte=now))

    def due(self, now: datetime) -> WebhookQuerySet:
        """Those with something to send now, and nobody who sends it.

        Those that work before those that fail, each by when it was served last.
        """
        of_owner = {"owner": OuterRef("owner")}
        news = StatusEvent.objects.filter(id__gt=OuterRef("cursor"), **of_owner)
        pruned = LowWaterMark.objects.filter(event_id__gt=OuterRef("cursor"), **of_owner)
        asked = WebhookDelivery.objects.waiting().filter(webhook=OuterRef("pk"))
        is_time = Q(paused_at=None) & (Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
        told = Q(Exists(news.exclude(kind=StatusEvent.Kind.PROGRESS))) | Q(Exists(pruned))
        is_asked = Q(Exists(asked.order_by()))
        wanted = self.unleased(now).unheld().filter(owner__is_active=True)
        return wanted.filter(is_asked | (is_time & told)).order_by(
            "attempts", F("served_at").asc(nulls_first=True), "pk"
        )


class Webhook(models.Model):
    """One subscription: what its owner's documents do is sent there, in order, from a cursor on.

    The event log is the outbox: nothing is written for an event until it was sent. How it is sent
    stands in `documents.webhooks`.
    """

    class Pause(models.TextChoices):
        """Why no events are sent, beside a hold of staff; its owner ends each of them."""

        OWNER = "owner", "Paused by its owner"
        FAILING = "failing", "Paused after a day of failures"
        GONE = "gone", "Paused because the receiver answered 410 Gone"
        RESTORED = "restored", "Paused because a backup was restored"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.CharField(max_length=2000)
    event_types = models.JSONField(default=list)
    # Of the secret, see `webhooks.signatures`; the former one signs as well for a while.
    salt = models.CharField(max_length=64, editable=False)
    former_salt = models.CharField(max_length=64, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True)
    cursor = models.BigIntegerField(
        default=0, help_text="every event up to this id was delivered, or is not wanted"
    )
    attempts = models.PositiveIntegerField(default=0, help_text="failed ones of what is next")
    failing_since = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=10, choices=Pause, blank=True)
    held_at = models.DateTimeField(null=True, blank=True, help_text="since when staff hold it")
    # Whoever holds the lease delivers; the token is the fencing token.
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True, help_text="when its turn was last")
    delivered_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """As much of the address as may be seen by staff: the rest may be a secret."""
        return (urlsplit(self.url).hostname or "").rstrip(".")

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_held(self) -> bool:
        return self.held_at is not None

    @property
    def pauses(self) -> list[Stop]:
        """Why no events are sent; a hold first, which outdoes the others."""
        stops = [(STAFF, self.held_at), (self.pause_reason, self.paused_at)]
        return [Stop(reason, since) for reason, since in stops if since]

    @property
    def is_stopped(self) -> bool:
        return self.is_paused or self.is_held

    @property
    def state(self) -> str:
        if self.is_held:
            return "held"
        if self.is_paused:
            return "paused"
        return "failing" if self.failing_since else "active"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def waiting(self) -> WebhookDeliveryQuerySet:
        return self.filter(state=WebhookDelivery.State.WAITING)

    def made(self) -> WebhookDeliveryQuerySet:
        return self.exclude(state=WebhookDelivery.State.WAITING)

    def newest_first(self) -> WebhookDeliveryQuerySet:
        return self.order_by("-id")


class WebhookDelivery(models.Model):
    """One attempt, or a test or a repetition that waits for its turn.

    Nothing is kept of what was sent, nor of what was answered, which may repeat it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    class Cause(models.TextChoices):
        EVENT = "event"
        TEST = "test"
        RESEND = "resend"

    # `delivery_of_webhook` begins with it: an index of its own would be written for nothing.
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    message_id = models.CharField(max_length=80)
    event_type = models.CharField(max_length=40)
    event_id = models.BigIntegerField(null=True, blank=True)
    document_id = models.UUIDField(null=True, blank=True)  # It outlives the document.
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.EVENT)
    attempt = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State)
    code = models.CharField(max_length=20, blank=True, help_text="why it failed")
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
            models.Index(fields=["at"], name="delivery_at"),
            models.Index(fields=["webhook"], name="delivery_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.message_id
