"""Persistent database connections, for threads that stay; and stale ones, dropped in time."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections

KEPT = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
# psycopg has a statement planned once instead of each time, which halves the time it takes.
PLANNED_ONCE = {"server_side_binding": True, "prepare_threshold": 5}

Answer = TypeVar("Answer")


def reconnecting(ask: Callable[[], Answer], *, worth_a_wait: bool = False) -> Answer:
    """What `ask` returns; asked once more, on a new connection, if this thread's had broken.

    Every use of the database by a thread that slept goes through here: the server may have been
    restarted meanwhile, and the first statement of such a connection always fails. `ask` is one
    whole transaction or may be repeated, because its commit may have come through unheard. Inside
    a transaction nothing is repeated. `worth_a_wait`: ask again whatever it was, a lock included.
    """
    try:
        return ask()
    except (InterfaceError, OperationalError):
        if not _drop_stale() and not worth_a_wait:
            raise
    return ask()


def _drop_stale() -> bool:
    """Close this thread's connections that do not answer any more; says whether there were any."""
    stale = [
        connection
        for connection in connections.all(initialized_only=True)
        if not (connection.in_atomic_block or connection.is_usable())
    ]
    for connection in stale:
        connection.close()
    return bool(stale)


def keep() -> None:
    """Let this thread keep the connections it opens from now on, as long as they work.

    Only for threads that stay. Others would leave theirs open until the garbage collector
    finds them: ten clients in a hurry used up half the connections of a PostgreSQL.
    """
    _settle(KEPT, {})


def keep_watched() -> None:
    """As `keep`, for threads that call `drop_ended` before each piece of work.

    Django's own check asks the server before the first statement of each request.
    """
    _settle({"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}, {})


def drop_ended() -> None:
    """Close what the other side has ended: a restarted server, an idle timeout, a replaced file.

    Found out without asking anybody: a server that ends a connection says so at once, and the
    kernel keeps what it said. A network that forgets connections without a word is noticed by the
    statement that meets it, as anywhere.
    """
    for connection in connections.all(initialized_only=True):
        is_idle = connection.connection is not None and not connection.in_atomic_block
        if is_idle and _has_ended(connection):
            connection.close()
        else:
            connection.close_if_unusable_or_obsolete()  # After an error of the work before.


def forget_errors() -> None:
    """Let go of what connections remember of an error: its traceback holds a whole request."""
    opened: Iterable[Any] = connections.all(initialized_only=True)
    for connection in opened:
        if not connection.in_atomic_block:
            connection.rollback_exc = None


def _has_ended(connection: Any) -> bool:
    if connection.vendor == "sqlite":
        return bool(connection.is_of_another_file())
    if connection.connection.closed:
        return True
    # Between statements a server sends nothing but that it goes, or a notice on its way there.
    watch = select.poll()
    watch.register(connection.connection.fileno(), select.POLLIN)
    return bool(watch.poll(0)) and not connection.is_usable()


def keep_planned() -> None:
    """As `keep`, and let PostgreSQL plan each statement once.

    Not for whoever asks for documents of some status: a plan made for every status cannot use
    the index of those that wait. And whoever does must begin anew after any error: a plan is
    refused once a migration has changed the type of a column.
    """
    _settle(KEPT, PLANNED_ONCE)


def _settle(kept: dict[str, Any], options: dict[str, Any]) -> None:
    for connection in connections.all():
        settled = {**connection.settings_dict, **kept}
        if connection.vendor == "postgresql":
            settled["OPTIONS"] = {**options, **settled["OPTIONS"]}
        connection.settings_dict = settled
