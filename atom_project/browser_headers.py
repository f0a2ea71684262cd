"""Headers that bind browsers, on every answer: also on those that Django never sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:  # Servers take these headers before Django is set up.
    from atom_project.web.protocol import Application, Message, Receive, Scope, Send


class BrowserHeaders:
    """Wraps an application: outermost, so that refusals at the door carry them as well.

    With an https address everything is told to stay with https (RFC 6797), whether or not it is
    known how a request came: TLS ends before this server, and browsers ignore the header over
    http. What an answer says of its own stays as it is.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                given = {name.lower() for name, _ in headers}
                added = [pair for pair in binding_headers() if pair[0] not in given]
                message = {**message, "headers": [*headers, *added]}
            await send(message)

        await self.application(scope, receive, send_bound)


def binding_headers() -> list[tuple[bytes, bytes]]:
    """As Django's `SecurityMiddleware` writes them."""
    values = {
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS:
        values["strict-transport-security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return [(name.encode(), str(value).encode()) for name, value in values.items()]
