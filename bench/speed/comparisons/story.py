"""The whole story of a document by one worker: the built-in engine, and a stand-in for a model."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.figures import Contender, Missing, Rounds, Row, Sample, at_least, at_most
from bench.speed.places import ROOT, SMALL_TEXT, Place

TITLE = "Whole documents"
NOTES = """\
Small texts (about 250 characters), uploaded before the clock starts, drained by one worker. CPU a
document is that of the worker and its children; *queue, database and extraction* is all but the
engine and the search index (`search.fold` and `search.index…`), measured by thread. Beside
it django-tasks-db runs the same extraction and the same engine in a task, in one thread, and keeps
the findings as the result of the task: no pages, no history, no events, no search. The model is a
stand-in on this machine in a process of its own, whose CPU is not counted and takes part of the two
cores. Nothing else holds 64 calls open in one process here, so that has no rival. A document of one
part takes two calls, one after the other: the second looks at the claims of the first
(`ATOM_CHECK_CLAIMS`); the aims are of one call."""

TASKS = "django-tasks-db, same engine"

# Model calls a document, and how that is set.
CALLS = {"one call": "off", "two calls": "on"}


def compare(bench: Bench) -> Iterator[Row]:
    for database in bench.databases:
        with ExitStack() as stack:
            yield from _built_in(bench, database, stack)
    for calls in CALLS:
        yield from _with_model(bench, calls)
        yield from _ten_texts(bench, calls)
    if "postgresql" in bench.missing:
        yield Missing("whole documents on PostgreSQL", bench.missing["postgresql"])


def _built_in(bench: Bench, database: str, stack: ExitStack) -> Iterator[Row]:
    documents = bench.scale.documents
    contenders = {}
    for name, tree in bench.trees.items():
        place = stack.enter_context(bench.place(database, tree))
        contenders[name] = _story(place, documents, 4)
    tasks = stack.enter_context(bench.place(database))
    tasks.run(tasks.rival("tasks", "prepare"))
    contenders[TASKS] = lambda: tasks.run(tasks.rival("tasks", "story", documents))
    rounds = Rounds(contenders, bench.scale.repeats)
    for rival in (TASKS, "ATOM before"):
        aim = at_least(1) if rival == TASKS else None
        if rounds.has(rival):
            what = f"documents, 4 slots, {database}"
            yield rounds.figure(what, "documents/s", "rate", "ATOM", rival, aim)
            yield rounds.figure(f"CPU a document, {database}", "ms", "cpu", "ATOM", rival)
    before = "ATOM before"
    what = f"of it queue, database and extraction, {database}"
    yield rounds.figure(what, "ms", "rest", "ATOM", before, at_most(10, "ms"))
    for part, measured in (("engine", "engine"), ("search index", "search")):
        yield rounds.figure(f"of it {part}, {database}", "ms", measured, "ATOM", before)


def _story(place: Place, documents: int, slots: int, **environment: str) -> Contender:
    return lambda: place.run(place.program("story", documents, slots), **environment)


def _with_model(bench: Bench, calls: str) -> Iterator[Row]:
    scale = bench.scale
    for delay, documents, slots in (
        (0.0, scale.model_documents, 4),
        (1.0, scale.many_documents, 64),
    ):
        with ExitStack() as stack:
            model = stack.enter_context(model_server(delay))
            model["ATOM_CHECK_CLAIMS"] = CALLS[calls]
            contenders = {
                name: _story(
                    stack.enter_context(bench.place("sqlite", tree)), documents, slots, **model
                )
                for name, tree in bench.trees.items()
            }
            rounds = Rounds(contenders, scale.repeats)
            yield from _model_rows(rounds, delay, f"{slots} slots", calls)


def _model_rows(rounds: Rounds, delay: float, slots: str, calls: str) -> Iterator[Row]:
    before = "ATOM before"
    about = f"model of {delay:g} s, {calls}, {slots}, sqlite"
    is_one = calls == "one call"
    rate_aim = at_least(35, "documents/s") if delay and is_one else None
    cpu_aim = at_most(16, "ms") if not delay and is_one else None
    yield rounds.figure(f"documents, {about}", "documents/s", "rate", "ATOM", before, rate_aim)
    yield rounds.figure(f"CPU a document, {about}", "ms", "cpu", "ATOM", before, cpu_aim)


def _ten_texts(bench: Bench, calls: str) -> Iterator[Row]:
    """From the request that brings ten texts until all ten are completed, as a client sees it."""
    with ExitStack() as stack:
        model = stack.enter_context(model_server(1.0))
        model["ATOM_CHECK_CLAIMS"] = CALLS[calls]
        contenders: dict[str, Contender] = {}
        for name, tree in bench.trees.items():
            place = stack.enter_context(bench.place("sqlite", tree, **model))
            place.environment["ATOM_ENGINE"] = "openai"
            found = place.run(place.program("fill", 2, 1), ATOM_ENGINE="offline")
            server = stack.enter_context(servers.atom(place))
            contenders[name] = _ten_done(server, found["token"])
        rounds = Rounds(contenders, bench.scale.repeats)
    what = f"ten texts, model of 1 s, {calls}, 4 slots, until completed"
    aim = at_most(3.5, "s") if calls == "one call" else None
    yield rounds.figure(what, "s", "seconds", "ATOM", "ATOM before", aim)


def _ten_done(server: servers.Server, token: str) -> Contender:
    client = clients.Client(server.port, clients.bearer(token))

    def run() -> Sample:
        _until_idle(client)
        texts = [f"{time.time_ns()} {SMALL_TEXT.format(n=number)}" for number in range(10)]
        began = time.perf_counter()
        client.upload("/upload", [text.encode() for text in texts])
        _until_idle(client)
        return {"seconds": time.perf_counter() - began}

    return run


def _until_idle(client: clients.Client) -> None:
    # In the order of the story: what has left one of them can only be in a later one.
    for status in ("pending", "processing", "analyzing"):
        while json.loads(client.get(f"/documents?status={status}&page_size=1"))["count"]:
            time.sleep(0.05)


@contextmanager
def model_server(delay: float, mode: str = "ok") -> Iterator[dict[str, str]]:
    """The tests' stand-in; what a worker has to be told to ask it."""
    options = ["--port", "0", "--delay", str(delay), "--mode", mode]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        url = process.stdout.readline().strip() if process.stdout else ""
        yield {"OPENAI_API_KEY": "bench", "OPENAI_BASE_URL": url, "ATOM_ENGINE": "openai"}
    finally:
        process.kill()
        process.communicate()
