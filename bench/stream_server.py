"""What `bench/stream.py` measures, each in a process of its own, on a socket it was given.

`ours` is the service. `polling` is the naive design: each client's request asks the database
again and again. `bare` is an ASGI application that passes datagrams on to its clients and
knows neither Django nor a database: what the server and the client cost anyway.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from typing import Any
from urllib.parse import parse_qs

import uvicorn

POLL = 0.5  # seconds, as the naive design has it
HEARTBEAT = 15.0


class Bare:
    """One queue per client; a datagram holds the user's number and the frame."""

    def __init__(self) -> None:
        self.clients: dict[str, set[asyncio.Queue[bytes]]] = {}
        self.is_receiving = False

    def datagram_received(self, datagram: bytes, _: Any) -> None:
        user, _, frame = datagram.partition(b" ")
        for queue in self.clients.get(user.decode(), ()):
            queue.put_nowait(frame)

    def connection_made(self, _: Any) -> None: ...
    def connection_lost(self, _: Any) -> None: ...

    async def receive_datagrams(self) -> None:
        if not self.is_receiving:
            self.is_receiving = True
            door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            door.setblocking(False)
            door.bind(os.environ["BENCH_DOOR"])
            loop = asyncio.get_running_loop()
            await loop.create_datagram_endpoint(lambda: self, sock=door)  # type: ignore[arg-type, return-value]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.receive_datagrams()
        user = parse_qs(scope["query_string"].decode())["user"][0]
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.clients.setdefault(user, set()).add(queue)
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        opening = b"event: stream-open\ndata: {}\n\n"
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    frame = await queue.get()
            except TimeoutError:
                frame = b"event: heartbeat\ndata: {}\n\n"
            await send({"type": "http.response.body", "body": frame, "more_body": True})


def polling() -> Any:
    """The usual first attempt: a thread of the pool asks for each client, twice a second."""
    import django

    django.setup()
    from asgiref.sync import sync_to_async
    from django.core.asgi import get_asgi_application
    from django.http import StreamingHttpResponse
    from django.urls import path

    from atom_project import urls
    from documents.models import StatusEvent

    def after(user: int, last: int) -> list[Any]:
        events = StatusEvent.objects.filter(owner_id=user, id__gt=last).order_by("id")
        return list(events.values("id", "status", "document_id", "reason"))

    async def frames(user: int) -> Any:
        newest = await StatusEvent.objects.order_by("-id").afirst()
        last = newest.pk if newest else 0
        yield b"event: stream-open\ndata: {}\n\n"
        while True:
            for event in await sync_to_async(after)(user, last):
                last = event["id"]
                said = json.dumps(event, default=str)
                yield f"event: status\nid: {last}\ndata: {said}\n\n".encode()
            await asyncio.sleep(POLL)

    async def view(request: Any) -> StreamingHttpResponse:
        user = int(request.GET["user"])
        return StreamingHttpResponse(frames(user), content_type="text/event-stream")

    view.login_required = False  # type: ignore[attr-defined]
    urls.urlpatterns.insert(0, path("polling", view))
    return get_asgi_application()


def ours() -> Any:
    from atom_project.asgi import application

    return application


def main() -> None:
    app = {"ours": ours, "polling": polling, "bare": Bare}[sys.argv[1]]()
    listener = socket.socket(fileno=int(sys.argv[2]))
    print("here", flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
