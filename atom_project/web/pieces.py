"""Long answers that are made while they are sent: memory holds a piece of them, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from concurrent.futures import Executor
from contextvars import copy_context
from typing import TypeVar

from django.http import StreamingHttpResponse

from atom_project import persistent_connections

PIECE = 64 * 1024  # bytes, about; each is a visit to a thread

Answer = TypeVar("Answer")


class PiecewiseResponse(StreamingHttpResponse):
    """Made by a generator, whose next piece is asked for once the one before was taken.

    All are made in one `thread`, in order; it is held by none between two pieces, nor is a
    transaction. A blank piece is none, but lets others have the thread.

    Where making one fails, the connection is closed before the end of the answer
    (RFC 9112, 8), so that no client takes it for whole.
    """

    thread: Executor | None = None  # Set by the handler of requests, which has those that stay.

    def __init__(self, pieces: Generator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(pieces, headers=dict(headers))
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        context = copy_context()  # With the request's id, for log lines.
        try:
            while (piece := await self._visit(lambda: context.run(self._make))) is not None:
                if piece:
                    yield piece
        finally:
            # After a piece that is being made for a client that left.
            await self._visit(self._pieces.close)

    def _make(self) -> bytes | None:
        persistent_connections.drop_ended()
        try:
            return next(self._pieces, None)
        finally:
            persistent_connections.forget_errors()

    async def _visit(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)
