"""Behind PgBouncer in transaction mode: how long an event takes from the database to a client."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.comparisons.uploads import small_texts
from bench.speed.figures import Contender, Missing, Rounds, Row, Sample, at_most, median_and_p99
from bench.speed.places import POSTGRES
from tests.pooler import Pooler

TITLE = "Events behind PgBouncer"
NOTES = """\
One small text after another through web server and worker, each uploaded when the one before it is
completed, and a client that listens: from the moment an event says it happened until it arrived,
four events a document. *With `ATOM_LISTEN_URL`*, notifications go past the pooler; *without*, none
arrive, and web server and worker look four times a second instead."""

DIRECT, LISTENING, DEAF = "direct", "pooled, with ATOM_LISTEN_URL", "pooled, without"
FINISHED = {"completed", "failed"}


def compare(bench: Bench) -> Iterator[Row]:
    if "postgresql" in bench.missing or not shutil.which("pgbouncer"):
        yield Missing(TITLE.lower(), bench.missing.get("postgresql", "pgbouncer is not installed"))
        return
    with ExitStack() as stack:
        pooler = Pooler(POSTGRES)
        stack.callback(pooler.kill)
        contenders = {}
        for name in (DIRECT, LISTENING, DEAF):
            place = stack.enter_context(bench.place("postgresql"))
            token = place.run(place.program("fill", 2, 1))["token"]
            if name != DIRECT:
                database = urlsplit(place.url).path
                pooled = f"postgres://atom@127.0.0.1:{pooler.port}{database}"
                place.environment["DATABASE_URL"] = pooled
            if name == LISTENING:
                place.environment["ATOM_LISTEN_URL"] = place.url
            server = stack.enter_context(servers.atom(place))
            contenders[name] = _listening(server, token, bench.scale.small)
        rounds = Rounds(contenders, bench.scale.repeats)
    for name, aim in ((LISTENING, at_most(3)), (DEAF, None)):
        yield rounds.figure(f"events {name}, median", "ms", "median", name, DIRECT)
        yield rounds.figure(f"events {name}, p99", "ms", "p99", name, DIRECT, aim)


def _listening(server: servers.Server, token: str, documents: int) -> Contender:
    headers = clients.bearer(token)

    def run() -> Sample:
        client = clients.Client(server.port, headers)
        stream = http.client.HTTPConnection("127.0.0.1", server.port, clients.PATIENCE)
        with contextlib.closing(stream):
            stream.request("GET", "/documents/stream", headers=headers)
            told = _events(stream.getresponse())
            waits: list[float] = []
            for _ in range(documents):
                answer = json.loads(client.upload("/upload", small_texts(1)))
                waits += _until_finished(told, answer["uploaded"][0]["id"])
        client.close()
        median, p99 = median_and_p99(waits)
        return {"median": median, "p99": p99}

    return run


def _until_finished(told: Iterator[dict[str, Any]], document: str) -> Iterator[float]:
    """How long each event of this document took, in milliseconds, up to that of its end."""
    for event in told:
        if event["document_id"] == document:
            yield event["milliseconds"]
            if event["status"] in FINISHED:
                return
    raise SystemExit("the stream ended")


def _events(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Changes of status as they arrive."""
    for line in lines:
        if line.startswith(b"data: {"):
            event = json.loads(line.removeprefix(b"data: "))
            if event.get("event") == "status":
                happened = datetime.fromisoformat(event["timestamp"])
                yield event | {"milliseconds": 1000 * (time.time() - happened.timestamp())}
