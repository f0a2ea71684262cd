"""Servers under measurement: ATOM as `manage.py up` starts it, and others under plain uvicorn."""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.speed.places import PATIENCE, BenchFailed, Place, free_port

TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A process and all that it started."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port

    def pids(self) -> list[int]:
        return [self.pid, *_descendants(self.pid)]

    def cpu(self) -> float:
        """Seconds of CPU of all that runs now, in user and system mode."""
        return sum(_cpu(pid) for pid in self.pids())

    def pss(self) -> dict[str, float]:
        """Megabytes of each process, its share of what it has in common with others included."""
        return {"supervisor" if pid == self.pid else _name(pid): _pss(pid) for pid in self.pids()}


@contextmanager
def atom(place: Place, *arguments: str, **environment: str) -> Iterator[Server]:
    port = free_port()
    command = place.manage("up", *arguments)
    with place.started(command, ATOM_PORT=str(port), **environment) as process:
        server = Server(process.pid, port)
        try:
            _wait(server, place)
            yield server
        finally:
            # Its children end with it, and not behind it.
            process.terminate()
            process.wait(30)


@contextmanager
def uvicorn(place: Place, application: str, python: str = sys.executable) -> Iterator[Server]:
    port = free_port()
    options = ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    command = [python, "-m", "uvicorn", application, *options]
    with place.started(command) as process:
        server = Server(process.pid, port)
        _wait(server, place)
        yield server


def _wait(server: Server, place: Place) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers(server.port):
        if not Path(f"/proc/{server.pid}").exists() or time.monotonic() > deadline:
            raise BenchFailed(f"the server did not start\n{place.errors()}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether anything is said at all: a bare viewset has no such address, and says so."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _descendants(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(tasks).split():
            found += [int(child), *_descendants(int(child))]
    return found


def _cpu(pid: int) -> float:
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def _pss(pid: int) -> float:
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise PermissionError(f"the memory of process {pid} can only be read as root")


def _name(pid: int) -> str:
    words = _read(Path(f"/proc/{pid}/cmdline")).split("\0")
    return f"web {pid}" if "uvicorn" in words else f"worker {pid}"


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
