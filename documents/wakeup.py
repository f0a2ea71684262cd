"""Notify and wait: how sleepers learn at once that something was committed.

PostgreSQL has LISTEN and NOTIFY for it; beside a SQLite file, each sleeper has a datagram socket.
A pooler in transaction mode (PgBouncer) swallows notifications without a word: that is found out,
and ATOM_LISTEN_URL leads past it. A lost notification costs latency, never an event: whoever wakes
looks into the database.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import selectors
import socket
import sqlite3
import time
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from django.conf import settings
from django.db import connection, transaction

from atom_project import kicks

logger = logging.getLogger(__name__)

# What sleepers wait for: a document in the queue, or any event at all.
QUEUE = "atom_line"
EVENTS = "atom_events"
DATA_VERSION_POLL = 0.25  # seconds
DEAF_POLL = 0.25  # seconds between looks where notifications do not arrive
ECHO_WITHIN = 1.0  # seconds
DEAF_FOR = 60.0  # seconds until it is asked again whether they do
LONGEST_SOCKET_PATH = 107  # bytes; sun_path of unix(7) holds 108 with its closing NUL


def notify(channel: str, *, number: int = 1) -> None:
    """Wake everyone who waits for this, once the current transaction is committed.

    `number`: how many documents were queued, for as many slots of Celery nodes.
    """
    if channel == QUEUE and settings.ATOM_BROKER_URL:
        transaction.on_commit(partial(kicks.kick, number))
    if connection.vendor == "postgresql":
        if channel == EVENTS:
            return  # The trigger that orders events (migration 0002) notifies of each.
        with connection.cursor() as cursor:
            # Part of the transaction: heard when it commits, never after a rollback.
            cursor.execute("SELECT pg_notify(%s, '')", [channel])
    else:
        folder = _socket_folder(channel)
        transaction.on_commit(lambda: _notify_if_possible(folder))


def notifier(channel: str) -> Notifier:
    """What wakes one sleeper, to be closed after use.

    One thread waits for it; `interrupt` may be called from any, and from signal handlers.
    """
    if connection.vendor == "postgresql":
        return PostgresNotifier(channel)
    return SQLiteNotifier(channel)


def _socket_folder(channel: str) -> str:
    """The folder of the sockets, beside the database file; made by the first who sleeps."""
    return f"{connection.settings_dict['NAME']}-{channel}"


def _notify_if_possible(folder: str) -> None:
    """Notify, or not: what is committed must not look failed because no socket was to be had."""
    with contextlib.suppress(OSError):
        _notify_sockets(folder)


def _notify_sockets(folder: str) -> None:
    # Done at every commit: `pathlib` takes as long for it as the notification itself.
    sockets = os.listdir(folder)
    if not sockets:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for name in sockets:
            path = os.path.join(folder, name)
            try:
                sender.sendto(b"!", path)
            except BlockingIOError:
                pass  # Notified already and not yet awake.
            except ConnectionRefusedError:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)  # Its process has died.
            except OSError:
                pass  # Gone this moment, or not ours to notify.


class _Interruptible:
    """A pipe to oneself, so that another thread or a signal can end the wait."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._read_descriptor, self._write_descriptor = os.pipe()
        # Neither end may block: signal handlers write, and a full pipe wakes as well as one byte.
        os.set_blocking(self._read_descriptor, False)
        os.set_blocking(self._write_descriptor, False)
        self._selector.register(self._read_descriptor, selectors.EVENT_READ)

    def interrupt(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self._write_descriptor, b"!")

    def close(self) -> None:
        self._selector.close()
        os.close(self._read_descriptor)
        os.close(self._write_descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


class SQLiteNotifier(_Interruptible):
    """SQLite: a datagram socket beside the database file, and a look at its version behind it."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        # Of its own, and never written with: the version tells of other connections' commits only.
        self._database = sqlite3.connect(
            Path(connection.settings_dict["NAME"]).absolute().as_uri() + "?mode=ro",
            uri=True,
            check_same_thread=False,
        )
        self._version = self._data_version()
        self._path = Path(_socket_folder(channel)) / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._socket = self._bind()

    def _bind(self) -> socket.socket | None:
        if len(os.fsencode(str(self._path))) > LONGEST_SOCKET_PATH:
            return None  # The data version alone will do.
        # For its owner only: whoever may write here can keep a worker awake.
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        bound = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        bound.setblocking(False)
        bound.bind(str(self._path))
        self._selector.register(bound, selectors.EVENT_READ)
        return bound

    def wait(self, timeout: float) -> bool:
        """Sleep until notified, at most `timeout` seconds; say whether anything came."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if self._selector.select(min(left, DATA_VERSION_POLL)):
                self._take_notifications()
                return True
            if (version := self._data_version()) != self._version:
                self._version = version
                return True
        return False

    def _take_notifications(self) -> None:
        self._version = self._data_version()
        with contextlib.suppress(BlockingIOError):
            os.read(self._read_descriptor, 1024)
        if self._socket:
            with contextlib.suppress(BlockingIOError):
                while self._socket.recv(64):
                    pass

    def _data_version(self) -> int:
        version: int = self._database.execute("PRAGMA data_version").fetchone()[0]
        return version

    def close(self) -> None:
        super().close()
        self._database.close()
        if self._socket:
            self._socket.close()
            self._path.unlink(missing_ok=True)


class PostgresNotifier(_Interruptible):
    """PostgreSQL: LISTEN on a connection of its own, taken up again after it breaks."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel
        self._listener: psycopg.Connection | None = None
        self._is_deaf = False

    def wait(self, timeout: float) -> bool:
        """Sleep until notified, at most `timeout` seconds; say whether anything came."""
        if self._listener is None and self._connect():
            return True  # Look at once: notifications were missed while nobody listened.
        longest = min(timeout, DEAF_POLL) if self._is_deaf else timeout
        ready = {key.fd for key, _ in self._selector.select(longest)}
        if self._read_descriptor in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._read_descriptor, 1024)
        if ready - {self._read_descriptor}:
            self._drain()
        return bool(ready)

    def _connect(self) -> bool:
        try:
            listener = _listener()
        except psycopg.OperationalError:
            return False
        try:
            listener.execute(f"LISTEN {self._channel}")
            self._is_deaf = not notifications_arrive()
        except psycopg.OperationalError:
            listener.close()
            return False
        self._listener = listener
        self._selector.register(listener.fileno(), selectors.EVENT_READ)
        return True

    def _drain(self) -> None:
        if self._listener is None:
            return
        fileno = self._listener.fileno()
        try:
            for _ in self._listener.notifies(timeout=0):
                pass
        except psycopg.OperationalError:
            self._selector.unregister(fileno)
            self._listener.close()
            self._listener = None

    def close(self) -> None:
        super().close()
        if self._listener:
            self._listener.close()


def _listener() -> psycopg.Connection:
    """A connection to hear notifications with."""
    # Not Django's: whoever looks at the database may close that after an error. In autocommit:
    # LISTEN begins with a commit, and is told between transactions only.
    if settings.ATOM_LISTEN_URL:
        return psycopg.connect(settings.ATOM_LISTEN_URL, connect_timeout=5, autocommit=True)
    return _sender()


def _sender() -> psycopg.Connection:
    return psycopg.connect(**connection.get_connection_params(), autocommit=True)


# As found out by this process, and until when that counts: a busy database answers late once.
_arrive, _arrive_until = False, 0.0


def notifications_arrive() -> bool:
    """Whether a notification sent the way ours go comes back; asked until it does.

    From another connection: a pooler hands back what is sent by the one that listens.
    """
    global _arrive, _arrive_until
    if not _arrive and time.monotonic() >= _arrive_until:
        _arrive, _arrive_until = _echoes(), time.monotonic() + DEAF_FOR
        if not _arrive:
            logger.warning(
                "Notifications of the database do not arrive, as behind a pooler in transaction "
                "mode: looking every %s s instead. Set ATOM_LISTEN_URL.",
                DEAF_POLL,
            )
    return _arrive


def _echoes() -> bool:
    channel = f"atom_echo_{secrets.token_hex(8)}"
    with contextlib.closing(_listener()) as listener, contextlib.closing(_sender()) as sender:
        listener.execute(f"LISTEN {channel}")
        sender.execute("SELECT pg_notify(%s, '')", [channel])
        return any(listener.notifies(timeout=ECHO_WITHIN, stop_after=1))


def is_pooled() -> bool:
    """Whether statements may reach another backend each time, so that none can be prepared."""
    if settings.ATOM_LISTEN_URL:
        return True
    try:
        return not notifications_arrive()
    except psycopg.OperationalError:
        return True  # Unknown: what is not prepared works everywhere.


Notifier = SQLiteNotifier | PostgresNotifier
