"""Set-ups that are broken in one place each: the doctor lives, and tells which place it is."""

from __future__ import annotations

import os
import secrets
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.processes import Installation, free_port
from tests.services import postgres_or_skip

pytestmark = pytest.mark.slow


def database_of(installation):
    return installation.folder / "var" / "atom.sqlite3"


def damage(installation):
    content = bytearray(database_of(installation).read_bytes())
    content[4096 * 3 : 4096 * 40] = b"?" * 4096 * 37
    database_of(installation).write_bytes(content)


def no_database(installation):
    database_of(installation).write_bytes(b"These are no tables. " * 500)


def remove(installation):
    database_of(installation).unlink()


def media_is_a_file(installation):
    (installation.folder / "media").write_text("")


def damage_secrets(installation):
    path = installation.folder / "var" / "secrets.json"
    path.write_text("{")


def expose_secrets(installation):
    (installation.folder / "var" / "secrets.json").chmod(0o644)


def no_break(installation):
    pass


def listening_nowhere():
    return f"127.0.0.1:{free_port()}"


# What is broken, by which settings and what else, and what the doctor says.
SETUPS = [
    (damage, {}, "BROKEN  The database is damaged", "restore"),
    (no_database, {}, "BROKEN  The database is damaged: file is not a database", "restore"),
    (remove, {}, "BROKEN  There is no database at", "DATABASE_URL"),
    (media_is_a_file, {}, "BROKEN  Uploads cannot be stored in", "writable"),
    (no_break, {"ATOM_DISK_RESERVE": "900000 GB"}, "Uploads are refused", "ATOM_DISK_RESERVE"),
    (damage_secrets, {}, "secrets.json is damaged", "Put it back from a backup"),
    (expose_secrets, {}, "secrets.json can be read by other users", "chmod 600"),
    (
        no_break,
        {"DATABASE_URL": "postgres://atom:geheim@{nowhere}/atom"},
        "BROKEN  The database cannot be used",
        "DATABASE_URL",
    ),
    (no_break, {"REDIS_URL": "redis://{nowhere}/0"}, "Redis does not answer", "REDIS_URL"),
    (
        no_break,
        {"OPENAI_BASE_URL": "http://{nowhere}/v1", "OPENAI_API_KEY": "k", "ATOM_ENGINE": "auto"},
        "could not be reached",
        "model server",
    ),
]


@pytest.mark.parametrize(
    ("break_it", "surroundings", "text", "remedy"),
    SETUPS,
    ids=lambda value: getattr(value, "__name__", None) or (value if str(value) == value else ""),
)
def test_a_broken_set_up_is_told_with_its_remedy(tmp_path, break_it, surroundings, text, remedy):
    installation = Installation.prepared(tmp_path, ATOM_ENGINE="offline")
    break_it(installation)
    nowhere = listening_nowhere()
    given = {name: value.format(nowhere=nowhere) for name, value in surroundings.items()}
    seen = installation.manage("doctor", **given)
    said = seen.stdout + seen.stderr
    assert "Traceback" not in said
    assert text in said
    assert remedy in said.partition(text)[2]
    assert "geheim" not in said


def test_a_database_that_is_missing_is_not_made_by_looking(tmp_path):
    installation = Installation.prepared(tmp_path, ATOM_ENGINE="offline")
    remove(installation)
    assert installation.manage("doctor").returncode == 1
    assert not database_of(installation).exists()


# PostgreSQL.


@pytest.fixture
def on_postgresql(tmp_path):
    server, name = postgres_or_skip(), f"atom_doctor_{secrets.token_hex(3)}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    installation = Installation(tmp_path, DATABASE_URL=url, ATOM_ENGINE="offline")
    assert installation.manage("migrate", "-v", "0").returncode == 0
    yield installation
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_sound_postgresql_is_told_and_then_a_standby_an_old_pg_dump_and_nobody_to_listen_to(
    on_postgresql, tmp_path
):
    said = on_postgresql.manage("doctor").stdout
    assert "Notifications of the database arrive." in said
    assert "GOOD    The database takes changes." in said
    assert "can save the database" in said
    url = on_postgresql.environment["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as database:
        name = urlsplit(url).path[1:]
        database.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    old = tmp_path / "old" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    broken = on_postgresql.manage(
        "doctor",
        PATH=f"{old.parent}{os.pathsep}{os.environ['PATH']}",
        ATOM_LISTEN_URL=f"postgres://{listening_nowhere()}/atom",
    ).stdout
    assert "BROKEN  The database takes no changes" in broken
    assert "Promote the standby" in broken
    assert "pg_dump is 9, and the server is" in broken
    assert "Nobody can listen for notifications" in broken
