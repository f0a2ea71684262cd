"""Files to save, sent in pieces: under ASGI, too, one is read when the one before was taken."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

from atom_project import static_version

PIECE = 32 * 1024  # bytes
# Static files that are sent compressed; they tell nothing of anybody that a length could give away.
TEXTS = ("text/", "image/svg+xml", "application/javascript", "application/json")


def saved_as(filename: str, content_type: str) -> dict[str, str]:
    """Headers of bytes to save, which no browser may run or show as part of this site."""
    return {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


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
    """WhiteNoise, sending its files in pieces.

    Under another version, or none, there is the same file, to be asked for again each time: a
    page that was open before an upgrade must not lose its icons.
    """

    def __call__(self, request: Any) -> Any:
        is_current = request.path_info.startswith(self.static_prefix)
        response = None if is_current else self._of_another_version(request)
        return response or super().__call__(request)

    def _of_another_version(self, request: Any) -> HttpResponse | StaticFileResponse | None:
        asked = static_version.VERSIONED.match(request.path_info)
        if asked is None:
            return None
        url = f"{self.static_prefix}{asked['name']}"
        file = self.find_file(url) if self.autorefresh else self.files.get(url)
        if file is None:
            return None
        response = self.serve(file, request)
        response["Cache-Control"] = "no-cache"
        return response

    @staticmethod
    def serve(static_file: Any, request: Any) -> HttpResponse | StaticFileResponse:
        found = static_file.get_response(request.method, request.META)
        headers = dict(found.headers)
        if int(found.status) == 200 and _may_be_compressed(headers, request):
            return _compressed(found.file, headers)
        response = StaticFileResponse(found.file or (), status=int(found.status))
        del response["content-type"]
        for name, value in headers.items():
            response[name] = value
        return response


def _may_be_compressed(headers: dict[str, str], request: Any) -> bool:
    is_text = headers.get("Content-Type", "").startswith(TEXTS)
    is_asked_for = "gzip" in request.headers.get("Accept-Encoding", "")
    return request.method == "GET" and is_text and is_asked_for


def _compressed(file: Any, headers: dict[str, str]) -> HttpResponse:
    with file:
        content = gzip.compress(file.read(), mtime=0)
    response = HttpResponse(content)
    for name, value in headers.items():
        response[name] = value
    response["Content-Encoding"], response["Vary"] = "gzip", "Accept-Encoding"
    response["Content-Length"] = str(len(content))
    return response
