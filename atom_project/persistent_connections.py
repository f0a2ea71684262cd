"""Persistent database connections, for threads that stay; and stale ones, dropped in time."""

from __future__ import annotations

from collections.abc import Callable
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
