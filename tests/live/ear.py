"""A client of the stream that tests can make read, stall, leave and come back."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass
from typing import Any

PATIENCE = 20  # seconds; only a hanging test waits so long


@dataclass(frozen=True)
class Heard:
    name: str
    id: int | None
    said: dict[str, Any]


class Ear:
    """An open stream. Events are parsed from the bytes as the standard says, no library in between.

    `last` is what a browser would send as Last-Event-ID; `retry` what it would wait.
    """

    def __init__(
        self,
        port,
        token=None,
        *,
        query="",
        buffer=None,
        method="GET",
        **headers,
    ):
        self.last: int | None = None
        self.retry: int | None = None
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        try:
            self.socket.connect(("127.0.0.1", port))
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.sock = self.socket
            connection.request(method, f"/documents/stream{query}", headers=named)
            self.response = connection.getresponse()
        except BaseException:
            self.socket.close()
            raise
        self.status = self.response.status

    def problem(self):
        assert self.response.headers["Content-Type"] == "application/problem+json"
        answer = json.loads(self.response.read())
        self.close()
        return answer

    def __iter__(self):
        """Events until the server ends the stream."""
        name, data = "message", ""
        deadline = time.monotonic() + PATIENCE
        for raw in self.response:
            assert time.monotonic() < deadline, "neither heard nor ended in time"
            line = raw.decode().rstrip("\n")
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data += value
            elif field == "id":
                self.last = int(value)
            elif field == "retry":
                self.retry = int(value)
            elif not line:
                if data:
                    yield Heard(name, self.last, json.loads(data))
                name, data = "message", ""
        self.close()

    def until(self, is_it):
        """Everything up to and with the first event that is meant."""
        heard = []
        for event in self:
            heard.append(event)
            if is_it(event):
                return heard
        raise AssertionError(f"the stream ended before, after {heard}")

    def next(self, *names):
        return self.until(lambda event: event.name in names)[-1]

    def up_to_heartbeat(self):
        """What was told before the stream fell idle, without what it says about itself."""
        heard = self.until(lambda event: event.name == "heartbeat")
        return [event for event in heard if event.name not in {"stream-open", "heartbeat"}]

    def rest(self):
        return list(self)

    def close(self):
        self.response.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
