"""The line: claim and finish with events, and from the commit of an upload to that of its claim."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.speed.bench import Bench
from bench.speed.figures import Contender, Missing, Rounds, Row, Sample, at_least
from bench.speed.places import Place, free_port
from bench.speed.rivals.redis_server import redis

TITLE = "The line"
NOTES = """\
*Claim and finish* has no real work in it: ATOM's functions of the queue in a loop, and its whole
`Worker` whose work is to end the document, both with two events a document, beside the whole worker
loops of the others with an empty task. One slot each, every commit waits for the disk
(`synchronous=FULL`, `fsync=on`, Redis `appendfsync always`). The first figure has no loop around it
and the others have one; the second is like for like. Celery keeps no history, asks no database, and
is listed for its speed, not as an equal. *Upload to start* is from the commit of the upload (or of
the enqueued task) to the commit of the claim (or the first line of the task), measured across two
processes; django-tasks-db looks once a second by default."""

FUNCTIONS, WORKER = "ATOM, functions", "ATOM, whole worker"
BEFORE = "ATOM before, functions"
TASKS, PROCRASTINATE, CELERY = "django-tasks-db", "procrastinate", "Celery with Redis"


def compare(bench: Bench) -> Iterator[Row]:
    for database in bench.databases:
        with ExitStack() as stack:
            yield from _claims_and_finishes(bench, database, stack)
        with ExitStack() as stack:
            yield from _starts(bench, database, stack)
    for name in ("postgresql", "procrastinate", "celery"):
        if name in bench.missing:
            yield Missing(f"the line beside {name}", bench.missing[name])


def _claims_and_finishes(bench: Bench, database: str, stack: ExitStack) -> Iterator[Row]:
    rounds = Rounds(_workers(bench, database, stack), bench.scale.repeats)
    for name, aimed in ((FUNCTIONS, 3.0), (WORKER, None)):
        what = f"claim and finish, {name.removeprefix('ATOM, ')}, {database}"
        for rival, aim in ((TASKS, aimed), (PROCRASTINATE, 1.0), (CELERY, None), (BEFORE, None)):
            if rounds.has(rival):
                wanted = at_least(aim) if aim else None
                yield rounds.figure(what, "jobs/s", "rate", name, rival, wanted)
    if rounds.has(TASKS):
        what = f"CPU of it, whole worker, {database}"
        yield rounds.figure(what, "ms", "cpu", WORKER, TASKS)


def _workers(bench: Bench, database: str, stack: ExitStack) -> dict[str, Contender]:
    jobs = bench.scale.jobs
    ours = {FUNCTIONS: "functions", WORKER: "worker"}
    contenders = {
        name: _running(_ours(bench, database, stack), role, jobs) for name, role in ours.items()
    }
    if bench.before:
        place = stack.enter_context(bench.place(database, bench.before))
        place.run(place.program("line", "prepare"))
        contenders[BEFORE] = _running(place, "functions", jobs)
    for name, (place, module, python) in _rivals(bench, database, stack).items():
        command = place.rival(module, "worker", jobs, python=python)
        contenders[name] = _command(place, command)
    return contenders


def _running(place: Place, role: str, jobs: int) -> Contender:
    return _command(place, place.program("line", role, jobs))


def _command(place: Place, command: list[str]) -> Contender:
    return lambda: place.run(command)


def _ours(bench: Bench, database: str, stack: ExitStack) -> Place:
    place = stack.enter_context(bench.place(database))
    place.run(place.program("line", "prepare"))
    return place


def _rivals(bench: Bench, database: str, stack: ExitStack) -> dict[str, tuple[Place, str, str]]:
    """Those that can work with this database: where, by which module, by which interpreter."""
    found = {TASKS: (stack.enter_context(bench.place(database)), "tasks", sys.executable)}
    if database == "postgresql" and "procrastinate" not in bench.missing:
        place = stack.enter_context(bench.place(database))
        found[PROCRASTINATE] = (place, "procrastinate_jobs", bench.rivals)
    for place, module, python in found.values():
        place.run(place.rival(module, "prepare", python=python))
    if database == "sqlite" and "celery" not in bench.missing:
        port = free_port()
        place = stack.enter_context(
            bench.place("sqlite", BENCH_REDIS=f"redis://127.0.0.1:{port}/0")
        )
        stack.enter_context(redis(place.folder, port))
        found[CELERY] = (place, "celery_jobs", bench.rivals)
    return found


# From upload to start.


def _starts(bench: Bench, database: str, stack: ExitStack) -> Iterator[Row]:
    count = bench.scale.starts
    ours = _ours(bench, database, stack)
    contenders: dict[str, Contender] = {
        "ATOM": lambda: _handed_over(
            ours, ours.program("line", "serve"), ours.program("line", "ask", count)
        )
    }
    for name, (place, module, python) in _rivals(bench, database, stack).items():
        serve = place.rival(module, "serve", python=python)
        ask = place.rival(module, "ask", count, python=python)
        contenders[name] = _handing_over(place, serve, ask)
    rounds = Rounds(contenders, bench.scale.repeats)
    for rival in (TASKS, PROCRASTINATE, CELERY):
        if rounds.has(rival):
            yield rounds.figure(f"upload to start, {database}", "ms", "wait", "ATOM", rival)


def _handing_over(place: Place, serve: list[str], ask: list[str]) -> Contender:
    return lambda: _handed_over(place, serve, ask)


def _handed_over(place: Place, serve: list[str], ask: list[str]) -> Sample:
    """The median wait between what the asker committed and what the worker then began."""
    with place.started(serve, PYTHONUNBUFFERED="1") as worker:
        if worker.stdout is None or worker.stdout.readline().strip() != "ready":
            raise SystemExit(f"{' '.join(serve)}\n{place.errors()}")
        time.sleep(1.5)  # It may still be asking the database whether all is there.
        with place.started(ask) as asker:
            asked = _moments(asker.communicate()[0].splitlines())
        begun: dict[str, float] = {}
        while len(begun) < len(asked) and (line := worker.stdout.readline()):
            begun |= _moments([line])
    # The first one finds connections and modules that are not there yet.
    waits = [1000 * (begun[name] - moment) for name, moment in list(asked.items())[1:]]
    return {"wait": statistics.median(waits)}


def _moments(lines: list[str]) -> dict[str, float]:
    told = (line.split() for line in lines)
    return {name: float(moment) for name, moment in told}
