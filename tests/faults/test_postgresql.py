"""PostgreSQL that restarts, throws its clients out, or is cut off from one worker only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from documents import queue
from tests import leftovers, services
from tests.faults import rig, sanity
from tests.faults.rig import until
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
            shutil.chown(folder, "postgres")
            drop = ("--reuid", "postgres", "--regid", "postgres", "--init-groups")
            self._as = ["setpriv", *drop]
        self.folder = folder / "cluster"
        self.port = free_port()
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

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        return f"postgres://postgres@127.0.0.1:{port or self.port}/{database}"

    def ask(self, statement: str, database: str = "postgres") -> list[Any]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # Not below pytest's folder: that is closed to the user the server runs as.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/atom-pg-XXXXXX"], text=True)[:-1])
    ours = Cluster(folder)
    ours.control("start")
    yield ours
    ours.control("--mode", "immediate", "stop")
    shutil.rmtree(folder)


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
                server = socket.create_connection(("127.0.0.1", self._server))
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


def restart(ours: Installation) -> None:
    ours.cluster.control("--mode", "immediate", "restart")


def throw_out(ours: Installation) -> None:
    for _ in range(5):
        ours.cluster.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{ours.name}' AND pid <> pg_backend_pid()"
        )
        time.sleep(0.2)  # So that some have come back, and go again.


@pytest.mark.row(
    "PostgreSQL crashes and restarts, or terminates all backends",
    "pg_ctl --mode immediate restart, pg_terminate_backend, on a cluster of its own",
    "503 meanwhile; web and worker come back by themselves; nothing lost, nothing twice",
)
@pytest.mark.parametrize("trouble", [restart, throw_out], ids=lambda it: it.__name__)
def test_postgresql_goes_and_comes(trouble: Any, installation: Any) -> None:
    installation.serve()
    installation.start("worker", "--lease", 2, "--slots", 2)
    until(lambda: "is ready" in (installation.folder / "worker.log").read_text())
    stop = threading.Event()

    def upload_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            installation.upload(b"Words %d." % number)

    uploader = threading.Thread(target=upload_on)
    uploader.start()
    try:
        until(lambda: len(installation.acknowledged) > 10)
        for _ in range(2):
            known = len(installation.acknowledged)
            trouble(installation)
            until(lambda known=known: len(installation.acknowledged) > known + 5)
    finally:
        stop.set()
        uploader.join()
    until(installation.all_finished)
    installation.assert_sane()


@pytest.mark.row(
    "the database restarted an hour ago, now stop",
    "pg_ctl --mode immediate restart while three documents are analyzed, then SIGTERM",
    "exit code 0 without a traceback; given back without a loss, no heartbeat is left",
)
def test_a_stop_after_the_database_restarted(installation: Any, tmp_path: Path) -> None:
    installation.serve()
    for number in range(3):
        assert installation.upload(b"Words %d." % number) == 201
    busy = installation.start(
        "worker", "--wait", tmp_path, "--slots", 3, "--grace", 1, "--lease", 30
    )
    until(lambda: [row[0] for row in installation.rows("status")] == ["analyzing"] * 3)
    restart(installation)
    busy.send_signal(signal.SIGTERM)
    assert busy.wait(rig.PATIENCE) == 0
    assert "Traceback" not in (installation.folder / "worker.log").read_text()
    assert installation.rows("status, lease_expirations") == [("pending", 0)] * 3
    left = "SELECT 1 FROM documents_workerheartbeat"
    assert not installation.cluster.ask(left, installation.name)


@pytest.mark.row(
    "a living worker is cut off from PostgreSQL past its lease",
    "a proxy for that worker alone swallows everything, then lets it pass",
    "another finishes the document; what the first then writes changes nothing",
)
def test_a_worker_cut_off_past_its_lease(installation: Any, tmp_path: Path) -> None:
    with closing(Proxy(installation.cluster.port)) as proxy:
        installation.serve()
        waiting = tmp_path / "waiting"
        waiting.mkdir()
        away = installation.start(
            "worker",
            *("--lease", 2, "--wait", waiting, "--drain"),
            DATABASE_URL=installation.cluster.url(installation.name, proxy.port),
        )
        installation.upload(b"Words.")
        if not (waiting / "calling").exists() and away.poll() is not None:
            away = installation.start(
                "worker",
                *("--lease", 2, "--wait", waiting, "--drain"),
                DATABASE_URL=installation.cluster.url(installation.name, proxy.port),
            )
        until((waiting / "calling").exists)
        proxy.swallow()
        installation.start("worker", "--lease", 2)
        until(installation.all_finished)
        before = installation.rows("*")
        (waiting / "answer").touch()
        time.sleep(0.5)  # It tries to write now.
        proxy.pass_on()
        away.wait(rig.PATIENCE)
        assert installation.rows("*") == before
        assert installation.rows("status, attempts, lease_expirations") == [("completed", 2, 0)]
        installation.assert_sane()


@pytest.mark.row(
    "eight workers at one document, and at three hundred",
    "eight processes on PostgreSQL, four of them killed on the way",
    "each document finished once, first claims in the order of the line",
)
@pytest.mark.parametrize("documents", [1, 300])
def test_eight_workers(documents: Any, installation: Any) -> None:
    installation.serve()
    for number in range(documents):
        assert installation.upload(b"Words %d." % number) == 201
    workers = [installation.start("worker", "--lease", 2) for _ in range(8)]
    for worker in workers[:4]:
        time.sleep(0.3)
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
    until(installation.all_finished, within=120)
    assert {status for (status,) in installation.rows("status")} == {"completed"}
    installation.assert_sane()


@pytest.mark.row(
    "a worker whose clock is two hours ahead starts during an upload",
    "faketime -f +2h; the queue lock is held while the bytes of the upload are stored already",
    "the upload is acknowledged and read; nothing of it was taken for a file of nobody",
)
def test_a_worker_two_hours_ahead(installation: Any) -> None:
    faketime = shutil.which("faketime") or services.missing("faketime is not installed")
    installation.serve()
    uploads = installation.folder / "media" / "uploads"
    forgotten = uploads / str(uuid.uuid4())
    url = installation.cluster.url(installation.name)
    with psycopg.connect(url) as busy:
        busy.execute("SELECT pg_advisory_xact_lock(%s)", [queue.QUEUE_LOCK])
        uploader = threading.Thread(target=installation.upload, args=(b"Words.",))
        uploader.start()
        until(lambda: any(path.is_file() for path in uploads.rglob("*")))
        forgotten.mkdir()
        (forgotten / "left.txt").write_text("left")
        os.utime(forgotten, (0, 0))
        adopted = [sys.executable, "manage.py", "shell", "-c", STAMPED]
        subprocess.run(adopted, env=installation.environment, check=True)
        ahead = [faketime, "-f", "+2h", sys.executable, "manage.py", "worker"]
        with (installation.folder / "ahead.log").open("a") as lines:
            worker = leftovers.start(
                ahead,
                env=installation.environment | {"FAKETIME_DONT_FAKE_MONOTONIC": "1"},
                stderr=lines,
                start_new_session=True,
            )
        try:
            until(lambda: not forgotten.exists())  # Its housekeeping has been there.
            busy.rollback()
            uploader.join()
            until(lambda: installation.acknowledged and installation.all_finished())
        finally:
            rig.end(worker)
    assert installation.rows("status") == [("completed",)]
    installation.assert_sane()


STAMPED = "from documents.originals import ownership; ownership.write_stamp()"
