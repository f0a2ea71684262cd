"""The one handler of requests: each answered in one visit to a thread that stays."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext, suppress
from itertools import cycle
from typing import IO, Any, TypeVar, cast

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from atom_project import persistent_connections, shared_counters
from atom_project.problems import Problem
from atom_project.shared_counters import Hold
from atom_project.web import long_polling
from atom_project.web.lanes import Busy, Lane
from atom_project.web.long_polling import DeferredResponse, LongPoll
from atom_project.web.pieces import PiecewiseResponse
from atom_project.web.protocol import Receive, Scope, Send
from atom_project.web.refusals import send_problem
from atom_project.web.senders import Senders
from atom_project.web.streams import Client, StreamResponse, send_stream, start_of

STREAMS = re.compile(r"/documents/stream/?")
# With a thread and a connection for each stream, a stock PostgreSQL was full at the 99th.
STREAM_THREADS = 4
EXPORT_THREADS = 2
LONG_ANSWERS = 2  # that one user may be sent at once: more would share these threads
READS = {"GET", "HEAD", "OPTIONS"}
PROBES = {"/readyz", "/metrics"}

Answer = TypeVar("Answer")


class RequestHandler(ASGIHandler):
    """Django's handler, without what it takes for each request: a thread, a connection, two tasks.

    A body is whole before a thread is taken, so a slow client holds none. Each kind of request has
    a lane of its own: probes are answered whatever else goes on, and where one writer holds up all
    others, readers go on.
    """

    def __init__(self) -> None:
        super().__init__()
        threads = settings.ATOM_WEB_THREADS
        self._health = Lane("health", 1)
        self._probes = Lane("probes", 2)
        self._reads = Lane("reads", threads)
        self._changes = Lane("changes", max(2, threads // 2))
        self._questions = Lane("questions", 2)
        # One thread each: what a stream asks must happen in one thread, in order.
        self._streams = _single_threads("streams", STREAM_THREADS)
        # Answers made while they are sent, by pieces in turn: they keep no other request waiting.
        self._exports = _single_threads("exports", EXPORT_THREADS)
        self._senders = Senders()

    def load_middleware(self, is_async: bool = False) -> None:
        """Once, and without the going back and forth that async middleware would mean."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"There is no answer to {scope['type']}.")
        if scope["method"] == "GET" and STREAMS.fullmatch(scope["path"]):
            await self._answer_stream(scope, receive, send)
            return
        if poll := long_polling.begin(scope):
            await self._answer_later(poll, scope, receive, send)
            return
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            await self._answer(scope, body, receive, send)

    async def ask(self, question: Callable[[], Answer]) -> Answer:
        """Put a question to the database, for what stands around Django or beside it."""

        def asked() -> Answer:
            persistent_connections.drop_ended()
            return question()

        return await self._questions.run(asked)

    # Answers that end.

    async def _answer(self, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> None:
        lane, sender, client = self._lane(scope), self._senders.of(scope), Client()
        try:
            # Watched only while it waits: a task for each request costs as much as a short answer.
            async with _watched(client, receive) if lane.is_busy(sender) else nullcontext():
                response = await lane.run(lambda: self._respond(scope, body, client), sender)
        except Busy as refusal:
            await send_problem(refusal, scope, send)
            return
        self._senders.learn(scope)
        if response is None:
            return
        if not response.streaming:
            await self.send_response(response, send)
            return
        try:
            if isinstance(response, PiecewiseResponse):
                await self._send_pieces(response, scope, receive, send)
            else:
                await _until_it_leaves(self.send_response(response, send), receive)
        finally:
            await sync_to_async(response.close, thread_sensitive=False)()

    async def _send_pieces(
        self, response: PiecewiseResponse, scope: Scope, receive: Receive, send: Send
    ) -> None:
        counters = shared_counters.of_this_service()
        who = scope.get("atom_user", id(scope))  # Whoever is nobody has it for this answer alone.
        hold = Hold(f"long-answers:{who}", most=LONG_ANSWERS)
        if not counters.take(hold):
            await send_problem(Busy(), scope, send)
            return
        try:
            response.thread = next(self._exports)
            await _until_it_leaves(self.send_response(response, send), receive)
        finally:
            counters.give_back(hold)

    def _lane(self, scope: Scope) -> Lane:
        path = scope["path"].rstrip("/")
        if path == "/healthz":
            return self._health
        if path in PROBES:
            return self._probes
        return self._reads if scope["method"] in READS else self._changes

    # Streams.

    async def _answer_stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request is forgotten before its stream begins; there may be thousands of them."""
        client = Client()
        watching = asyncio.create_task(client.watch(receive))
        try:
            async with ThreadSensitiveContext(executor=next(self._streams)):
                response = await sync_to_async(self._respond)(scope, io.BytesIO(), client)
                if isinstance(response, StreamResponse):
                    stream, start = response.stream, start_of(response)
                    response = None
                    await send_stream(client, stream, start, send)
            # Not sooner: inside this, servers begin the next request of the same connection.
            if response:
                await self.send_response(response, send)
            elif client.waits_for:
                await send({"type": "http.response.body"})
        finally:
            watching.cancel()

    # Long polls.

    async def _answer_later(
        self, poll: LongPoll, scope: Scope, receive: Receive, send: Send
    ) -> None:
        client = Client()
        watching = asyncio.create_task(client.watch(receive))
        try:
            async with ThreadSensitiveContext(executor=next(self._streams)):
                response = await self._respond_after_wait(poll, scope, client)
            if response:
                await self.send_response(response, send)
        except Problem as refusal:
            await send_problem(refusal, scope, send)
        finally:
            watching.cancel()

    async def _respond_after_wait(
        self, poll: LongPoll, scope: Scope, client: Client
    ) -> HttpResponseBase | None:
        """As a stream, without a request or a thread while it waits."""
        # In the lane of all who read: nobody may fill the threads of streams by asking often.
        sender = self._senders.of(scope)
        response = await self._reads.run(lambda: self._respond(scope, io.BytesIO(), client), sender)
        self._senders.learn(scope)
        if not isinstance(response, DeferredResponse):
            return response
        wait, response = response.wait, None
        client.waits_for = wait
        if client.has_left:
            return None
        await poll.wait(wait)
        return await sync_to_async(self._respond)(scope, io.BytesIO(), client)

    # In a thread.

    def _respond(self, scope: Scope, body: IO[bytes], client: Client) -> HttpResponseBase | None:
        if client.has_left:  # While it waited for a thread.
            return None
        persistent_connections.drop_ended()
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        response._handler_class = self.__class__
        if response.streaming:
            signals.request_finished.send(sender=self.__class__)
        else:
            cast("HttpResponse", response).close()
        persistent_connections.forget_errors()
        return cast("HttpResponseBase", response)


def _single_threads(name: str, number: int) -> Iterator[Executor]:
    return cycle(
        ThreadPoolExecutor(1, name, persistent_connections.keep_watched) for _ in range(number)
    )


@asynccontextmanager
async def _watched(client: Client, receive: Receive) -> AsyncIterator[None]:
    """Notice meanwhile when the client leaves."""
    watching = asyncio.create_task(client.watch(receive))
    try:
        yield
    finally:
        watching.cancel()


async def _until_it_leaves(sending: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Send, and stop in the middle of a long answer where the client leaves."""
    sent = asyncio.create_task(sending)
    left = asyncio.create_task(Client().watch(receive))
    try:
        await asyncio.wait([sent, left], return_when=asyncio.FIRST_COMPLETED)
    finally:
        left.cancel()
        sent.cancel()
    with suppress(asyncio.CancelledError):
        await sent
