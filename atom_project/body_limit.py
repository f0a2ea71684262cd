"""Body limits: refused at the door, before Django writes a byte to disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http.cookie import parse_cookie

from accounts import throttles, tokens
from accounts.keys import model, scopes
from accounts.sessions import SessionStore
from atom_project import admission, disk_reserve, peers
from atom_project.admission import BodiesInFlight
from atom_project.exception_table import problem_of
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from atom_project.web.protocol import Application, Message, Receive, Scope, Send
from atom_project.web.refusals import refuse, send_problem

# Puts a question to the database in a thread, and brings the answer.
Ask = Callable[[Callable[[], Any]], Awaitable[Any]]

# What is read on after a refusal, in bytes and seconds: of a stranger, and of a user. Pages send
# files one by one, and their users have to hear why one of the largest size is refused.
LINGER = (2 * 1024 * 1024, 2.0)
LINGER_FOR_USERS = (12 * 1024 * 1024, 10.0)


class BodyLimit:
    """Wraps an application so that no body larger than allowed reaches it.

    Large ones are taken at the addresses of uploads only (`admission.LARGE_BODIES`), from whoever
    holds a valid token or an existing session, within his rate limit, his quotas and what he has
    on its way already. Bodies that do not announce their length are refused over HTTP/1.1 (the
    application would take them for empty) and counted as they come otherwise.
    """

    def __init__(self, application: Application, ask: Ask | None = None) -> None:
        self.application = application
        self.in_flight = BodiesInFlight()
        self._ask = ask or ask_in_pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        body = Body(scope, receive, self.in_flight, self._ask)
        try:
            await self._exchange(body, scope, receive, send)
        finally:
            body.leave()

    async def _exchange(self, body: Body, scope: Scope, receive: Receive, send: Send) -> None:
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
        if body.is_whole:
            await send_problem(refusal, scope, send)
            return
        linger_for = LINGER_FOR_USERS if body.is_of_user else LINGER
        await refuse(refusal, scope, receive, send, linger_for)


class Body:
    """One request's body: what it announces, and what of it has come."""

    def __init__(
        self, scope: Scope, receive: Receive, in_flight: BodiesInFlight, ask: Ask | None = None
    ) -> None:
        self._scope = scope
        self._ask = ask or ask_in_pool
        self._headers = scope["headers"]
        self._receive = receive
        self._in_flight = in_flight
        self._leavings: list[Callable[[], None]] = []
        self._received = 0
        self._limit = settings.MAX_SMALL_BODY
        self.is_whole = False  # Once its end has come.
        self.is_of_user = False  # As far as it was asked: small bodies are anybody's.
        self.refusal: Problem | None = None

    def leave(self) -> None:
        """It is on its way no more."""
        while self._leavings:
            self._leavings.pop()()

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
        self.is_whole = message["type"] == "http.request" and not message.get("more_body")
        self._received += len(message.get("body", b""))
        self.refusal = self.refusal or await self._refusal_of(self._received)
        return {"type": "http.disconnect"} if self.refusal else message

    async def _refusal_of(self, size: int) -> Problem | None:
        """Why a body of this size is not taken; asked again as one without a length grows."""
        if size <= self._limit:
            return self._refusal_of_small(size)
        largest = admission.largest_body(self._scope["path"])
        if size > largest:
            return too_large(largest)
        try:
            user_id = await self._ask(self._user_id)
            self.is_of_user = True
            # One that announces nothing may become as large as any.
            await self._admit(user_id, largest if self._received else size)
        except Problem as refusal:
            return refusal
        except Exception as error:
            # The door stays shut when nobody can be asked, and says which trouble it is.
            return problem_of(error, where="BodyLimit")
        self._limit = largest
        return disk_reserve.refusal(size)

    def _refusal_of_small(self, size: int) -> Problem | None:
        """Anybody may send them, so what comes of one address at once is bounded."""
        if size <= admission.UNCOUNTED or self._leavings:
            return None
        host, _ = self._scope.get("client") or ("", None)
        try:
            self._enter(f"address:{peers.counted_as(host)}", size, admission.SMALL_BODIES_AT_ONCE)
        except Problem as refusal:
            return refusal
        return None

    async def _admit(self, user_id: int, size: int) -> None:
        sender = f"user:{user_id}"
        most, at_once = settings.MAX_UPLOAD_BODY, settings.ATOM_MAX_BODIES_PER_USER
        self.leave()
        self._enter(sender, size, most, at_once)
        in_flight, bodies = self._in_flight.bytes_of(sender), self._in_flight.count_of(sender)
        key = (self._header(b"idempotency-key") or b"").decode("latin-1").strip()
        await self._ask(lambda: admission.require_room(user_id, in_flight, bodies, key))
        self._scope[throttles.COUNTED] = True

    def _enter(self, sender: str, size: int, most: int, at_once: int = 0) -> None:
        self._leavings.append(self._in_flight.enter(sender, size, most=most, at_once=at_once))

    def _user_id(self) -> int:
        """Whose it is; the problem of a small request without a valid credential otherwise."""
        try:
            raw = tokens.in_header(self._header(b"authorization") or b"")
            user_id = self._user_of_session() if raw is None else self._user_of_token(raw)
        except tokens.TokenRefused as refused:
            user_id = self._user_of_session()
            if user_id is None:
                raise unauthorized(refused.code, refused.detail) from None
        if user_id is None:
            raise unauthorized(ProblemCode.NOT_AUTHENTICATED, self._hint())
        return user_id

    @staticmethod
    def _user_of_token(raw: bytes) -> int:
        credential = tokens.authenticate(raw)
        scopes.require(credential.key, model.Scope.UPLOAD)  # What has such a body is an upload.
        return credential.user.pk

    def _user_of_session(self) -> int | None:
        key = self._session_key()
        if not key:
            return None
        holder: Any = SimpleNamespace(session=SessionStore(key))
        return get_user(holder).pk  # None, where it is nobody's.

    def _session_key(self) -> str:
        # As lenient as Django: other programs of the same host put odd cookies beside ours.
        cookies = parse_cookie((self._header(b"cookie") or b"").decode("latin-1"))
        return cookies.get(settings.SESSION_COOKIE_NAME, "")

    def _hint(self) -> str:
        if self._session_key():
            return "You are signed out: sign in again first."
        return "Sign in or send a token first."

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


async def ask_in_pool(question: Callable[[], Any]) -> Any:
    """Ask in a thread that goes back to a pool which knows nothing of connections."""

    def asked() -> Any:
        try:
            return question()
        finally:
            connections.close_all()

    # From a pool: outside of requests, thread-sensitive work shares a single thread.
    return await sync_to_async(asked, thread_sensitive=False)()


def unauthorized(code: ProblemCode, detail: str) -> Problem:
    """What clients take as the word to log in again; a size would tell them to give up."""
    return Problem(401, code, detail, headers={"WWW-Authenticate": tokens.CHALLENGE})


def too_large(limit: int) -> Problem:
    detail = f"The request is larger than {limit // (1024 * 1024)} MiB."
    return Problem(413, ProblemCode.REQUEST_TOO_LARGE, detail, limit=limit)
