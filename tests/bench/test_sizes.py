"""The program that measures tables still fills a database; its figures are not judged."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import services
from tests.processes import ROOT

pytestmark = pytest.mark.slow

ROWS = re.compile(r"^documents_(\w+): ([\d.]+) rows a document", re.MULTILINE)
ONCE = ("document", "page", "analysis", "classification", "modelcall", "searchentry")


def filled(database: str) -> dict[str, float]:
    """Rows of each table for a document, twelve of which are there in the end."""
    command = [sys.executable, "-m", "bench.limits.sizes", "--patterns", "3", "--documents", "12"]
    given = {name: os.environ[name] for name in os.environ if name != "DATABASE_URL"}
    given |= {"ATOM_BENCH_DATABASE_URL": database} if database else {}
    run = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    assert "\n12 documents: " in run.stdout
    return {table: float(rows) for table, rows in ROWS.findall(run.stdout)}


def assert_whole(rows: dict[str, float]) -> None:
    assert {table: rows[table] for table in ONCE} == dict.fromkeys(ONCE, 1.0)
    assert rows["statusevent"] == 4.0


def test_sqlite_is_filled_with_whole_documents() -> None:
    assert_whole(filled(""))


@pytest.mark.postgres
def test_postgresql_is_filled_with_whole_documents() -> None:
    server, name = services.postgres_or_skip(), f"atom_sizes_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as asking:
        asking.execute(f"CREATE DATABASE {name}")
        try:
            assert_whole(filled(urlsplit(server)._replace(path=f"/{name}").geturl()))
        finally:
            asking.execute(f"DROP DATABASE {name} WITH (FORCE)")
