"""Live streams side by side with polling per client and with a bare asyncio server.

Run `python -m bench.stream [sqlite|postgresql]`. Everything runs on 127.0.0.1 in fresh
databases. Machines are noisy: read the ratios within one run.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
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

from bench.line import fresh_postgresql

SIZES = (1, 100, 1000)
EVENTS, RATE = 300, 50.0  # events of one round, and how many in a second
WAVES, WAVE_RATE = 20, 2.0  # of one user with a thousand streams
IDLE = float(os.environ.get("BENCH_IDLE_SECONDS", 16))  # more than one heartbeat
PATIENCE = 30.0
SHARED = 90  # connections of a server that grants a hundred, not to be taken from others
SEQUENCE = re.compile(rb'"reason": "(\d+)"')


# What runs in processes of its own.


def prepare() -> None:
    """Users with a document each; prints number, token and document of each user."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from accounts import tokens
    from accounts.models import User
    from documents.models import Document

    call_command("migrate", verbosity=0)
    User.objects.bulk_create(User(username=f"bench{number}") for number in range(max(SIZES)))
    for number, user in enumerate(User.objects.order_by("pk"), start=1):
        document = Document.objects.create(
            owner=user,
            filename=f"{number} of a usual length.pdf",
            content_type="application/pdf",
            size=1,
            file="none",
            queue_number=number,
        )
        print(user.pk, tokens.log_in(user).access, document.pk, flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # As PostgreSQL does by itself within minutes.


def write(design: str, count: int, rate: float, people: int) -> None:
    """Commit events for these people in turn; prints the number and the moment of each commit."""
    commit = commit_to_bare() if design == "bare" else commit_to_database()
    begin = time.monotonic()
    for sequence in range(count):
        time.sleep(max(0.0, begin + sequence / rate - time.monotonic()))
        print(sequence, commit(sequence, 1 + sequence * 7919 % people), flush=True)


def commit_to_bare() -> Any:
    import socket

    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def commit(sequence: int, user: int) -> float:
        said = f'{{"event": "status", "reason": "{sequence}", "filename": "{"x" * 150}"}}'
        moment = time.monotonic()
        frame = f"{user} event: status\nid: {sequence}\ndata: {said}\n\n"
        door.sendto(frame.encode(), os.environ["BENCH_DOOR"])
        return moment

    return commit


def commit_to_database() -> Any:
    import django

    django.setup()
    from django.db import transaction

    from documents import events
    from documents.models import Document

    documents = {document.owner_id: document for document in Document.objects.all()}

    def commit(sequence: int, user: int) -> float:
        moments: list[float] = []
        with transaction.atomic():
            # Before the notification, which follows the commit as well.
            transaction.on_commit(lambda: moments.append(time.monotonic()))
            events.record(documents[user], reason=str(sequence))
        return moments[0]

    return commit


# What measures.


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
    def __init__(self, folder: str, database: str) -> None:
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
        }
        self.people = [Person(line) for line in self.run("bench.stream", "prepare")]

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
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.stream_server", design],
            env={**self.environment, "DATABASE_URL": marked, "BENCH_PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Server(process, self.url)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()

    async def write(self, design: str, count: int, rate: float, people: int) -> dict[int, float]:
        numbers = [str(number) for number in (count, rate, people)]
        lines = await asyncio.to_thread(self.run, "bench.stream", "write", design, *numbers)
        return {int(line.split()[0]): float(line.split()[1]) for line in lines}


class Server:
    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.port = int(process.stdout.readline())  # type: ignore[union-attr]
        self._folder = Path(f"/proc/{process.pid}")
        self._url = url

    def _status(self, name: str) -> int:
        text = (self._folder / "status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]

    def memory(self) -> int:
        return self._status("VmRSS")

    def threads(self) -> int:
        return self._status("Threads")

    def cpu(self) -> float:
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connections(self) -> int:
        if "postgres" not in self._url:
            links = (os.readlink(link) for link in (self._folder / "fd").iterdir())
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


def report(database: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, database)
        print(f"\n{database}: from commit to client, {RATE:.0f} events a second")
        for size in SIZES:
            for design in ("bare", "ours", "polling"):
                if design == "polling" and database == "postgresql" and size >= SHARED:
                    print(f"  {size:5} polling  not run: it takes a connection for each stream")
                    continue
                asyncio.run(measure(bench, design, size))
        print(f"{database}: {max(SIZES)} streams of one user")
        for design in ("bare", "ours"):
            asyncio.run(fan_out(bench, design))
        print(f"{database}: {max(SIZES)} clients back after a restart")
        for design in ("bare", "ours"):
            asyncio.run(storm(bench, design))


def main() -> None:
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["write", design, count, rate, people]:
            write(design, int(count), float(rate), int(people))
        case databases:
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            for database in databases or ["sqlite", "postgresql"]:
                report(database)


if __name__ == "__main__":
    main()
