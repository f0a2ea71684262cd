"""Persistent database connections, for threads that stay."""

from __future__ import annotations

from typing import Any

from django.db import connections

KEPT = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
# psycopg has a statement planned once instead of each time, which halves the time it takes.
PLANNED_ONCE = {"server_side_binding": True, "prepare_threshold": 5}


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
