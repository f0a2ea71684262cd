"""The row that binds an account here to one at the provider."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST = 255  # characters: OpenID Connect Core 1.0, section 2, of a subject


class Identity(models.Model):
    """Who somebody is at a provider: its `iss` and `sub`, which are never given to another.

    Never the e-mail address: whoever can set one there would become anybody here.
    """

    # Found by the index of `identity_of_user`, which begins with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="identities",
        db_index=False,
    )
    issuer = models.CharField(max_length=LONGEST)
    subject = models.CharField(max_length=LONGEST)
    linked_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-linked_at"]
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_subject"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"
