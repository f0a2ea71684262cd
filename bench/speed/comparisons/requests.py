"""Requests over real ASGI, with a token: CPU and latency of each, beside bare DRF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.figures import (
    Aim,
    Contender,
    Figure,
    Missing,
    Rounds,
    Row,
    Sample,
    at_least,
    at_most,
    median_and_p99,
)

TITLE = "Requests"
NOTES = """\
A hundred documents with pages and analyses, the newest twenty of them waiting. ATOM is started by
`manage.py up`, the bare DRF viewset by uvicorn with Django's own ASGI handler, over the same rows
of the same database, with a token that it verifies. It has neither places in the queue nor ended
logins nor limits of what a client holds; its detail reads the document, its events, its newest
analysis and the tasks of that. CPU is that of all processes of the server, one client asking over
one connection; requests a second are of eight clients, who share the two cores with the server."""

BARE, STARLETTE, BEFORE = "bare DRF", "bare Starlette", "ATOM before"
CLIENTS = 8


@dataclass(frozen=True)
class Asked:
    """A kind of request; `path` has a place for the ids that filling told."""

    name: str
    path: str
    cpu: Aim | None = None  # of one request, in ms
    cpu_ratio: Aim | None = None
    rivals: tuple[str, ...] = (BARE, BEFORE)


REQUESTS = [
    Asked("health", "/healthz", rivals=(STARLETTE, BEFORE)),
    Asked("status", "/documents/{waiting}/status", cpu=at_most(2.5, "ms")),
    Asked("list of 20 waiting", "/documents", cpu_ratio=at_most(1.3)),
    Asked("detail", "/documents/{finished}", cpu_ratio=at_most(1.3)),
]


def compare(bench: Bench) -> Iterator[Row]:
    for database in bench.databases:
        with ExitStack() as stack:
            open_clients = _servers(bench, database, stack)
            for asked in REQUESTS:
                yield from _rows(bench, database, asked, open_clients)
    for name in ("postgresql", "starlette"):
        if name in bench.missing:
            yield Missing(f"requests beside {name}", bench.missing[name])


@dataclass(frozen=True)
class Open:
    """A server with what was told of its rows."""

    server: servers.Server
    found: dict[str, str]

    def client(self) -> clients.Client:
        return clients.Client(self.server.port, clients.bearer(self.found["token"]))

    def cost(self, path: str, requests: int) -> Sample:
        """CPU and latency of one request, one client asking, and requests a second of eight."""
        client, path = self.client(), path.format(**self.found)
        for _ in range(10):
            client.get(path)
        cpu = self.server.cpu()
        times = [clients.milliseconds(lambda: client.get(path)) for _ in range(requests)]
        cpu = 1000 * (self.server.cpu() - cpu) / requests
        client.close()
        several = [self.client() for _ in range(CLIENTS)]
        rate = clients.per_second(several, path, requests)
        for one in several:
            one.close()
        median, p99 = median_and_p99(times)
        return {"cpu": cpu, "median": median, "p99": p99, "rate": rate}


def _servers(bench: Bench, database: str, stack: ExitStack) -> dict[str, Open]:
    open_servers = {}
    for name, tree in bench.trees.items():
        place = stack.enter_context(bench.place(database, tree))
        found = place.run(place.program("fill", bench.scale.small, 20))
        server = stack.enter_context(servers.atom(place, "--no-worker"))
        open_servers[name] = Open(server, found)
        if name == "ATOM":
            application = "bench.speed.rivals.drf.asgi:application"
            bare = stack.enter_context(servers.uvicorn(place, application))
            open_servers[BARE] = Open(bare, found)
    if "starlette" not in bench.missing:
        place = stack.enter_context(bench.place("sqlite"))
        application = "bench.speed.rivals.starlette_app:app"
        bare = stack.enter_context(servers.uvicorn(place, application, bench.rivals))
        open_servers[STARLETTE] = Open(bare, open_servers["ATOM"].found)
    return open_servers


def _rows(bench: Bench, database: str, asked: Asked, there: dict[str, Open]) -> Iterator[Row]:
    names = ["ATOM", *(name for name in asked.rivals if name in there)]
    contenders: dict[str, Contender] = {
        name: _asking(there[name], asked.path, bench.scale.requests) for name in names
    }
    rounds = Rounds(contenders, bench.scale.repeats)
    for rival in names[1:]:
        yield from _beside(rounds, f"{asked.name}, {database}", asked, rival)


def _asking(server: Open, path: str, requests: int) -> Contender:
    return lambda: server.cost(path, requests)


def _beside(rounds: Rounds, what: str, asked: Asked, rival: str) -> Iterator[Figure]:
    is_bare = rival == BARE
    aim = (asked.cpu or asked.cpu_ratio) if is_bare else None
    yield rounds.figure(f"{what}: CPU", "ms", "cpu", "ATOM", rival, aim)
    yield rounds.figure(f"{what}: median", "ms", "median", "ATOM", rival)
    if is_bare:
        yield rounds.figure(f"{what}: p99", "ms", "p99", "ATOM", rival)
    wanted = at_least(2) if rival == BEFORE and "postgresql" in what else None
    about = f"{what}: {CLIENTS} clients"
    yield rounds.figure(about, "requests/s", "rate", "ATOM", rival, wanted)
