"""Deadlines of connections: uvicorn's protocol, which lets nobody be slow without end.

uvicorn has no timer before a request is whole (github.com/Kludex/uvicorn/issues/157), nor one for
answers that nobody reads. `--http atom_project.deadlines:DeadlineProtocol` chooses this class.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol

from atom_project import peers, shared_counters
from atom_project.browser_headers import binding_headers
from atom_project.problem_codes import ProblemCode
from atom_project.problem_texts import what_to_do
from atom_project.shared_counters import Hold

logger = logging.getLogger(__name__)

TELL_EVERY = 60.0  # seconds between two lines about an address that holds too many connections
LOOK_EVERY = 1.0  # seconds between two looks at every connection
# As Apache's mod_reqtimeout has it (MinRate=500): a modem is fast enough.
LEAST_BYTES_A_SECOND = 500
# What the kernel takes of an answer before the network has taken it (tcp(7)): else it would hold
# megabytes for each client that does not read, and tell of no progress for minutes. It tells again
# once half of it is sent, which LEAST_BYTES_A_SECOND do within ATOM_ANSWER_SECONDS.
UNSENT_IN_KERNEL = 24 * 1024
UNSENT_HERE = 16 * 1024  # at which an answer waits for its client; asyncio's own is four times that
TOO_SLOW = "The request came too slowly. Send it again over a better connection."
NO_HTTP = "This is no HTTP request. Send it with a program that speaks HTTP/1.1."


class DeadlineProtocol(H11Protocol):
    """An HTTP/1.1 connection that ends when the other side makes no progress.

    A head has `ATOM_HEAD_SECONDS` in all. A body has to bring 500 bytes a second, counted over
    `ATOM_BODY_SECONDS`. An answer has to be taken within `ATOM_ANSWER_SECONDS` from the last time
    that some of it was. A stream that is silent is not slow. One address holds so many
    connections (`ATOM_MAX_CONNECTIONS_PER_ADDRESS`), trusted proxies any number.
    """

    _hold: Hold | None = None  # On one of the connections that its address may have.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_since: float | None = time.monotonic()
        self._has_sent = False
        self._body_since = 0.0
        self._body_bytes = 0
        self._answer_since = 0.0
        self._unread = 0
        if not self._is_admitted():
            transport.abort()
            return
        _limit_buffers(transport)
        Watch.of(self).start(self.loop)

    def _is_admitted(self) -> bool:
        most = settings.ATOM_MAX_CONNECTIONS_PER_ADDRESS
        host = self.client[0] if self.client else ""
        if not most or (settings.ATOM_TRUSTED_PROXY and peers.is_trusted(host)):
            return True
        address = peers.counted_as(host)
        hold = Hold(f"connections:{address}", most=most)
        if shared_counters.of_this_service().take(hold):
            self._hold = hold
        elif Watch.of(self).may_tell_of(address):
            logger.warning("%s holds %s connections; more are refused", address, most)
        return self._hold is not None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._hold:
            shared_counters.of_this_service().give_back(self._hold)
            self._hold = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._has_sent = True
        self._body_bytes += len(data)
        was_answering = self._is_answering
        super().data_received(data)
        if self._is_answering:
            self._head_since = None
            if not was_answering:
                self._begin_body(time.monotonic())
        elif self._head_since is None:
            self._head_since = time.monotonic()

    def on_response_complete(self) -> None:
        self._has_sent = False
        super().on_response_complete()
        if self._is_answering:  # The next request had come already.
            self._begin_body(time.monotonic())

    def resume_writing(self) -> None:
        self._answer_since = time.monotonic()
        super().resume_writing()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _begin_body(self, now: float) -> None:
        self._body_since, self._body_bytes = now, 0

    def look(self, now: float) -> None:
        """End the connection if one of its deadlines has passed."""
        if self._is_answer_late(now):
            self.transport.abort()
        elif self.transport.is_closing():
            return
        elif self._is_body_late(now) or self._is_head_late(now):
            self._time_out()

    def _is_answer_late(self, now: float) -> bool:
        unread = self.transport.get_write_buffer_size()
        if not unread or unread < self._unread or not self._unread:
            self._answer_since = now
        self._unread = unread
        return bool(unread) and now - self._answer_since > settings.ATOM_ANSWER_SECONDS

    def _is_body_late(self, now: float) -> bool:
        if not self._is_answering or not self.cycle.more_body:
            return False
        window = settings.ATOM_BODY_SECONDS
        is_ours = self.flow.read_paused or self.cycle.waiting_for_100_continue
        if is_ours or self._body_bytes >= LEAST_BYTES_A_SECOND * window:
            # It waits for us, or was fast enough: a new window begins.
            self._begin_body(now)
        return now - self._body_since > window

    def _is_head_late(self, now: float) -> bool:
        since = self._head_since
        return since is not None and now - since > settings.ATOM_HEAD_SECONDS

    def _time_out(self) -> None:
        """Say 408 to whoever has begun a request (RFC 9110, 15.5.9), and close."""
        if self._has_sent:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, ProblemCode.REQUEST_TIMEOUT, TOO_SLOW)
        if self._is_answering:
            # As if it had hung up: the application ends its work on it.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Of what is no HTTP; uvicorn's own has none of the headers that bind browsers."""
        self._refuse(HTTPStatus.BAD_REQUEST, ProblemCode.BAD_REQUEST, NO_HTTP)
        self.transport.close()

    def _refuse(self, status: HTTPStatus, code: ProblemCode, detail: str) -> None:
        if self._is_answering and self.cycle.response_started:
            return  # It would stand in the middle of that answer.
        problem = {"code": code, "title": status.phrase, "detail": detail, "status": status.value}
        body = json.dumps({**problem, **what_to_do(code)}).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
            *binding_headers(),
        ]
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}".encode(),
            *(b"%b: %b" % header for header in headers),
        ]
        self.transport.write(b"\r\n".join([*lines, b"", body]))


class Watch:
    """Looks at all connections of a server once a second, while there are any."""

    def __init__(self, connections: set[Any]) -> None:
        self._told_at: dict[str, float] = {}  # of those that hold too many
        self._connections = connections
        self._is_running = False

    @classmethod
    def of(cls, protocol: DeadlineProtocol) -> Watch:
        """The one of the protocol's server, kept in its state."""
        state: Any = protocol.server_state
        if not hasattr(state, "atom_watch"):
            state.atom_watch = cls(state.connections)
        watch: Watch = state.atom_watch
        return watch

    def may_tell_of(self, address: str) -> bool:
        """Once a minute: whoever comes again at once must not fill the log."""
        now = time.monotonic()
        if address in self._told_at and now - self._told_at[address] < TELL_EVERY:
            return False
        self._told_at = {one: at for one, at in self._told_at.items() if now - at < TELL_EVERY}
        self._told_at[address] = now
        return True

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._is_running:
            self._is_running = True
            loop.call_later(LOOK_EVERY, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_running = False
        now = time.monotonic()
        for connection in list(self._connections):
            try:
                connection.look(now)
            except Exception:
                logger.exception("A connection could not be looked at")
        if self._connections:
            self.start(loop)


def _limit_buffers(transport: asyncio.Transport) -> None:
    transport.set_write_buffer_limits(UNSENT_HERE)
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    connection = transport.get_extra_info("socket")
    if option is not None and connection is not None:
        with suppress(OSError):  # Not a TCP connection.
            connection.setsockopt(socket.IPPROTO_TCP, option, UNSENT_IN_KERNEL)
