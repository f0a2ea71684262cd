"""The row of an API key. Of its secret only the hash is kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Scope(models.TextChoices):
    """What a key may do (OAuth calls such words scopes, RFC 6749, 3.3)."""

    READ = "read", "Read: whatever only looks"
    UPLOAD = "upload", "Upload: hand in documents"
    ALL = "all", "All: read, upload, retry, cancel, delete and tick"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def unended(self) -> ApiKeyQuerySet:
        return self.filter(ended_at=None)

    def live(self) -> ApiKeyQuerySet:
        """Those that open something now, as far as the key itself goes."""
        unexpired = models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        return self.unended().filter(unexpired)


class ApiKey(models.Model):
    """A key is never changed: it is made, used, and ends by its owner, by staff or by its date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True, help_text="the part that may be seen")
    secret_hash = models.CharField(max_length=64, editable=False)
    scope = models.CharField(max_length=40, help_text="words with blanks between them")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """As much of the key as may be seen by anybody."""
        return f"atom_{self.prefix}…"

    @property
    def scopes(self) -> frozenset[Any]:
        return frozenset(self.scope.split())

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def words(self) -> str:
        return ", ".join(sorted(self.scopes))

    def allows(self, scope: str) -> bool:
        return not self.scopes.isdisjoint({scope, Scope.ALL})
