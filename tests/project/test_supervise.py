"""The process that `up` turns into: what it knows, and how small it is."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atom_project import liveness, supervise
from atom_project.liveness import HealthProbe, SignsOfLife
from atom_project.supervise import Plan
from atom_project.supervisor import Child
from tests.processes import Installation, Running, children_of, gone

ROOT = Path(__file__).parents[2]


@pytest.fixture
def plan() -> Iterator[Plan]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Plan(
            web_command=[sys.executable, "-c", "import signal; signal.pause()"],
            web_processes=1,
            worker_command=[],
            listener=listener.fileno(),
            host="127.0.0.1",
            port=listener.getsockname()[1],
            address="http://127.0.0.1/",
            announcement=["Ready."],
            health_timeout=60,
            lease=30,
        )


def children(plan: Plan) -> list[Child]:
    """Those it would start; what they would be heard by is closed again."""
    made = supervise.supervisor(plan).children
    for child in made:
        if isinstance(child.liveness, SignsOfLife):
            child.liveness._socket.close()
    return list(made)


def test_it_knows_neither_django_nor_a_database() -> None:
    asked = "import sys; from atom_project import supervise; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    known = {name.partition(".")[0] for name in told.stdout.split()}
    assert not known & {"django", "psycopg", "sqlite3", "rest_framework", "documents", "accounts"}


def test_each_web_process_has_a_name_and_all_have_one_socket_and_one_table(plan: Plan) -> None:
    plan.web_processes = 3
    webs = children(plan)
    assert [child.name for child in webs] == [f"web server {number}" for number in (1, 2, 3)]
    assert len({tuple(child.inherited) for child in webs}) == 1
    assert plan.listener in webs[0].inherited
    assert all(isinstance(child.liveness, SignsOfLife) for child in webs)
    assert len({id(child.liveness) for child in webs}) == 3


def test_a_single_one_is_asked_at_its_address(plan: Plan) -> None:
    [web] = children(plan)
    assert web.name == "web server"
    assert isinstance(web.liveness, HealthProbe)
    plan.health_timeout = 0
    assert children(plan)[0].liveness is None


def test_a_worker_is_started_where_one_is_to_run(plan: Plan) -> None:
    plan.worker_command = ["worker"]
    assert [child.name for child in children(plan)] == ["web server", "worker"]


def test_code_is_watched_in_a_debug_run_only(plan: Plan, tmp_path: Path) -> None:
    assert supervise.supervisor(plan).has_changed is None
    plan.code = [str(tmp_path)]
    has_changed: Any = supervise.supervisor(plan).has_changed
    (tmp_path / "code.py").write_text("")
    assert has_changed()


def test_it_answers_if_the_first_line_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()

        def connect(within: float) -> socket.socket:
            return socket.create_connection(address, timeout=0.2)

        assert not liveness.answers(connect)  # Nobody accepts it.
    assert not liveness.answers(connect)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    started = Installation.prepared(tmp_path).up()
    started.wait_for("Press Ctrl-C")
    yield started
    started.end()


@pytest.mark.slow
def test_it_takes_a_fraction_of_the_memory_of_those_it_watches(running: Running) -> None:
    assert memory(running.process.pid) < 20_000
    assert memory(children_of(running.process.pid)["web"]) > 40_000


def memory(pid: int) -> int:
    """KB that are in memory (RSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)
    assert found
    return int(found[1])


@pytest.mark.slow
def test_what_was_held_before_it_became_one_is_held_still(running: Running, tmp_path: Path) -> None:
    again = Installation(tmp_path).manage("up", ATOM_PORT=port_of(running))
    assert again.returncode == 0, again.stderr
    assert "Already running at" in again.stdout
    children = children_of(running.process.pid).values()
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    assert all(gone(pid) for pid in children)
    # Half a second before they start again: nobody may put a database back meanwhile.
    in_use = tmp_path / "var" / "atom.sqlite3-in-use"
    with in_use.open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def port_of(running: Running) -> str:
    line = next(line for line in running.lines if "ATOM is ready at" in line)
    return line.rsplit(":", 1)[1].strip("/")
