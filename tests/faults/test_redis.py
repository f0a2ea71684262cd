"""Redis that dies, hangs and comes back, under limits that are kept there."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import leftovers, services
from tests.faults import rig
from tests.faults.rig import TEXT, until
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start_redis(tmp_path: Path) -> Iterator[Callable[[int], subprocess.Popen[bytes]]]:
    program = shutil.which("redis-server") or services.missing("no Redis is installed")
    started: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> subprocess.Popen[bytes]:
        options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path))
        started.append(leftovers.start([program, *options], stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.row(
    "Redis dies, hangs, comes back",
    "a redis-server of its own: kill -9, kill -STOP and -CONT, started again",
    "uploads go on, none slower than 5 s; limits are counted by the process meanwhile",
)
@pytest.mark.parametrize("trouble", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "hung"])
def test_redis_in_trouble(trouble: Any, start_redis: Any, web: Any, patron: Any, temp: Any) -> None:
    port = free_port()
    redis = start_redis(port)
    until(lambda: rig.answers_on(port))
    server = web(REDIS_URL=f"redis://127.0.0.1:{port}/0", ATOM_THROTTLE="on")
    assert patron.upload(server.port, TEXT) == 201
    redis.send_signal(trouble)
    for number in range(4):
        asked = time.monotonic()
        assert patron.upload(server.port, TEXT + b" %d" % number) == 201
        assert time.monotonic() - asked < 5
    if trouble == signal.SIGSTOP:
        redis.send_signal(signal.SIGCONT)
    else:
        redis.wait()
        start_redis(port)
    until(lambda: rig.answers_on(port))
    assert patron.upload(server.port, TEXT + b" After.") == 201
    patron.assert_sane(temp=temp)
