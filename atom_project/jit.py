"""Just-in-time compilation (JIT) of PostgreSQL, which ATOM does without."""

from __future__ import annotations

from typing import Any


def turn_off(connection: Any, **more: Any) -> None:
    """Turn JIT off for a new connection; receives `connection_created`.

    It is meant for reports of seconds: a place in a line of 50,000, estimated as dear, is counted
    in 0.1 ms and was compiled for 17 ms each time
    (https://www.postgresql.org/docs/current/jit-decision.html). No startup parameter, for PgBouncer
    refuses those that it does not know. Past Django's cursor: nobody counts it as a query.
    """
    if connection.vendor == "postgresql":
        connection.connection.execute("SET jit = off")
