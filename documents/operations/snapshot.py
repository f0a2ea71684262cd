"""A snapshot of the database as a file, and back; each kind of database by its own tools."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from atom_project import database_file, paths
from documents.models import Document
from documents.operations import postgresql_programs as programs
from documents.storage import sync

LONGEST_LOCK_WAIT = 30  # seconds that others get to let go of the tables


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
        _refuse_damaged(copy, f"Run {paths.command('doctor')}.")
        table = Document._meta.db_table
        rows = copy.execute(f"SELECT id, file, sha256 FROM {table} ORDER BY queue_number")  # noqa: S608
        return [StoredFile(UUID(pk), name, sha256) for pk, name, sha256 in rows]


def _refuse_damaged(copy: sqlite3.Connection, remedy: str) -> None:
    [verdict] = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise SnapshotFailed(f"The database is damaged: {verdict}. {remedy}")


def _dump_postgresql(path: Path) -> list[StoredFile]:
    program = programs.find("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Dump and list of files are of the same moment.
        cursor.execute("SELECT pg_export_snapshot()")
        [moment] = cursor.fetchone()
        rows = Document.with_trashed.order_by("queue_number").values_list("pk", "file", "sha256")
        files = [StoredFile(*row) for row in rows]
        programs.run([program, "--format=custom", f"--snapshot={moment}", f"--file={path}"])
    return files


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder for what is to be put back, on a disk of ours; gone afterwards.

    Whoever restores is alone, so what one that was killed has left there goes as well.
    """
    if connection.vendor == "postgresql":
        beside = Path(settings.VAR_DIR) / "restored"
    else:
        beside = Path(connection.settings_dict["NAME"]).absolute()
    beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in beside.parent.glob(f".{glob.escape(beside.name)}.*.partial"):
        shutil.rmtree(left, ignore_errors=True)
    with room_beside(beside) as folder:
        yield folder


def prepare(path: Path) -> Path:
    """Find out whether a snapshot can be put back, before anything is touched.

    Returns what `put_back` takes: a sound database file, or a script that PostgreSQL's own
    `pg_restore` of this machine could make of the dump.
    """
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(path)) as copy:
            _refuse_damaged(copy, "Use another backup.")
        sync(path)
        return path
    program, _ = programs.find("pg_restore"), programs.find("psql")
    script = path.with_suffix(".sql")
    script.touch(mode=0o600)
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
    programs.run([program, *options, f"--file={script}", str(path)])
    return script


def put_back(prepared: Path) -> None:
    """Make the database what it was; whatever is in it now is gone. All of it, or nothing."""
    if connection.vendor == "postgresql":
        _restore_postgresql(prepared)
    else:
        _replace_sqlite(prepared)


def _replace_sqlite(prepared: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connections.close_all()
    prepared.chmod(0o600)
    # The old log goes first: SQLite would play it into the new file.
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    prepared.replace(target)
    sync(target.parent)
    database_file.accept()


def _restore_postgresql(script: Path) -> None:
    # Ours only: others may share the database. Tables of a newer version are not in the dump.
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    connections.close_all()
    drops = [
        f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE"
        for table in [*tables, MigrationRecorder.Migration._meta.db_table]
    ]
    statements = [f"SET lock_timeout = {LONGEST_LOCK_WAIT * 1000}", *drops]
    programs.run(
        [
            # Tables go and come in one transaction: if anything fails, all is as it was.
            *(programs.find("psql"), "--no-psqlrc", "--quiet", "--single-transaction"),
            "--set=ON_ERROR_STOP=1",
            *(f"--command={statement}" for statement in statements),
            f"--file={script}",
        ]
    )


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


# Looking at one, without a server.


def count_documents(path: Path, engine: str) -> int:
    """How many documents a snapshot holds; raises `SnapshotFailed` if it is damaged."""
    return _count_dumped(path) if engine == "postgresql" else _count_copied(path)


def _count_copied(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
        [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise SnapshotFailed(f"its database is damaged: {verdict}. Use another one.")
        [found] = copy.execute(f"SELECT count(*) FROM {Document._meta.db_table}").fetchone()  # noqa: S608
        return int(found)


def _count_dumped(path: Path) -> int:
    """The rows between COPY and its end, as `pg_restore` would hand them to `psql`."""
    table = f"--table={Document._meta.db_table}"
    command = [programs.find("pg_restore"), "--data-only", table, "--file=-", str(path)]
    found, is_copying = 0, False
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        for line in running.stdout or ():
            if line.startswith(b"COPY "):
                is_copying = True
            elif line == b"\\.\n":
                is_copying = False
            else:
                found += is_copying
    if running.returncode:
        raise SnapshotFailed("pg_restore cannot read its database. Use another one.")
    return found
