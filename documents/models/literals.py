"""Words of ours in statements as literals, where SQLite uses a partial index for no parameter."""

from __future__ import annotations

from typing import Any

from django.db import models


class Literal(models.Value):
    """A word of ours written into the statement.

    A parameter matches no part of the condition of a partial index
    (https://www.sqlite.org/partialindex.html), and every row would be walked over.
    """

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()
