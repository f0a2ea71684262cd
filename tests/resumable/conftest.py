"""Somebody who speaks tus to the application itself, as a server hands requests to it."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.db import connections

from accounts import tokens
from accounts.models import User
from atom_project.appended_bodies import AppendedBodies
from atom_project.body_limit import BodyLimit
from documents.uploads.resumable import running_hashes

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
BYTES = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    was_heard: bool  # whether the client was still there

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])

    @property
    def offset(self) -> int:
        return int(self.headers["upload-offset"])


class Client:
    """Whoever these headers say, over HTTP."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = {"Host": "localhost", "Tus-Resumable": "1.0.0", **headers}
        self.application = AppendedBodies(BodyLimit(get_asgi_application()))

    def ask(
        self,
        method: str,
        path: str,
        *pieces: bytes,
        hangs_up: bool = False,
        announced: int | str | None = "as sent",
        before_last: Callable[[], Any] | None = None,
        **headers: str,
    ) -> Answer:
        """`hangs_up`: after the pieces; `before_last` is called when all but one were sent."""
        length = sum(map(len, pieces)) if announced == "as sent" else announced
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self.headers, **given}
        if length is not None:
            sent["Content-Length"] = str(length)
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "scheme": "http",
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in sent.items()],
        }
        exchange = Exchange(pieces, hangs_up, before_last)
        asyncio.run(self.application(scope, exchange.receive, exchange.send))
        return exchange.answer

    def begin(self, length: int, name: str = "plan.pdf", **headers: str) -> Answer:
        metadata = f"filename {b64encode(name.encode()).decode()}"
        headers = {"Upload-Length": str(length), "Upload-Metadata": metadata, **headers}
        return self.ask("POST", "/uploads", **headers)

    def begun(self, length: int, name: str = "plan.pdf") -> str:
        answer = self.begin(length, name)
        assert answer.status == 201, answer.body
        return answer.headers["location"]

    def append(self, path: str, offset: int, *pieces: bytes, **more: Any) -> Answer:
        return self.ask("PATCH", path, *pieces, **BYTES, **{"Upload-Offset": str(offset)}, **more)

    def offset(self, path: str) -> int:
        answer = self.ask("HEAD", path)
        assert answer.status == 200, answer
        return answer.offset


def _with_own_connection(call: Callable[[], Any]) -> None:
    """In a thread, which leaves no connection behind to a database that is dropped."""
    try:
        call()
    finally:
        connections.close_all()


class Exchange:
    def __init__(
        self, pieces: Sequence[bytes], hangs_up: bool, before_last: Callable[[], Any] | None
    ) -> None:
        self._left = list(pieces) or [b""]
        self._hangs_up = hangs_up
        self._before_last = before_last
        self._sent: list[Any] = []

    async def receive(self) -> Any:
        if not self._left:
            if self._hangs_up:
                return {"type": "http.disconnect"}
            await asyncio.sleep(3600)
        if len(self._left) == 1 and self._before_last:
            call, self._before_last = self._before_last, None
            await asyncio.to_thread(_with_own_connection, call)
        piece = self._left.pop(0)
        more = bool(self._left) or self._hangs_up
        return {"type": "http.request", "body": piece, "more_body": more}

    async def send(self, message: Any) -> None:
        self._sent.append(message)

    @property
    def answer(self) -> Answer:
        if not self._sent:
            return Answer(0, {}, b"", was_heard=False)
        headers = {k.decode().lower(): v.decode() for k, v in self._sent[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in self._sent)
        return Answer(self._sent[0]["status"], headers, body, was_heard=True)


@pytest.fixture(autouse=True)
def _remembers_no_hashes() -> None:
    running_hashes.of_this_process._known.clear()


@pytest.fixture
def by_token(alice: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.log_in(alice).access}"}


@pytest.fixture
def tus(by_token: dict[str, str]) -> Client:
    """Alice's program."""
    return Client(by_token)


@pytest.fixture
def bobs_tus(bob: User) -> Client:
    return Client({"Authorization": f"Bearer {tokens.log_in(bob).access}"})
