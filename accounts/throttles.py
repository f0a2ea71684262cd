"""Rate limits: how often somebody may try. Counted before the work is done: none of it is free."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from atom_project.peers import counted_as, is_trusted
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem

if TYPE_CHECKING:
    from rest_framework.views import APIView  # Which itself reads this module by its setting.

WINDOW = 60  # seconds, from the first try
# Each try costs half a second of a core, as a hash of passwords should: guessing is load, too.
WRONG_LOGINS = 10  # in a window, per address and per user name
REQUESTS = 600  # in a window, per user
UPLOADS = 60
COUNTED = "atom_upload_counted"  # in the scope of a request
FAMILIAR_FOR = 30 * 24 * 3600  # seconds


class Throttled(Problem):
    """Too many tries; `wait` seconds until the next one counts."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            429,
            ProblemCode.THROTTLED,
            f"Too many attempts. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
        self.wait = wait


# Counting.


def take(subject: str, limit: int) -> str:
    """Count one try of a subject; returns its receipt, for `give_back`. May raise `Throttled`."""
    cache: Any = caches["throttle"]
    now = time.time()
    until = cache.get_or_set(f"{subject}:until", now + WINDOW, WINDOW) or now + WINDOW
    counter = f"{subject}:{until}"
    if cache.count(counter, 1, WINDOW) > limit:
        raise Throttled(max(1, math.ceil(until - now)))
    return counter


def give_back(receipt: str) -> None:
    """Uncount a try that was none after all."""
    cache: Any = caches["throttle"]
    cache.count(receipt, -1, WINDOW)


# Logins.


def take_login(request: HttpRequest, username: str) -> list[str]:
    """Count a login before the password is looked at; `Throttled` if there were too many.

    By address, against guessing many names, and by name, against guessing from many addresses.
    A name can therefore be kept busy by a stranger; its owner, coming from an address he has
    signed in from before, is counted apart and not kept out. No account is ever locked: the
    wait is at most one window, and logins that exist go on.
    """
    if not settings.ATOM_THROTTLE:
        return []
    place, name = address(request), _digest(username)
    receipts = [take(f"login-from:{place}", WRONG_LOGINS)]
    is_familiar = caches["throttle"].get(_familiar(name, place))
    subject = f"login-of:{name}@{place}" if is_familiar else f"login-of:{name}"
    return [*receipts, take(subject, WRONG_LOGINS)]


def login_succeeded(request: HttpRequest, username: str, receipts: Iterable[str]) -> None:
    """Only wrong logins count; and this address is known from now on as one of this user's."""
    for receipt in receipts:
        give_back(receipt)
    if settings.ATOM_THROTTLE:
        caches["throttle"].set(_familiar(_digest(username), address(request)), 1, FAMILIAR_FOR)


def take_password_change(request: HttpRequest) -> None:
    if settings.ATOM_THROTTLE:
        take(f"password-of:{request.user.pk}", WRONG_LOGINS)


def _familiar(name: str, place: str) -> str:
    return f"familiar:{name}@{place}"


def _digest(username: str) -> str:
    """Names as keys: of one length, without odd characters, and not readable in a dump."""
    return hashlib.sha256(username.strip().casefold().encode(errors="replace")).hexdigest()


# Addresses.


def address(request: HttpRequest) -> str:
    """Whom a request comes from: its peer or, behind a trusted proxy, the peer of that.

    Only the last hop of `X-Forwarded-For` is the proxy's word; the client may have written the
    others.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    if settings.ATOM_TRUSTED_PROXY and is_trusted(peer):
        peer = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or peer
    return counted_as(peer)


# The API.


class RequestThrottle(BaseThrottle):
    """All requests of one user; of one address, where nobody is signed in."""

    scope = "requests"
    limit = REQUESTS

    def allow_request(self, request: Request, view: APIView) -> bool:
        if settings.ATOM_THROTTLE:
            who = request.user.pk or address(request)
            take(f"{self.scope}:{who}", self.limit)
        return True


class UploadThrottle(BaseThrottle):
    """Uploads of one user, apart from other requests; large ones were counted at the door."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not was_counted(request):
            take_upload(request.user.pk or address(request))
        return True


def take_upload(who: int | str) -> None:
    """Count one upload of a user, or of an address where nobody is signed in."""
    if settings.ATOM_THROTTLE:
        take(f"uploads:{who}", UPLOADS)


def was_counted(request: HttpRequest | Request) -> bool:
    """Whether `BodyLimit` counted it before its body was read."""
    return COUNTED in getattr(request, "scope", {})
