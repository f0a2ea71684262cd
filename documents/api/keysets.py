"""Keysets: where in the order of a list a row stands, told by what it is ordered by.

A cursor of such values stays right whatever is added or deleted; a page number does not, and
neither does the cursor of a row that is gone. The last value is unique.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_NUMBER = r"(\d{1,17})"  # Fits the column of every database, and every year until 5138.
_UNDATED = "none"


class BadCursor(ValueError):
    """It is none of this keyset's."""


class Keyset(ABC):
    """The order of one list."""

    @abstractmethod
    def cursor(self, row: Any) -> str:
        """Where this row stands, as it may stand in an address."""

    @abstractmethod
    def after(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        """The rows behind the cursor, in order. Raises `BadCursor`."""

    @abstractmethod
    def before(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        """The rows ahead of the cursor, the nearest first. Raises `BadCursor`."""


class MomentKeyset(Keyset):
    """Documents by one of their moments, then by queue number."""

    def __init__(self, ordering: str) -> None:
        self._column = ordering.removeprefix("-")
        self._goes_up = not ordering.startswith("-")
        # With the column: the cursor of another order would lead to anywhere.
        self._form = re.compile(rf"{self._column}\.{_NUMBER}\.{_NUMBER}", re.ASCII)

    def cursor(self, row: Any) -> str:
        microseconds = (getattr(row, self._column) - EPOCH) // MICROSECOND
        return f"{self._column}.{microseconds}.{row.queue_number}"

    def after(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        return rows.filter(self._beyond(cursor, goes_up=self._goes_up))

    def before(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        return rows.filter(self._beyond(cursor, goes_up=not self._goes_up)).reverse()

    def _beyond(self, cursor: str, *, goes_up: bool) -> Q:
        found = self._form.fullmatch(cursor)
        if found is None:
            raise BadCursor(cursor)
        moment, number = EPOCH + int(found[1]) * MICROSECOND, int(found[2])
        way = "gt" if goes_up else "lt"
        # The first part is a range of the index, where the walk begins.
        return Q(**{f"{self._column}__{way}e": moment}) & (
            Q(**{f"{self._column}__{way}": moment}) | Q(**{f"queue_number__{way}": number})
        )


class TaskKeyset(Keyset):
    """Tasks by due date, those without one last; then by analysis and position."""

    _form = re.compile(rf"(\d{{4}}-\d\d-\d\d|{_UNDATED})\.{_NUMBER}\.{_NUMBER}", re.ASCII)

    def cursor(self, row: Any) -> str:
        return f"{row.due_date or _UNDATED}.{row.analysis_id}.{row.position}"

    def after(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        day, place = self._read(cursor)
        if day is None:
            return rows.filter(place("gt"), due_date=None)
        later = Q(due_date__gt=day) | Q(due_date=None)
        return rows.filter(later | (Q(due_date=day) & place("gt")))

    def before(self, rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        day, place = self._read(cursor)
        if day is None:
            earlier = ~Q(due_date=None) | place("lt")
        else:
            earlier = Q(due_date__lt=day) | (Q(due_date=day) & place("lt"))
        return rows.filter(earlier).reverse()

    def _read(self, cursor: str) -> tuple[date | None, Any]:
        found = self._form.fullmatch(cursor)
        if found is None:
            raise BadCursor(cursor)
        analysis, position = int(found[2]), int(found[3])

        def place(way: str) -> Q:
            return Q(**{f"analysis__{way}": analysis}) | Q(
                **{"analysis": analysis, f"position__{way}": position}
            )

        try:
            return None if found[1] == _UNDATED else date.fromisoformat(found[1]), place
        except ValueError:
            raise BadCursor(cursor) from None


OF_DOCUMENTS: Mapping[str, Keyset] = {
    ordering: MomentKeyset(ordering)
    for ordering in ("created_at", "-created_at", "updated_at", "-updated_at")
}
OF_TASKS = TaskKeyset()
