"""The supervisor with small children, as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from atom_project.supervisor import LONGEST_DELAY, Child
from tests.processes import Running, gone, is_alive

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from atom_project import supervisor
supervisor.STOP_WITHIN = float(sys.argv[1])
def tell(*words):
    # In one piece, also where Python does not buffer: the children write to the same pipe.
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
    sys.stdout.flush()
programs = enumerate(sys.argv[2:])
children = [supervisor.Child(f"child {n}", [sys.executable, "-c", code]) for n, code in programs]
supervisor.Supervisor(
    children,
    is_ready=lambda: all(child.is_running for child in children),
    announce=lambda: tell("ready", *(child.process.pid for child in children)),
    say=tell,
).run()
print("over", flush=True)
"""

OBEDIENT = "import os, signal; os.write(1, b'obedient\\n'); signal.pause()"
DEAF = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); signal.pause(); signal.pause()"
)
CRASHING = "print('crash', flush=True); raise SystemExit(3)"


@pytest.fixture
def supervise() -> Any:
    """Start a supervisor over children that run the given programs."""
    started = []

    def start(*programs: Any, stop_within: Any = 1000) -> Any:
        command = [sys.executable, "-c", PROGRAM, str(stop_within), *programs]
        started.append(Running(command, cwd=ROOT))
        return started[-1]

    yield start
    for running in started:
        running.end()


def pids(line: Any) -> Any:
    return [int(pid) for pid in line.split()[1:]]


def until_said(running: Any, words: Any, *, times: Any = 1) -> None:
    """Children may speak before their supervisor does, so what was passed over counts."""
    while running.lines.count(words) < times:
        running.wait_for(words)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_the_children_and_then_the_supervisor(
    supervise: Any, number: Any
) -> None:
    running = supervise(OBEDIENT, OBEDIENT)
    children = pids(running.wait_for("ready"))
    running.process.send_signal(number)
    running.wait_for("over")
    assert running.wait() == 0
    assert not any(is_alive(pid) for pid in children)


def test_children_of_a_killed_supervisor_die_with_it(supervise: Any) -> None:
    running = supervise(OBEDIENT, DEAF)
    children = pids(running.wait_for("ready"))
    running.process.kill()
    running.wait()
    assert all(gone(pid) for pid in children)


def test_a_child_that_does_not_listen_is_killed_in_the_end(supervise: Any) -> None:
    running = supervise(DEAF, stop_within=0.2)
    [child] = pids(running.wait_for("ready"))
    until_said(running, "deaf")
    running.process.terminate()
    running.wait_for("over")
    assert not is_alive(child)


def test_a_second_signal_ends_everything_at_once(supervise: Any) -> None:
    running = supervise(DEAF)
    [child] = pids(running.wait_for("ready"))
    until_said(running, "deaf")
    running.process.send_signal(signal.SIGINT)
    running.process.send_signal(signal.SIGTERM)
    running.wait_for("over")
    assert not is_alive(child)


def test_the_terminals_interrupt_does_not_reach_the_children(supervise: Any) -> None:
    running = supervise(OBEDIENT)
    [child] = pids(running.wait_for("ready"))
    assert os.getsid(child) != os.getsid(running.process.pid)


def test_a_crashing_child_starts_again_each_time_a_little_later(supervise: Any) -> None:
    running = supervise(CRASHING, OBEDIENT)
    assert running.wait_for("The child 0 ended").endswith("(exit code 3); next start in 0.5 s.")
    assert running.wait_for("The child 0 ended").endswith("next start in 1.0 s.")
    assert running.wait_for("The child 0 ended").endswith("next start in 2.0 s.")


def test_a_killed_child_starts_again_and_the_other_one_stays(supervise: Any) -> None:
    running = supervise(OBEDIENT, OBEDIENT)
    first, second = pids(running.wait_for("ready"))
    until_said(running, "obedient", times=2)
    os.kill(first, signal.SIGKILL)
    assert "SIGKILL" in running.wait_for("The child 0 ended")
    until_said(running, "obedient", times=3)
    assert is_alive(second)


def crash(child: Any) -> None:
    child.process = subprocess.Popen(["true"])
    child.process.wait()
    assert child.reap() == 0


def test_the_wait_before_a_start_has_an_upper_bound() -> None:
    child = Child("child", ["true"])
    child._started_at = float("inf")
    for _ in range(10):
        crash(child)
    assert child._delay == LONGEST_DELAY


def test_a_crash_after_a_good_run_counts_as_the_first_one() -> None:
    child = Child("child", ["true"])
    child._started_at = float("inf")
    for _ in range(10):
        crash(child)
    child._started_at = float("-inf")
    crash(child)
    assert child._delay == 1.0
