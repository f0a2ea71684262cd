"""Whether somebody who signed in a while ago still is: for answers that go on for minutes."""

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

from accounts.models import LoginSession, User
from accounts.tokens import Credential


@dataclass(frozen=True, slots=True)
class Standing:
    """What a request was allowed by; any of it may end later."""

    user_id: int
    fingerprint: str  # Of password and sign-outs, as they were.
    token_login: UUID | None
    session_key: str | None
    expires_at: datetime | None  # Of the token or the browser's session.


def of(request: Request) -> Standing:
    """The standing of an authenticated request of the API."""
    user: Any = request.user
    session = getattr(request, "session", None)
    credential = request.auth if isinstance(request.auth, Credential) else None
    key = session.session_key if session and not credential else None
    return Standing(
        user_id=user.pk,
        fingerprint=_fingerprint(user.password, user.sign_outs),
        token_login=credential.login.pk if credential else None,
        session_key=key,
        expires_at=credential.expires_at
        if credential
        else (session.get_expiry_date() if session and key else None),
    )


def ended(standings: Iterable[Standing]) -> set[Standing]:
    """Those that would be refused now. Three statements; ask about some hundred at most."""
    standings = set(standings)
    users = _fingerprints({standing.user_id for standing in standings})
    logins = _live_logins({one.token_login for one in standings if one.token_login})
    sessions = _live_sessions({one.session_key for one in standings if one.session_key})
    return {
        standing
        for standing in standings
        if users.get(standing.user_id) != standing.fingerprint
        or (standing.token_login and standing.token_login not in logins)
        or (standing.session_key and standing.session_key not in sessions)
    }


def _fingerprint(password: str, sign_outs: int) -> str:
    # As the hash of a session, but never leaves this process, so it needs no key.
    return hashlib.sha256(f"{sign_outs}:{password}".encode()).hexdigest()


def _fingerprints(ids: set[int]) -> dict[int, str]:
    users = User.objects.filter(pk__in=ids, is_active=True)
    return {
        pk: _fingerprint(password, sign_outs)
        for pk, password, sign_outs in users.values_list("pk", "password", "sign_outs")
    }


def _live_logins(ids: set[UUID]) -> set[Any]:
    live = LoginSession.objects.unended().filter(expires_at__gt=timezone.now(), pk__in=ids)
    return set(live.values_list("pk", flat=True)) if ids else set()


def _live_sessions(keys: set[str]) -> set[Any]:
    live = Session.objects.filter(expire_date__gt=timezone.now(), session_key__in=keys)
    return set(live.values_list("session_key", flat=True)) if keys else set()
