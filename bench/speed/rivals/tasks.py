"""django-tasks-db: `worker JOBS`, `serve`, `ask COUNT`, `story DOCUMENTS`.

`story` runs ATOM's own extraction and built-in engine in a task, and keeps what they found as the
result of it: no pages, no history, no search index.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.speed.rivals.tasks_settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django_tasks import task  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker  # noqa: E402

PAUSE = 0.2  # seconds between tasks that are each taken at once
WARM_UP = 20
TEXT = os.environ["BENCH_TEXT"]  # with a place for a number


@task()
def no_op(number: int) -> None:
    pass


@task()
def told(number: int) -> None:
    print(number, time.monotonic(), flush=True)


@task()
def read(name: str) -> dict[str, Any]:
    from documents.pipeline.analysis import SourcePage
    from documents.pipeline.analysis.offline.engine import OfflineEngine
    from documents.pipeline.extraction import read_document

    reading = read_document(Path(name).read_bytes(), "text/plain", on_page=lambda *_: None)
    pages = [SourcePage(page.number, page.text) for page in reading.pages]
    findings = OfflineEngine().analyze(
        pages,
        language=None,
        ledger=None,  # type: ignore[arg-type]
        on_progress=lambda *_: None,
    )
    return {**findings.plain(), "findings": findings.as_json()}


def drained(*, forever: bool = False) -> None:
    Worker(
        queue_names=["*"],
        interval=1.0 if forever else 0,  # One second is the default of `db_worker`.
        batch=not forever,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="bench",
        excluded_queue_names=[],
    ).run()


def taken(jobs: int) -> dict[str, float]:
    wall, cpu = time.perf_counter(), _spent()
    drained()
    seconds = time.perf_counter() - wall
    return {"rate": jobs / seconds, "cpu": 1000 * (_spent() - cpu) / jobs}


def _spent() -> float:
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def whole_worker(jobs: int) -> dict[str, float]:
    for number in range(jobs):
        no_op.enqueue(number)
    return taken(jobs)


def story(documents: int) -> dict[str, float]:
    _enqueue(WARM_UP)
    drained()
    _enqueue(documents)
    return taken(documents)


def _enqueue(count: int) -> None:
    folder = Path(settings.ATOM_DATA_DIR) / "texts"
    folder.mkdir(exist_ok=True)
    for number in range(count):
        path = folder / f"{number}.txt"
        path.write_text(TEXT.format(n=number))
        read.enqueue(str(path))


def ask(count: int) -> None:
    for number in range(count):
        told.enqueue(number)
        print(number, time.monotonic(), flush=True)
        # Not in step with its worker, which looks once a second.
        time.sleep(PAUSE + number * 0.37 % 1)


def main(role: str, count: str = "0") -> None:
    measures = {"worker": whole_worker, "story": story}
    if role == "prepare":
        call_command("migrate", verbosity=0)
    elif role in measures:
        print(json.dumps(measures[role](int(count))), flush=True)
    elif role == "serve":
        print("ready", flush=True)
        drained(forever=True)
    else:
        ask(int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
