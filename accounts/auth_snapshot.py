"""Auth snapshots: whether a login was revoked since, for answers that go on for minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework.request import Request

from accounts.models import ApiKey, LoginSession, User
from accounts.tokens import Credential


@dataclass(frozen=True, slots=True)
class AuthSnapshot:
    """What a request was allowed by; any of it may be revoked later."""

    user_id: int
    auth_hash: str  # Of password and token version, as they were; a key outlives a password.
    token_login: UUID | None
    api_key: UUID | None
    session_key: str | None
    expires_at: datetime | None  # Of the token or the browser's session.


def take(request: Request) -> AuthSnapshot:
    """The snapshot of an authenticated request of the API."""
    user: Any = request.user
    session = getattr(request, "session", None)
    credential = request.auth if isinstance(request.auth, Credential) else None
    login, api_key = (credential.login, credential.key) if credential else (None, None)
    key = session.session_key if session and not credential else None
    return AuthSnapshot(
        user_id=user.pk,
        auth_hash="" if api_key else _auth_hash(user.password, user.token_version),
        token_login=login.pk if login else None,
        api_key=api_key.pk if api_key else None,
        session_key=key,
        expires_at=credential.expires_at
        if credential
        else (session.get_expiry_date() if session and key else None),
    )


def revoked(snapshots: Iterable[AuthSnapshot]) -> set[AuthSnapshot]:
    """Those that would be refused now. Four statements; ask about some hundred at most."""
    snapshots = set(snapshots)
    users = _auth_hashes({snapshot.user_id for snapshot in snapshots})
    logins = _live_logins({one.token_login for one in snapshots if one.token_login})
    keys = _live_keys({one.api_key for one in snapshots if one.api_key})
    sessions = _live_sessions({one.session_key for one in snapshots if one.session_key})
    return {
        snapshot
        for snapshot in snapshots
        if snapshot.user_id not in users
        or (snapshot.auth_hash and users[snapshot.user_id] != snapshot.auth_hash)
        or (snapshot.token_login and snapshot.token_login not in logins)
        or (snapshot.api_key and snapshot.api_key not in keys)
        or (snapshot.session_key and snapshot.session_key not in sessions)
    }


def _auth_hash(password: str, token_version: int) -> str:
    # As the hash of a session, but never leaves this process, so it needs no key.
    return hashlib.sha256(f"{token_version}:{password}".encode()).hexdigest()


def _auth_hashes(ids: set[int]) -> dict[int, str]:
    users = User.objects.filter(pk__in=ids, is_active=True)
    return {
        pk: _auth_hash(password, token_version)
        for pk, password, token_version in users.values_list("pk", "password", "token_version")
    }


def _live_logins(ids: set[UUID]) -> set[Any]:
    live = LoginSession.objects.unended().filter(expires_at__gt=timezone.now(), pk__in=ids)
    return set(live.values_list("pk", flat=True)) if ids else set()


def _live_keys(ids: set[UUID]) -> set[Any]:
    live = ApiKey.objects.live().filter(pk__in=ids)
    return set(live.values_list("pk", flat=True)) if ids else set()


def _live_sessions(keys: set[str]) -> set[Any]:
    live = Session.objects.filter(expire_date__gt=timezone.now(), session_key__in=keys)
    return set(live.values_list("session_key", flat=True)) if keys else set()
