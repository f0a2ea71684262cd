"""Files sent in pieces: under ASGI, too, a piece is read when the one before it was taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import FileResponse
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

PIECE = 32 * 1024  # bytes


class PiecewiseFileResponse(FileResponse):
    """A file of which 32 KiB are in memory.

    Django's own is in memory whole before its first byte is sent, because ASGI cannot wait for
    the iterator of a file (`StreamingHttpResponse.__aiter__`, which warns of it).
    """

    block_size = PIECE

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = iter(self)

        def read() -> bytes:
            return next(parts, b"")

        # From a pool: a slow disk must not hold up the event loop.
        while part := await sync_to_async(read, thread_sensitive=False)():
            yield part


class StaticFileResponse(PiecewiseFileResponse, WhiteNoiseFileResponse):  # type: ignore[misc]
    """WhiteNoise's, whose headers WhiteNoise sets."""


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # It has no types.
    """WhiteNoise, sending its files in pieces."""

    @staticmethod
    def serve(static_file: Any, request: Any) -> StaticFileResponse:
        found = static_file.get_response(request.method, request.META)
        response = StaticFileResponse(found.file or (), status=int(found.status))
        del response["content-type"]
        for name, value in found.headers:
            response[name] = value
        return response
