"""The broker as senders and operators meet it: short timeouts, no tries again, one connection."""

from __future__ import annotations

import contextlib
from typing import Any

from kombu import Connection, Producer

from atom_project import kicks
from atom_project.celery import app

TIMEOUT = 1.0  # seconds
# kombu's own are none at all: a Redis that accepts and says nothing held a sender for ever.
_NO_WAITS = {
    "redis": {
        "socket_connect_timeout": TIMEOUT,
        "socket_timeout": TIMEOUT,
        "retry_on_timeout": False,
        "max_retries": 0,
    },
    "amqp": {"read_timeout": TIMEOUT, "write_timeout": TIMEOUT, "max_retries": 0},
}


def connection() -> Connection:
    """One that gives up within seconds, to be closed after use."""
    asked = app.connection_for_write()
    options = _NO_WAITS.get(asked.transport.driver_type, {})
    return app.connection_for_write(connect_timeout=TIMEOUT, transport_options=options)


def lying(opened: Connection) -> int:
    """How many kicks lie in the broker. Raises an error of the broker's library."""
    with opened.channel() as channel:
        try:
            declared = channel.queue_declare(queue=app.conf.task_default_queue, passive=True)
        except opened.channel_errors:
            return 0  # Nobody has declared it yet; Redis keeps no empty ones.
        return int(declared.message_count)


class Sender:
    """Sends kicks over one connection, which it keeps until something goes wrong."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def send(self, more: int, at_least: int) -> None:
        """Send so many, or as many as are missing, but no more than the broker is to hold.

        The broker is asked first how many it holds: what nobody takes must not grow for ever, and
        a connection that broke unnoticed would swallow the kick.
        """
        try:
            if self._connection is None:
                self._connection = connection()
            there = lying(self._connection)
            self._publish(max(min(more, kicks.MOST - there), at_least - there))
        except Exception:
            self._close()
            raise

    def _publish(self, number: int) -> None:
        if number <= 0:
            return
        with Producer(self._connection) as producer:
            for _ in range(number):
                app.send_task(kicks.TASK, producer=producer, retry=False, ignore_result=True)

    def _close(self) -> None:
        opened, self._connection = self._connection, None
        # Of one that is broken already, closing fails as well.
        with contextlib.suppress(Exception):
            if opened is not None:
                opened.release()


_of_this_process = Sender()


def send(more: int, at_least: int) -> None:
    """From one thread only; raises what the broker's library does."""
    _of_this_process.send(more, at_least)


def load() -> None:
    """Import all that the first kick would; nothing is connected."""
    _ = connection().transport, app.amqp.send_task_message


def described() -> str:
    """Its kind and place, without name and password."""
    asked: Any = app.connection_for_write()
    port = asked.port or asked.transport.default_connection_params.get("port", "")
    name = {"redis": "Redis", "amqp": "RabbitMQ"}.get(asked.transport.driver_type, "broker")
    return f"{name} at {asked.hostname}:{port}"
