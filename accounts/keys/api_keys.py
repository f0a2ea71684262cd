"""API keys are made, found by what a program sends, and ended.

A key is `atom_`, 8 letters and digits that may be seen, and 32 that are its secret (190 bits).
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import string
from collections.abc import Iterable
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import audit
from accounts.keys.model import ApiKey, Scope
from accounts.models import User

logger = logging.getLogger(__name__)

START = "atom_"
MOST = 50  # live keys of one person
NOTED_EVERY = timedelta(minutes=1)  # Each note is a write.
_LETTERS = string.ascii_letters + string.digits
_KEY = re.compile(START + r"([A-Za-z0-9]{8})[A-Za-z0-9]{32}")


class TooManyKeys(Exception):
    """This person has `MOST` live keys already."""


@transaction.atomic
def make(
    owner: User,
    name: str,
    scopes: Iterable[str],
    *,
    days: int | None = None,
    request: HttpRequest | None = None,
) -> tuple[ApiKey, str]:
    """The row of a new key and the key itself, which is shown this once; ends after `days`."""
    # Of two requests at once each would see one less than there are.
    User.objects.select_for_update().get(pk=owner.pk)
    if owner.api_keys.live().count() >= MOST:
        raise TooManyKeys
    prefix, secret = _random(8), _random(32)
    raw = f"{START}{prefix}{secret}"
    wanted = set(scopes)
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=prefix,
        secret_hash=_hash(raw),
        scope=Scope.ALL if Scope.ALL in wanted else " ".join(sorted(wanted)),
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    audit.record(audit.Action.KEY_MADE, key, request=request, actor=owner.pk)
    return key, raw


@transaction.atomic
def end(key: ApiKey, *, request: HttpRequest | None = None) -> None:
    """From now on it opens nothing. Ending it again is no error."""
    if ApiKey.objects.unended().filter(pk=key.pk).update(ended_at=timezone.now()):
        audit.record(audit.Action.KEY_ENDED, key, request=request)


def looks_like_one(raw: bytes) -> bool:
    return raw.startswith(START.encode())


def find(raw: bytes) -> ApiKey | None:
    """The key that was sent, alive or not; None for whatever is none. One statement."""
    text = raw.decode("ascii", errors="replace")
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    key = next(
        iter(ApiKey.objects.select_related("owner").order_by().filter(prefix=match[1])), None
    )
    # No slow hash: nobody guesses 190 random bits.
    if key is None or not constant_time_compare(key.secret_hash, _hash(text)):
        return None
    return key


def note_use(key: ApiKey) -> None:
    """Write down that it was used, once a minute. Where that fails the request goes on."""
    now = timezone.now()
    if key.used_at and key.used_at > now - NOTED_EVERY:
        return
    is_due = Q(used_at=None) | Q(used_at__lt=now - NOTED_EVERY)
    try:
        ApiKey.objects.filter(is_due, pk=key.pk).update(used_at=now)
    except OperationalError:
        logger.info("The use of key %s is not noted: the database cannot be written", key.pk)


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
