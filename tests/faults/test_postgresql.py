"""PostgreSQL that restarts, ends connections, is behind a pooler, or cut off from one worker."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from documents.models import hot_sql
from tests import leftovers, services
from tests.faults import rig
from tests.faults.clusters import Installation, Proxy
from tests.faults.rig import until
from tests.pooler import Pooler


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
    "PgBouncer in transaction mode, and it dies",
    "pgbouncer between PostgreSQL and all processes; kill -9, started again on its port",
    "503 meanwhile; web and worker work through it before and after; nothing lost or twice",
)
def test_a_pooler_in_transaction_mode(cluster: Any, installation: Any) -> None:
    pooler = Pooler(cluster.url())
    installation.environment["DATABASE_URL"] = cluster.url(installation.name, pooler.port)
    try:
        installation.serve()
        installation.start("worker", "--lease", 2, "--slots", 2)
        for number in range(8):  # More than a statement is used before it is prepared.
            assert installation.upload(b"Words %d." % number) == 201
        until(installation.all_finished)
        pooler.kill()
        assert installation.upload(b"To nobody.") == 503
        pooler.start()
        for number in range(8):
            until(lambda number=number: installation.upload(b"More %d." % number) == 201)
        until(installation.all_finished)
        installation.assert_sane()
    finally:
        pooler.kill()
    assert "prepared statement" not in (installation.folder / "worker.log").read_text()


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
        busy.execute("SELECT pg_advisory_xact_lock(%s)", [hot_sql.QUEUE_LOCK])
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
