"""Live streams side by side with polling per client and with a bare asyncio server.

Run `python -m bench.stream [sqlite|postgresql]`. Everything runs on 127.0.0.1 in fresh
databases. Machines are noisy: read the ratios within one run. `--completed` tells of finished
documents with their results, `--processes 2` shares the streams between so many web processes, and
`--sizes 100 1000 --designs bare ours --short` leaves out the rest.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.speed.places import fresh_postgresql

SIZES = (1, 100, 1000)
DESIGNS = ("bare", "ours", "polling")
EVENTS, RATE = int(os.environ.get("BENCH_EVENTS", 300)), 50.0  # of one round, and in a second
WAVES, WAVE_RATE = 20, 2.0  # of one user with a thousand streams
IDLE = float(os.environ.get("BENCH_IDLE_SECONDS", 16))  # more than one heartbeat
PATIENCE = 30.0
SHARED = 90  # connections of a server that grants a hundred, not to be taken from others
SEQUENCE = re.compile(rb'"reason": "(\d+)"')


class Listener(asyncio.Protocol):
    def __init__(self, request: bytes, heard: list[tuple[int, float]]) -> None:
        self._request = request
        self._heard = heard
        self._tail = b""
        self.is_open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        moment = time.monotonic()
        data = self._tail + data
        if not self.is_open.done() and b"stream-open" in data:
            self.is_open.set_result(None)
        complete, _, self._tail = data.rpartition(b"\n")
        for match in SEQUENCE.finditer(complete):
            self._heard.append((int(match[1]), moment))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(error or ConnectionResetError(self._tail[:200]))


class Person:
    def __init__(self, line: str) -> None:
        self.user, self.token, self.document = line.split()

    def request(self, design: str) -> bytes:
        path = {"ours": "/documents/stream"}.get(design, f"/{design}?user={self.user}")
        return (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        ).encode()


class Bench:
    def __init__(self, folder: str, database: str, *, completed: bool, processes: int) -> None:
        self.processes = processes
        url = f"sqlite:///{folder}/bench.sqlite3" if database == "sqlite" else fresh_postgresql()
        self.url = url
        self.environment = {
            **os.environ,
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_DATA_DIR": folder,
            "ATOM_MAX_STREAMS_PER_USER": "100000",
            "DJANGO_SETTINGS_MODULE": "atom_project.settings",
            "DATABASE_URL": url,
            "BENCH_DOOR": f"{folder}/door",
            **({"BENCH_COMPLETED": "1"} if completed else {}),
        }
        self.people = [
            Person(line) for line in self.run("bench.stream_events", "prepare", str(max(SIZES)))
        ]

    def run(self, *arguments: str) -> list[str]:
        command = [sys.executable, "-m", *arguments]
        ended = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise SystemExit(ended.stderr)
        return ended.stdout.splitlines()

    @contextmanager
    def server(self, design: str, port: int = 0) -> Iterator[Server]:
        Path(self.environment["BENCH_DOOR"]).unlink(missing_ok=True)
        marked = f"{self.url}?application_name=bench_server" if "postgres" in self.url else self.url
        # The bare one passes on what one datagram socket hears, which two cannot share.
        count = self.processes if design == "ours" else 1
        with socket.create_server(("127.0.0.1", port), backlog=2048) as listener:
            processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "bench.stream_server", design, str(listener.fileno())],
                    env={**self.environment, "DATABASE_URL": marked},
                    pass_fds=[listener.fileno()],
                    stdout=subprocess.PIPE,
                )
                for _ in range(count)
            ]
            try:
                yield Server(processes, listener.getsockname()[1], self.url)
            finally:
                for process in processes:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()

    async def write(self, design: str, count: int, rate: float, people: int) -> dict[int, float]:
        numbers = [str(number) for number in (count, rate, people)]
        lines = await asyncio.to_thread(self.run, "bench.stream_events", "write", design, *numbers)
        return {int(line.split()[0]): float(line.split()[1]) for line in lines}


class Server:
    """One or more processes at one port; figures are those of all of them together."""

    def __init__(self, processes: list[subprocess.Popen[bytes]], port: int, url: str) -> None:
        for process in processes:
            process.stdout.readline()  # type: ignore[union-attr]
        self.port = port
        self._folders = [Path(f"/proc/{process.pid}") for process in processes]
        self._url = url

    def _status(self, name: str) -> int:
        texts = [(folder / "status").read_text() for folder in self._folders]
        found = [re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE) for text in texts]
        return sum(int(one[1]) for one in found if one)

    def memory(self) -> int:
        return self._status("VmRSS")

    def threads(self) -> int:
        return self._status("Threads")

    def cpu(self) -> float:
        stats = [(folder / "stat").read_text().rpartition(")")[2] for folder in self._folders]
        ticks = sum(int(stat.split()[11]) + int(stat.split()[12]) for stat in stats)
        return ticks / os.sysconf("SC_CLK_TCK")

    def connections(self) -> int:
        if "postgres" not in self._url:
            open_now = (link for folder in self._folders for link in (folder / "fd").iterdir())
            links = (os.readlink(link) for link in open_now)
            return sum(link.endswith(".sqlite3") for link in links)
        with psycopg.connect(self._url) as connection:
            counted = "SELECT count(*) FROM pg_stat_activity WHERE application_name='bench_server'"
            return int(connection.execute(counted).fetchone()[0])  # type: ignore[index]


async def listen(
    server: Server, design: str, people: list[Person], heard: list[tuple[int, float]]
) -> list[Listener]:
    """Open a stream for each, at most fifty at a time."""
    loop, doors = asyncio.get_running_loop(), asyncio.Semaphore(50)

    async def one(person: Person) -> Listener:
        async with doors:
            _, listener = await loop.create_connection(
                lambda: Listener(person.request(design), heard), "127.0.0.1", server.port
            )
            await asyncio.wait_for(listener.is_open, PATIENCE)
            return listener

    return await asyncio.gather(*(one(person) for person in people))


def latencies(commits: dict[int, float], heard: list[tuple[int, float]]) -> list[float]:
    return sorted(1000 * (moment - commits[sequence]) for sequence, moment in heard)


async def everything_heard(heard: list[Any], count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(heard) < count and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)


def shown(values: list[float], expected: int) -> str:
    if not values:
        return "nothing heard"
    p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
    lost = f"  {expected - len(values)} not heard" if len(values) != expected else ""
    return f"p50 {statistics.median(values):8.2f} ms   p99 {p99:8.2f} ms{lost}"


async def measure(bench: Bench, design: str, size: int) -> None:
    with bench.server(design) as server:
        heard: list[tuple[int, float]] = []
        await listen(server, design, bench.people[:1], heard)  # Imports are done after it.
        before = server.memory()
        begin = time.monotonic()
        await listen(server, design, bench.people[:size], heard)
        opening = time.monotonic() - begin
        memory = server.memory() - before
        heard.clear()
        commits = await bench.write(design, EVENTS, RATE, size)
        extra = sum(1 for sequence in commits if 1 + sequence * 7919 % size == 1)
        await everything_heard(heard, EVENTS + extra)
        used, begin = server.cpu(), time.monotonic()
        await asyncio.sleep(IDLE)
        idle = 100 * (server.cpu() - used) / (time.monotonic() - begin)
        each = f"{memory / size:6.1f} KB each" if size >= 100 else " " * 14
        print(
            f"  {size:5} {design:8} {shown(latencies(commits, heard), EVENTS + extra)}   idle "
            f"{idle:5.2f} % CPU   {each}   {server.threads():4} threads   "
            f"{server.connections():4} connections   opened in {opening:5.2f} s",
            flush=True,
        )


async def fan_out(bench: Bench, design: str) -> None:
    """One user with as many streams as there are people otherwise."""
    with bench.server(design) as server:
        heard: list[tuple[int, float]] = []
        await listen(server, design, bench.people[:1] * max(SIZES), heard)
        heard.clear()
        commits = await bench.write(design, WAVES, WAVE_RATE, 1)
        await everything_heard(heard, WAVES * max(SIZES))
        print(
            f"  {design:8} {shown(latencies(commits, heard), WAVES * max(SIZES))}",
            flush=True,
        )


async def storm(bench: Bench, design: str) -> None:
    """Everybody comes back at once after a restart."""
    with bench.server(design) as server:
        await listen(server, design, bench.people, [])
        port = server.port
    with bench.server(design, port) as server:
        await listen(server, design, bench.people[:1], [])
        begin = time.monotonic()
        await listen(server, design, bench.people, [])
        print(f"  {design:8} {time.monotonic() - begin:6.2f} s", flush=True)


def report(database: str, asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, database, completed=asked.completed, processes=asked.processes)
        kind = "completed documents" if asked.completed else "events"
        shared = f", {asked.processes} web processes" if asked.processes > 1 else ""
        print(f"\n{database}{shared}: from commit to client, {RATE:.0f} {kind} a second")
        for size in asked.sizes:
            for design in asked.designs:
                if design == "polling" and database == "postgresql" and size >= SHARED:
                    print(f"  {size:5} polling  not run: it takes a connection for each stream")
                    continue
                asyncio.run(measure(bench, design, size))
        if asked.short:
            return
        print(f"{database}: {max(SIZES)} streams of one user")
        for design in ("bare", "ours"):
            asyncio.run(fan_out(bench, design))
        print(f"{database}: {max(SIZES)} clients back after a restart")
        for design in ("bare", "ours"):
            asyncio.run(storm(bench, design))


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asked = options()
    for database in asked.databases or ["sqlite", "postgresql"]:
        report(database, asked)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("databases", nargs="*", choices=["sqlite", "postgresql", []])
    parser.add_argument("--completed", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--designs", nargs="+", choices=DESIGNS, default=DESIGNS)
    parser.add_argument("--short", action="store_true", help="the latencies only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
