"""The supervisor with small children, as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from atom_project.code_watch import CodeWatch
from atom_project.supervisor import LONGEST_DELAY, Child
from tests.processes import Running, gone, is_alive

ROOT = Path(__file__).parents[2]

PROGRAM = """
import pathlib
import sys
from atom_project import supervisor
from atom_project.code_watch import CodeWatch
supervisor.STOP_WITHIN = float(sys.argv[1])
def tell(*words):
    # In one piece, also where Python does not buffer: the children write to the same pipe.
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
    sys.stdout.flush()
watch = CodeWatch([pathlib.Path(sys.argv[2])]) if sys.argv[2] else None
programs = enumerate(sys.argv[3:])
children = [supervisor.Child(f"child {n}", [sys.executable, "-c", code]) for n, code in programs]
supervisor.Supervisor(
    children,
    is_ready=lambda: all(child.is_running for child in children),
    announce=lambda: tell("ready", *(child.process.pid for child in children)),
    say=tell,
    has_changed=watch and watch.has_changed,
).run()
print("over", flush=True)
"""

# Each writes its word in one piece: two that write at once must not be read as one line.
OBEDIENT = "import os, signal; os.write(1, b'obedient\\n'); signal.pause()"
DEAF = (
    "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "os.write(1, b'deaf\\n'); signal.pause(); signal.pause()"
)
CRASHING = "import os; os.write(1, b'crash\\n'); raise SystemExit(3)"


@pytest.fixture
def supervise() -> Any:
    """Start a supervisor over children that run the given programs."""
    started = []

    def start(*programs: Any, stop_within: Any = 1000, code: Any = "") -> Any:
        command = [sys.executable, "-c", PROGRAM, str(stop_within), str(code), *programs]
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


def test_children_start_again_when_the_code_changes(supervise: Any, tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text("first")
    running = supervise(OBEDIENT, OBEDIENT, code=tmp_path)
    before = pids(running.wait_for("ready"))
    until_said(running, "obedient", times=2)
    code.write_text("second")
    running.wait_for("The code has changed")
    until_said(running, "obedient", times=4)
    assert not any(is_alive(pid) for pid in before)
    running.process.terminate()
    running.wait_for("over")
    assert running.lines.count("The code has changed: starting again.") == 1


def test_a_child_that_crashes_starts_at_once_when_the_code_changes(
    supervise: Any, tmp_path: Path
) -> None:
    running = supervise(CRASHING, code=tmp_path)
    running.wait_for("next start in 4.0 s.")
    crashed = running.lines.count("crash")
    (tmp_path / "new.html").write_text("mended")
    running.wait_for("The code has changed")
    until_said(running, "crash", times=crashed + 1)
    assert "next start in 8.0 s." in running.wait_for("The child 0 ended")


def test_only_what_processes_keep_counts_as_code(tmp_path: Path) -> None:
    watch = CodeWatch([tmp_path])
    (tmp_path / "style.css").write_text("")
    (tmp_path / ".code.py.swp").write_text("")
    assert not watch.has_changed()
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "code.py").write_text("")
    assert watch.has_changed()
    assert not watch.has_changed()
    (tmp_path / "room" / "code.py").unlink()
    assert watch.has_changed()


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
