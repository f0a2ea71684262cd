"""Rate limits: how often somebody may try. Counted before the work is done: none of it is free."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import rate_limits
from accounts.rate_limits import WINDOW, RateLimit
from atom_project.peers import counted_as, is_trusted
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem, answer
from atom_project.web import long_polling

if TYPE_CHECKING:
    from rest_framework.views import APIView  # Which itself reads this module by its setting.

# Each try costs half a second of a core, as a hash of passwords should: guessing is load, too.
WRONG_LOGINS = 10  # in a window, per address and per user name
REQUESTS = 600  # in a window, per user
UPLOADS = 60
# An open page asks for itself again with each event, and several may be open.
PAGES = 1200
RIGHT_LOGINS = 60  # of an address: each costs as much as a wrong one
SINGLE_SIGN_ONS = 60  # of an address, there and back: each makes a session, or asks the provider
FEEDS = 60  # of an address: a calendar asks a few times in a day, whoever guesses more often
UPLOAD_PAGES = {"/d/upload", "/d/sample"}
COUNTED = "atom_upload_counted"  # in the scope of a request
FAMILIAR_FOR = 30 * 24 * 3600  # seconds


class Tried(NamedTuple):
    """How it stands after a try was counted, or a look at the counter."""

    receipt: str
    left: int  # tries until the window ends; negative: this one was too many
    seconds: int  # until then


class Throttled(Problem):
    """Too many tries; `wait` seconds until the next one counts."""

    def __init__(self, wait: int, said: str = "") -> None:
        again = "1 second" if wait == 1 else f"{wait} seconds"
        super().__init__(
            429,
            ProblemCode.THROTTLED,
            f"{said or 'Too many attempts.'} Try again in {again}.",
            headers={"Retry-After": str(wait)},
        )
        self.wait = wait


# Counting.


def take(subject: str, limit: int) -> str:
    """Count one try of a subject; returns its receipt, for `give_back`. May raise `Throttled`."""
    tried = _count(subject, limit)
    if tried.left < 0:
        raise Throttled(tried.seconds)
    return tried.receipt


def _count(subject: str, limit: int, *, tries: int = 1) -> Tried:
    cache: Any = caches["throttle"]
    now = time.time()
    until = cache.get_or_set(f"{subject}:until", now + WINDOW, WINDOW) or now + WINDOW
    receipt = f"{subject}:{until}"
    left = limit - cache.count(receipt, tries, WINDOW)
    return Tried(receipt, left, max(1, math.ceil(until - now)))


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
    take(f"logins-from:{place}", RIGHT_LOGINS)  # Not given back, right or wrong.
    receipts = [take(f"login-from:{place}", WRONG_LOGINS)]
    is_familiar = caches["throttle"].get(_familiar(name, place))
    subject = f"login-of:{name}@{place}" if is_familiar else f"login-of:{name}"
    return [*receipts, take(subject, WRONG_LOGINS)]


def login_succeeded(request: HttpRequest, username: str, receipts: Iterable[str]) -> None:
    """Only wrong logins count towards ten; this address is known as the user's from now on."""
    for receipt in receipts:
        give_back(receipt)
    if settings.ATOM_THROTTLE:
        caches["throttle"].set(_familiar(_digest(username), address(request)), 1, FAMILIAR_FOR)


def take_password_change(request: HttpRequest) -> None:
    if settings.ATOM_THROTTLE:
        take(f"password-of:{request.user.pk}", WRONG_LOGINS)


def take_single_sign_on(request: HttpRequest) -> None:
    if settings.ATOM_THROTTLE:
        take(f"single-sign-ons-from:{address(request)}", SINGLE_SIGN_ONS)


def take_feed(request: HttpRequest) -> None:
    """Count a look at a feed before its secret is looked for; may raise `Throttled`."""
    if settings.ATOM_THROTTLE:
        take(f"feeds-from:{address(request)}", FEEDS)


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


# Pages: those of the dashboard and the admin, and whatever else no view of the API answers.


class CountPages(MiddlewareMixin):
    """Counts requests for pages by user, or by address; their uploads with those of the API.

    Static files are answered before this, and views of the API count for themselves.
    """

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if hasattr(view, "cls") or not settings.ATOM_THROTTLE:  # A view of the API has a class.
            return None
        who = request.user.pk or address(request)
        try:
            take(f"pages:{who}", PAGES)
            if is_upload(request) and not was_counted(request):
                take_upload(who)
        except Throttled as refusal:
            return answer(request, refusal)
        return None


def is_upload(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path.rstrip("/") in UPLOAD_PAGES


# The API.


class RequestThrottle(BaseThrottle):
    """All requests of one user; of one address, where nobody is signed in."""

    scope = "requests"
    limit = REQUESTS

    def allow_request(self, request: Request, view: APIView) -> bool:
        if settings.ATOM_THROTTLE:
            self.count(request, request.user.pk or address(request))
        return True

    def count(self, request: Request, who: int | str) -> None:
        """Count it, and note for the answer how many are left. May raise `Throttled`."""
        # What waited comes again to be answered, and was counted when it came.
        has_waited = long_polling.has_waited(request)
        tried = _count(f"{self.scope}:{who}", self.limit, tries=0 if has_waited else 1)
        left = max(tried.left, 0)
        rate_limits.note(request, RateLimit(self.scope, self.limit, left, tried.seconds))
        if tried.left < 0 and not has_waited:
            said = f"More than {self.limit} {self.scope.replace('-', ' ')} in {WINDOW} seconds."
            raise Throttled(tried.seconds, said)


class ProbeThrottle(BaseThrottle):
    """Probes of one address, whoever asks: who it is would be asked of the database."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if settings.ATOM_THROTTLE:
            take(f"probes:{address(request)}", REQUESTS)
        return True


class UploadThrottle(RequestThrottle):
    """Uploads of one user, apart from other requests; large ones were counted at the door."""

    scope = "uploads"
    limit = UPLOADS

    def allow_request(self, request: Request, view: APIView) -> bool:
        return was_counted(request) or super().allow_request(request, view)


def take_upload(who: int | str) -> None:
    """Count one upload of a user, or of an address where nobody is signed in."""
    if settings.ATOM_THROTTLE:
        take(f"{UploadThrottle.scope}:{who}", UploadThrottle.limit)


def was_counted(request: HttpRequest | Request) -> bool:
    """Whether `BodyLimit` counted it before its body was read."""
    return COUNTED in getattr(request, "scope", {})
