"""A database that is moved to the other kind arrives whole, or nothing is moved."""

from __future__ import annotations

import io
import os
import secrets
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client

from accounts import audit
from atom_project import presence
from documents import queue, wakeup
from documents.models import Document, Status, StatusEvent, WorkerHeartbeat
from documents.operations import move, table_copies
from documents.operations.move import MoveFailed
from tests.operations.test_backup import Traffic, after, statement
from tests.processes import Installation
from tests.services import postgres_or_skip

pytestmark = pytest.mark.slow


@pytest.fixture
def postgres_url():
    """An empty database."""
    server, database = postgres_or_skip(), f"atom_move_{secrets.token_hex(3)}"
    statement(server, f"CREATE DATABASE {database}")
    yield urlsplit(server)._replace(path=f"/{database}").geturl()
    statement(server, f"DROP DATABASE {database} WITH (FORCE)")


def rows(url, question):
    with psycopg.connect(url) as there:
        return there.execute(question).fetchall()


@pytest.mark.postgres
def test_documents_go_to_postgresql_and_back_and_nothing_is_read_again(tmp_path, postgres_url):
    here = Installation.prepared(tmp_path / "here", ATOM_ENGINE="offline")
    with Traffic(here) as running:
        running.wait_for("8")
    [before] = after(here, "worker --drain")
    moved = here.manage("move", postgres_url)
    assert moved.returncode == 0, moved.stderr
    assert f"documents_document: {len(before['documents'])} rows" in moved.stdout
    assert f"{len(before['files'])} files stay where they are" in moved.stdout
    here.environment["DATABASE_URL"] = postgres_url
    [there] = after(here, "worker --drain")
    assert there == before
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    moved = here.manage("move", back)
    assert moved.returncode == 0, moved.stderr
    here.environment["DATABASE_URL"] = back
    assert after(here, "check") == [before]
    assert (tmp_path / "back.sqlite3").stat().st_mode & 0o077 == 0


@pytest.fixture
def elsewhere(tmp_path):
    """The address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"


@pytest.fixture
def committed(transactional_db, django_db_blocker):
    """A database whose rows others see, in a test that may connect to another one as well."""
    with django_db_blocker.unblock():
        yield


def test_every_table_is_copied_and_sessions_go_on(committed, alice, upload, elsewhere):
    client = Client()
    client.force_login(alice)
    upload(), upload()
    moved = move.move(elsewhere)
    assert set(moved.rows) == {model._meta.db_table for model in table_copies.in_order()}
    assert moved.rows["documents_document"] == moved.files == 2
    assert moved.rows["django_session"] == Session.objects.count() == 1
    assert moved.missing_files == 0
    assert audit.last(audit.Action.MOVED) is not None
    assert move.TARGET not in connections.settings


def test_the_search_index_arrives_whole(committed, upload, elsewhere):
    upload("harbor.txt"), upload("quay.txt")
    move.move(elsewhere)
    with closing(sqlite3.connect(elsewhere.removeprefix("sqlite:///"))) as there:
        [found] = there.execute(
            "SELECT count(*) FROM documents_search_words WHERE documents_search_words MATCH 'quay'"
        ).fetchone()
        assert found == 1
        words = "documents_search_words"
        there.execute(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")


@pytest.mark.postgres
def test_no_trigger_rings_for_history_and_new_events_have_ids_of_their_own(
    committed, upload, postgres_url
):
    upload()
    newest = StatusEvent.objects.latest("id").pk
    with psycopg.connect(postgres_url, autocommit=True) as ear:
        ear.execute("LISTEN atom_events")
        move.move(postgres_url)
        assert list(ear.notifies(timeout=0.1)) == []
    assert rows(postgres_url, "SELECT id FROM documents_statusevent") == [(newest,)]
    [(following,)] = rows(
        postgres_url, "SELECT nextval(pg_get_serial_sequence('documents_statusevent', 'id'))"
    )
    assert following == newest + 1_000_001
    enabled = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'documents_event_order'"
    assert rows(postgres_url, enabled) == [("O",)]


def test_what_a_dead_worker_held_waits_again_at_its_place(committed, upload, elsewhere):
    document = upload()
    queue.claim_next("dead")
    assert move.move(elsewhere).released == 1
    document.refresh_from_db()
    assert (document.status, document.lease_expirations) == (Status.PENDING, 0)


def test_nothing_is_moved_beside_a_living_worker(committed, elsewhere):
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=1)
    with pytest.raises(CommandError, match="A worker is running"):
        call_command("move", elsewhere)


@pytest.fixture
def present(committed, monkeypatch):
    """As a web server is, at whatever port, or a worker that has not told of itself yet."""
    monkeypatch.setattr(presence, "_held", [])
    presence.hold()
    yield
    os.close(presence._held.pop())


def test_nothing_is_moved_beside_whoever_serves_at_another_port(present, tmp_path, elsewhere):
    with pytest.raises(MoveFailed, match="is running here"):
        move.move(elsewhere)
    assert not (tmp_path / "elsewhere.sqlite3").exists()


@pytest.mark.postgres
def test_nothing_is_moved_beside_a_listener_of_another_host(committed, elsewhere, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("other hosts share no SQLite file")
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute(f"LISTEN {wakeup.QUEUE}")
        with pytest.raises(MoveFailed, match="holds a connection"):
            move.move(elsewhere)


def test_a_target_that_holds_anybody_is_refused_and_stays(committed, upload, elsewhere):
    upload()
    move.move(elsewhere)
    with pytest.raises(MoveFailed, match="in the target already"):
        move.move(elsewhere)


def test_the_database_in_use_is_no_target(committed):
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite":
        pytest.skip("the address of a SQLite file is its path")
    with pytest.raises(MoveFailed, match="in use already"):
        move.move(f"sqlite:///{name}")


def test_rows_that_arrive_differently_undo_the_move(committed, upload, elsewhere, monkeypatch):
    upload()
    with monkeypatch.context() as patch:
        patch.setattr(table_copies, "digest_of", lambda *_: table_copies.Digest())
        with pytest.raises(MoveFailed, match="arrived differently"):
            move.move(elsewhere)
    assert move.move(elsewhere).rows["documents_document"] == 1


def test_a_row_that_changes_on_its_way_changes_the_checksum(committed, upload):
    upload(), upload()
    before = table_copies.digest_of(Document, DEFAULT_DB_ALIAS)
    assert before == table_copies.digest_of(Document, DEFAULT_DB_ALIAS)
    Document.objects.filter(pk=Document.objects.first().pk).update(attempts=7)
    changed = table_copies.digest_of(Document, DEFAULT_DB_ALIAS)
    assert (changed.rows, changed.checksum == before.checksum) == (2, False)


@pytest.mark.parametrize("address", ["mysql://there", "postgres://there:port/x", "sqlite:///"])
def test_an_address_that_is_none_is_told_without_its_password(db, address):
    with pytest.raises(MoveFailed, match="The address"):
        move.move(address)


def test_an_address_can_come_by_standard_input(committed, elsewhere, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{elsewhere}\n"))
    call_command("move", "-")
    assert "Events kept their ids" in capsys.readouterr().out
