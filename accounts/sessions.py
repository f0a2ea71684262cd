"""Browser sessions end: when idle for hours, and a week after signing in, visited or not.

Django's own only end a while after they were last written.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

BEGAN_AT = "began_at"  # seconds since 1970
SEEN_AT = "seen_at"
NOTED_EVERY = 300  # seconds; each note is a write


class SessionStore(DatabaseStore):
    """What has ended is read as empty; signing in again makes a new key anyway."""

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        now = time.time()
        return super().create_model_instance({BEGAN_AT: now, SEEN_AT: now, **data})

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        data: dict[str, Any] = super().decode(session_data)
        return {} if has_ended(data) else data


def has_ended(data: dict[str, Any]) -> bool:
    now = time.time()
    seen_at, began_at = float(data.get(SEEN_AT, now)), float(data.get(BEGAN_AT, now))
    is_idle = now - seen_at > settings.SESSION_IDLE.total_seconds()
    return is_idle or now - began_at > settings.SESSION_COOKIE_AGE


class NoteVisits(MiddlewareMixin):
    """Goes inside the session middleware, which then stores what was noted.

    What a page asks for by itself, such as news every few seconds, is no visit.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        session = request.session
        if session.accessed and is_visit(request) and SESSION_KEY in session:
            now = time.time()
            if now - session.get(SEEN_AT, now) > NOTED_EVERY:
                session[SEEN_AT] = now
        return response


def is_visit(request: HttpRequest) -> bool:
    is_change = request.method not in {"GET", "HEAD", "OPTIONS"}
    return is_change or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
