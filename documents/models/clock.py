"""Whose clock counts: the database's where several hosts share one, else this host's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db import connection, models
from django.db.models.functions import Now
from django.utils import timezone


def now() -> Any:
    """The present moment, to be compared with or written into a column."""
    return Now() if connection.vendor == "postgresql" else timezone.now()


def as_expression() -> models.Expression:
    """The present moment as a column of a query: no question of its own."""
    moment = now()
    if isinstance(moment, models.Expression):
        return moment
    return models.Value(moment, output_field=models.DateTimeField())


def told_by_database() -> datetime:
    """The present moment by the same clock, as a value; one question to PostgreSQL."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [moment] = cursor.fetchone()
    return cast("datetime", moment)


class Moment(models.DateTimeField):  # type: ignore[type-arg]
    """A moment the database may tell at INSERT (`now`); the row in memory then has it, too.

    By RETURNING, in the same statement. The column is that of a `DateTimeField`.
    """

    db_returning = True

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs
