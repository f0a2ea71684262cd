"""A few threads for all streams: else each holds one, and with it a database connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import cycle

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http.response import HttpResponseBase

from atom_project.body_limit import Application, Receive, Scope, Send

STREAMS = re.compile(r"/documents/stream/?")
THREADS = 4


class OneHop(ASGIHandler):
    """Django's handler with its middleware and the view in one call to a thread.

    The usual one goes back and forth for each of them, which is most of what it costs to
    open a stream; a thousand clients come back at once when a server restarts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: ASGIRequest) -> HttpResponseBase:  # type: ignore[override]
        return await sync_to_async(self.get_response)(request)


class StreamThreads:
    """Wraps Django so that streams take turns in these threads whenever they ask the database."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.streams: Application = OneHop()
        # One thread each: what a request does must happen in one thread, in order.
        self._threads: Iterator[Executor] = cycle(
            ThreadPoolExecutor(1, thread_name_prefix="streams") for _ in range(THREADS)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and STREAMS.fullmatch(scope["path"]):
            async with ThreadSensitiveContext(executor=next(self._threads)):
                await self.streams(scope, receive, send)
        else:
            await self.application(scope, receive, send)
