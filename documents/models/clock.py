"""Whose clock counts: the database's where several hosts share one, else this host's."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone


def now() -> Any:
    """The present moment, to be compared with or written into a column."""
    return Now() if connection.vendor == "postgresql" else timezone.now()
