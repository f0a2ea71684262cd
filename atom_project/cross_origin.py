"""Pages of other origins: which may read answers, by the Fetch standard's CORS protocol.

Nothing is said unless `ATOM_CORS_ORIGINS` names origins. Never with cookies: whoever comes from
another origin sends a token or an API key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:  # Servers take these headers before Django is set up.
    from atom_project.web.protocol import Application, Message, Receive, Scope, Send

METHODS = "GET, HEAD, POST, PATCH, DELETE"
SENT = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, "
    "Last-Event-ID, Range, Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, "
    "Upload-Offset, X-HTTP-Method-Override"
)
READABLE = (
    "Accept-Ranges, Atom-Document, Content-Disposition, Content-Range, ETag, Last-Event-ID, "
    "Location, RateLimit, RateLimit-Policy, Retry-After, Tus-Extension, Tus-Max-Size, "
    "Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Offset, WWW-Authenticate, "
    "X-Atom-Version, X-Request-ID"
)
REMEMBERED = "7200"  # seconds; browsers take no more


def origin(url: str) -> str:
    """Scheme, host and port as browsers send them in `Origin` (RFC 6454); blank for blank."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def allowed(urls: tuple[str, ...]) -> frozenset[str]:
    """The origins of a setting. Raises `ImproperlyConfigured` for what is more or less than one."""
    for url in urls:
        if urlsplit(url).scheme not in {"http", "https"} or origin(url) != url.lower():
            raise ImproperlyConfigured(
                "ATOM_CORS_ORIGINS holds origins between commas, each in full and without a path: "
                "https://app.example.com,http://localhost:5173."
            )
    return frozenset(map(origin, urls))


class CrossOrigin:
    """Wraps an application: outside of the door, so that its refusals can be read as well.

    A preflight of a named origin is answered here, before anybody is asked who he is.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not settings.ATOM_CORS_ORIGINS:
            await self.application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        asking = headers.get(b"origin", b"").decode("latin-1")
        is_named = asking in settings.ATOM_CORS_ORIGINS
        is_preflight = scope["method"] == "OPTIONS" and b"access-control-request-method" in headers
        if is_named and is_preflight:
            await send(
                {"type": "http.response.start", "status": 204, "headers": _preflight(asking)}
            )
            await send({"type": "http.response.body", "body": b""})
            return
        added = [(b"vary", b"Origin"), *(_readable(asking) if is_named else ())]

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        await self.application(scope, receive, send_with)


def _readable(asking: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", asking.encode("latin-1")),
        (b"access-control-expose-headers", READABLE.encode()),
    ]


def _preflight(asking: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"vary", b"Origin"),
        (b"access-control-allow-origin", asking.encode("latin-1")),
        (b"access-control-allow-methods", METHODS.encode()),
        (b"access-control-allow-headers", SENT.encode()),
        (b"access-control-max-age", REMEMBERED.encode()),
    ]
