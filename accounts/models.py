"""People, the logins they hold, and the log of what was done."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.keys.model import ApiKey as ApiKey
from accounts.oidc.model import Identity as Identity


class User(AbstractUser):
    """Who owns documents. A user with documents is deactivated, not deleted."""

    # Part of every login, of browsers and by token: raising it revokes them all.
    token_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        # Of their own: whoever may change users could do both, but also set their passwords.
        permissions = (
            ("sign_out_user", "Can sign users out everywhere"),
            ("deactivate_user", "Can deactivate users"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Deactivation ends every login and key: a later activation revives none of them."""
        super().save(*args, **kwargs)
        if not self.is_active:
            self.sign_out_everywhere()

    def sign_out_everywhere(self) -> None:
        # Raised by the database: two sign-outs at once must not write the same number.
        User.objects.filter(pk=self.pk).update(token_version=F("token_version") + 1)
        self.refresh_from_db(fields=["token_version"])
        self.login_sessions.unended().update(ended_at=timezone.now())
        self.api_keys.unended().update(ended_at=timezone.now())

    def get_session_auth_hash(self) -> str:
        """What a login rests on: it changes with the password and with each sign-out."""
        return self._with_token_version(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield self._with_token_version(fallback)

    def _with_token_version(self, password_hash: str) -> str:
        return hashlib.sha256(f"{self.token_version}:{password_hash}".encode()).hexdigest()


class LoginSessionQuerySet(models.QuerySet["LoginSession"]):
    def unended(self) -> LoginSessionQuerySet:
        return self.filter(ended_at=None)


class LoginSession(models.Model):
    """One login by token; every token carries its id, so ending it ends them all at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="login_sessions"
    )
    # The user's session hash at login: once that has changed, so has the password.
    auth_hash = models.CharField(max_length=64, editable=False)
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

    @property
    def is_live(self) -> bool:
        return (
            self.ended_at is None
            and self.expires_at > timezone.now()
            and self.user.is_active
            and constant_time_compare(self.auth_hash, self.user.get_session_auth_hash())
        )


class AppendOnly(Exception):
    """What is in the audit log is neither changed nor deleted."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **changes: Any) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def newest_first(self) -> AuditEventQuerySet:
        return self.order_by("-id")


class AuditEvent(models.Model):
    """One act: who did what to what; see `audit`. Append-only: rows go only when they are old.

    People are ids: a name would outlive the person who is erased.
    """

    class Action(models.TextChoices):
        SIGNED_IN = "signed_in"
        SIGNED_OUT = "signed_out"
        PASSWORD_CHANGED = "password_changed"  # noqa: S105
        DOCUMENT_DELETED = "document_deleted"
        DOCUMENT_TRASHED = "document_trashed"
        DOCUMENT_RESTORED = "document_restored"
        DOCUMENT_ERASED = "document_erased"
        DOCUMENT_EXPIRED = "document_expired"
        ANALYSIS_EXPORTED = "analysis_exported"
        TASKS_EXPORTED = "tasks_exported"
        FEED_MADE = "feed_made"
        FEED_RENEWED = "feed_renewed"
        FEED_ENDED = "feed_ended"
        KEY_MADE = "key_made"
        KEY_ENDED = "key_ended"
        WEBHOOK_MADE = "webhook_made"
        WEBHOOK_CHANGED = "webhook_changed"
        WEBHOOK_ENDED = "webhook_ended"
        IDENTITY_LINKED = "identity_linked"
        IDENTITY_UNLINKED = "identity_unlinked"
        USER_JOINED = "user_joined"
        USER_ERASED = "user_erased"
        ADMIN_ADDED = "admin_added"
        ADMIN_CHANGED = "admin_changed"
        ADMIN_DELETED = "admin_deleted"
        BACKED_UP = "backed_up"
        RESTORED = "restored"
        MOVED = "moved"

    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=20, choices=Action)
    actor = models.BigIntegerField(
        null=True, blank=True, help_text="id of a user; none where a command or a worker did it"
    )
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=64, blank=True, help_text="id of what it was done to")
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict, blank=True, help_text="numbers, never words")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["action", "-id"], name="audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
