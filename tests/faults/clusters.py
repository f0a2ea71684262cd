"""PostgreSQL servers of our own that may be treated badly, and installations on them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import leftovers, services
from tests.faults import rig, sanity
from tests.processes import free_port


class Cluster:
    """A PostgreSQL of our own that may be treated badly."""

    def __init__(self, folder: Path) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not programs:
            services.missing("no PostgreSQL is installed")
        self._bin = programs[-1]
        self._as = []
        if os.geteuid() == 0:
            drop = ("--reuid", "postgres", "--regid", "postgres", "--init-groups")
            self._as = ["setpriv", *drop]
            shutil.chown(folder, "postgres")
        self.folder = folder / "cluster"
        self.port = free_port()
        self._fill()

    def _fill(self) -> None:
        self._run("initdb", "--username", "postgres", "--auth", "trust", "--no-sync")

    def _run(self, program: str, *options: str) -> None:
        subprocess.run(
            [*self._as, str(self._bin / program), "--pgdata", str(self.folder), *options],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def control(self, *what: str) -> None:
        settings = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} "
            f"-c unix_socket_directories={self.folder.parent}"
        )
        log = str(self.folder.parent / "postgres.log")
        self._run("pg_ctl", "--wait", "--silent", "--options", settings, "--log", log, *what)

    def stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self.control("--mode", "immediate", "stop")

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        return f"postgres://postgres@127.0.0.1:{port or self.port}/{database}"

    def ask(self, statement: str, database: str = "postgres") -> list[Any]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def folder_of_a_server() -> Iterator[Path]:
    """Not below pytest's folder: that is closed to the user the server runs as."""
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/atom-pg-XXXXXX"], text=True)[:-1])
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with folder_of_a_server() as folder:
        ours = Cluster(folder)
        ours.control("start")
        yield ours
        ours.stop()


class Proxy:
    """Between one client and the server; in a black hole bytes go nowhere and nobody is told."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._is_open = threading.Event()
        self._is_open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._is_open.wait()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server))
                except OSError:  # As if the client had asked it itself.
                    client.close()
                    continue
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._is_open.wait()
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()  # The thread of the other direction closes the other.

    def swallow(self) -> None:
        self._is_open.clear()

    def pass_on(self) -> None:
        self._is_open.set()

    def lead_to(self, server: int) -> None:
        """Clients that come from now on talk to another server."""
        self._server = server

    def close(self) -> None:
        self._is_open.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # Wakes who waits for a client.
        self._listener.close()


class Installation:
    """Web and worker processes on a database of the cluster."""

    def __init__(self, cluster: Cluster, folder: Path, stack: ExitStack) -> None:
        self.cluster, self.folder, self._stack = cluster, folder, stack
        self.name = f"atom_{folder.name[-24:].lower()}"
        cluster.ask(f'CREATE DATABASE "{self.name}"')
        cluster.ask("CREATE EXTENSION IF NOT EXISTS amcheck", self.name)
        names = [name for name in os.environ if not name.startswith("PYTEST_")]
        self.environment = {name: os.environ[name] for name in names} | {
            "ATOM_DATA_DIR": str(folder),
            "DATABASE_URL": cluster.url(self.name),
            "DJANGO_SETTINGS_MODULE": "atom_project.settings",
        }
        for command in (["migrate", "-v", "0"], ["demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                env=self.environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        self.acknowledged: dict[str, str] = {}
        self.answers: list[rig.Answer] = []
        self.headers: dict[str, str] = {}

    def start(self, program: str, *options: object, **more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", f"tests.programs.{program}", *map(str, options)]
        with (self.folder / f"{program}.log").open("a") as lines:
            process = leftovers.start(
                command,
                env=self.environment | more,
                stdout=subprocess.PIPE,
                stderr=lines,
                text=True,
                start_new_session=True,
            )
        self._stack.callback(rig.end, process)
        return process

    def serve(self) -> None:
        said = self.start("web").stdout
        assert said
        self.port = int(said.readline())
        body = json.dumps({"username": "user1", "password": "password123"}).encode()
        kind = {"Content-Type": "application/json"}
        _, token = rig.request(self.port, "POST", "/auth/login", body, kind)
        self.headers = {"Authorization": f"Bearer {json.loads(token)['access']}"}

    def upload(self, content: bytes) -> int | None:
        kind = {"Content-Type": "multipart/form-data; boundary=line"}
        with suppress(OSError):
            answer = rig.request(
                self.port, "POST", "/upload", rig.form(content), self.headers | kind
            )
            self.answers.append(answer)
            if answer[0] == 201:
                document = json.loads(answer[1])["uploaded"][0]
                self.acknowledged[document["id"]] = document["sha256"]
            return answer[0]
        return None

    def rows(self, columns: str) -> list[Any]:
        return self.cluster.ask(f"SELECT {columns} FROM documents_document", self.name)

    def all_finished(self) -> bool:
        return {status for (status,) in self.rows("status")} <= {"completed", "failed"}

    def assert_sane(self) -> None:
        assert not sanity.answers_unbecoming(self.answers)
        rig.assert_sane_elsewhere(self.environment, self.acknowledged, "--settled")


@pytest.fixture
def installation(cluster: Cluster, tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        yield Installation(cluster, tmp_path, stack)
