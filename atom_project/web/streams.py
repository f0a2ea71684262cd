"""Answers that go on: a stream is sent until either side has enough, without its request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Protocol

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from atom_project.web.protocol import Message, Receive, Send


class StreamSource(Protocol):
    """What goes on until either side has enough."""

    def __aiter__(self) -> AsyncGenerator[bytes, None]: ...
    def end(self, reason: str) -> None: ...
    def close(self) -> None: ...


class Endable(Protocol):
    """What a client waits for, and is over when it leaves."""

    def end(self, reason: str) -> None: ...


class StreamResponse(StreamingHttpResponse):
    """An answer of which only the stream is kept while it goes on."""

    def __init__(self, stream: StreamSource, content_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(stream, content_type=content_type, headers=dict(headers))
        self.stream = stream


class Client:
    """Whoever waits for an answer, until it leaves."""

    def __init__(self) -> None:
        self.has_left = False
        self.waits_for: Endable | None = None

    async def watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass  # A body nobody asked for.
        self.has_left = True
        if self.waits_for:
            self.waits_for.end("left")


def start_of(response: HttpResponseBase) -> Message:
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    cookies = [
        (b"Set-Cookie", cookie.OutputString().encode("ascii"))
        for cookie in response.cookies.values()
    ]
    start: dict[str, Any] = {"type": "http.response.start", "status": response.status_code}
    return {**start, "headers": headers + cookies}


async def send_stream(client: Client, stream: StreamSource, start: Message, send: Send) -> None:
    """Send all of the stream, and close it however that ends."""
    client.waits_for = stream
    if client.has_left:
        return
    try:
        await send(start)
        async with aclosing(aiter(stream)) as parts:
            async for part in parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        stream.close()
