"""What a restore refuses, and what a backup that cannot be made leaves: nothing."""

from __future__ import annotations

import secrets
import sqlite3
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from atom_project import presence
from documents import wakeup
from documents.models import Document
from documents.operations import backup, restore, snapshot
from documents.operations import postgresql_programs as programs
from documents.operations.backup_archive import BackupFailed
from tests.processes import ROOT, Installation, Running
from tests.services import postgres_or_skip

pytestmark = pytest.mark.slow


@pytest.fixture
def saved(transactional_db, upload, tmp_path):
    upload("one.txt", "one")
    yield backup.make(tmp_path / "backup.tar")[0]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence")


def test_beside_an_open_web_server_or_a_worker_nothing_is_restored(tmp_path):
    installation = Installation.prepared(tmp_path, ATOM_ENGINE="offline")
    file = tmp_path / "backup.tar"
    assert installation.manage("backup", str(file)).returncode == 0
    for command in (["up", "--no-worker"], ["worker"]):
        manage = [sys.executable, str(ROOT / "manage.py"), *command]
        running = Running(manage, env=installation.environment, cwd=tmp_path)
        try:
            running.wait_for("ready")
            # A worker that is frozen past its lease has no heartbeat any more.
            execute(tmp_path, "DELETE FROM documents_workerheartbeat")
            refused = installation.manage("restore", "--force", str(file))
        finally:
            running.end()
        # One that was killed may have left a heartbeat written after that: it counts for a while.
        execute(tmp_path, "DELETE FROM documents_workerheartbeat")
        assert refused.returncode == 1
        assert "A web server or a worker is running here" in refused.stderr
    assert installation.manage("restore", "--force", str(file)).returncode == 0


def execute(folder, statement):
    with sqlite3.connect(folder / "var" / "atom.sqlite3", timeout=20) as database:
        database.execute(statement)
    database.close()


def test_nobody_starts_to_work_while_a_backup_is_restored(saved, monkeypatch):
    put_back = snapshot.put_back

    def meanwhile(prepared):
        with pytest.raises(ImproperlyConfigured, match="A backup is being restored here"):
            presence.hold()
        put_back(prepared)

    monkeypatch.setattr(snapshot, "put_back", meanwhile)
    restore.restore(saved, force=True)


def test_a_database_file_that_cannot_be_read_is_replaced_only_by_force(tmp_path):
    installation = Installation.prepared(tmp_path)
    file = tmp_path / "backup.tar"
    assert installation.manage("backup", str(file)).returncode == 0
    database = tmp_path / "var" / "atom.sqlite3"
    database.write_bytes(b"no database at all" * 1000)
    refused = installation.manage("restore", str(file))
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "a database here already, and it cannot be read" in refused.stderr
    assert database.read_bytes().startswith(b"no database")
    assert installation.manage("restore", "--force", str(file)).returncode == 0
    assert installation.manage("migrate", "--check").returncode == 0


def test_a_file_that_is_there_already_is_left_alone(saved, monkeypatch):
    monkeypatch.setattr(
        restore.default_storage, "delete", lambda name: pytest.fail(f"{name} was deleted")
    )
    restore.restore(saved, force=True)
    with Document.objects.get().file.open() as file:
        assert file.read() == b"one"


def test_what_a_killed_restoration_left_goes_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot.connection, "vendor", "sqlite")
    monkeypatch.setitem(snapshot.connection.settings_dict, "NAME", str(tmp_path / "atom.sqlite3"))
    left, others = tmp_path / ".atom.sqlite3.1.partial", tmp_path / ".backup.tar.1.partial"
    left.mkdir(), others.mkdir()
    with snapshot.workshop() as folder:
        assert folder.is_dir()
        assert not left.exists()
    assert [*tmp_path.iterdir()] == [others]


# Backups that cannot be made.


def test_a_folder_that_is_missing_is_named_and_no_file_is_made_of_it(db, tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", str(tmp_path / "backups"))
    assert list(tmp_path.glob("*backup*")) == []


def test_without_a_database_the_reason_is_one_sentence_and_no_database_is_made(tmp_path):
    installation = Installation(tmp_path, DATABASE_URL="postgres://a:b@127.0.0.1:1/none")
    ended = installation.manage("backup", str(tmp_path))
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert "The database cannot be saved" in ended.stderr
    empty = Installation(tmp_path)
    ended = empty.manage("backup", str(tmp_path))
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert not (tmp_path / "var" / "atom.sqlite3").exists()
    assert list(tmp_path.glob(".*.partial")) == []


def test_a_full_disk_leaves_nothing_of_a_backup(saved, tmp_path, monkeypatch):
    def full(path):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(snapshot, "take", full)
    with pytest.raises(CommandError, match="There is no room for a backup in"):
        call_command("backup", str(tmp_path / "other.tar"))
    assert [path.name for path in tmp_path.iterdir() if "other" in path.name] == []


# PostgreSQL's own programs.


def test_without_the_programs_of_postgresql_the_reason_is_plain(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(programs.ProgramFailed, match="apt install postgresql-client"):
        programs.find("pg_dump")


def test_what_a_program_says_when_it_fails_is_told(monkeypatch):
    monkeypatch.setattr(programs, "_surroundings", lambda: None)
    with pytest.raises(programs.ProgramFailed, match="sh failed: no such role"):
        programs.run(["sh", "-c", "echo no such role >&2; exit 3"])


@pytest.fixture
def on_postgresql(tmp_path):
    server, name = postgres_or_skip(), f"atom_restore_{secrets.token_hex(3)}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    installation = Installation(tmp_path, DATABASE_URL=url)
    for arguments in (["migrate", "-v", "0"], ["demo"], ["backup", str(tmp_path / "b.tar")]):
        ended = installation.manage(*arguments)
        assert ended.returncode == 0, ended.stderr
    yield installation
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(on_postgresql, tmp_path):
    # The script meets it after our tables are dropped, and cannot take it for one.
    url = on_postgresql.environment["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("DROP TABLE documents_page CASCADE")
        database.execute("CREATE MATERIALIZED VIEW documents_page AS SELECT 1 AS id")
    failed = on_postgresql.manage("restore", "--force", str(tmp_path / "b.tar"))
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    with psycopg.connect(url) as database:
        assert database.execute("SELECT count(*) FROM accounts_user").fetchone() == (1,)


@pytest.mark.postgres
def test_without_pg_restore_nothing_is_touched(on_postgresql, tmp_path):
    media = tmp_path / "media"
    before = sorted(media.rglob("*"))
    refused = on_postgresql.manage("restore", "--force", str(tmp_path / "b.tar"), PATH="/nowhere")
    assert "pg_restore is not installed here" in refused.stderr
    assert sorted(media.rglob("*")) == before


@pytest.mark.postgres
def test_beside_somebody_who_listens_on_another_host_nothing_is_restored(on_postgresql, tmp_path):
    url = on_postgresql.environment["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute(f"LISTEN {wakeup.EVENTS}")
        refused = on_postgresql.manage("restore", "--force", str(tmp_path / "b.tar"))
        assert "holds a connection to this database" in refused.stderr
    done = on_postgresql.manage("restore", "--force", str(tmp_path / "b.tar"))
    assert done.returncode == 0, done.stderr


def test_a_backup_that_cannot_be_read_is_refused_in_a_sentence(db, tmp_path):
    with pytest.raises(BackupFailed, match="cannot be restored"):
        restore.restore(tmp_path / "none.tar", force=True)
