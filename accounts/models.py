"""People and the logins they hold."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    """Who owns documents. A user with documents is deactivated, not deleted."""


class LoginSessionQuerySet(models.QuerySet["LoginSession"]):
    def live(self) -> LoginSessionQuerySet:
        return self.filter(ended_at=None, expires_at__gt=timezone.now(), user__is_active=True)


class LoginSession(models.Model):
    """One login by token; every token carries its id, so ending it ends them all at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="login_sessions"
    )
    # Only the newest refresh token works; an older one shows that a copy is about.
    refresh_jti = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LoginSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"login of {self.user_id} at {self.created_at:%Y-%m-%d %H:%M}"
