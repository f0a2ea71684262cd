"""Counting in the line of those who wait, as constant SQL for both databases.

Asked for every list and after every commit: composed by the ORM, a union of twenty counts takes
half of the time of a page. The literals of the conditions are those of the partial indexes.
"""

from __future__ import annotations

READY = "status = 'pending' AND held_until IS NULL"
BUILT_IN = f"{READY} AND chosen_engine = 'offline'"

# How long a line is where nobody need count it: PostgreSQL would look at each entry.
_LENGTHS = {READY: "(SELECT CAST(coalesce(sum(ready), 0) AS bigint) FROM documents_ownertotals)"}


def place_of(turn: str, number: str, line: str = READY) -> str:
    """How many of the line stand at or before this place, itself counted.

    Counted from the nearer end, as far as turn and number tell which that is: a document that has
    just come, as most that are asked about, stands at the end of a line of any length.
    """
    turn_first, number_first = (_end(column, line, "") for column in ("turn", "queue_number"))
    turn_last, number_last = (_end(column, line, "DESC") for column in ("turn", "queue_number"))
    counted = f"SELECT count(*) FROM documents_document WHERE {line}"  # noqa: S608
    length = _LENGTHS.get(line, f"({counted})")
    return f"""CASE
    WHEN {turn} - {turn_first} > {turn_last} - {turn}
        OR {turn_first} = {turn_last} AND {number} - {number_first} > {number_last} - {number}
    THEN {length}
        - ({counted} AND turn > {turn})
        - ({counted} AND turn = {turn} AND queue_number > {number})
    ELSE ({counted} AND turn < {turn}) + ({counted} AND turn = {turn} AND queue_number <= {number})
END"""


def between(after: tuple[str, str], upto: tuple[str, str], line: str = READY) -> str:
    """How many of the line stand after one place (turn and number) and at or before another."""
    counted = f"SELECT count(*) FROM documents_document WHERE {line}"  # noqa: S608
    # Twice: SQLite compares pairs three times as slowly as numbers.
    return f"""CASE
    WHEN {after[0]} = {upto[0]}
    THEN (
        {counted} AND turn = {upto[0]} AND queue_number > {after[1]} AND queue_number <= {upto[1]}
    )
    ELSE (
        {counted} AND (turn, queue_number) > ({after[0]}, {after[1]})
            AND (turn, queue_number) <= ({upto[0]}, {upto[1]})
    )
END"""


def _end(column: str, line: str, direction: str) -> str:
    order = f"turn {direction}, queue_number {direction}"
    return f"(SELECT {column} FROM documents_document WHERE {line} ORDER BY {order} LIMIT 1)"  # noqa: S608
