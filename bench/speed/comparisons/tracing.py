"""What tracing costs while nobody takes the spans: uploads and whole documents, beside untraced."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.clients import milliseconds
from bench.speed.comparisons.uploads import small_texts
from bench.speed.figures import (
    Contender,
    Rounds,
    Row,
    Sample,
    at_least,
    at_most,
    median_and_p99,
)
from bench.speed.places import Place, free_port

TITLE = "Tracing without a receiver"
NOTES = """\
`OTEL_EXPORTER_OTLP_ENDPOINT` names a port where nobody listens (*away*), or one that accepts and
never says a word (*silent*); beside it, the same without the setting. Uploads of one small text,
one request after another, while no worker runs; then small texts drained by one worker with the
built-in engine, four slots, in which a span weighs more than with any model."""

OFF, AWAY, SILENT = "untraced", "away", "silent"
SLOTS = 4


def compare(bench: Bench) -> Iterator[Row]:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
        ports = {AWAY: free_port(), SILENT: int(listener.getsockname()[1])}
        traced = {name: _endpoint(port) for name, port in ports.items()}
        for database in bench.databases:
            yield from _uploads(bench, database, {OFF: {}, **traced})
            yield from _documents(bench, database, {OFF: {}, **traced})


def _endpoint(port: int) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"}


def _uploads(bench: Bench, database: str, settings: dict[str, dict[str, str]]) -> Iterator[Row]:
    with ExitStack() as stack:
        contenders = {}
        for name, environment in settings.items():
            place = stack.enter_context(bench.place(database, **environment))
            token = place.run(place.program("fill", bench.scale.small, 1))["token"]
            server = stack.enter_context(servers.atom(place, "--no-worker"))
            contenders[name] = _uploading(server, token, bench.scale.requests)
        rounds = Rounds(contenders, bench.scale.repeats)
    for name in (AWAY, SILENT):
        what = f"upload, receiver {name}, {database}"
        yield rounds.figure(what, "ms", "median", name, OFF, at_most(1.1))
        yield rounds.figure(f"{what}: p99", "ms", "p99", name, OFF)
        yield rounds.figure(f"{what}: CPU", "ms", "cpu", name, OFF)


def _uploading(server: servers.Server, token: str, count: int) -> Contender:
    def run() -> Sample:
        client = clients.Client(server.port, clients.bearer(token))
        client.upload("/upload", small_texts(1))
        cpu = server.cpu()
        times = [
            milliseconds(lambda: client.upload("/upload", small_texts(1))) for _ in range(count)
        ]
        client.close()
        median, p99 = median_and_p99(times)
        return {"median": median, "p99": p99, "cpu": 1000 * (server.cpu() - cpu) / count}

    return run


def _documents(bench: Bench, database: str, settings: dict[str, dict[str, str]]) -> Iterator[Row]:
    with ExitStack() as stack:
        contenders = {
            name: _draining(
                stack.enter_context(bench.place(database, **environment)), bench.scale.documents
            )
            for name, environment in settings.items()
        }
        rounds = Rounds(contenders, bench.scale.repeats)
    for name in (AWAY, SILENT):
        what = f"documents, receiver {name}, {database}"
        yield rounds.figure(what, "documents/s", "rate", name, OFF, at_least(0.9))
        yield rounds.figure(f"{what}: CPU of one", "ms", "cpu", name, OFF)


def _draining(place: Place, documents: int) -> Contender:
    return lambda: place.run(place.program("story", documents, SLOTS))
