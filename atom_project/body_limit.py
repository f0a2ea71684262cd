"""Body limits: refused at the door, before Django writes a byte to disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from accounts import tokens
from accounts.sessions import SessionStore
from atom_project import disk_reserve
from atom_project.exception_table import problem_of
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem, answer

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"
LINGER_BYTES = 2 * 1024 * 1024
LINGER_SECONDS = 2.0


class BodyLimit:
    """Wraps an application so that no body larger than allowed reaches it.

    Whoever holds a valid token or an existing session may send a whole upload, anybody else
    little. Bodies that do not announce their length are refused over HTTP/1.1 (the application
    would take them for empty) and counted as they come otherwise.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        body = Body(scope, receive)
        refusal = await body.refusal_by_announcement()
        if refusal is None:
            response = Response(send)
            try:
                await self.application(scope, body.receive, response.send)
            except OSError as error:
                # Django keeps the body in a temporary file before any of its handlers is there.
                if response.has_started:
                    raise
                body.refusal = problem_of(error, where="BodyLimit")
            if body.refusal is None or response.has_started:
                return
            refusal = body.refusal
        await refuse(refusal, scope, receive, send)


class Body:
    """One request's body: what it announces, and what of it has come."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._headers = scope["headers"]
        self._receive = receive
        self._received = 0
        self._limit = settings.MAX_ANONYMOUS_BODY
        self.refusal: Problem | None = None

    async def refusal_by_announcement(self) -> Problem | None:
        announced = self._header(b"content-length")
        if announced is not None and self._header(b"transfer-encoding") is not None:
            # Two truths about where the body ends: a proxy may believe the other one, and take
            # the rest for a request of somebody else (RFC 9112, 6.1).
            return Problem(
                400, ProblemCode.BAD_REQUEST, "The request announces its length in two ways."
            )
        if announced is not None:
            if not announced.isdigit():
                return Problem(400, ProblemCode.BAD_REQUEST, "The Content-Length is not a number.")
            return await self._refusal_of(int(announced))
        if self._header(b"transfer-encoding") is not None:
            return Problem(
                411, ProblemCode.LENGTH_REQUIRED, "Send the length of the body: Content-Length."
            )
        return None

    async def receive(self) -> Message:
        """The next part; once too much has come, the application sees the client hang up."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        self.refusal = self.refusal or await self._refusal_of(self._received)
        return {"type": "http.disconnect"} if self.refusal else message

    async def _refusal_of(self, size: int) -> Problem | None:
        if size <= self._limit:
            return None
        if size > settings.MAX_UPLOAD_BODY:
            return too_large(settings.MAX_UPLOAD_BODY)
        try:
            # From a pool: outside of requests, thread-sensitive work shares a single thread.
            is_known = await sync_to_async(self._comes_from_a_user, thread_sensitive=False)()
        except Exception as error:
            # The door stays shut when nobody can be asked, and says which trouble it is.
            return problem_of(error, where="BodyLimit")
        if not is_known:
            return too_large(settings.MAX_ANONYMOUS_BODY, hint=self._hint())
        self._limit = settings.MAX_UPLOAD_BODY
        return disk_reserve.refusal(size)

    def _comes_from_a_user(self) -> bool:
        try:
            return self._has_token() or self._has_session()
        finally:
            connections.close_all()  # The thread goes back to a pool that knows no requests.

    def _has_token(self) -> bool:
        try:
            raw = tokens.in_header(self._header(b"authorization") or b"")
            return raw is not None and bool(tokens.authenticate(raw))
        except tokens.TokenRefused:
            return False

    def _has_session(self) -> bool:
        key = self._session_key()
        if not key:
            return False
        holder: Any = SimpleNamespace(session=SessionStore(key))
        return get_user(holder).is_authenticated

    def _session_key(self) -> str:
        # As lenient as Django: other programs of the same host put odd cookies beside ours.
        cookies = parse_cookie((self._header(b"cookie") or b"").decode("latin-1"))
        return cookies.get(settings.SESSION_COOKIE_NAME, "")

    def _hint(self) -> str:
        if self._header(b"authorization") is not None:
            return " The token is not valid: log in again and send the new one."
        if self._session_key():
            return " You are signed out: sign in again first."
        return " Sign in or send a token first."

    def _header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self._headers if key == name), None)


class Response:
    """Remembers whether the application has begun to answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_started = False

    async def send(self, message: Message) -> None:
        self.has_started = True
        await self._send(message)


def too_large(limit: int, *, hint: str = "") -> Problem:
    detail = f"The request is larger than {limit // (1024 * 1024)} MiB.{hint}"
    return Problem(413, ProblemCode.REQUEST_TOO_LARGE, detail, limit=limit)


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer and close the connection, so that the rest is never read."""
    response = await sync_to_async(answer, thread_sensitive=False)(_bare_request(scope), problem)
    headers = {
        "Content-Length": str(len(response.content)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": POLICY,
        "Connection": "close",
        **response.headers,
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status_code, "headers": raw})
    await send({"type": "http.response.body", "body": response.content, "more_body": True})
    await linger(receive)
    await send({"type": "http.response.body", "body": b""})


def _bare_request(scope: Scope) -> HttpRequest:
    """What the answer depends on: whether a browser asks. Nobody is signed in, nothing is read."""
    request = HttpRequest()
    request.path = request.path_info = scope["path"]
    request.method = scope["method"]
    for name in ("accept", "authorization"):
        values = [value for key, value in scope["headers"] if key == name.encode()]
        if values:
            request.META[f"HTTP_{name.upper()}"] = values[0].decode("latin-1")
    return request


async def linger(receive: Receive) -> None:
    """Read on a little: a client still sending when the connection closes loses the answer."""
    drained = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while drained < LINGER_BYTES:
                message = await receive()
                drained += len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        return
