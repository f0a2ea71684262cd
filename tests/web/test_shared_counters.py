"""Counters in shared memory: of threads and processes together, also where one of them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from atom_project import shared_counters
from atom_project.shared_counters import Hold, SharedCounters
from tests import leftovers

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from atom_project import shared_counters
from atom_project.shared_counters import Hold
counters = shared_counters.of_this_service()
{}
"""


@pytest.fixture
def memory() -> Iterator[int]:
    descriptor = shared_counters.make_memory()
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def start(memory: int) -> Callable[[str], subprocess.Popen[str]]:
    """Another process with the same memory, which runs these lines."""

    def run(lines: str) -> subprocess.Popen[str]:
        return leftovers.start(
            [sys.executable, "-c", PROGRAM.format(lines)],
            cwd=ROOT,
            env={**os.environ, shared_counters.ENVIRONMENT: str(memory)},
            pass_fds=[memory],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    return run


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def over(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_counter_begins_at_zero_and_again_when_its_time_is_over() -> None:
    counters = SharedCounters()
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False) as clock:
        assert [counters.add("tries", 1, 60) for _ in range(3)] == [1, 2, 3]
        clock.shift(timedelta(seconds=59))
        assert counters.add("tries", -1, 60) == 2  # Not later for that.
        clock.shift(timedelta(seconds=2))
        assert counters.get("tries") is None
        assert counters.add("tries", 1, 60) == 1


def test_a_value_is_put_where_there_is_none() -> None:
    counters = SharedCounters()
    assert counters.begin("until", 17.25, 60)
    assert not counters.begin("until", 18.5, 60)
    assert counters.get("until") == 17.25
    counters.put("until", 19.0, 60)
    assert counters.get("until") == 19.0
    counters.clear()
    assert counters.get("until") is None


def test_all_of_some_holds_are_taken_or_none() -> None:
    counters = SharedCounters()
    bodies, size = Hold("bodies", 1, 2), Hold("bytes", 60, 100)
    assert counters.take(bodies, size)
    assert not counters.take(bodies, size)
    assert (counters.held("bodies"), counters.held("bytes")) == (1, 60)
    counters.give_back(bodies, size)
    counters.give_back(bodies, size)  # Nothing is owed for what is not held.
    assert (counters.held("bodies"), counters.held("bytes")) == (0, 0)


def test_what_ends_first_makes_room_and_holds_never_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_counters, "BUCKETS", 1)
    counters = SharedCounters()
    assert counters.take(Hold("stream"))
    for number in range(15):
        counters.add(f"tries {number}", 1, 100 + number)
    counters.add("one more", 1, 300)
    assert counters.get("tries 0") is None
    assert [counters.get(f"tries {number}") for number in range(1, 15)] == [1] * 14
    assert counters.held("stream") == 1


def test_a_hundred_thousand_keys_are_told_apart() -> None:
    counters = SharedCounters()
    for number in range(20_000):
        counters.put(f"address {number}", number, 60)
    kept = [counters.get(f"address {number}") for number in range(20_000)]
    assert kept == list(range(20_000))


def test_threads_and_processes_count_together(memory: int, start: Any) -> None:
    counters = SharedCounters(memory)
    others = [start("for _ in range(2000): counters.add('tries', 1)") for _ in range(2)]
    threads = [
        threading.Thread(target=lambda: [counters.add("tries", 1) for _ in range(2000)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        over(other)
    assert counters.get("tries") == 8000


def test_a_limit_holds_over_processes_at_the_same_moment(memory: int, start: Any) -> None:
    lines = "print(sum(counters.take(Hold('streams', 1, 100)) for _ in range(100)), flush=True)"
    lines += "; sys.stdin.read()"
    others = [start(lines) for _ in range(3)]
    assert sum(int(said(other)) for other in others) == 100
    assert SharedCounters(memory).held("streams") == 100
    for other in others:
        over(other)


def test_what_a_killed_process_held_is_given_back_for_it(memory: int, start: Any) -> None:
    counters = SharedCounters(memory)
    assert counters.take(Hold("streams"))
    other = start("counters.take(Hold('streams', 3)); print('held', flush=True); sys.stdin.read()")
    assert said(other) == "held"
    assert counters.held("streams") == 4
    other.send_signal(signal.SIGKILL)
    other.communicate()
    counters.forget(other.pid)
    assert counters.held("streams") == 1


def test_a_process_killed_while_it_counts_stops_nobody(memory: int, start: Any) -> None:
    counters = SharedCounters(memory)
    for _ in range(5):
        other = start("print('begun', flush=True)\nwhile True: counters.add('tries', 1)")
        assert said(other) == "begun"
        other.send_signal(signal.SIGKILL)
        other.communicate()
        assert counters.add("mine", 1) > 0


def test_a_process_stopped_while_it_counts_stops_nobody(
    memory: int, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_counters, "LOCK_WAITS", 5)
    other = start("counters._lock(); print('locked', flush=True); sys.stdin.read()")
    assert said(other) == "locked"
    assert SharedCounters(memory).add("mine", 1) == 1
    over(other)


def test_an_environment_without_its_descriptor_has_a_table_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for given in ("", "somewhere", "987654"):
        monkeypatch.setenv(shared_counters.ENVIRONMENT, given)
        counters = shared_counters.of_this_service.__wrapped__()
        assert counters.add("tries", 1) == 1
