"""Deadline by the wall clock, and body limits: a server can neither be endless nor huge."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import httpx2

_LARGEST_BODY = 8_000_000  # bytes
_LARGEST_COMPRESSED_BODY = 250_000  # a few bytes can unpack to very many


class Deadline:
    """Ends a request by the wall clock.

    The timeouts of the HTTP client count from one byte to the next, so that a server which
    sends a byte a second is never late. Here the connection itself is shut.
    """

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._connections: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    def watch(self, request: httpx2.Request) -> None:
        """Note which connections the request uses; a hook of the HTTP client."""
        request.extensions = {**request.extensions, "trace": self._note}

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._connections.append(info["return_value"].get_extra_info("socket"))
            if self.has_passed:
                self._cut()

    def _cut(self) -> None:
        self.has_passed = True
        for connection in self._connections:
            # The plain method also for TLS: its own would change state under the reader.
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class BodyTooLarge(Exception):
    """The server sent more than any answer can be."""


class _LimitedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if size > self._limit:
                raise BodyTooLarge
            yield part

    def close(self) -> None:
        self._stream.close()


def limit_body(response: httpx2.Response) -> None:
    """Make reading a body raise BodyTooLarge in time; a hook of the HTTP client."""
    is_compressed = response.headers.get("content-encoding", "identity") != "identity"
    limit = _LARGEST_COMPRESSED_BODY if is_compressed else _LARGEST_BODY
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _LimitedStream(response.stream, limit)
