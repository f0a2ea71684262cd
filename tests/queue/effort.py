"""What a database does for statements: the steps of SQLite's machine, or the rows of plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

STEP = 50  # of SQLite's machine, after which it is asked to count
WHOLE = 1_000_000  # for a walk over a whole table


class Effort:
    """The effort of each statement, counted until the next one begins."""

    def __init__(self) -> None:
        self._counted: list[tuple[str, list[int]]] = []

    def most(self) -> tuple[int, str]:
        """Of one statement, and which one it was."""
        return max((counted[0], sql) for sql, counted in self._counted)

    @contextmanager
    def measured(self) -> Iterator[None]:
        measure = _steps if connection.vendor == "sqlite" else _rows

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            counted = [0]
            self._counted.append((sql, counted))
            if not many:
                measure(sql, params, counted)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            yield
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, STEP)


def _steps(sql: str, params: Any, counted: list[int]) -> None:
    def count() -> int:
        counted[0] += STEP
        return 0

    # Stays until the next statement: rows that are fetched later count, too.
    connection.connection.set_progress_handler(None, STEP)
    if sql.startswith("SELECT COUNT(*)") and _is_counted_whole(sql, params):
        counted[0] = WHOLE
    connection.connection.set_progress_handler(count, STEP)


def _is_counted_whole(sql: str, params: Any) -> bool:
    """One step of the machine counts all entries of a table, however many there are."""
    cursor = connection.create_cursor()
    cursor.execute(f"EXPLAIN {sql}", params or ())
    return any(step[1] == "Count" for step in cursor.fetchall())


def _rows(sql: str, params: Any, counted: list[int]) -> None:
    is_read = sql.lstrip(" (\n").startswith(("SELECT", "WITH"))
    if is_read or sql.startswith(("UPDATE", "DELETE")):
        how = "ANALYZE, FORMAT JSON" if is_read else "FORMAT JSON"
        with connection.create_cursor() as cursor:
            cursor.execute(f"EXPLAIN ({how}) {sql}", params)
            [[[plan]]] = cursor.fetchall()
        counted[0] = _rows_of(plan["Plan"])


def _rows_of(plan: dict[str, Any]) -> int:
    """Rows that the leaves of the plan went through, those that were filtered out as well."""
    below = sum(_rows_of(part) for part in plan.get("Plans", ()))
    if "Relation Name" not in plan or plan["Node Type"] == "ModifyTable":
        return below
    if "Actual Rows" not in plan:  # Of a change, which is not tried out.
        return below + int(plan["Plan Rows"])
    each = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return below + int(each * plan["Actual Loops"])
