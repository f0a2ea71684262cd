"""A few threads for all streams: else each holds one, and with it a database connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import cycle

from asgiref.sync import ThreadSensitiveContext

from atom_project.body_limit import Application, Receive, Scope, Send

STREAMS = re.compile(r"/documents/stream/?")
THREADS = 4


class StreamThreads:
    """Wraps Django so that streams take turns in these threads whenever they ask the database."""

    def __init__(self, application: Application) -> None:
        self.application = application
        # One thread each: what a request does must happen in one thread, in order.
        self._threads: Iterator[Executor] = cycle(
            ThreadPoolExecutor(1, thread_name_prefix="streams") for _ in range(THREADS)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and STREAMS.fullmatch(scope["path"]):
            async with ThreadSensitiveContext(executor=next(self._threads)):
                await self.application(scope, receive, send)
        else:
            await self.application(scope, receive, send)
