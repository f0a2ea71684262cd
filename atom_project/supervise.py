"""The supervisor as a process of its own size: `manage.py up` turns into it (execve(2)).

Whatever needs Django is done by then and written into a plan. What goes on for months watches its
children and knows neither Django nor the database, whose modules take six times its memory.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

from atom_project import liveness, shared_counters
from atom_project.code_watch import CodeWatch
from atom_project.hardening import hide_memory
from atom_project.liveness import Liveness
from atom_project.shared_counters import SharedCounters
from atom_project.supervisor import Child, Supervisor

# In words of its own, because a file of this folder would be found before Python's of its name.
LAUNCH = (
    "import sys; sys.path.insert(0, sys.argv[1]); from atom_project import supervise; "
    "supervise.main(int(sys.argv[2]))"
)


@dataclass
class Plan:
    """All that a supervisor has to know; descriptors are those it inherits."""

    web_command: list[str]
    web_processes: int
    worker_command: list[str]  # Empty: none is to run.
    listener: int
    host: str  # Where this machine reaches the listener, with its port.
    port: int
    address: str
    announcement: list[str]
    health_timeout: float  # seconds; 0: never taken for hung
    lease: float
    place: int | None = None  # Where the address is told to a second start.
    database: str = ""  # The file whose replacement begins everything anew.
    code: list[str] = field(default_factory=list)  # Folders whose changes do.


def become(plan: Plan, base: Path) -> NoReturn:
    """Go on as the supervisor of this plan, in this process; `base` is the folder of the code."""
    descriptor = shared_counters.anonymous_file("atom-plan")
    os.write(descriptor, json.dumps(asdict(plan)).encode())
    for inherited in (descriptor, plan.listener, plan.place):
        if inherited is not None:
            os.set_inheritable(inherited, True)
    sys.stdout.flush()
    sys.stderr.flush()
    # -P: nothing is imported from the folder in which somebody typed the command.
    command = [sys.executable, "-P", "-c", LAUNCH, str(base), str(descriptor)]
    os.execv(sys.executable, command)  # noqa: S606


def main(descriptor: int) -> None:
    hide_memory()
    with open(descriptor, "rb") as file:
        file.seek(0)
        plan = Plan(**json.load(file))
    supervisor(plan).run()
    say("Stopped.")


def supervisor(plan: Plan) -> Supervisor:
    connect = partial(_connect, plan.host, plan.port)
    watch = CodeWatch(map(Path, plan.code)) if plan.code else None
    return Supervisor(
        [*_web_servers(plan, connect), *_worker(plan)],
        is_ready=lambda: liveness.answers(connect),
        announce=lambda: _announce(plan),
        say=say,
        has_changed=watch.has_changed if watch else None,
        must_restart=FileWatch(plan.database).why_restart if plan.database else None,
    )


def _web_servers(plan: Plan, connect: Callable[[float], socket.socket]) -> list[Child]:
    """All take connections from one socket and count in one table."""
    memory = shared_counters.make_memory()
    counters = SharedCounters(memory)
    are_several = plan.web_processes > 1
    return [
        Child(
            f"web server {number}" if are_several else "web server",
            plan.web_command,
            [plan.listener, memory],
            _life_of_web(plan, connect),
            environment={shared_counters.ENVIRONMENT: str(memory)},
            after=counters.forget,
        )
        for number in range(1, plan.web_processes + 1)
    ]


def _life_of_web(plan: Plan, connect: Callable[[float], socket.socket]) -> Liveness | None:
    if not plan.health_timeout:
        return None
    if plan.web_processes > 1:
        # At one address any of them would answer; each asks itself (`web.lifespan`).
        return liveness.signs_of_life(plan.health_timeout)
    return liveness.HealthProbe(connect, plan.health_timeout)


def _worker(plan: Plan) -> Sequence[Child]:
    if not plan.worker_command:
        return ()
    return (Child("worker", plan.worker_command, liveness=liveness.signs_of_life(plan.lease)),)


def _connect(host: str, port: int, within: float) -> socket.socket:
    return socket.create_connection((host, port), timeout=within)


def _announce(plan: Plan) -> None:
    if plan.place is not None:
        os.pwrite(plan.place, f"{plan.address}\n".encode(), 0)
    for sentence in plan.announcement:
        say(sentence)


def say(sentence: str) -> None:
    print(sentence, flush=True)


class FileWatch:
    """Looks whether another file lies where a database file was: a restored one.

    Processes that have opened the former would write into nothing.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._known = self._identity()

    def why_restart(self) -> str:
        found = self._identity()
        if found is None or found == self._known:
            return ""
        self._known = found
        return "The database file was replaced"

    def _identity(self) -> tuple[int, int] | None:
        try:
            facts = os.stat(self._path)
        except OSError:
            return None
        return facts.st_dev, facts.st_ino
