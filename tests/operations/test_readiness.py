"""In each state that takes no uploads, readiness, uploads and logins say which one it is."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.processes import PATIENCE, ROOT, Installation
from tests.services import postgres_or_skip

pytestmark = pytest.mark.slow


def visits(installation, break_it):
    ended = subprocess.run(
        [sys.executable, "-m", "tests.programs.visit", break_it],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ended.returncode == 0, ended.stderr
    before, after = json.loads(ended.stdout)
    # No worker runs, which is told last: whatever else is wrong comes before it.
    assert before["readyz"] == [503, "no_worker"]
    assert [status for status, _ in before.values()] == [503, 201, 200, 302, 200]
    assert after["health"] == [200, ""], "a restart would not help"
    return after


@pytest.fixture
def installation(tmp_path):
    return Installation.prepared(tmp_path, ATOM_ENGINE="offline", ATOM_THROTTLE="off")


def python(code):
    return shlex.join([sys.executable, "-c", code])


def test_a_damaged_database_is_called_damaged(installation, tmp_path):
    damage = python(f"""
import sqlite3
path = {str(tmp_path / "var" / "atom.sqlite3")!r}
database = sqlite3.connect(path)
database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
[page] = database.execute(
    "SELECT rootpage FROM sqlite_schema WHERE name = 'accounts_user'").fetchone()
database.close()
with open(path, "r+b") as file:
    file.seek((page - 1) * 4096)
    file.write(b"?" * 4096)
""")
    after = visits(installation, damage)
    assert after["readyz"] == [503, "database_damaged"]
    assert after["login"] == [503, "database_damaged"]
    assert after["upload"] == [503, "database_damaged"]
    assert after["page"] == [503, "database_damaged"]


def test_a_folder_of_uploads_that_is_none_is_called_unavailable(installation, tmp_path):
    media = shlex.quote(str(tmp_path / "media"))
    after = visits(installation, f"rm -r {media} && touch {media}")
    assert after["readyz"] == [503, "storage_unavailable"]
    assert after["upload"] == [503, "storage_unavailable"]
    assert after["login"][0] == 200


@pytest.mark.postgres
def test_a_database_that_takes_no_changes_is_called_read_only(tmp_path):
    server, name = postgres_or_skip(), f"atom_ready_{secrets.token_hex(3)}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    alter = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    try:
        installation = Installation(tmp_path, DATABASE_URL=url, ATOM_ENGINE="offline")
        for arguments in (["migrate", "-v", "0"], ["demo"]):
            assert installation.manage(*arguments).returncode == 0
        connect = f"psycopg.connect({server!r}, autocommit=True)"
        after = visits(installation, python(f"import psycopg; {connect}.execute({alter!r})"))
    finally:
        with psycopg.connect(server, autocommit=True) as database:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for name in ("readyz", "upload", "login", "page"):
        assert after[name] == [503, "database_read_only"], name


def test_below_the_reserve_nothing_is_uploaded_and_everything_else_goes_on(installation):
    free = os.statvfs(installation.folder)
    more = free.f_bavail * free.f_frsize + 10**9
    ended = subprocess.run(
        [sys.executable, "-m", "tests.programs.visit", "true"],
        cwd=ROOT,
        env=installation.environment | {"ATOM_DISK_RESERVE": str(more)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    [_, after] = json.loads(ended.stdout)
    assert after["readyz"] == [503, "storage_full"]
    assert after["upload"] == [507, "storage_full"]
    assert (after["login"][0], after["page"][0]) == (200, 302)
