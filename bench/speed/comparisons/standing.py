"""What it takes to stand by: memory, a second start, and Ctrl-C while a model is asked."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.speed import clients, servers
from bench.speed.bench import Bench
from bench.speed.comparisons.story import model_server
from bench.speed.figures import Contender, Missing, Rounds, Row, Sample, at_most
from bench.speed.places import PATIENCE, Place, free_port

TITLE = "Standing by"
NOTES = """\
`manage.py up --prepare` in a folder that was prepared before: web server, worker and supervisor,
SQLite, the built-in engine. Memory is PSS, which counts shared pages once; after the first request
and a pause. The rival is the bare DRF viewset under uvicorn with the worker of django-tasks-db
beside it and no supervisor: two processes, started at once, ready when the viewset answers. Ctrl-C
with a call in flight has no rival: no other holds one."""

RIVAL, BEFORE = "bare DRF and db_worker", "ATOM before"
READY = "is ready at"
DEMO = b'{"username": "user1", "password": "password123"}'


def compare(bench: Bench) -> Iterator[Row]:
    with ExitStack() as stack:
        contenders: dict[str, Contender] = {}
        for name, tree in bench.trees.items():
            contenders[name] = _standing(bench, stack.enter_context(bench.place("sqlite", tree)))
        rival = stack.enter_context(bench.place("sqlite"))
        rival.run(rival.rival("tasks", "prepare"))
        contenders[RIVAL] = lambda: _rival(bench, rival)
        try:
            rounds = Rounds(contenders, bench.scale.repeats)
        except PermissionError as reason:
            yield Missing("memory, start and stop", str(reason))
            return
    yield from _rows(rounds)


def _rows(rounds: Rounds) -> Iterator[Row]:
    for rival in (RIVAL, BEFORE):
        if rounds.has(rival):
            yield rounds.figure("memory, idle", "MB", "memory", "ATOM", rival, at_most(180, "MB"))
            yield rounds.figure("second start", "s", "start", "ATOM", rival, at_most(4, "s"))
    for part in ("web", "worker", "supervisor"):
        yield rounds.figure(f"memory of the {part}", "MB", part, "ATOM", BEFORE)
    yield rounds.figure("CPU, idle", "% of a core", "idle", "ATOM", BEFORE)
    yield rounds.figure("Ctrl-C, idle", "s", "stop", "ATOM", BEFORE)
    what = "Ctrl-C, a model call in flight"
    yield rounds.figure(what, "s", "stop_busy", "ATOM", BEFORE, at_most(4, "s"))


def _standing(bench: Bench, place: Place) -> Contender:
    prepared = False

    def run() -> Sample:
        nonlocal prepared
        if not prepared:
            with _up(place):
                prepared = True
        with _up(place) as (server, process, seconds):
            clients.Client(server.port).get("/healthz")
            time.sleep(bench.scale.settle)
            parts, idle = server.pss(), _idle(server, bench.scale.settle)
            stop = _interrupted(process)
        memory = {
            part: sum(size for name, size in parts.items() if name.startswith(part))
            for part in ("web", "worker", "supervisor")
        }
        return {
            "start": seconds,
            "memory": sum(parts.values()),
            **memory,
            "idle": idle,
            "stop": stop,
            "stop_busy": _busy_stop(place),
        }

    return run


@contextmanager
def _up(
    place: Place, **environment: str
) -> Iterator[tuple[servers.Server, subprocess.Popen[str], float]]:
    """The service, the process of its supervisor, and the seconds until it said it is ready."""
    port, began = free_port(), time.perf_counter()
    command = place.manage("up", "--prepare")
    with place.started(command, ATOM_PORT=str(port), **environment) as process:
        if process.stdout is None:
            raise AssertionError
        for line in process.stdout:
            if READY in line:
                break
        else:
            raise SystemExit(f"it was never ready\n{place.errors()}")
        try:
            yield servers.Server(process.pid, port), process, time.perf_counter() - began
        finally:
            # Its children end with it, and not behind it.
            process.terminate()
            process.wait(30)


def _interrupted(process: subprocess.Popen[str]) -> float:
    """Ctrl-C; the seconds until all is over."""
    began = time.perf_counter()
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE)
    return time.perf_counter() - began


def _idle(server: servers.Server, seconds: float) -> float:
    cpu, began = server.cpu(), time.monotonic()
    time.sleep(seconds)
    return 100 * (server.cpu() - cpu) / (time.monotonic() - began)


def _busy_stop(place: Place) -> float:
    """Ctrl-C while the model is asked and does not answer."""
    with model_server(0.0, "hang") as model, _up(place, **model) as (server, process, _):
        client = clients.Client(server.port)
        token = json.loads(client.post_json("/auth/login", DEMO))["access_token"]
        client = clients.Client(server.port, clients.bearer(token))
        client.upload("/upload", [f"{time.time_ns()} The quay wall is safe today.".encode()])
        _until_asked(model["OPENAI_BASE_URL"])
        return _interrupted(process)


def _until_asked(url: str) -> None:
    stand_in = clients.Client(int(url.rsplit(":", 1)[1].split("/")[0]))
    deadline = time.monotonic() + PATIENCE
    while not json.loads(stand_in.get("/journal"))["requests"]:
        if time.monotonic() > deadline:
            raise SystemExit("the model was never asked")
        time.sleep(0.05)


def _rival(bench: Bench, place: Place) -> Sample:
    began = time.perf_counter()
    with (
        place.started(place.rival("tasks", "serve")) as tasks,
        servers.uvicorn(place, "bench.speed.rivals.drf.asgi:application") as web,
    ):
        seconds = time.perf_counter() - began
        time.sleep(bench.scale.settle)
        both = [web, servers.Server(tasks.pid, 0)]
        return {"start": seconds, "memory": sum(sum(one.pss().values()) for one in both)}
