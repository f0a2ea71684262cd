"""Statistics of the query planner: how much each index tells apart, as SQLite wants to be asked."""

from __future__ import annotations

from django.db import connection, transaction

from documents.models import Document

# Entries of each index that are looked at: enough to tell its first columns, a matter of
# milliseconds however large the file is.
LOOKED_AT = 1000

# Documents below which there are no figures: an index of part of a table has none while that part
# is empty (the line, mostly), and beside the figures of a small table it would look worst of all.
ENOUGH = 1000


def gather() -> None:
    """Have SQLite look at its indexes; PostgreSQL does it by itself (autovacuum).

    Without figures it takes an index by its form, which is right for a small store; in a large one
    lists filtered by two things went through the index that tells less.
    """
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        # Made anew, as other connections read figures with the schema only: once it has changed.
        cursor.execute("DROP TABLE IF EXISTS sqlite_stat1")
        if Document.with_trashed.order_by()[ENOUGH - 1 : ENOUGH].exists():
            cursor.execute("ANALYZE")
