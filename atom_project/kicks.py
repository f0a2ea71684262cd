"""Kicks: messages without content by which a broker wakes Celery nodes; see docs/scaling.md.

One background thread sends them, so that no request ever waits for a broker. A lost kick costs
latency, never a document: the queue is in the database, and each node looks there by itself, too
(`documents.celery_nodes`).
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings

logger = logging.getLogger(__name__)

TASK = "atom.kick"  # the name of the Celery task
MOST = 200  # kicks in the broker; each works on while somebody waits
PAUSE = 10.0  # seconds without kicks after a failure, so that a dead broker costs nothing


class Kicker:
    """The thread that sends kicks, begun by the first of them.

    `send` is given how many more to send, and how many are to lie in the broker at least.
    """

    def __init__(self, send: Callable[[int, int], None], *, pause: float = PAUSE) -> None:
        self._send = send
        self._pause = pause
        self._more = self._at_least = 0
        self._paused_until = -float("inf")  # of the monotonic clock
        self._has_failed = False
        self._due = threading.Condition()
        self._thread: threading.Thread | None = None

    def kick(self, *, more: int = 0, at_least: int = 0) -> None:
        """Have kicks sent soon, or never: the caller is not told."""
        with self._due:
            if time.monotonic() < self._paused_until:
                return
            self._more = min(MOST, self._more + more)
            self._at_least = min(MOST, max(self._at_least, at_least))
            # A process that cannot start a thread has stored its document all the same.
            with contextlib.suppress(RuntimeError):
                self._be_there()
            self._due.notify()

    def _be_there(self) -> None:
        if self._thread is None or not self._thread.is_alive():  # Dead in a forked child.
            self._thread = threading.Thread(target=self._run, name="kicks", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            more, at_least = self._next()
            try:
                self._send(more, at_least)
            except Exception as error:  # Each broker's library has exceptions of its own.
                self._rest(error)
            else:
                self._has_failed = False

    def _next(self) -> tuple[int, int]:
        with self._due:
            self._due.wait_for(lambda: self._more or self._at_least)
            due = self._more, self._at_least
            self._more = self._at_least = 0
        return due

    def _rest(self, error: Exception) -> None:
        if not self._has_failed:
            # By its type alone: messages of such errors may hold the address, with its password.
            logger.warning(
                "The broker takes no kicks (%s); Celery nodes look for documents by themselves",
                type(error).__name__,
            )
        self._has_failed = True
        with self._due:
            self._more = self._at_least = 0
            self._paused_until = time.monotonic() + self._pause


def _send(more: int, at_least: int) -> None:
    # Imported here: without a broker nothing of Celery is.
    from atom_project import broker

    broker.send(more, at_least)


_of_this_process = Kicker(_send)


def prepare() -> None:
    """Import what sends kicks, if there is a broker, before anybody can wait for it.

    Celery takes a processor for a second: at the first upload, all that come meanwhile were late.
    """
    if settings.ATOM_BROKER_URL:
        from atom_project import broker

        broker.load()


def kick(number: int = 1) -> None:
    """So many were queued: have as many slots of nodes look, if there is a broker."""
    if settings.ATOM_BROKER_URL:
        _of_this_process.kick(more=number)


def fill(waiting: int) -> None:
    """So many wait: have as many kicks lie in the broker, if there is one."""
    if settings.ATOM_BROKER_URL:
        _of_this_process.kick(at_least=waiting)
