"""A snapshot of the database as a file, and back; each kind of database by its own tools."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from documents.models import Document
from documents.storage import sync

# How libpq's programs are told where the database is; a password among them is in no `ps`.
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


class SnapshotFailed(Exception):
    """The message says why, and what to do."""


@dataclass(frozen=True)
class StoredFile:
    """What the snapshot says about a file."""

    document_id: UUID
    name: str
    sha256: str


def take(path: Path) -> list[StoredFile]:
    """Write the database as it is at this moment; returns the files it speaks of.

    Others read and write meanwhile.
    """
    path.touch(mode=0o600)
    if connection.vendor == "postgresql":
        return _dump_postgresql(path)
    return _copy_sqlite(path)


def _copy_sqlite(path: Path) -> list[StoredFile]:
    original = Path(connection.settings_dict["NAME"]).absolute()
    source = sqlite3.connect(f"{original.as_uri()}?mode=ro", uri=True)
    with contextlib.closing(source), contextlib.closing(sqlite3.connect(path)) as copy:
        # In one step: in several, each commit of others would begin the copy anew.
        source.backup(copy, pages=-1)
        # One file that needs no log beside it: the backup takes this one alone.
        copy.execute("PRAGMA journal_mode=DELETE")
        [verdict] = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise SnapshotFailed(f"The database is damaged: {verdict}. Run `manage.py doctor`.")
        table = Document._meta.db_table
        rows = copy.execute(f"SELECT id, file, sha256 FROM {table} ORDER BY queue_number")  # noqa: S608
        return [StoredFile(UUID(pk), name, sha256) for pk, name, sha256 in rows]


def _dump_postgresql(path: Path) -> list[StoredFile]:
    program = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Dump and list of files are of the same moment.
        cursor.execute("SELECT pg_export_snapshot()")
        [moment] = cursor.fetchone()
        rows = Document.objects.order_by("queue_number").values_list("pk", "file", "sha256")
        files = [StoredFile(*row) for row in rows]
        _run([program, "--format=custom", f"--snapshot={moment}", f"--file={path}"])
    return files


def put_back(path: Path) -> None:
    """Make the database what it was; whatever is in it now is gone."""
    if connection.vendor == "postgresql":
        _restore_postgresql(path)
    else:
        _replace_sqlite(path)


def _replace_sqlite(path: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connections.close_all()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(path, draft)
    draft.chmod(0o600)
    sync(draft)
    # The old log goes first: SQLite would play it into the new file.
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    draft.replace(target)
    sync(target.parent)


def _restore_postgresql(path: Path) -> None:
    program = _program("pg_restore")
    # Ours only: others may share the database.
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in [*tables, MigrationRecorder.Migration._meta.db_table]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    connections.close_all()
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
    database = connection.settings_dict["NAME"]
    _run([program, *options, "--single-transaction", f"--dbname={database}", str(path)])


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SnapshotFailed(
            f"{name} is not installed here. Install the client programs of PostgreSQL, in the "
            "server's version or newer (Debian and Ubuntu: apt install postgresql-client)."
        )
    return found


def _run(command: list[str]) -> None:
    ended = subprocess.run(
        command, env=_surroundings(), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        why = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
        raise SnapshotFailed(f"{Path(command[0]).name} failed: {' '.join(why[-3:])}")


def _surroundings() -> dict[str, str]:
    parameters = connection.get_connection_params()
    given = {
        variable: str(parameters[name]) for name, variable in LIBPQ.items() if parameters.get(name)
    }
    return {**os.environ, **given}


def server_version() -> str:
    """Of the database, to be told with a snapshot."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        return str(connection.pg_version)  # type: ignore[attr-defined]
    return sqlite3.sqlite_version


@contextlib.contextmanager
def room_beside(path: Path) -> Iterator[Path]:
    """A folder for drafts on the disk where the result will be; gone afterwards."""
    folder = path.with_name(f".{path.name}.{os.getpid()}.partial")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def finish(draft: Path, path: Path) -> None:
    """Give a whole file its name; it survives a power cut from then on."""
    sync(draft)
    draft.replace(path)
    sync(path.parent)
