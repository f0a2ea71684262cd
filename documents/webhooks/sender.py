"""One POST to a receiver nobody trusts: a checked address, one deadline, little of the answer.

By a socket of its own: no library follows a redirect, asks the environment for a proxy, or looks
the name up once more. It knows no database.
"""

from __future__ import annotations

import functools
import http.client
import io
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atom_project import __version__
from documents.webhooks import addresses
from documents.webhooks.addresses import ForbiddenAddress, IPAddress, Target
from documents.webhooks.codes import SendCode

logger = logging.getLogger(__name__)

DEADLINE = 10.0  # seconds for all of it: name, connection, TLS, request and answer
MOST_BYTES = 64 * 1024  # of an answer, its headers included
MOST_ADDRESSES = 3  # of one name that are tried
LONGEST_WAIT = 3600  # seconds; what a receiver may ask for by Retry-After
GONE = 410


@dataclass(frozen=True)
class SendResult:
    code: SendCode
    status: int | None = None
    milliseconds: int = 0
    retry_after: int = 0  # seconds

    @property
    def is_delivered(self) -> bool:
        return self.code is SendCode.DELIVERED


class _Late(Exception):
    """The time is over."""


class _TooMuch(Exception):
    """More was answered than is read."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> SendResult:
    """Send it and say what became of it; raises nothing."""
    began_at = time.monotonic()
    try:
        status, retry_after = _ask(url, body, headers, began_at + DEADLINE)
        code = _judged(status)
    except Exception as error:
        status, retry_after, code = None, 0, _code_of(error)
    taken = int((time.monotonic() - began_at) * 1000)
    return SendResult(code, status, taken, retry_after)


def _judged(status: int) -> SendCode:
    if 200 <= status < 300:
        return SendCode.DELIVERED
    if status == GONE:
        return SendCode.GONE
    return SendCode.REDIRECT if 300 <= status < 400 else SendCode.STATUS


def _code_of(error: Exception) -> SendCode:
    # The order matters: errors of TLS, names and time are all `OSError`.
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    # Whatever it is, an attempt has failed and others wait.
    logger.error("A webhook could not be sent: %s", type(error).__name__)
    return SendCode.BROKEN_ANSWER


_CODES: list[tuple[type[Exception] | tuple[type[Exception], ...], SendCode]] = [
    (ForbiddenAddress, SendCode.FORBIDDEN),
    ((_Late, TimeoutError), SendCode.TIMEOUT),
    ((socket.gaierror, UnicodeError), SendCode.UNKNOWN_NAME),
    (ssl.SSLError, SendCode.TLS),
    ((http.client.HTTPException, _TooMuch, ValueError), SendCode.BROKEN_ANSWER),
    (OSError, SendCode.UNREACHABLE),
]


def _ask(url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[int, int]:
    """The status and the `Retry-After` of the answer."""
    target = addresses.resolve(addresses.parse(url))
    # A resolver may have taken longer than all of it may: whoever holds the lease by now sends.
    with _connect(target, deadline) as connected, _secure(connected, target, deadline) as secured:
        return _exchange(secured, target, body, headers, deadline)


def _connect(target: Target, deadline: float) -> socket.socket:
    *others, last = target.addresses[:MOST_ADDRESSES]
    for address in others:
        try:
            return _connect_to(address, target.port, deadline, share=len(target.addresses))
        except OSError:
            continue
    return _connect_to(last, target.port, deadline)


def _connect_to(address: IPAddress, port: int, deadline: float, *, share: int = 1) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(_left(deadline) / share)
        connection.connect((str(address), port))
    except BaseException:
        connection.close()
        raise
    return connection


def _secure(connection: socket.socket, target: Target, deadline: float) -> socket.socket:
    if target.scheme == "http":
        return connection
    connection.settimeout(_left(deadline))
    return _context().wrap_socket(connection, server_hostname=target.host)


@functools.cache
def _context() -> ssl.SSLContext:
    # Reading the certificates of all authorities takes longer than most receivers do.
    return ssl.create_default_context()


def _exchange(
    connection: socket.socket,
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
) -> tuple[int, int]:
    # With the port: without it, a literal IPv6 address is read as a host and its port.
    asking = http.client.HTTPConnection(target.host, target.port)
    limited: Any = _Limited(connection, deadline)
    asking.sock = limited
    asking.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    own = {
        "Host": target.host_header,
        "User-Agent": f"ATOM/{__version__}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    for name, value in {**own, **headers}.items():
        asking.putheader(name, value)
    asking.endheaders(body)
    answer = http.client.HTTPResponse(limited, method="POST")
    answer.begin()
    # The rest is of no interest; a receiver that is still writing notices that nobody reads.
    return answer.status, _seconds(answer.getheader("Retry-After"))


def _seconds(given: str | None) -> int:
    """Of a `Retry-After` in seconds; a date is passed over."""
    text = (given or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text[:9]), LONGEST_WAIT)


def _left(deadline: float) -> float:
    """The seconds that are left; raises `_Late` where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _Late
    return left


class _Limited(io.RawIOBase):
    """A connection whose every step has what is left of one deadline, and an answer that ends.

    A time limit of each step alone would be endless: a byte a second keeps it.
    """

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._room = MOST_BYTES

    def sendall(self, data: bytes) -> None:
        # Not by the socket's own `sendall`: under TLS each record has the time limit anew.
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(_left(self._deadline))
            rest = rest[self._connection.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(_left(self._deadline))
        if not self._room:
            raise _TooMuch
        taken = self._connection.recv_into(buffer, min(len(buffer), self._room))
        self._room -= taken
        return taken
