"""What documents take in the database: bytes of each table and index, for each document.

Run `python -m bench.limits.sizes [--documents 100000]`, on the empty database of
ATOM_BENCH_DATABASE_URL or on SQLite in a folder of its own. Some documents of one page are read by
the real pipeline with the built-in engine; SQL writes their rows again and again under other ids,
owners and moments, so that a hundred thousand take minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FOLDER = tempfile.mkdtemp(prefix="atom-bench-sizes-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="atom_project.settings",
    ATOM_ENV_FILE=os.devnull,
    ATOM_DATA_DIR=FOLDER,
    ATOM_ENGINE="offline",
    ATOM_MAX_QUEUED_PER_USER="0",
    DATABASE_URL=os.environ.get("ATOM_BENCH_DATABASE_URL", f"sqlite:///{FOLDER}/bench.sqlite3"),
)

import django  # noqa: E402

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from bench.limits.offline import pages_of, prose  # noqa: E402
from documents.models import (  # noqa: E402
    ActionItem,
    Analysis,
    Classification,
    Document,
    DocumentTopic,
    ModelCall,
    Page,
    SearchEntry,
    StatusEvent,
)
from documents.uploads import intake  # noqa: E402
from documents.worker import Worker  # noqa: E402

LETTERS = 3_000  # of a page
OWNERS = 1_000
MANY = 10_000_000  # what the sums are multiplied to
# In the order in which rows refer to each other.
TABLES: tuple[type[models.Model], ...] = (
    *(Document, Page, StatusEvent, Analysis, ActionItem),
    *(Classification, DocumentTopic, ModelCall, SearchEntry),
)
IS_POSTGRESQL = connection.vendor == "postgresql"


@dataclass(frozen=True)
class Size:
    """What one table takes, and what its indexes do, by name; bytes."""

    table: str
    rows: int
    bytes: int
    indexes: dict[str, int]

    @property
    def whole(self) -> int:
        return self.bytes + sum(self.indexes.values())


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--documents", type=int, default=100_000)
    asked.add_argument("--patterns", type=int, default=100, help="documents that are really read")
    options = asked.parse_args()
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    read_some(options.patterns)
    copy_all(options.documents // options.patterns)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if IS_POSTGRESQL else "ANALYZE")
    print(f"{connection.vendor}: filled in {time.monotonic() - began:.0f} s")
    told(sizes(), Document.objects.count())


def read_some(number: int) -> None:
    """Documents as they are after the whole story, their one page of as many words as others."""
    owner = User.objects.create_user("owner0")
    User.objects.bulk_create(User(username=f"owner{n}") for n in range(1, OWNERS))
    texts = pages_of(prose(LETTERS * number), LETTERS)
    files = [SimpleUploadedFile(f"report {p.number}.txt", p.text.encode()) for p in texts]
    for file in files:
        intake.receive(owner, [file])
    Worker(slots=1).drain()
    chance = random.Random(1)  # noqa: S311
    ModelCall.objects.bulk_create(
        ModelCall(
            document=document, owner=owner, attempt=1, chunk=1, model="gpt-4.1-mini",
            request_hash=f"{chance.getrandbits(256):064x}", state=ModelCall.State.ANSWERED,
            input_tokens=1500, output_tokens=500, cost_usd="0.001400", closed_at=timezone.now(),
        )
        for document in Document.objects.all()
    )  # fmt: skip
    if Document.objects.filter(status="completed").count() != number:
        raise SystemExit("not every document was read")


@transaction.atomic
def copy_all(times: int) -> None:
    """Write every row anew under other ids, until there are so many of each."""
    first = User.objects.get(username="owner0").pk
    for model in TABLES:
        fields = [f for f in model._meta.concrete_fields if not getattr(f, "generated", False)]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        values = ", ".join(copied(field, first) for field in fields)
        with connection.cursor() as cursor:
            cursor.execute(f"""
                INSERT INTO {model._meta.db_table} ({columns})
                WITH RECURSIVE numbers(i) AS (
                    SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {times} - 1
                )
                SELECT {values} FROM numbers CROSS JOIN {model._meta.db_table} source
                WHERE {times} > 1
                ORDER BY i, source.{connection.ops.quote_name(model._meta.pk.column)}
            """)  # noqa: S608


def copied(field: Any, first_owner: int) -> str:
    """The column of the `i`th copy, as SQL."""
    column = f"source.{connection.ops.quote_name(field.column)}"
    if refers_to(field, User):
        return f"CASE WHEN {column} IS NOT NULL THEN {first_owner} + i % {OWNERS} END"
    if is_document(field):
        mixed = f"md5(CAST({column} AS text) || i)"
        return f"CAST({mixed} AS uuid)" if IS_POSTGRESQL else mixed
    if field.primary_key or refers_to(field, Analysis) or field.name == "queue_number":
        return f"{column} + CAST(i AS bigint) * 1000000"
    if field.name in {"sha256", "request_hash"}:
        return f"md5({column} || i) || md5({column} || -i)"
    if isinstance(field, models.DateTimeField):
        earlier = f"{column} - i * interval '601 second'"
        in_sqlite = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || (i * 601) || ' seconds')"
        return earlier if IS_POSTGRESQL else f"{in_sqlite} || '000'"
    return column


def refers_to(field: Any, model: type[models.Model]) -> bool:
    return bool(field.is_relation and field.related_model is model) or (
        model is User and field.name == "owner_id"
    )


def is_document(field: Any) -> bool:
    """Its id, whether that is a reference or stands there by itself."""
    target = field
    while target.is_relation:
        target = target.target_field
    return isinstance(target, models.UUIDField)


def sizes() -> list[Size]:
    return [size_of(model) for model in TABLES]


def size_of(model: type[models.Model]) -> Size:
    table, rows = model._meta.db_table, model._default_manager.count()
    with connection.cursor() as cursor:
        if IS_POSTGRESQL:
            cursor.execute("SELECT pg_table_size(%s)", [table])
            [heap] = cursor.fetchone()
            cursor.execute(
                "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) "
                "FROM pg_index WHERE indrelid = %s::regclass",
                [table],
            )
        else:
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name = %s", [table])
            [heap] = cursor.fetchone()
            cursor.execute(
                "SELECT name, sum(pgsize) FROM dbstat WHERE name IN "
                "(SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s) "
                "OR (%s = 'documents_searchentry' AND name LIKE 'documents_search_words%%') "
                "GROUP BY name",
                [table, table],
            )
        return Size(table, rows, heap, dict(cursor.fetchall()))


def told(found: Iterable[Size], documents: int) -> None:
    total = 0
    for size in found:
        total += size.whole
        each = size.whole / documents
        print(
            f"{size.table}: {size.rows / documents:.1f} rows a document, "
            f"{size.bytes / size.rows:.0f} bytes a row and {len(size.indexes)} indexes of "
            f"{(size.whole - size.bytes) / size.rows:.0f}; {each:.0f} a document, "
            f"multiplied to {MANY:,} documents {each * MANY / 1e9:.1f} GB"
        )
        for name, taken in sorted(size.indexes.items(), key=lambda pair: -pair[1]):
            print(f"    {name}: {taken / size.rows:.0f}")
    print(
        f"{documents:,} documents: {total / 1e6:.0f} MB, {total / documents:.0f} bytes each; "
        f"multiplied to {MANY:,}: {total / documents * MANY / 1e9:.1f} GB"
    )


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER)
