"""How many statements and commits an act takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

WRITING = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Counted:
    """What was sent: a round trip each, `BEGIN` of SQLite among them. Commits are counted apart."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def of_search(self) -> list[str]:
        return [sql for sql in self.statements if "documents_search" in sql]

    @property
    def figures(self) -> tuple[int, int, int]:
        """Statements but for those of the search index, these, and commits."""
        of_search = len(self.of_search)
        return len(self.statements) - of_search, of_search, self.commits


@contextmanager
def counted() -> Iterator[Counted]:
    sent = Counted()
    commit = connection._commit

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.statements.append(sql)
        # What no transaction surrounds is one by itself.
        if not connection.in_atomic_block and any(word in sql for word in WRITING):
            sent.commits += 1
        return execute(sql, params, many, context)

    def note_commit() -> Any:
        sent.commits += 1
        return commit()

    connection._commit = note_commit
    try:
        with connection.execute_wrapper(note):
            yield sent
    finally:
        del connection._commit
