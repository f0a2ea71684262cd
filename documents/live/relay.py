"""The relay: carries new events from the database to the streams of this process."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from accounts import auth_snapshot
from atom_project import persistent_connections
from atom_project.persistent_connections import reconnecting
from documents import events, wakeup
from documents.live import channels, event_rows, payloads
from documents.live.channels import Event, Subscriber

logger = logging.getLogger(__name__)

BATCH = 500  # events read at once
SWEPT_AT_ONCE = 50  # subscribers asked about between two looks
POLL = 1.0  # seconds between looks when nothing notifies
LONGEST_PAUSE = 2.0  # seconds; the backoff between attempts while the database is away
STREAMS_PER_DESCRIPTOR = 0.8  # The rest is for pages, the database and files.


class Relay:
    """The streams of this process, and one thread that carries for them while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: set[Subscriber] = set()
        self._run: RelayRun | None = None
        self._is_closing = False
        self._former_handlers: dict[int, Any] = {}

    def has_room(self) -> bool:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        is_full = soft >= 0 and len(self._subscribers) >= STREAMS_PER_DESCRIPTOR * soft
        return not (self._is_closing or is_full)

    def join(self, subscriber: Subscriber, *, after: int) -> bool:
        """Carry for this one, who listens by now; says whether it hears all after `after`.

        If not, some of it was handed out before it listened: the log must be read again.
        """
        with self._lock:
            self._subscribers.add(subscriber)
            if self._run is None or self._run.has_failed:
                self._run = RelayRun(after, self._everybody, self._lock)
                self._run.start()
            # `_look` writes this before it asks who listens; here it is read after listening began.
            is_gapless = self._run.taken_upto <= after
        # It may have begun since `has_room` was asked.
        if self._is_closing:
            subscriber.end("closing")
        return is_gapless

    def leave(self, subscriber: Subscriber) -> None:
        with self._lock:
            self._subscribers.discard(subscriber)
            if not self._subscribers and self._run:
                self._run.stop()
                self._run = None

    def _everybody(self) -> list[Subscriber]:
        with self._lock:
            return list(self._subscribers)

    def close(self) -> None:
        """End every stream and begin no more: this process is about to stop."""
        self._is_closing = True
        _end(self._everybody(), "closing")

    # -- signals -------------------------------------------------------------------------

    def stop_on_signals(self) -> None:
        """Servers wait for open requests before they stop, and streams would never end.

        Done at the first stream: servers set their handlers after they load the application.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        self._loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            current = signal.getsignal(number)
            if current != self._on_signal:
                self._former_handlers[number] = current
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Not at once: the code this signal interrupts may hold the lock.
        self._loop.call_soon_threadsafe(self.close)
        former = self._former_handlers[number]
        if callable(former):
            former(number, frame)
        elif former == signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)


class RelayRun(threading.Thread):
    """One run of the relay, from the first stream until there is none."""

    def __init__(
        self, after: int, everybody: Callable[[], list[Subscriber]], lock: threading.Lock
    ) -> None:
        super().__init__(name="relay", daemon=True)
        self._cursor = after  # All up to it was handed out.
        self.taken_upto = after  # All after it will be, to whoever listens by now.
        self._everybody = everybody
        self._lock = lock  # Held by whoever stops this run and begins the next.
        self._is_over = threading.Event()
        self._notifier: wakeup.Notifier | None = None
        self._notifier_lock = threading.Lock()
        self._sweeps_at = _next_sweep()
        self._unasked: list[Subscriber] = []
        self.has_failed = False

    def stop(self) -> None:
        self._is_over.set()
        with self._notifier_lock:
            if self._notifier:
                self._notifier.interrupt()

    def run(self) -> None:
        try:
            _keep_connection()
            self._carry_on()
        except Exception:
            # Clients come back with their cursors, to a run of their own; who joined before this
            # is said is one of those that are ended.
            self.has_failed = True
            logger.exception("The relay failed; all streams end")
            if not self._is_over.is_set():
                _end(self._everybody(), "failed")
        finally:
            connection.close()

    def _carry_on(self) -> None:
        """Carry until nobody listens, however often the database goes away meanwhile."""
        pause = 0.0
        while not self._is_over.wait(pause):
            try:
                self._look()  # Proves that the database is back.
                pause = 0.0
                self._carry()
            except (DatabaseError, InterfaceError, sqlite3.Error) as error:
                pause = min(LONGEST_PAUSE, 2 * pause or 0.1)
                logger.warning("Next look at the database in %.1f s: %s", pause, error)
                connection.close()

    def _carry(self) -> None:
        with wakeup.notifier(wakeup.EVENTS) as notifier:
            with self._notifier_lock:
                self._notifier = notifier
            try:
                while not self._is_over.is_set():
                    if not reconnecting(self._look) and not reconnecting(self._sweep_some):
                        notifier.wait(POLL)
            finally:
                with self._notifier_lock:
                    self._notifier = None  # Its descriptors are another's from now on.

    def _look(self) -> bool:
        """Hand over what is new; says whether there may be more."""
        rows = event_rows.events_since(self._cursor, BATCH)
        if rows:
            self.taken_upto = rows[-1].id  # Before it is looked at who listens.
        heard = [row for row in rows if channels.is_heard(row.owner_id)]
        for event in channels.encode(payloads.of(heard)) if heard else ():
            if not self._deliver(event):
                return False
        if rows:
            self._cursor = rows[-1].id
        return len(rows) == BATCH

    def _deliver(self, event: Event) -> bool:
        """Not any more once this run is over: the next may be behind it, and must be first."""
        with self._lock:
            if self._is_over.is_set():
                return False
            channels.deliver(event)
            return True

    def _sweep_some(self) -> bool:
        """Ask of some whether they may still listen; says whether there are more to ask about.

        Of some only, because new events wait meanwhile.
        """
        if not self._unasked and time.monotonic() >= self._sweeps_at:
            self._sweeps_at = _next_sweep()
            self._unasked = self._everybody()
            if events.latest_id() < self._cursor:
                logger.warning("The event log is shorter than it was; all streams begin anew")
                _end(self._unasked, "log restored")
        some, self._unasked = self._unasked[:SWEPT_AT_ONCE], self._unasked[SWEPT_AT_ONCE:]
        if some:
            revoked = auth_snapshot.revoked(subscriber.auth for subscriber in some)
            _end((one for one in some if one.auth in revoked), "signed out")
        return bool(self._unasked)


def _keep_connection() -> None:
    if connection.vendor == "postgresql" and wakeup.is_pooled():
        persistent_connections.keep()
    else:
        persistent_connections.keep_planned()


def _end(subscribers: Iterable[Subscriber], reason: str) -> None:
    for subscriber in subscribers:
        subscriber.end(reason)


def _next_sweep() -> float:
    return time.monotonic() + settings.STREAM_SWEEP.total_seconds()


of_this_process = Relay()
