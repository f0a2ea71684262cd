"""A database that somebody else holds, on SQLite."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.faults import rig
from tests.faults.rig import TEXT, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.row(
        "the database is locked for 1 s, for 10 s, for 25 s",
        "a second connection with BEGIN EXCLUSIVE",
        "writers wait up to 20 s, then 503 with Retry-After; readers go on, and so does the worker",
    ),
]


@contextlib.contextmanager
def locked() -> Iterator[None]:
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@pytest.mark.parametrize("seconds", [1, 10, 25])
def test_a_locked_database(seconds: Any, web: Any, worker: Any, patron: Any, temp: Any) -> None:
    server = web()
    worker("--lease", 3)
    until(lambda: "is ready" in rig.log("worker").read_text())
    patron.upload(server.port, TEXT)
    connection.close()
    with locked():
        began = time.monotonic()
        said: list[object] = []
        writer = threading.Thread(
            target=lambda: said.append(patron.upload(server.port, TEXT + b" More."))
        )
        writer.start()
        while time.monotonic() - began < seconds:
            asked = time.monotonic()
            assert patron.ask(server.port, "GET", "/documents") == 200
            assert time.monotonic() - asked < 5
            time.sleep(0.2)
    writer.join()
    assert said == [503 if seconds > 20 else 201]
    until(lambda: patron.upload(server.port, TEXT + b" After.") == 201)
    until(rig.all_finished)
    patron.assert_sane(settled=True, temp=temp)
