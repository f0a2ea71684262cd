"""A few threads for all streams: otherwise each holds one, and with it a database connection."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import aclosing
from itertools import cycle
from typing import Any, Protocol

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core import signals
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from atom_project import persistent_connections
from atom_project.body_limit import Application, Message, Receive, Scope, Send

STREAMS = re.compile(r"/documents/stream/?")
# With a thread and a connection for each stream, a stock PostgreSQL was full at the 99th.
THREADS = 4


class StreamSource(Protocol):
    """What goes on until either side has enough."""

    def __aiter__(self) -> AsyncGenerator[bytes, None]: ...
    def end(self, reason: str) -> None: ...
    def close(self) -> None: ...


class StreamResponse(StreamingHttpResponse):
    """An answer of which only the stream is kept while it goes on."""

    def __init__(self, stream: StreamSource, content_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(stream, content_type=content_type, headers=dict(headers))
        self.stream = stream


class Client:
    """Whoever waits for an answer, until it leaves."""

    def __init__(self) -> None:
        self.has_left = False
        self.stream: StreamSource | None = None

    async def watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass  # A body nobody asked for.
        self.has_left = True
        if self.stream:
            self.stream.end("left")


class StreamHandler(ASGIHandler):
    """Django's handler in one visit to a thread, which forgets the request before it streams.

    The usual one goes back and forth for each middleware, which is most of what it costs to
    open a stream (a thousand clients come back at once when a server restarts), and holds the
    request and two more tasks for as long as it lasts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        # One thread each: what a request does must happen in one thread, in order.
        self._threads: Iterator[Executor] = cycle(
            ThreadPoolExecutor(1, "streams", persistent_connections.keep) for _ in range(THREADS)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = Client()
        watching = asyncio.create_task(client.watch(receive))
        try:
            async with ThreadSensitiveContext(executor=next(self._threads)):
                response = await sync_to_async(self._respond)(scope, client)
                if isinstance(response, StreamResponse):
                    client.stream, start = response.stream, _start_of(response)
                    response = None
                    await _send_stream(client, start, send)
            # Not sooner: inside this, servers begin the next request of the same connection.
            if response:
                await self.send_response(response, send)
            elif client.stream:
                await send({"type": "http.response.body"})
        finally:
            watching.cancel()

    def _respond(self, scope: Scope, client: Client) -> HttpResponseBase | None:
        if client.has_left:  # While it waited for a thread.
            return None
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, io.BytesIO())
        response: Any = self.get_response(request) if request else refusal
        response._handler_class = self.__class__
        if isinstance(response, StreamResponse):
            signals.request_finished.send(sender=self.__class__)
        else:
            response.close()
        return response  # type: ignore[no-any-return]


def _start_of(response: HttpResponseBase) -> Message:
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    cookies = [
        (b"Set-Cookie", cookie.OutputString().encode("ascii"))
        for cookie in response.cookies.values()
    ]
    return {
        "type": "http.response.start",
        "status": response.status_code,
        "headers": headers + cookies,
    }


async def _send_stream(client: Client, start: Message, send: Send) -> None:
    stream = client.stream
    if stream is None or client.has_left:
        return
    try:
        await send(start)
        async with aclosing(aiter(stream)) as parts:
            async for part in parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        stream.close()


class StreamThreads:
    """Wraps Django so that streams take turns in a few threads whenever they ask the database."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.streams: Application = StreamHandler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = self.streams if _opens_a_stream(scope) else self.application
        await chosen(scope, receive, send)


def _opens_a_stream(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and STREAMS.fullmatch(scope["path"]) is not None
    )
