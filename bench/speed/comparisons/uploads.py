"""Uploads over real HTTP, to the 201, beside bare DRF views that store the same bytes."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from contextlib import ExitStack

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.clients import milliseconds
from bench.speed.figures import Contender, Rounds, Row, Sample, at_most
from bench.speed.places import SMALL_TEXT

TITLE = "Uploads"
NOTES = """\
Small texts as multipart forms, one request after another over one connection, until the 201. The
bare view stores the bytes, with one fsync a file, and nothing else; *with rows* it also commits a
row a file, as a viewset does. ATOM judges each file, keeps it so that a power cut loses neither
file nor folder, and commits row, event, place in line, quota and search entry. No worker runs."""

BARE, WITH_ROWS, BEFORE = "bare DRF", "bare DRF with rows", "ATOM before"
BYTES = 1024 * 1024

_numbers = itertools.count()


def compare(bench: Bench) -> Iterator[Row]:
    for database in bench.databases:
        with ExitStack() as stack:
            doors = _servers(bench, database, stack)
            for files in (1, 10):
                yield from _small(bench, database, files, doors)
            yield from _large(bench, database, doors)


Doors = dict[str, tuple[servers.Server, str, str]]  # server, token, path


def _servers(bench: Bench, database: str, stack: ExitStack) -> Doors:
    doors: Doors = {}
    for name, tree in bench.trees.items():
        place = stack.enter_context(bench.place(database, tree))
        token = place.run(place.program("fill", bench.scale.small, 1))["token"]
        server = stack.enter_context(servers.atom(place, "--no-worker"))
        doors[name] = (server, token, "/upload")
        if name == "ATOM":
            application = "bench.speed.rivals.drf.asgi:application"
            bare = stack.enter_context(servers.uvicorn(place, application))
            doors[BARE] = (bare, token, "/upload")
            doors[WITH_ROWS] = (bare, token, "/upload-with-rows")
    return doors


def _small(bench: Bench, database: str, files: int, doors: Doors) -> Iterator[Row]:
    count = bench.scale.uploads
    contenders = {name: _uploading(door, files, count) for name, door in doors.items()}
    rounds = Rounds(contenders, bench.scale.repeats)
    what = f"upload of {files}, {database}"
    for rival, aim in ((BARE, at_most(1.5)), (WITH_ROWS, None), (BEFORE, None)):
        if rounds.has(rival):
            yield rounds.figure(what, "ms", "median", "ATOM", rival, aim)
    for rival in (BARE, BEFORE):
        if rounds.has(rival):
            yield rounds.figure(f"{what}: CPU", "ms", "cpu", "ATOM", rival)


def _uploading(door: tuple[servers.Server, str, str], files: int, count: int) -> Contender:
    server, token, path = door

    def run() -> Sample:
        client = clients.Client(server.port, clients.bearer(token))
        client.upload(path, small_texts(files))
        cpu = server.cpu()
        times = [
            milliseconds(lambda: client.upload(path, small_texts(files))) for _ in range(count)
        ]
        client.close()
        spent = 1000 * (server.cpu() - cpu) / count
        return {"median": statistics.median(times), "cpu": spent}

    return run


def _large(bench: Bench, database: str, doors: Doors) -> Iterator[Row]:
    """Files of 9 MB, as bytes a second."""
    text = b"The quay wall is safe today.\n" * (9 * BYTES // 29)
    count = 1 if bench.scale.repeats == 1 else 4

    def uploading(door: tuple[servers.Server, str, str]) -> Contender:
        server, token, path = door
        client = clients.Client(server.port, clients.bearer(token))

        def send() -> None:
            for _ in range(count):
                client.upload(path, [f"{next(_numbers)} ".encode() + text])

        return lambda: {"rate": count * len(text) / BYTES / (milliseconds(send) / 1000)}

    there = {name: uploading(door) for name, door in doors.items() if name != WITH_ROWS}
    rounds = Rounds(there, bench.scale.repeats)
    for rival in (BARE, BEFORE):
        if rounds.has(rival):
            yield rounds.figure(f"upload of 9 MB, {database}", "MB/s", "rate", "ATOM", rival)


def small_texts(count: int) -> list[bytes]:
    """Different each time: what is here already would be told."""
    return [SMALL_TEXT.format(n=next(_numbers)).encode() for _ in range(count)]
