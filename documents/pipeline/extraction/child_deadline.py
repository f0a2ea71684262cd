"""How long a child is waited for: its deadline, and whether anybody still wants its work."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

GLANCE = 0.25  # seconds between two looks whether the work is still wanted


class ChildTimedOut(Exception):
    """The child used up its seconds; what it had sent was taken already."""


class ChildStopped(Exception):
    """Nobody wants the child's work any more."""


class Deadline:
    """Seconds that run only while the child is waited for, not while a page is being handled."""

    def __init__(self, seconds: float, stop: threading.Event | None) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._stop = stop

    @property
    def spent(self) -> float:
        """How many of the seconds were used so far."""
        return self._seconds - (self._end - time.monotonic())

    def patience(self) -> float:
        """Seconds to wait before asking again; raises when they are used up, or on `stop`."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise ChildTimedOut
        if self._stop is None:
            return left
        if self._stop.is_set():
            raise ChildStopped
        return min(left, GLANCE)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._end += time.monotonic() - began
