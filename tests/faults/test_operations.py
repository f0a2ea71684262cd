"""What operators do, at the worst moment: back up under load, lose power in a migration."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.faults import rig
from tests.faults.rig import until
from tests.processes import ROOT, Installation


@pytest.mark.row(
    "a backup under load, restored elsewhere",
    "manage.py backup while uploads and a worker go on; manage.py restore in another folder",
    "the copy is sane by itself; what was acknowledged before the backup began is in it",
)
def test_a_backup_under_load(house: Any, tmp_path: Path) -> None:
    before = dict.fromkeys(house.upload(b"Words %d." % number) for number in range(5))
    promised = {pk: house.acknowledged[pk] for pk in before}
    stop = threading.Event()

    def upload_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            house.upload(b"Meanwhile %d." % number)

    busy = threading.Thread(target=upload_on)
    busy.start()
    made = house.installation.manage("backup", str(tmp_path / "copy.tar"))
    stop.set()
    busy.join()
    assert made.returncode == 0, made.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Installation(elsewhere)
    restored = other.manage("restore", str(tmp_path / "copy.tar"))
    assert restored.returncode == 0, restored.stderr
    rig.assert_sane_elsewhere(other.environment, promised)
    drained = other.manage("worker", "--drain")
    assert drained.returncode == 0, drained.stderr
    rig.assert_sane_elsewhere(other.environment, promised, "--settled")
    assert house.running.interrupt() == 0
    house.assert_sane()


@pytest.mark.row(
    "a migration killed half way",
    "strace injects SIGKILL at the n-th fdatasync of manage.py migrate, for n = 1, 2, 4, … 64",
    "the next migrate goes on and ends; the service then works",
)
def test_a_migration_killed_half_way(tmp_path: Path) -> None:
    kills = 0
    for nth in (1, 2, 4, 8, 16, 32, 64):
        folder = tmp_path / str(nth)
        folder.mkdir()
        installation = Installation(folder)
        command = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"]
        ended = subprocess.run(
            [*rig.strace(f"fdatasync:signal=SIGKILL:when={nth}"), *command],
            env=installation.environment,
            check=False,
            capture_output=True,
        )
        kills += ended.returncode != 0
        again = installation.manage("migrate", "-v", "0")
        assert again.returncode == 0, again.stderr
        assert installation.manage("migrate", "--check").returncode == 0
        assert installation.manage("demo").returncode == 0
        rig.assert_sane_elsewhere(installation.environment, {}, "--settled")
    assert kills >= 4


@pytest.mark.row(
    "the database file replaced under a running worker",
    "a copy takes its place, as restore does, while manage.py up runs",
    "web server and worker begin anew within seconds and work in the new file; nothing is lost",
)
def test_the_file_is_replaced(house: Any, tmp_path: Path) -> None:
    first = house.upload(b"Before.")
    until(lambda: house.status(first) == "completed", within=90)
    path = house.installation.folder / "var" / "atom.sqlite3"
    source, copy = sqlite3.connect(path), sqlite3.connect(tmp_path / "copy")
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    (tmp_path / "copy").replace(path)
    house.running.wait_for("The database file was replaced: starting again.")
    second = house.upload(b"After.")
    until(lambda: house.status(second) == "completed", within=90)
    assert house.running.interrupt() == 0
    house.assert_sane("--settled")
