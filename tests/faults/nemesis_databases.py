"""The databases the nemesis breaks: each can be locked, cut off and asked what is unfinished."""

from __future__ import annotations

import contextlib
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.services import POSTGRES_URL

UNFINISHED = "SELECT count(*) FROM documents_document WHERE status NOT IN ('completed', 'failed')"
PATIENCE = 20  # seconds


class Database(Protocol):
    url: str
    cuts: list[str]  # What to call it when all connections end, where a server has any.

    def unfinished(self) -> int:
        """How many documents are neither completed nor failed."""

    def lock(self, seconds: float) -> bool:
        """Keep everybody from the documents for so long; False if the lock was not got."""

    def cut(self) -> None:
        """End all connections of others."""

    def drop(self) -> None:
        """Leave nothing behind."""


class SQLiteDatabase:
    cuts: list[str] = []

    def __init__(self, folder: Path) -> None:
        self._path = folder / "atom.sqlite3"
        self.url = f"sqlite:///{self._path}"

    def _connected(self, **how: Any) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(sqlite3.connect(self._path, timeout=PATIENCE, **how))

    def unfinished(self) -> int:
        with self._connected() as database:
            return int(database.execute(UNFINISHED).fetchone()[0])

    def lock(self, seconds: float) -> bool:
        with self._connected(isolation_level=None) as database:
            try:
                database.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
            time.sleep(seconds)
            database.rollback()
        return True

    def cut(self) -> None:
        """A file has no connections to end."""

    def drop(self) -> None:
        """It goes with its folder."""


class PostgresDatabase:
    cuts = ["cuts of all connections"]

    def __init__(self) -> None:
        self._name = f"atom_nemesis_{uuid.uuid4().hex[:12]}"
        self._maintain("CREATE DATABASE {}")
        self.url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{self._name}"))

    def _maintain(self, statement: str) -> None:
        with psycopg.connect(POSTGRES_URL, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self._name)))

    @contextlib.contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url) as connection:
            connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
            yield connection

    def unfinished(self) -> int:
        with self._connected() as connection:
            [count] = connection.execute(UNFINISHED).fetchone() or [0]
            return int(count)

    def lock(self, seconds: float) -> bool:
        try:
            with self._connected() as connection:
                connection.execute("LOCK TABLE documents_document IN ACCESS EXCLUSIVE MODE")
                time.sleep(seconds)
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def cut(self) -> None:
        with self._connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def drop(self) -> None:
        self._maintain("DROP DATABASE {} WITH (FORCE)")
