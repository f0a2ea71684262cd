"""Tables copied from one database to another, row by row through the fields of their models.

So types convert: what one database keeps as text or a number, another keeps as JSON, UUID or a
moment. Whatever a table holds, only a batch of its rows is in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

from documents.models import StatusEvent, totals

BATCH = 200  # rows in memory and in one statement
# Ids of events given out before a restoration or a move are not given out again for others.
SKIPPED_IDS = 1_000_000
_MODULUS = 1 << 256

Model = type[models.Model]


@dataclass(frozen=True)
class Digest:
    """How many rows a table has, and a sum of their checksums that knows no order."""

    rows: int = 0
    checksum: int = 0

    def plus(self, row: models.Model, fields: Iterable[Any]) -> Digest:
        values = [field.value_from_object(row) for field in fields]
        text = json.dumps(values, sort_keys=True, default=_plain)
        found = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        return Digest(self.rows + 1, (self.checksum + found) % _MODULUS)


def _plain(value: Any) -> str:
    """The same text for the same value, whichever database it comes from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


def in_order() -> list[Model]:
    """Every table of the installed applications, each after those it refers to."""
    tables = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    graph = {
        model: {field.related_model for field in _fields(model) if field.is_relation} - {model}
        for model in tables
    }
    return list(TopologicalSorter(graph).static_order())


def _fields(model: Model) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", 0)]


def _rows(model: Model, database: str) -> Iterator[models.Model]:
    rows = model._base_manager.using(database).order_by("pk")
    return iter(rows.iterator(chunk_size=BATCH))


def copy(model: Model, source: str, target: str) -> Digest:
    """Copy a table; returns what was read. In a transaction of each of the two databases."""
    fields, digest, rows = _fields(model), Digest(), _rows(model, source)
    most = connections[target].ops.bulk_batch_size([field.attname for field in fields], [0] * BATCH)
    to: Any = model._base_manager.using(target)
    while batch := list(islice(rows, max(1, min(BATCH, most)))):
        for row in batch:
            digest = digest.plus(row, fields)
        # Raw: `bulk_create` would write the present moment into `auto_now_add`.
        to._insert(batch, fields=fields, using=target, raw=True)
    return digest


def digest_of(model: Model, database: str) -> Digest:
    digest, fields = Digest(), _fields(model)
    for row in _rows(model, database):
        digest = digest.plus(row, fields)
    return digest


def empty(database: str) -> None:
    """Take away what migrations put into a new database, such as content types."""
    for model in reversed(in_order()):
        rows: Any = model._base_manager.using(database).order_by()
        rows._raw_delete(database)


@contextmanager
def silent(database: str) -> Iterator[None]:
    """No trigger fires: history must not ring as news, and what is append-only is written anew."""
    connection = connections[database]
    if connection.vendor != "postgresql":
        # The others of SQLite only write the table of words; these would count twice.
        totals.forget(database)
        yield
        totals.keep(database)
        return
    names = [connection.ops.quote_name(model._meta.db_table) for model in in_order()]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        # References are looked at now: a table with checks pending cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def settle_ids(database: str) -> None:
    """Let new rows get ids above those that were copied, and events ids far above."""
    connection = connections[database]
    with connection.cursor() as cursor:
        # SQLite remembers the highest id of each table by itself.
        for line in connection.ops.sequence_reset_sql(no_style(), in_order()):
            cursor.execute(line)
    skip_event_ids(database)


def skip_event_ids(database: str) -> None:
    """Streams know events by id: one that was told must never come again as another."""
    table, connection = StatusEvent._meta.db_table, connections[database]
    newest = StatusEvent.objects.using(database).aggregate(newest=models.Max("id"))["newest"]
    upto = (newest or 0) + SKIPPED_IDS
    with transaction.atomic(using=database), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, upto])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, upto])
