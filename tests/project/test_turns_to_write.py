"""Threads of one process write to SQLite in turns: none is passed over until its time is up."""

import sqlite3
import threading
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers"),
]


def write():
    User.objects.create_user(uuid4().hex)


def in_a_thread(act):
    """What it raised, or None; a thread that waits forever would fail the test by its time."""
    raised = []

    def run():
        try:
            with transaction.atomic():
                act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    return raised[0] if raised else None


@pytest.fixture
def impatient(monkeypatch):
    """Waits of a tenth of a second, in the connections of this and of other threads."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    yield
    connection.close()


def test_who_waits_for_longer_than_the_patience_of_the_database_is_told_so(impatient):
    with transaction.atomic():
        write()
        error = in_a_thread(write)
    assert isinstance(error, OperationalError)
    assert str(error) == "database is locked"
    assert in_a_thread(write) is None


@pytest.mark.parametrize("failure", [ValueError, DatabaseError])
def test_a_turn_ends_with_a_transaction_that_fails(failure):
    def fail():
        write()
        raise failure

    assert isinstance(in_a_thread(fail), failure)
    assert in_a_thread(write) is None


def test_a_turn_ends_with_a_connection_that_is_closed_in_its_transaction():
    def close():
        write()
        connection.close()

    in_a_thread(close)
    assert in_a_thread(write) is None


def test_a_turn_ends_with_a_commit_that_fails_and_is_rolled_back(monkeypatch):
    def refuse(self):
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "_commit", refuse)
        assert isinstance(in_a_thread(write), OperationalError)
    assert in_a_thread(write) is None


def test_a_transaction_that_another_process_does_not_let_begin_keeps_no_turn(impatient):
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert isinstance(in_a_thread(write), OperationalError)
    other.execute("ROLLBACK")
    other.close()
    assert in_a_thread(write) is None


def test_a_transaction_inside_another_takes_no_turn_of_its_own():
    with transaction.atomic(), transaction.atomic():
        write()
    assert in_a_thread(write) is None


def test_many_threads_never_have_to_ask_sqlite_twice():
    errors = []
    connection.ensure_connection()  # Who closes the last one puts the log away, alone.

    def write_often():
        try:
            connection.cursor().execute("PRAGMA busy_timeout = 0")
            for _ in range(5):
                with transaction.atomic():
                    write()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write_often) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not errors
    assert User.objects.count() == 32 * 5
