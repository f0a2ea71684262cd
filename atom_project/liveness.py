"""Liveness of a supervised process: what it has to show, and when its silence means that it hangs.

All times are of the monotonic clock, which stands still while the machine sleeps. Whoever looks
calls `forgive` when it was stopped itself, because then the others may have been, too.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Protocol

MISSES = 4  # questions in a row without an answer before a web process is taken for hung
CONNECT_WITHIN = 0.5  # seconds; more than enough on the same machine
QUESTION = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"
YES = b"HTTP/1.1 200"
INHERITED = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")  # sd_notify(3): for one process.


class Liveness(Protocol):
    """One way to tell whether a process hangs."""

    @property
    def environment(self) -> Mapping[str, str]: ...

    def begin(self) -> None:
        """The process was started just now."""

    def complaint(self) -> str:
        """What is wrong, in words that follow the name of the process; blank if it lives."""

    def forgive(self) -> None:
        """Count from now on: nobody was there to see or to answer."""


def surroundings(liveness: Liveness | None) -> dict[str, str]:
    """The environment for a child: what systemd told the supervisor is not meant for it."""
    ours = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return {**ours, **(liveness.environment if liveness else {})}


class SignsOfLife:
    """The process sends signs by itself, as to systemd; see `watchdog`. Linux only."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        name = f"atom-{os.getpid()}-{secrets.token_hex(8)}"
        # An abstract address (unix(7)): no file to clear away.
        self._socket.bind(f"\0{name}")
        self.environment = {"NOTIFY_SOCKET": f"@{name}"}
        self._heard_at: float | None = None

    def begin(self) -> None:
        # Silent until its first sign: a start may take as long as it needs.
        self._drain()
        self._heard_at = None

    def complaint(self) -> str:
        if self._drain():
            self._heard_at = time.monotonic()
        if self._heard_at is None or time.monotonic() - self._heard_at < self._limit:
            return ""
        return f"gave no sign of life for {self._limit:.0f} s"

    def forgive(self) -> None:
        if self._heard_at is not None:
            self._heard_at = time.monotonic()

    def _drain(self) -> bool:
        heard = False
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(64):
                heard = True
        return heard


def answers(connect: Callable[[float], socket.socket]) -> bool:
    """Whether a web process answers there at this moment."""
    with contextlib.suppress(OSError), connect(CONNECT_WITHIN) as asking:
        asking.sendall(QUESTION)
        return asking.recv(64).startswith(YES)
    return False


class HealthProbe:
    """The process is asked at its health address, again and again, without waiting for it.

    One that is slow answers late, and late is enough: only several questions in a row without
    any answer, each on a connection of its own, are a complaint. Not before its first answer.
    """

    environment: Mapping[str, str] = {}

    def __init__(self, connect: Callable[[float], socket.socket], limit: float) -> None:
        self._connect = connect
        self._limit = limit
        self._patience = limit / MISSES
        self.begin()

    def begin(self) -> None:
        self._has_answered = False
        self._asked: socket.socket | None = None
        self.forgive()

    def forgive(self) -> None:
        self._misses = 0
        self._is_waiting = False
        self._asks_at = time.monotonic()
        self._hang_up()

    def complaint(self) -> str:
        if self._is_waiting and self._answer_came():
            self._has_answered, self._is_waiting, self._misses = True, False, 0
            self._hang_up()
        if time.monotonic() >= self._asks_at:
            self._misses += self._is_waiting and self._has_answered
            self._hang_up()
            self._ask()
        if self._misses < MISSES:
            return ""
        return f"did not answer at its health address for {self._limit:.0f} s"

    def _ask(self) -> None:
        self._is_waiting = True
        self._asks_at = time.monotonic() + self._patience
        with contextlib.suppress(OSError):
            self._asked = self._connect(CONNECT_WITHIN)
            self._asked.sendall(QUESTION)
            self._asked.setblocking(False)

    def _answer_came(self) -> bool:
        """Whether it answered or hung up: a process that hangs does not do that either.

        Behind a proxy that is not named, this machine's address stands for all visitors, who may
        hold as many connections as it may.
        """
        if self._asked is None:
            return False
        try:
            answer = self._asked.recv(64)
        except ConnectionResetError:
            return True
        except OSError:
            return False
        return not answer or answer.startswith(YES)

    def _hang_up(self) -> None:
        if self._asked is not None:
            self._asked.close()
        self._asked = None


def signs_of_life(limit: float) -> SignsOfLife | None:
    """None where the system has no abstract sockets."""
    return SignsOfLife(limit) if sys.platform == "linux" else None
