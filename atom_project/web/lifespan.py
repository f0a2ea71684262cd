"""The server's own beginning and end (ASGI lifespan), and its signs of life in between."""

from __future__ import annotations

import asyncio

from atom_project import watchdog
from atom_project.web.protocol import Application, Message, Receive, Scope, Send

QUESTION = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/healthz",
    "raw_path": b"/healthz",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"localhost")],
    "client": None,
    "server": None,
}


class Lifespan:
    """Wraps an application; while it serves, a supervisor hears that it does.

    Of several web processes at one address nobody can ask a certain one from outside, so each asks
    itself: a sign is given only for an answer that took the way of all requests.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.application(scope, receive, send)
            return
        await receive()  # lifespan.startup
        signs = asyncio.create_task(self._give_signs()) if watchdog.is_heard() else None
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        if signs:
            signs.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _give_signs(self) -> None:
        while True:
            if await self._answers():
                watchdog.notify("WATCHDOG=1")
            await asyncio.sleep(watchdog.INTERVAL)

    async def _answers(self) -> bool:
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        await self.application(dict(QUESTION), receive, send)
        return bool(said) and said[0]["status"] == 200
