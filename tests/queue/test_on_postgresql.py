"""What depends most on the database once more, on that of larger installations.

`make test-postgresql` runs everything there that touches the database.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.processes import ROOT
from tests.services import postgres_or_skip

PROCESSES = "tests/queue/test_processes.py::test_"
ENDINGS = "tests/live/test_endings.py::test_"
AGAIN = {
    "line": [
        "tests/queue/test_line.py",
        "tests/queue/test_wakeup.py",
        f"{PROCESSES}a_document_whose_worker_is_killed_is_finished_once",
    ],
    "streams": [
        "tests/live/test_connections.py",
        "tests/live/test_order.py",
        "tests/live/test_relay.py::test_who_comes_as_the_last_one_leaves_misses_nothing",
        f"{ENDINGS}a_restarted_database_costs_no_event",
    ],
}


@pytest.fixture
def database():
    """The URL of a database of our own; the test run makes and removes its copy of it."""
    server = postgres_or_skip()
    name = f"atom_{secrets.token_hex(4)}"
    # What is tested is order and truth, not the disk: commits need not wait for it.
    url = urlsplit(server)._replace(path=f"/{name}", query="options=-c synchronous_commit=off")
    yield url.geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS test_{name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("part", AGAIN)
def test_it_holds_on_postgresql_too(database, part):
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "-m", "not postgres", *AGAIN[part]],
        cwd=ROOT,
        env={name: os.environ[name] for name in os.environ if not name.startswith("PYTEST_")}
        | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    assert " passed" in ended.stdout
