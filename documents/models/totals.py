"""All running totals: made after every `migrate`, looked after by the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections

from documents.models import call_totals, owner_totals
from documents.models.running_totals import RunningTotals


def of(using: str) -> list[RunningTotals]:
    return [owner_totals.TOTALS, call_totals.totals(connections[using].vendor)]


def keep(using: str = "default", **more: Any) -> None:
    """Make the triggers that are missing, and count anew what they keep; after every `migrate`."""
    for totals in of(using):
        totals.keep(using)


def forget(using: str) -> None:
    """Drop the triggers."""
    for totals in of(using):
        totals.forget(using)


def make(using: str = "default") -> None:
    """Count all anew."""
    for totals in of(using):
        totals.make(using)


def differing(using: str = "default") -> Iterator[tuple[str, int]]:
    """Tables of totals that say something else than a full count, with the number of such rows."""
    for totals in of(using):
        if found := totals.differences(using):
            yield totals.table, found
