"""Receivers of webhooks on this machine, kind and unkind, and a stand-in for the network."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from documents.webhooks.codes import SendCode
from documents.webhooks.sender import SendResult

OK = SendResult(SendCode.DELIVERED, 204, 3)


def failed(status: int = 500, *, retry_after: int = 0) -> SendResult:
    code = SendCode.GONE if status == 410 else SendCode.STATUS
    return SendResult(code, status, 3, retry_after)


@dataclass
class Request:
    """What a receiver was sent."""

    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def type(self) -> str:
        return str(self.said["type"])

    @property
    def event_id(self) -> int:
        return int(self.said["data"]["id"])


@dataclass
class Network:
    """In place of `sender.post`: keeps what is sent, and answers as it is told."""

    answer: Callable[[Request], SendResult] = lambda request: OK
    requests: list[Request] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> SendResult:
        request = Request(url, body, dict(headers))
        self.requests.append(request)
        return self.answer(request)

    @property
    def ids(self) -> list[int]:
        return [request.event_id for request in self.requests]

    @property
    def types(self) -> list[str]:
        return [request.type for request in self.requests]


Behavior = Callable[["Receiver", socket.socket], None]


def answers(status: str = "204 No Content", *headers: str, body: bytes = b"") -> Behavior:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    whole = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    return lambda receiver, connection: connection.sendall(whole)


def hangs(receiver: Receiver, connection: socket.socket) -> None:
    receiver.is_over.wait()


def closes(receiver: Receiver, connection: socket.socket) -> None:
    """Without a word."""


def drips(receiver: Receiver, connection: socket.socket) -> None:
    """A header that never ends, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while not receiver.is_over.wait(0.02):
        connection.sendall(b"x")


def floods(receiver: Receiver, connection: socket.socket) -> None:
    """Headers without end: a gigabyte of them, if somebody reads it."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    line = b"X-Flood: " + b"x" * 60_000 + b"\r\n"
    for _ in range(2**30 // len(line)):
        connection.sendall(line)
        receiver.poured += len(line)


def pours(receiver: Receiver, connection: socket.socket) -> None:
    """A good answer with a body of a gigabyte."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    piece = b"x" * 65_536
    for _ in range(2**30 // len(piece)):
        connection.sendall(piece)
        receiver.poured += len(piece)


def babbles(receiver: Receiver, connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


class Receiver:
    """A server on this machine that keeps what it is sent and then does something."""

    def __init__(
        self,
        behavior: Behavior | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.behavior = behavior or answers()
        self.requests: list[Request] = []
        self.connections = 0
        self.poured = 0
        self.is_over = threading.Event()
        self.has_come = threading.Event()
        self._tls = tls
        self._host = f"[{host}]" if ":" in host else host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{self._host}:{self.port}/hook"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError, LookupError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection, contextlib.suppress(OSError, ValueError, LookupError):
                self.requests.append(_read(connection))
                self.has_come.set()
                self.behavior(self, connection)

    def end_of_pouring(self) -> None:
        """Wait until it notices that nobody reads."""
        for thread in self._threads[1:]:
            thread.join()

    def end(self) -> None:
        self.is_over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


def _read(connection: socket.socket) -> Request:
    with connection.makefile("rb") as stream:
        path = stream.readline().split()[1].decode()
        headers = {}
        while line := stream.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return Request(path, stream.read(int(headers["content-length"])), headers)
