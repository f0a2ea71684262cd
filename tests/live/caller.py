"""A client of calls that wait: the request is sent at once, its answer is read when asked for."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from select import select
from typing import Any

PATIENCE = 20  # seconds, far below a wait of sixty: whoever is not woken fails the test


@dataclass(frozen=True)
class Answer:
    status: int
    said: Any
    headers: Any


class Call:
    def __init__(self, port: int, token: str, path: str, method: str = "GET", **headers: str):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers["Authorization"] = f"Bearer {token}"
        self._connection.request(method, path, headers=headers)

    def is_answered(self) -> bool:
        return self._connection.sock is None or bool(select([self._connection.sock], [], [], 0)[0])

    def answer(self) -> Answer:
        response = self._connection.getresponse()
        body = response.read()
        self.leave()
        return Answer(response.status, json.loads(body) if body else None, response.headers)

    def leave(self) -> None:
        self._connection.close()
        sock, self._connection.sock = self._connection.sock, None
        if sock:
            sock.close()
