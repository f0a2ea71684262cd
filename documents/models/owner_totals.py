"""Running totals of what each person has: documents and bytes.

So lists and metrics tell how many documents there are, and quotas what is left, without walking
over them. Those that run are few and counted in their index; the completed ones are the rest.

On PostgreSQL the row of totals is locked after that of the document and after the event log, until
the transaction ends. Where both are written by one statement, triggers of the log come first: taken
in another order elsewhere, two would wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.db import connection, models

from documents.models.running_totals import RunningTotals

_EVENT_LOCK = 0x41544F4D_0002  # of the event log, see migration 0002


def _have(status: str, what: str = "1") -> str:
    return f"CASE WHEN {{row}}.status = '{status}' THEN {what} ELSE 0 END"


# Not those that run, nor the completed ones: a document takes all these steps, and each would write
# the row of its owner. Of the steps of one that succeeds, only its claim changes a column here.
TOTALS = RunningTotals(
    name="documents_owned",
    source="documents_document",
    reads=("owner_id", "status", "held_until", "stored_bytes", "size"),
    table="documents_ownertotals",
    keys={"owner_id": "{row}.owner_id"},
    sums={
        "documents": "1",
        "bytes": "coalesce({row}.stored_bytes, {row}.size)",
        "pending": _have("pending"),
        "ready": _have("pending", "(CASE WHEN {row}.held_until IS NULL THEN 1 ELSE 0 END)"),
        "failed": _have("failed"),
        "trashed": _have("trashed"),
        "trashed_bytes": _have("trashed", "{row}.size"),
    },
    lock=_EVENT_LOCK,
)

_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in TOTALS.sums)
_NONE = ", 0" * (len(TOTALS.sums) - 2)
# Each in one statement, so that all of it is of one moment.
_BY_STATUS = f"""
SELECT '', {_SUMS} FROM documents_ownertotals {{whose}}
UNION ALL
SELECT status, count(*), 0{_NONE} FROM documents_document
WHERE status IN ('processing', 'analyzing') {{and_whose}}
    -- Of any lease: so SQLite takes the index of leases, which has no others than those that run.
    AND (lease_expires_at IS NULL OR lease_expires_at > '0001-01-01')
GROUP BY status
"""  # noqa: S608
# Room is held for what comes in pieces from its first byte on: 20 files would each be told of the
# same rest.
_WITH_UNFINISHED = f"""
SELECT '', {_SUMS} FROM documents_ownertotals WHERE owner_id = %s
UNION ALL
SELECT 'unfinished', count(*), coalesce(sum(length), 0){_NONE} FROM documents_resumableupload
WHERE owner_id = %s AND finished_at IS NULL AND failure IS NULL
"""  # noqa: S608


class OwnerTotals(models.Model):
    """What one person has, in the trash too."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
    )
    documents = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0, help_text="files, with text and analyses")
    pending = models.BigIntegerField(default=0)
    ready = models.BigIntegerField(default=0, help_text="pending and not held")
    failed = models.BigIntegerField(default=0)
    trashed = models.BigIntegerField(default=0)
    trashed_bytes = models.BigIntegerField(default=0, help_text="files only")

    class Meta:
        verbose_name_plural = "owner totals"

    def __str__(self) -> str:
        return f"{self.documents} documents"


@dataclass(frozen=True)
class Totals:
    """As the columns of `OwnerTotals`."""

    documents: int
    bytes: int
    pending: int
    ready: int
    failed: int
    trashed: int
    trashed_bytes: int


def by_status(owner_id: int | None) -> tuple[Totals, dict[str, int]]:
    """What this person has, or all have, and how many of it run, by status."""
    whose, and_whose, parameters = "", "", []
    if owner_id is not None:
        whose, and_whose, parameters = "WHERE owner_id = %s", "AND owner_id = %s", [owner_id] * 2
    found = _asked(_BY_STATUS.format(whose=whose, and_whose=and_whose), parameters)
    totals = found.pop("")
    return totals, {status: row.documents for status, row in found.items()}


def with_unfinished(owner_id: int) -> Totals:
    """What this person has, unfinished resumable uploads counted as documents, whole."""
    found = _asked(_WITH_UNFINISHED, [owner_id] * 2)
    totals, unfinished = found[""], found["unfinished"]
    return replace(
        totals,
        documents=totals.documents + unfinished.documents,
        bytes=totals.bytes + unfinished.bytes,
    )


def _asked(sql: str, parameters: list[int]) -> dict[str, Totals]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {name: Totals(*map(int, figures)) for name, *figures in cursor.fetchall()}
