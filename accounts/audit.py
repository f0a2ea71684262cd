"""The audit log: who did what to what, when and from where; never a word of a document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from accounts import throttles
from accounts.models import AuditEvent
from atom_project import logs

Action = AuditEvent.Action
AT_ONCE = 500  # rows deleted in one statement


def record(
    action: Action,
    subject: models.Model | None = None,
    *,
    request: HttpRequest | None = None,
    actor: int | None = None,
    **figures: int,
) -> AuditEvent:
    """Write down an act; in the transaction of the act, if there is one.

    Who it was is the request's user, unless `actor` says it.
    """
    if actor is None and request is not None:
        actor = getattr(request.user, "pk", None)
    return AuditEvent.objects.create(
        action=action,
        actor=actor,
        subject_kind=subject._meta.label_lower if subject else "",
        subject=str(subject.pk) if subject else "",
        address=throttles.address(request) if request else "",
        request_id=logs.request_id(),
        figures=figures,
    )


def last(action: Action) -> datetime | None:
    """When it was done last, as far as the log goes back."""
    done = AuditEvent.objects.filter(action=action).newest_first()
    return done.values_list("at", flat=True).first()


def prune() -> int:
    """Forget what is older than `ATOM_AUDIT_DAYS`; the one way in which rows go."""
    before = timezone.now() - timedelta(days=settings.ATOM_AUDIT_DAYS)
    pruned = 0
    while ids := list(
        AuditEvent.objects.filter(at__lt=before).order_by().values_list("pk", flat=True)[:AT_ONCE]
    ):
        rows: Any = AuditEvent.objects.filter(pk__in=ids).order_by()
        pruned += rows._raw_delete(rows.db)
    return pruned
