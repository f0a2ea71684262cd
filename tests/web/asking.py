"""Asking an ASGI application inside this process, and seeing what it sends."""

from __future__ import annotations

import asyncio
from typing import Any


class Asked:
    """One request, and its answer as it comes. `rest` is waited for before the body is whole."""

    def __init__(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        client: str = "192.0.2.1",
        rest: asyncio.Event | None = None,
        **headers: str,
    ) -> None:
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "client": (client, 4000),
            "headers": [(b"host", b"localhost")]
            + [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        self.sent: list[Any] = []
        self.leave = asyncio.Event()
        self._rest = rest
        self._has_body = False

    async def receive(self) -> dict[str, Any]:
        if not self._has_body:
            if self._rest:
                await self._rest.wait()
            self._has_body = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def of(self, application: Any) -> Asked:
        await application(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()
