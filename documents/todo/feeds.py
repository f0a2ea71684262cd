"""Secret addresses of feeds: made, renewed, ended and found again. Only their hashes are kept.

Whoever has the address reads the list, as calendars cannot sign in: a bearer token in an address.
It is masked in log lines (`atom_project.logs.masked`).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import User
from documents.models import TaskFeed

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits
NOTED_EVERY = timedelta(hours=1)  # Each note is a write.


@transaction.atomic
def make(owner: User, *, request: HttpRequest | None = None) -> str:
    """A new secret, shown this once; an earlier one of this person ends."""
    secret = secrets.token_urlsafe(32)
    changes = {"secret_hash": _hash(secret), "made_at": timezone.now(), "fetched_at": None}
    _, is_new = TaskFeed.objects.update_or_create(owner=owner, defaults=changes)
    action = audit.Action.FEED_MADE if is_new else audit.Action.FEED_RENEWED
    audit.record(action, owner, request=request)
    return secret


@transaction.atomic
def end(owner: User, *, request: HttpRequest | None = None) -> None:
    deleted, _ = TaskFeed.objects.filter(owner=owner).delete()
    if deleted:
        audit.record(audit.Action.FEED_ENDED, owner, request=request)


def owner_of(secret: str) -> User | None:
    """Whose feed it is; None for every other secret, and where its owner may not sign in."""
    if not _SECRET.fullmatch(secret):
        return None
    # Found by its hash: how long the database looks tells nothing about the secret.
    feeds = TaskFeed.objects.filter(secret_hash=_hash(secret), owner__is_active=True)
    feed = feeds.select_related("owner").first()
    if feed is None:
        return None
    now = timezone.now()
    is_due = Q(fetched_at=None) | Q(fetched_at__lt=now - NOTED_EVERY)
    if feed.fetched_at is None or feed.fetched_at < now - NOTED_EVERY:
        TaskFeed.objects.filter(is_due, secret_hash=feed.secret_hash).update(fetched_at=now)
    return feed.owner


def _hash(secret: str) -> str:
    # No slow hash: nobody guesses 256 random bits.
    return hashlib.sha256(secret.encode()).hexdigest()
