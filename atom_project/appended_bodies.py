"""Bodies that are kept piece by piece while they come, beside Django (resumable upload, tus).

Django's handler reads a whole body into a temporary file before a view runs, and throws it away
when the client hangs up (`ASGIHandler.read_body`). So the view is asked first, with an empty body:
who asks, whether he may, and what is to be done with the bytes. It answers by leaving an
`Appending` in the scope; the bytes go there, and what that says in the end is the answer.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from django.db import connections

from atom_project import shared_counters
from atom_project.body_limit import LINGER_FOR_USERS
from atom_project.body_pieces import Captured, NoBody, Pieces
from atom_project.exception_table import problem_of
from atom_project.problems import Problem
from atom_project.shared_counters import Hold
from atom_project.web.lanes import Busy
from atom_project.web.protocol import Application, Message, Receive, Scope, Send
from atom_project.web.refusals import refuse, send_problem

APPENDED = re.compile(r"/uploads/[^/]+/?")
METHODS = {"PATCH", "HEAD"}  # HEAD may find that all bytes are here, and has to be at the end
SLOT = "atom_append"  # in the scope of a request
THREADS = 4  # that keep bytes
FINISHING = 4  # threads that judge and store whole files, which may take minutes
FINISHING_OF_ONE = 2  # files of one user at once: more would keep these threads from others
_OF_BODIES = (b"content-length", b"transfer-encoding", b"expect")

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Reply:
    """An answer without a body."""

    status: int
    headers: Mapping[str, str]

    @property
    def start(self) -> Message:
        raw = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        return {"type": "http.response.start", "status": self.status, "headers": raw}


class Appending(Protocol):
    """What becomes of one body. All of it blocks, and is called in one thread at a time."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Which every refusal has as well."""

    def write(self, data: bytes) -> None:
        """Keep a piece, perhaps an empty one; raises the `Problem` that ends the request."""

    def keep(self) -> None:
        """What has come is safe on the disk when this returns."""

    def complete(self) -> bool:
        """The body is whole and right, and kept; says whether the file is, so that `end` lasts."""

    def end(self) -> Reply:
        """After `complete`. Raises the `Problem` that is the answer instead."""

    def close(self) -> None:
        """Let others have the file; whatever still runs in another thread ends first."""


@dataclass
class Slot:
    """Where the view finds what the request announced, and leaves what it wants done."""

    announced: int | None  # bytes; None where the body tells no length
    appending: Appending | None = None


class AppendedBodies:
    """Wraps an application: bodies of PATCH at `/uploads/{id}` go where its view says.

    HEAD is asked in the same way, so that what takes long is done in these threads, not in those
    that answer everybody.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        # Of their own: a file that is hashed or sent to an object store may take minutes, and
        # bytes of others come meanwhile.
        self._threads = ThreadPoolExecutor(THREADS, "append")
        self._finishers = ThreadPoolExecutor(FINISHING, "finish")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not APPENDED.fullmatch(scope["path"]):
            await self.application(scope, receive, send)
            return
        scope["method"] = _meant_method(scope)
        # Two truths about its end (RFC 9112, 6.1) are refused as everywhere else.
        is_clear = not (_header(scope, b"content-length") and _header(scope, b"transfer-encoding"))
        if scope["method"] not in METHODS or not is_clear:
            await self.application(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            send = _locked_for_now(send)
        slot, answer = Slot(_announced(scope)), Captured()
        try:
            await self._ask(scope, slot, answer)
            if slot.appending is None:
                await answer.give(receive, send, has_body=scope["method"] == "PATCH")
            else:
                await self._append(slot.appending, scope, receive, send)
        finally:
            if slot.appending is not None:
                self._threads.submit(slot.appending.close)  # Done already, but after an accident.

    async def _ask(self, scope: Scope, slot: Slot, answer: Captured) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name not in _OF_BODIES]
        asked = {**scope, "headers": [*headers, (b"content-length", b"0")], SLOT: slot}
        await self.application(asked, NoBody().receive, answer.take)
        # What was found out about the request, for its line in the log.
        scope.update({name: asked[name] for name in asked.keys() - scope.keys() - {SLOT}})

    async def _append(
        self, appending: Appending, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body = Pieces(receive)
        reply: Reply | Problem | None
        try:
            who = scope.get("atom_user", id(scope))
            reply = await self._kept(appending, body, who)
        except Exception as error:
            problem = problem_of(error, where="AppendedBodies")
            problem.headers.update(appending.headers)
            reply = problem
        finally:
            body.stop()
            # Before the answer: whoever has that may send the next body at once.
            await self._in_thread(appending.close)
        if isinstance(reply, Problem) and body.is_whole:
            await send_problem(reply, scope, send)
        elif isinstance(reply, Problem):
            await refuse(reply, scope, receive, send, LINGER_FOR_USERS)
        elif reply is not None:
            await send(reply.start)
            await send({"type": "http.response.body", "body": b""})

    async def _kept(self, appending: Appending, body: Pieces, who: Any) -> Reply | None:
        """The answer; None where nobody is there any more to hear it."""
        try:
            while await body.gather():
                await self._in_thread(partial(appending.write, body.taken()))
        except Exception:
            with suppress(OSError):  # The first trouble is the answer.
                await self._in_thread(appending.keep)
            raise
        if body.is_broken:
            await self._in_thread(appending.keep)
            return None
        if not await self._in_thread(appending.complete):
            return await self._in_thread(appending.end)
        return await self._finished(appending, who)

    async def _finished(self, appending: Appending, who: Any) -> Reply:
        """All is kept: whoever is refused here asks again, and it is finished then."""
        counters = shared_counters.of_this_service()
        hold = Hold(f"finishing:{who}", most=FINISHING_OF_ONE)
        if not counters.take(hold):
            raise Busy
        try:
            return await self._in_thread(appending.end, self._finishers)
        finally:
            counters.give_back(hold)

    async def _in_thread(
        self, work: Callable[[], Answer], threads: ThreadPoolExecutor | None = None
    ) -> Answer:
        def worked() -> Answer:
            try:
                return work()
            finally:
                connections.close_all()  # The thread goes back to a pool that knows no requests.

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads or self._threads, copy_context().run, worked)


def _meant_method(scope: Scope) -> str:
    """tus lets clients that know only POST name the method in a header."""
    meant = _header(scope, b"x-http-method-override").upper()
    is_override = scope["method"] == "POST" and meant in (b"PATCH", b"DELETE")
    return meant.decode() if is_override else str(scope["method"])


def _locked_for_now(send: Send) -> Send:
    """Answer 423 (Locked) to whoever asks for an offset that cannot be told at this moment.

    tus-js-client waits for that one status and asks again. At every other refusal, a full line or
    too many requests, it begins a new upload and sends all bytes once more.
    """

    async def sent(message: Message) -> None:
        status = message.get("status", 200)
        if status == 429 or status >= 500:
            message = {**message, "status": 423}
        await send(message)

    return sent


def _announced(scope: Scope) -> int | None:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else None


def _header(scope: Scope, name: bytes) -> bytes:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found
