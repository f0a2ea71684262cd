"""The application as a test runs it: its streams are counted, and answers can be lost.

`ATOM_WATCH` names a folder. Each stream that opens or ends is a line of `journal` there. While
a file `drop` is there, every third event of each stream never leaves; a file `lose` takes the
answer of the next upload away; while `mute` is there, the script of the stream is not to be had.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from atom_project.asgi import application as whole

WATCH = Path(os.environ["ATOM_WATCH"])
EVENTS = (b"event: status", b"event: progress", b"event: deleted")


async def application(scope: Any, receive: Any, send: Any) -> None:
    path = scope.get("path")
    if path == "/upload" and (WATCH / "lose").exists():
        (WATCH / "lose").unlink()
        await whole(scope, receive, CutShort(send))
    elif path and path.endswith("/shared-event-source.js") and (WATCH / "mute").exists():
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body"})
    elif path == "/documents/stream":
        _note("open")
        try:
            await whole(scope, receive, Lossy(send))
        finally:
            _note("end")
    else:
        await whole(scope, receive, send)


def _note(what: str) -> None:
    with (WATCH / "journal").open("a") as journal:
        journal.write(what + "\n")


class CutShort:
    """Begins to answer and then hangs up."""

    def __init__(self, send: Any) -> None:
        self._send = send

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)


class Lossy:
    """Passes on what is sent, without every third event while events are to be dropped."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._count = 0

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.body" and (WATCH / "drop").exists():
            blocks = message.get("body", b"").split(b"\n\n")
            kept = [block for block in blocks if not self._is_lost(block)]
            message = {**message, "body": b"\n\n".join(kept)}
        await self._send(message)

    def _is_lost(self, block: bytes) -> bool:
        if not any(event in block for event in EVENTS):
            return False
        self._count += 1
        if self._count % 3:
            return False
        _note("drop")
        return True
