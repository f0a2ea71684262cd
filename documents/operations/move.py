"""From one kind of database to another, SQLite to PostgreSQL or back, whole or not at all.

Everything is of one moment of the source, in which nobody else writes there, and arrives in one
transaction of the target. Files are not touched: the rows keep their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS as SOURCE
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from accounts import audit
from accounts.models import User
from atom_project import addresses, database_file, presence
from documents import queue
from documents.models import Document
from documents.operations import in_use, table_copies

TARGET = "target"
PATIENCE = 10  # seconds to wait for somebody who still writes


class MoveFailed(Exception):
    """Nothing was moved. The message says why, and what to do."""


@dataclass(frozen=True)
class Moved:
    rows: dict[str, int]  # by table
    files: int
    missing_files: int
    released: int  # documents that were being read, and wait again at their places


def move(url: str) -> Moved:
    """Copy this installation's database into the empty one at `url`, and compare both.

    Whoever serves or works here, or begins to, is refused: what it took in would stay behind.
    """
    try:
        with presence.alone(), _connected(url):
            return _move()
    except presence.Present:
        raise MoveFailed(
            "A web server or a worker is running here. Stop everything, then move."
        ) from None
    except DatabaseError as error:
        # The first line only: the others may quote a row.
        why = str(error).strip().splitlines() or [type(error).__name__]
        raise MoveFailed(f"Nothing was moved: {why[0]}") from error
    except OSError as error:
        raise MoveFailed(f"Nothing was moved: {error}.") from error


@contextmanager
def _connected(url: str) -> Iterator[None]:
    try:
        wanted = addresses.database(url)
    except ImproperlyConfigured as error:
        raise MoveFailed(str(error).replace("DATABASE_URL", "The address")) from None
    if _place(wanted) == _place(connection.settings_dict):
        raise MoveFailed("That is the database which is in use already.")
    if addresses.is_file(wanted):
        _make_file(Path(wanted["NAME"]))
    every: Any = connections
    every.settings[TARGET] = every.configure_settings({SOURCE: wanted})[SOURCE]
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections[TARGET], every.settings[TARGET]


def _place(configured: dict[str, Any]) -> tuple[str, ...]:
    kind, name = configured["ENGINE"], str(configured["NAME"])
    if addresses.is_file(configured):
        return (kind, str(Path(name).resolve()))
    return (kind, name, str(configured.get("HOST")), str(configured.get("PORT") or 5432))


def _make_file(path: Path) -> None:
    try:
        database_file.create(path)
    except OSError as error:
        raise MoveFailed(f"{path} cannot be written: {error.strerror}.") from error


def _move() -> Moved:
    _refuse_while_somebody_works()
    _refuse_unfit_target()
    call_command("migrate", database=TARGET, verbosity=0)
    if _migrations(TARGET) != _migrations(SOURCE):
        raise MoveFailed("The target was made by another version of ATOM. Give an empty database.")
    released = _release_all()
    audit.record(audit.Action.MOVED)  # Before, so that it is told in both.
    with _standing_still():
        rows = _copy()
        files = list(Document.with_trashed.values_list("file", flat=True))
    missing = sum(not default_storage.exists(name) for name in files)
    return Moved(rows, len(files) - missing, missing, released)


def _refuse_while_somebody_works() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MoveFailed("The database is not up to date. Run `migrate` first.")
    if reason := in_use.living():
        raise MoveFailed(f"{reason} Then move.")


def _refuse_unfit_target() -> None:
    there = set(connections[TARGET].introspection.table_names())
    for model in (User, Group, Document, Session):
        if model._meta.db_table in there and model._base_manager.using(TARGET).exists():
            raise MoveFailed(
                "There are users, documents or sessions in the target already. "
                "Give an empty database."
            )


def _migrations(database: str) -> set[tuple[str, str]]:
    return set(MigrationRecorder(connections[database]).applied_migrations())


def _release_all() -> int:
    """What a dead worker held waits again at its place; no lease expires for it there."""
    running = list(Document.objects.running().in_queue_order())
    for document in running:
        queue.release(document)
    return len(running)


@contextmanager
def _standing_still() -> Iterator[None]:
    """One moment of the source: nobody writes to it until the block ends."""
    with transaction.atomic(using=SOURCE):  # On SQLite it takes the lock of the only writer.
        if connection.vendor == "postgresql":
            tables = table_copies.in_order()
            names = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in tables)
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
                cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")
        yield


def _copy() -> dict[str, int]:
    tables = table_copies.in_order()
    with transaction.atomic(using=TARGET), table_copies.silent(TARGET):
        table_copies.empty(TARGET)
        read = {model: table_copies.copy(model, SOURCE, TARGET) for model in tables}
        table_copies.settle_ids(TARGET)
        for model in tables:
            if table_copies.digest_of(model, TARGET) != read[model]:
                raise MoveFailed(f"Nothing was moved: {model._meta.db_table} arrived differently.")
    return {model._meta.db_table: digest.rows for model, digest in read.items()}
