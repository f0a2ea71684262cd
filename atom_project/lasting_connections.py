"""Database connections of threads that stay: kept, and quick at what they ask again and again."""

from __future__ import annotations

from django.db import connections

KEPT = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
# psycopg plans a statement once instead of each time, which takes half as long as asking it.
PLANNED_ONCE = {"server_side_binding": True, "prepare_threshold": 5}


def keep() -> None:
    """Let this thread keep the connections it opens from now on.

    Only for threads that stay. Others would leave theirs open until the garbage collector
    finds them: ten clients in a hurry used up half the connections of a PostgreSQL.
    """
    for connection in connections.all():
        kept = {**connection.settings_dict, **KEPT}
        if connection.vendor == "postgresql":
            kept["OPTIONS"] = {**kept["OPTIONS"], **PLANNED_ONCE}
        connection.settings_dict = kept
