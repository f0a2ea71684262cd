"""Where a contender works: a folder, a database, an environment, and programs run in them."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).with_name("atom")
POSTGRES = os.environ.get("ATOM_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
PATIENCE = 600  # seconds; only what hangs takes so long
NO_LIMIT = "100000000"
SMALL_TEXT = (
    "Minutes of meeting {n}. The quay wall was inspected on 12 March and is safe, says report {n}. "
    "Maria Lopez must send survey {n} to the insurer by 20 March 2027. "
    "The budget of {n} EUR was agreed, and the harbor office thanked everybody."
)

_numbers = itertools.count(1)


class BenchFailed(SystemExit):
    """A program of the bench ended badly; the message is what it said."""


class Place:
    """A data folder with a database of its own, worked in by the code of one tree."""

    def __init__(self, folder: Path, database: str, tree: Path = ROOT, **environment: str) -> None:
        self.folder = folder / f"place-{next(_numbers)}"
        self.folder.mkdir()
        self.database, self.tree = database, tree
        self.url = f"sqlite:///{self.folder}/bench.sqlite3"
        if database == "postgresql":
            self.url = fresh_postgresql(f"atom_bench_{os.getpid()}_{self.folder.name[6:]}")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(tree),
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "ATOM_ENGINE": "offline",
            "ATOM_THROTTLE": "off",
            "ATOM_MAX_QUEUED_PER_USER": NO_LIMIT,
            "ATOM_MAX_DOCUMENTS_PER_USER": NO_LIMIT,
            "ATOM_MAX_BYTES_PER_USER": "100000 GB",
            "ATOM_MAX_STREAMS_PER_USER": NO_LIMIT,
            "BENCH_TEXT": SMALL_TEXT,
            **environment,
        }

    def program(self, name: str, *arguments: object) -> list[str]:
        """One of `bench/speed/atom`, by the code of the tree: `-P` keeps its folder out."""
        file = str(PROGRAMS / f"{name}.py")
        return [sys.executable, "-P", file, *map(str, arguments)]

    def rival(self, name: str, *arguments: object, python: str = sys.executable) -> list[str]:
        return [python, "-m", f"bench.speed.rivals.{name}", *map(str, arguments)]

    def manage(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.tree / "manage.py"), *arguments]

    def run(self, command: list[str], **environment: str) -> dict[str, Any]:
        """Its last line, read as JSON."""
        with self.started(command, **environment) as process:
            said, _ = process.communicate(timeout=PATIENCE)
        if process.returncode:
            raise BenchFailed(f"{' '.join(command)}\n{self.errors()}")
        lines = said.splitlines()
        found: dict[str, Any] = json.loads(lines[-1]) if lines and lines[-1][0] == "{" else {}
        return found

    @contextlib.contextmanager
    def started(self, command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A process that is killed at the end, if it still runs."""
        with (self.folder / "errors").open("wb") as errors:
            process = subprocess.Popen(
                command,
                env={**self.environment, **environment},
                cwd=ROOT if "-m" in command else self.folder,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()

    def errors(self) -> str:
        return (self.folder / "errors").read_text()[-4000:]

    def close(self) -> None:
        if self.database == "postgresql":
            _drop(urlsplit(self.url).path[1:])


def fresh_postgresql(name: str = "atom_bench") -> str:
    _drop(name)
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))


def _drop(name: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def why_no_postgresql() -> str:
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        return f"no PostgreSQL answers: {str(error).splitlines()[0]}"
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
