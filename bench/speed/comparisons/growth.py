"""A hundred thousand documents against a hundred: two installations that are asked in turns."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.comparisons.uploads import small_texts
from bench.speed.figures import Aim, Contender, Rounds, Row, Sample, at_most
from bench.speed.places import Place

TITLE = "Growth"
NOTES = """\
Two installations of the same code, a small and a large one, half of their documents waiting, the
rest completed with page, analysis, events and search entry. The rival is the small one, so a ratio
of 1 is flat. Times are medians as one client sees them over HTTP, those of claims by the function
itself; whatever the machine does besides is in both."""

SMALL, LARGE = "small", "ATOM"
MISSED = 1.5  # events that a stream resumes with, for each document of the small one
METRICS = at_most(20, "ms")


@dataclass(frozen=True)
class Grown:
    """A server with its rows."""

    server: servers.Server
    place: Place
    found: dict[str, str]
    small: int  # documents of the small one

    def get(self, path: str) -> Callable[[], object]:
        client = clients.Client(self.server.port, clients.bearer(self.found["token"]))
        filled = path.format(**self.found)
        return lambda: client.get(filled)

    def page(self, path: str) -> Callable[[], object]:
        client = clients.Client(self.server.port, {"Cookie": f"sessionid={self.found['session']}"})
        return lambda: client.get(path)

    def upload(self) -> Callable[[], object]:
        client = clients.Client(self.server.port, clients.bearer(self.found["token"]))
        return lambda: client.upload("/upload", small_texts(1))

    def opening(self) -> Callable[[], object]:
        headers = clients.bearer(self.found["token"])
        return lambda: clients.stream_until(self.server.port, headers, b"stream-open")

    def resuming(self) -> Callable[[], object]:
        missed = int(MISSED * self.small)
        cursor = {"Last-Event-ID": str(int(self.found["event"]) - missed)}
        headers = {**clients.bearer(self.found["token"]), **cursor}
        words = b"event: status\n"
        return lambda: clients.stream_until(self.server.port, headers, words, missed)


@dataclass(frozen=True)
class Step:
    name: str
    asking: Callable[[Grown], Callable[[], object]]
    aim: Aim | None = None


FLAT = at_most(1.3)
STEPS = [
    Step("list page", lambda grown: grown.get("/documents"), FLAT),
    Step("list page, completed", lambda grown: grown.get("/documents?status=completed"), FLAT),
    Step("status", lambda grown: grown.get("/documents/{waiting}/status"), FLAT),
    Step("detail", lambda grown: grown.get("/documents/{finished}"), FLAT),
    Step("upload of 1", lambda grown: grown.upload(), FLAT),
    Step("stream start without cursor", lambda grown: grown.opening(), FLAT),
    Step("resume of missed events", lambda grown: grown.resuming(), FLAT),
    Step("metrics", lambda grown: grown.get("/metrics"), METRICS),
    Step("admin, documents", lambda grown: grown.page("/admin/documents/document/"), at_most(3)),
    Step("admin, events", lambda grown: grown.page("/admin/documents/statusevent/"), at_most(3)),
    Step("page of documents", lambda grown: grown.page("/")),
    Step("search without a hit", lambda grown: grown.get("/documents?search=zzzyx")),
]


def compare(bench: Bench) -> Iterator[Row]:
    for database in bench.databases:
        with ExitStack() as stack:
            pair = {
                SMALL: _grown(bench, database, bench.scale.small, stack),
                LARGE: _grown(bench, database, bench.scale.large, stack),
            }
            # Before uploads are added, so that both claim what was filled.
            yield _claims(bench, database, pair)
            for step in STEPS:
                yield from _rows(bench, database, step, pair)


def _grown(bench: Bench, database: str, documents: int, stack: ExitStack) -> Grown:
    place = stack.enter_context(bench.place(database))
    found = place.run(place.program("fill", documents, documents // 2))
    server = stack.enter_context(servers.atom(place, "--no-worker"))
    return Grown(server, place, found, bench.scale.small)


def _claims(bench: Bench, database: str, pair: dict[str, Grown]) -> Row:
    count = max(1, bench.scale.small // 2 // (bench.scale.repeats + 1) - 1)

    def claiming(place: Place) -> Contender:
        return lambda: place.run(place.program("line", "claims", count))

    rounds = Rounds(
        {name: claiming(grown.place) for name, grown in pair.items()}, bench.scale.repeats
    )
    return rounds.figure(f"claim, {database}", "ms", "median", LARGE, SMALL, FLAT)


def _rows(bench: Bench, database: str, step: Step, pair: dict[str, Grown]) -> Iterator[Row]:
    count = max(3, bench.scale.requests // 10)
    contenders = {
        name: _asking(grown.server, step.asking(grown), count) for name, grown in pair.items()
    }
    rounds = Rounds(contenders, bench.scale.repeats)
    what = f"{step.name}, {database}"
    yield rounds.figure(what, "ms", "median", LARGE, SMALL, step.aim)
    yield rounds.figure(f"{what}: CPU", "ms", "cpu", LARGE, SMALL)


def _asking(server: servers.Server, ask: Callable[[], object], count: int) -> Contender:
    def run() -> Sample:
        ask()
        cpu = server.cpu()
        times = [clients.milliseconds(ask) for _ in range(count)]
        return {
            "median": statistics.median(times),
            "cpu": 1000 * (server.cpu() - cpu) / count,
        }

    return run
