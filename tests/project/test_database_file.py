"""The SQLite file: only `migrate` makes one, its owner alone reads it, and another is noticed."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from atom_project import database_file
from atom_project.addresses import sqlite_in
from atom_project.sqlite.base import DatabaseWrapper
from atom_project.supervise import FileWatch
from documents import leases
from documents.operations import housekeeping
from documents.worker import Worker
from tests.engines import FirstWords
from tests.processes import Installation


@pytest.fixture
def elsewhere(db: None, tmp_path: Path) -> Any:
    """A connection to a SQLite file in a folder everybody may enter."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    made = DatabaseWrapper({**connection.settings_dict, **sqlite_in(folder)}, "default")
    yield made
    made.close()


@pytest.fixture
def replaced(monkeypatch: Any, tmp_path: Path) -> Any:
    """The database file of this process, with a way to put another in its place."""
    path = tmp_path / "atom.sqlite3"
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    monkeypatch.setattr(database_file, "_opened", {})
    database_file.create(path)
    database_file.note(path)

    def replace() -> None:
        database_file.create(tmp_path / "other")
        (tmp_path / "other").replace(path)

    return replace


def test_a_missing_file_is_an_error_and_no_new_database(elsewhere: Any) -> None:
    path = Path(elsewhere.settings_dict["NAME"])
    with pytest.raises(OperationalError, match=r"there is no database file at .*migrate"):
        elsewhere.ensure_connection()
    assert not path.exists()


def test_a_file_deleted_while_it_is_used_stays_away(elsewhere: Any) -> None:
    path = Path(elsewhere.settings_dict["NAME"])
    database_file.create(path)
    elsewhere.ensure_connection()
    elsewhere.close()
    path.unlink()
    with pytest.raises(OperationalError, match="there is no database file"):
        elsewhere.ensure_connection()
    assert not path.exists()


def test_the_database_is_its_owners_alone_whatever_folder_it_lies_in(elsewhere: Any) -> None:
    path = Path(elsewhere.settings_dict["NAME"])
    before = os.umask(0)
    try:
        database_file.create(path)
        with elsewhere.cursor() as cursor:
            cursor.execute("CREATE TABLE words (word text)")
            files = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert files == dict.fromkeys(("atom.sqlite3", "atom.sqlite3-wal", "atom.sqlite3-shm"), 384)


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "atom.sqlite3"
    path.write_bytes(b"kept")
    database_file.create(path)
    assert path.read_bytes() == b"kept"


def test_another_file_in_its_place_is_noticed_until_it_is_accepted(
    replaced: Any, tmp_path: Path
) -> None:
    assert not database_file.is_lost()
    replaced()
    assert database_file.is_lost()
    assert database_file.was_replaced()
    database_file.accept()
    assert not database_file.was_replaced()
    replaced()
    (tmp_path / "atom.sqlite3").unlink()
    assert database_file.is_lost()
    assert not database_file.was_replaced()


def test_the_supervisor_notices_another_file_in_its_place_once(
    replaced: Any, tmp_path: Path
) -> None:
    watch = FileWatch(database_file.path_in_use())
    assert watch.why_restart() == ""
    replaced()
    assert watch.why_restart() == "The database file was replaced"
    assert watch.why_restart() == ""
    (tmp_path / "atom.sqlite3").unlink()  # Until another one is there, nothing can start.
    assert watch.why_restart() == ""


def test_a_worker_ends_at_its_next_heartbeat_and_touches_neither_database(
    replaced: Any, caplog: Any, monkeypatch: Any
) -> None:
    worker = Worker(slots=1, engine=FirstWords())
    worker._keepers = []
    monkeypatch.setattr(leases.queue, "renew", lambda *_: pytest.fail("it renewed"))
    monkeypatch.setattr(worker, "_release_all", lambda: pytest.fail("it gave back"))
    monkeypatch.setattr(worker._leases, "withdraw", lambda: pytest.fail("it withdrew"))
    replaced()
    with caplog.at_level(logging.ERROR):
        worker._leases.keep_once()
        worker._leases.keep_once()
    assert worker.has_lost_database
    assert caplog.messages == ["The database file was replaced or taken away; this worker ends."]
    worker._finish([])


def test_nothing_is_cleared_away_by_the_rows_of_another_database(
    replaced: Any, monkeypatch: Any
) -> None:
    worker = Worker(slots=1, engine=FirstWords())
    pauses: list[float] = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) > 2

    monkeypatch.setattr(worker._has_stopped, "wait", wait)
    monkeypatch.setattr(housekeeping, "sweep", lambda: pytest.fail("it swept"))
    replaced()
    worker._keep_house()
    assert len(pauses) == 3


def test_the_health_address_says_that_the_process_has_to_go(replaced: Any, client: Any) -> None:
    assert client.get("/healthz").status_code == 200
    replaced()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database_replaced"})


@pytest.mark.slow
def test_a_file_replaced_under_a_running_worker_makes_everything_begin_anew(
    tmp_path: Path,
) -> None:
    installation = Installation.prepared(tmp_path)
    running = installation.up()
    try:
        running.wait_for("Press Ctrl-C")
        path = tmp_path / "var" / "atom.sqlite3"
        with sqlite3.connect(path) as source:
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.close()
        shutil.copyfile(path, tmp_path / "restored")
        (tmp_path / "restored").replace(path)
        running.wait_for("The database file was replaced: starting again.")
        running.wait_for("is ready with 4 slots")
        assert running.interrupt() == 0
    finally:
        running.end()


@pytest.mark.slow
def test_without_a_database_a_command_says_how_to_make_one(tmp_path: Path) -> None:
    ended = Installation(tmp_path).manage("up")
    assert ended.returncode == 1
    assert "there is no database file at" in ended.stderr
    assert "manage.py migrate" in ended.stderr
    assert not list(tmp_path.rglob("*.sqlite3"))
