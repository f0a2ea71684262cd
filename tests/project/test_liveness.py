"""A process that hangs is ended like one that died; one that is slow, or was frozen, is not."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from atom_project import liveness, watchdog
from atom_project.liveness import HealthProbe
from tests.processes import Running

ROOT = Path(__file__).parents[2]

# One supervised child that gives signs of life ten times a second.
SUPERVISOR = """
import os, sys
from atom_project import liveness, supervisor
supervisor.LIFE_INTERVAL = 0.1
supervisor.LONGEST_NAP = 0.5
def tell(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())
signs = liveness.SignsOfLife(2.0)
child = supervisor.Child("child", [sys.executable, "-c", sys.argv[1]], liveness=signs)
supervisor.Supervisor(
    [child], is_ready=lambda: child.is_running, announce=lambda: tell("ready"), say=tell
).run()
tell("over")
"""
CHILD = """
import os, re, signal
from atom_project import watchdog
watchdog.INTERVAL = 0.1
watchdog.start(float({limit}))
os.write(1, b"child %d\\n" % os.getpid())
{then}
"""
WAITS = "signal.pause()"
SPEAKS = "while True: os.write(1, b'alive\\n'); signal.sigtimedwait([], 0.1)"
# The interpreter lock is held until the match ends, which is after the end of the world.
HOLDS_THE_LOCK = "re.match('(a+)+$', 'a' * 64 + 'b')"


def child(then: str, limit: float = 100) -> str:
    return CHILD.format(limit=limit, then=then)


@pytest.fixture
def start() -> Any:
    started = []

    def run(*command: str, **environment: str) -> Running:
        env = {**os.environ, **environment}
        started.append(Running([sys.executable, "-c", *command], cwd=ROOT, env=env))
        return started[-1]

    yield run
    for running in started:
        running.end()


def pid_in(line: str) -> int:
    return int(line.split()[1])


def test_a_stopped_child_is_ended_and_another_started(start: Any) -> None:
    running = start(SUPERVISOR, child(WAITS))
    first = pid_in(running.wait_for("child "))
    os.kill(first, signal.SIGSTOP)
    assert running.wait_for("sign of life") == (
        "The child gave no sign of life for 2 s: ending it."
    )
    running.wait_for("The child ended (SIGKILL)")
    assert pid_in(running.wait_for("child ")) != first


def test_a_child_that_holds_the_interpreter_lock_is_ended_and_another_started(start: Any) -> None:
    running = start(SUPERVISOR, child(HOLDS_THE_LOCK))
    running.wait_for("child ")
    running.wait_for("gave no sign of life")
    running.wait_for("The child ended (SIGKILL)")


def test_nobody_is_ended_because_everybody_was_asleep(start: Any) -> None:
    running = start(SUPERVISOR, child(WAITS))
    first = pid_in(running.wait_for("child "))
    for pid in (first, running.process.pid):
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.3)  # So that the last sign was heard before the other sleeps.
    time.sleep(2.5)  # Past the limit.
    # The supervisor wakes first, and finds the other silent.
    for pid in (running.process.pid, first):
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.3)
    time.sleep(1)
    running.process.send_signal(signal.SIGTERM)
    running.wait_for("over")
    assert not any("sign of life" in line for line in running.lines)


def test_alone_a_process_that_holds_the_interpreter_lock_dies_and_says_where(start: Any) -> None:
    running = start(child(HOLDS_THE_LOCK, limit=0.5))
    assert running.wait() == -signal.SIGPROF
    running._reader.join()
    said = []
    while (line := running._arriving.get_nowait()) is not None:
        said.append(line)
    assert any(line.endswith("in match") for line in said)
    assert not any("aaaa" in line for line in said)


def test_alone_a_process_that_was_stopped_goes_on(start: Any) -> None:
    running = start(child(SPEAKS, limit=0.5))
    running.wait_for("alive")
    running.process.send_signal(signal.SIGSTOP)
    time.sleep(1)  # Past the limit.
    running.process.send_signal(signal.SIGCONT)
    for _ in range(30):  # Three seconds.
        running.wait_for("alive")


def test_a_sign_goes_to_the_socket_of_systemd(tmp_path: Path, monkeypatch: Any) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(path)
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        watchdog.notify("WATCHDOG=1")
        assert systemd.recv(64) == b"WATCHDOG=1"
        monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
        watchdog.notify("WATCHDOG=1")
        assert systemd.recv(64) == b"WATCHDOG=1"
        monkeypatch.setenv("WATCHDOG_PID", "1")
        watchdog.notify("WATCHDOG=1")
        with pytest.raises(BlockingIOError):
            systemd.recv(64)
    watchdog.notify("WATCHDOG=1")  # Nobody is there, and nothing happens.


def test_the_supervisor_shows_systemd_that_it_lives(start: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(path)
        systemd.settimeout(60)
        start(SUPERVISOR, child(WAITS), NOTIFY_SOCKET=path)
        assert systemd.recv(64) == b"WATCHDOG=1"


def test_a_child_hears_nothing_of_its_supervisors_systemd(monkeypatch: Any) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert "NOTIFY_SOCKET" not in liveness.surroundings(None)
    signs = liveness.SignsOfLife(1)
    told = liveness.surroundings(signs)
    signs._socket.close()
    assert told["NOTIFY_SOCKET"].startswith("@atom-")
    assert "WATCHDOG_PID" not in told


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def probed(monkeypatch: Any) -> Any:
    """A probe of a limit of 60 s, its clock, and what the web server's end is."""
    clock, ends = Clock(), []
    monkeypatch.setattr(liveness, "time", clock)

    def connect(within: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        ends.append(theirs)
        return ours

    probe = HealthProbe(connect, 60)
    yield probe, clock, ends
    probe._hang_up()
    for end in ends:
        end.close()


def pass_time(probe: HealthProbe, clock: Clock, seconds: int) -> list[str]:
    complaints = []
    for _ in range(seconds // 5):
        complaints.append(probe.complaint())
        clock.now += 5
    return [complaint for complaint in complaints if complaint]


def test_a_web_server_that_never_answered_yet_is_starting(probed: Any) -> None:
    probe, clock, _ = probed
    assert pass_time(probe, clock, 600) == []


def answered_once(probe: HealthProbe, ends: list[socket.socket]) -> None:
    probe.complaint()
    assert ends[-1].recv(100).startswith(b"GET /healthz HTTP/1.0\r\n")
    ends[-1].sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    probe.complaint()


def test_a_web_server_that_falls_silent_hangs_after_four_questions(probed: Any) -> None:
    probe, clock, ends = probed
    answered_once(probe, ends)
    assert pass_time(probe, clock, 60) == []
    [complaint, *_] = pass_time(probe, clock, 20)
    assert complaint == "did not answer at its health address for 60 s"
    assert len(ends) == 1 + 5


def test_a_web_server_that_answers_slowly_is_left_alone(probed: Any) -> None:
    probe, clock, ends = probed
    answered_once(probe, ends)
    for _ in range(10):
        assert pass_time(probe, clock, 55) == []
        ends[-1].sendall(b"HTTP/1.1 200 OK\r\n\r\n")


def test_a_web_server_that_hangs_up_at_once_is_alive(probed: Any) -> None:
    """Others hold all connections this address may have; ending it would help nobody."""
    probe, clock, ends = probed
    answered_once(probe, ends)
    for _ in range(40):
        assert pass_time(probe, clock, 5) == []
        ends[-1].close()


def test_silence_is_forgiven_to_whom_was_asleep(probed: Any) -> None:
    probe, clock, ends = probed
    answered_once(probe, ends)
    for _ in range(10):
        assert pass_time(probe, clock, 55) == []
        probe.forgive()


def test_a_web_server_that_turns_the_question_away_lives(probed: Any) -> None:
    # One address holds so many connections, that of a proxy on this machine, too.
    probe, clock, ends = probed
    answered_once(probe, ends)
    for _ in range(20):
        assert pass_time(probe, clock, 55) == []
        if len(ends) % 2:
            ends[-1].recv(100)
        ends[-1].close()  # With something unread in it, it is reset.
        assert probe.complaint() == ""


def test_a_refused_connection_is_a_miss(probed: Any) -> None:
    probe, clock, ends = probed
    answered_once(probe, ends)

    def refuse(within: float) -> socket.socket:
        raise ConnectionRefusedError

    probe._connect = refuse
    assert pass_time(probe, clock, 100)


@pytest.mark.parametrize("unit", ["atom-web.service", "atom-worker@.service"])
def test_systemd_ends_a_service_that_hangs_without_a_core_dump(unit: str) -> None:
    lines = (ROOT / "deploy" / unit).read_text().splitlines()
    assert "WatchdogSec=90" in lines
    assert "WatchdogSignal=SIGKILL" in lines
