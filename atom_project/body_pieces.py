"""The two sides of a body that is kept piece by piece: what comes in, and who is asked before."""

from __future__ import annotations

import asyncio

from atom_project.body_limit import LINGER, LINGER_FOR_USERS
from atom_project.web.protocol import Message, Receive, Send
from atom_project.web.refusals import linger

PIECE = 1024 * 1024  # bytes written, and hashed, at once
GLANCE = 0.2  # seconds after which whoever keeps the pieces is asked, also where none has come


class Pieces:
    """A body, gathered into pieces that are worth a visit to the disk."""

    def __init__(self, receive: Receive) -> None:
        self.is_broken = False  # by the client, who hung up, or for another request
        self._receive = receive
        self._gathered = bytearray()
        self._is_over = False
        self._coming: asyncio.Task[Message] | None = None

    async def gather(self) -> bool:
        """Wait for a piece, or for `GLANCE` seconds; False when nothing more will come."""
        if self._is_over or self.is_broken:
            return False
        while not self._is_over and len(self._gathered) < PIECE:
            if not await self._came():
                break
        return True

    async def _came(self) -> bool:
        # A task, not a deadline on `receive`: one that is canceled may lose what had come.
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._receive())
        done, _ = await asyncio.wait({self._coming}, timeout=GLANCE)
        if not done:
            return False
        message, self._coming = self._coming.result(), None
        self._gathered += message.get("body", b"")
        self.is_broken = message["type"] == "http.disconnect"
        self._is_over = self.is_broken or not message.get("more_body")
        return True

    @property
    def is_whole(self) -> bool:
        """Whether its end has come."""
        return self._is_over and not self.is_broken

    def taken(self) -> bytes:
        piece = bytes(self._gathered)
        self._gathered.clear()
        return piece

    def stop(self) -> None:
        if self._coming is not None:
            self._coming.cancel()


class Captured:
    """What the application answered without having seen the body."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        self._messages.append(message)

    async def give(self, receive: Receive, send: Send, *, has_body: bool) -> None:
        """Hand it on; with a body close the connection, so that the rest of it is never read."""
        if not has_body:
            for message in self._messages:
                await send(message)
        if not has_body or not self._messages:
            return
        *before, last = self._messages
        for message in before:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"connection", b"close")]
                message = {**message, "headers": headers}
            await send(message)
        await send({**last, "more_body": True})
        is_stranger = any(message.get("status") == 401 for message in before)
        await linger(receive, *(LINGER if is_stranger else LINGER_FOR_USERS))
        await send({"type": "http.response.body", "body": b""})


class NoBody:
    """The client of a request whose body is empty, and who waits for the answer."""

    def __init__(self) -> None:
        self._is_told = False

    async def receive(self) -> Message:
        if self._is_told:
            await asyncio.Event().wait()  # Until whoever listens for a hang-up is canceled.
        self._is_told = True
        return {"type": "http.request", "body": b"", "more_body": False}
