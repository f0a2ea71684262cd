"""A deadline for searches, which look through every text that somebody has."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction

STEPS = 100_000  # of SQLite's virtual machine between two looks at the clock

_one_each: defaultdict[int, Lock] = defaultdict(Lock)  # by user


class SearchTimedOut(Exception):
    """The search was ended by its deadline; nothing of what it found is known."""


@contextmanager
def one_search(user_id: int) -> Iterator[None]:
    """Run the queries inside one at a time for a user, and for `ATOM_SEARCH_SECONDS` at most.

    Raises `SearchTimedOut`, also where another search of the user took that long. In one
    process; PostgreSQL ends the statement (`statement_timeout`), SQLite is asked to by its
    progress handler.
    """
    turn = _one_each[user_id]
    if not turn.acquire(timeout=settings.ATOM_SEARCH_SECONDS):
        raise SearchTimedOut
    try:
        with _deadline(settings.ATOM_SEARCH_SECONDS):
            yield
    finally:
        turn.release()


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    ends = time.monotonic() + seconds
    limited = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    try:
        with limited(seconds, ends):
            yield
    except OperationalError as error:
        # A server that is away fails sooner.
        if time.monotonic() >= ends:
            raise SearchTimedOut from error
        raise


@contextmanager
def _on_postgresql(seconds: float, ends: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        # Local: the next transaction of this connection has none, behind PgBouncer as well.
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), "
            # What is searched is mostly in memory; the planner thinks of turning disks and would
            # rather unpack the words of every row than use the index.
            "set_config('random_page_cost', '1.1', true)",
            [f"{seconds * 1000:.0f}"],
        )
        yield
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")


@contextmanager
def _on_sqlite(seconds: float, ends: float) -> Iterator[None]:
    connection.ensure_connection()
    database: Any = connection.connection
    database.set_progress_handler(lambda: time.monotonic() >= ends, STEPS)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)
