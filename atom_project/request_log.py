"""One line for each request, under an id that follows its documents to the worker."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import SimpleLazyObject

from atom_project import logs, peers, process_counters
from atom_project.web import long_polling
from atom_project.web.protocol import Application, Message, Receive, Scope, Send

logger = logging.getLogger("atom_project.requests")

ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by machines; a line for each would bury the others.
UNREMARKABLE = {"/healthz", "/readyz", "/metrics"}


class RequestLog:
    """Wraps an application: outermost, so that refusals at the door are logged as well."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        exchange = Exchange(scope, send)
        process_counters.of_this_process.probe_loop()
        with logs.about(request_id=exchange.request_id):
            try:
                await self.application(scope, receive, exchange.send)
            finally:
                exchange.log()


class Exchange:
    """One request and how it was answered."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.request_id = _given_id(scope) or secrets.token_hex(8)
        self._scope = scope
        self._send = send
        self._status = 0  # Nothing was answered: the client left, or the server broke.
        self._began_at = time.monotonic()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", self.request_id.encode())]
            message = {**message, "headers": headers}
        await self._send(message)

    def log(self) -> None:
        took, path = time.monotonic() - self._began_at, self._scope["path"]
        process_counters.of_this_process.count_request(
            self._scope["method"], path, self._status, took - long_polling.waited(self._scope)
        )
        facts = {
            "method": self._scope["method"],
            "path": logs.masked(path),  # Without the query, which may hold search words.
            "status": self._status,
            "ms": round(took * 1000, 1),
            "user": self._scope.get("atom_user"),
        }
        logger.log(self._level(), "request", extra={"facts": facts})

    def _level(self) -> int:
        if self._status >= 500:
            return logging.WARNING
        return logging.DEBUG if self._scope["path"].rstrip("/") in UNREMARKABLE else logging.INFO


def _given_id(scope: Scope) -> str:
    """The id a trusted proxy gave the request; anybody else could forge the trail."""
    if not _comes_by_proxy(scope):
        return ""
    headers = dict(scope["headers"])
    given = headers.get(b"x-request-id", b"").decode("latin-1")
    return given if ACCEPTABLE_ID.fullmatch(given) else ""


def _comes_by_proxy(scope: Scope) -> bool:
    if not settings.ATOM_TRUSTED_PROXY:
        return False
    host, port = scope.get("client") or ("", None)
    # Where uvicorn believed a proxy about its client, it left no port, which no peer lacks.
    return port == 0 or peers.is_trusted(host)


@sync_and_async_middleware
def note_user(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Tell the request's line who asked, if anybody found that out; the database is not asked.

    And its span, which of our addresses it was.
    """
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponse:
            pending: Awaitable[HttpResponse] = get_response(request)
            response = await pending
            _note(request)
            return response

        return answer_later

    def answer(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = get_response(request)
        _note(request)
        return response

    return answer


def _note(request: HttpRequest) -> None:
    scope: dict[str, Any] | None = getattr(request, "scope", None)
    user: Any = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):  # The session's, which the API replaces by the token's.
        user = getattr(request, "_cached_user", None)
    if scope is not None and user is not None:
        scope["atom_user"] = user.pk
    if scope is not None and request.resolver_match is not None:
        scope["atom_route"] = request.resolver_match.route
