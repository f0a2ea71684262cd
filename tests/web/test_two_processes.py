"""Two web processes on one socket: limits hold over both, and either may die."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.live.caller import Call
from tests.live.ear import Ear
from tests.processes import Installation, Running, free_port, gone, is_alive

pytestmark = pytest.mark.long

CREDENTIALS = {"username": "user1", "password": "password123"}


class Service:
    """A running `up` with two web processes."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.pid = running.process.pid
        self.port = int(running.wait_for("ATOM is ready at").rsplit(":", 1)[1].strip("/"))
        running.wait_for("Press Ctrl-C")
        until(lambda: len(self.webs()) == 2)

    def webs(self) -> set[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return {int(pid) for pid in children if b"uvicorn" in command(int(pid))}

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} if body else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with closing(self.connect()) as client:
            client.request(method, path, json.dumps(body) if body else None, headers)
            answer = client.getresponse()
            said = answer.read()
        return answer.status, json.loads(said) if said[:1] in (b"{", b"[") else said

    def log_in(self) -> str:
        status, said = self.ask("POST", "/auth/login", CREDENTIALS)
        assert status == 200, said
        return str(said["access"])

    def served_by(self) -> dict[int, int]:
        """How much of a processor each web process has used, in ticks."""
        return {pid: ticks(pid) for pid in self.webs()}


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation.prepared(tmp_path_factory.mktemp("two"))


@pytest.fixture
def up(installation: Installation) -> Iterator[Callable[..., Service]]:
    with ExitStack() as stack:

        def start(**environment: str) -> Service:
            given = {"ATOM_PORT": str(free_port()), "ATOM_WEB_PROCESSES": "2", **environment}
            running = installation.up("--no-worker", **given)
            stack.callback(running.end)
            return Service(running)

        yield start


def test_both_answer(up: Any) -> None:
    service = up(ATOM_THROTTLE="off")
    token, before = service.log_in(), service.served_by()
    with ExitStack() as stack:
        ears = [stack.enter_context(closing(Ear(service.port, token))) for _ in range(10)]
        for _ in range(200):
            assert service.ask("GET", "/documents", token=token)[0] == 200
        assert all(ear.status == 200 for ear in ears)
    used = {pid: spent - before[pid] for pid, spent in service.served_by().items()}
    assert len(used) == 2
    assert all(spent > 0 for spent in used.values()), used


def test_wrong_logins_are_counted_together(up: Any) -> None:
    service = up()
    wrong = {**CREDENTIALS, "password": "wrong"}
    codes = [service.ask("POST", "/auth/login", wrong)[0] for _ in range(14)]
    assert codes == [401] * 10 + [429] * 4


def test_streams_of_a_user_are_counted_together(up: Any) -> None:
    service = up(ATOM_MAX_STREAMS_PER_USER="4")
    token = service.log_in()
    with ExitStack() as stack:
        ears = [stack.enter_context(closing(Ear(service.port, token))) for _ in range(12)]
        opened = [ear for ear in ears if b"stream-open" in ear.response.read1(4096)]
        assert len(opened) == 4


def test_waiting_calls_of_a_user_are_counted_together(up: Any) -> None:
    service = up(ATOM_MAX_WAITS_PER_USER="4")
    token, webs = service.log_in(), service.webs()
    cursor = service.ask("GET", "/events", token=token)[1]["next"]
    path = f"/events?after={cursor}&wait=60"
    with ExitStack() as stack:
        calls = [Call(service.port, token, path) for _ in range(12)]
        for call in calls:
            stack.callback(call.leave)
        until(lambda: sum(call.is_answered() for call in calls) == 8)
        refused = [call.answer() for call in calls if call.is_answered()]
        assert {answer.said["code"] for answer in refused} == {"too_many_waits"}
        waiting = [call for call in calls if not call.is_answered()]
        assert service.running.interrupt() == 0
        assert {call.answer().status for call in waiting} == {200}
    assert not any(is_alive(pid) for pid in webs)


def test_uploads_on_their_way_are_counted_together(up: Any) -> None:
    service = up(ATOM_MAX_BODIES_PER_USER="3")
    token, size = service.log_in(), 2 * 1024 * 1024
    with ExitStack() as stack:
        refused = 0
        for _ in range(10):
            client = stack.enter_context(closing(service.connect()))
            client.putrequest("POST", "/upload")
            client.putheader("Authorization", f"Bearer {token}")
            client.putheader("Content-Length", str(size))
            client.putheader("Content-Type", "multipart/form-data; boundary=x")
            client.endheaders()
            client.send(b"x" * 1000)
            refused += is_refused(client)
        assert refused == 7


def is_refused(client: http.client.HTTPConnection) -> bool:
    """Whether it is told so within a second; who is let in hears nothing before it has sent all."""
    assert client.sock
    client.sock.settimeout(1)
    try:
        return b" 429 " in client.sock.recv(4096)
    except TimeoutError:
        return False


def test_one_that_dies_is_started_again_and_what_it_held_is_free(up: Any) -> None:
    service = up(ATOM_MAX_STREAMS_PER_USER="4")
    token, before = service.log_in(), service.webs()
    with ExitStack() as stack:
        for _ in range(4):
            ear = stack.enter_context(closing(Ear(service.port, token)))
            assert b"stream-open" in ear.response.read1(4096)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
            service.running.wait_for("ended (SIGKILL)")
            # The other one answers, and connections wait.
            assert service.ask("GET", "/healthz")[0] == 200
        until(lambda: len(service.webs()) == 2 and not service.webs() & before)
    with closing(Ear(service.port, token)) as ear:
        assert b"stream-open" in ear.response.read1(4096)


def test_one_that_hangs_is_ended_although_the_other_answers(up: Any) -> None:
    service = up(ATOM_HEALTH_TIMEOUT="8")
    stopped = min(service.webs())
    time.sleep(4)  # Until it has given its first sign.
    os.kill(stopped, signal.SIGSTOP)
    assert "gave no sign of life for 8 s" in service.running.wait_for("sign of life")
    until(lambda: len(service.webs()) == 2 and stopped not in service.webs())
    assert service.ask("GET", "/healthz")[0] == 200


def test_a_stop_ends_them_all(up: Any) -> None:
    service = up()
    webs, token = service.webs(), service.log_in()
    with closing(Ear(service.port, token)), closing(service.connect()) as half:
        half.putrequest("POST", "/auth/login")
        began = time.monotonic()
        assert service.running.interrupt() == 0
        assert time.monotonic() - began < 5
    assert not any(is_alive(pid) for pid in webs)


def test_with_their_supervisor_all_of_them_end(up: Any) -> None:
    service = up()
    webs = service.webs()
    service.running.process.kill()
    assert all(gone(pid) for pid in webs)
