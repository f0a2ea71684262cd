"""The line of one checkout: `functions JOBS`, `worker JOBS`, `claims COUNT`, `serve`, `ask COUNT`.

`functions` claims and ends documents by the functions of the queue, `worker` by a whole `Worker`
whose work on a document is to end it. Both write two events a document.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Max  # noqa: E402

from accounts.models import User  # noqa: E402
from documents import queue, worker  # noqa: E402
from documents.failures import failure  # noqa: E402
from documents.models import Document  # noqa: E402
from documents.originals import ownership  # noqa: E402
from documents.uploads import intake  # noqa: E402

CANCELLED = failure("cancelled")  # type: ignore[arg-type]
PAUSE = 0.2  # seconds between uploads that are each taken at once


def waiting(count: int) -> None:
    """Rows as an upload leaves them, without files: the line is measured, not the disk."""
    owner, _ = User.objects.get_or_create(username="bench")
    last = Document.objects.aggregate(last=Max("queue_number"))["last"] or 0
    rows = (
        Document(
            id=uuid.uuid4(),
            owner=owner,
            filename="bench.txt",
            content_type="text/plain",
            size=1,
            sha256="",
            file="none",
            queue_number=last + number,
        )
        for number in range(1, count + 1)
    )
    Document.objects.bulk_create(rows, batch_size=500)


def taken(jobs: int, work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    seconds = time.perf_counter() - wall
    return {"rate": jobs / seconds, "cpu": 1000 * (time.process_time() - cpu) / jobs}


def functions(jobs: int) -> dict[str, float]:
    waiting(jobs)

    def work() -> None:
        while document := queue.claim_next("bench"):
            queue.fail(document, CANCELLED)

    return taken(jobs, work)


def whole_worker(jobs: int) -> dict[str, float]:
    ownership.require_stamp()
    waiting(jobs)

    def end(document: Document, **_: object) -> None:
        queue.fail(document, CANCELLED)

    worker.process.read_and_analyze = end
    return taken(jobs, worker.Worker(slots=1).drain)


def claims(count: int) -> dict[str, float]:
    """Of the documents that wait already; the first is not counted, it imports."""
    times, cpu = [], time.process_time()
    for _ in range(count + 1):
        began = time.perf_counter()
        if queue.claim_next("bench") is None:
            raise SystemExit("nothing waits")
        times.append(1000 * (time.perf_counter() - began))
    spent = 1000 * (time.process_time() - cpu) / len(times)
    return {"median": sorted(times[1:])[len(times) // 2 - 1], "cpu": spent}


def serve() -> None:
    """A worker; says of each document when the claim of it was committed."""
    claim_next = queue.claim_next

    def told(*given: Any, **named: Any) -> Document | None:
        document = claim_next(*given, **named)
        if document:
            print(document.filename, time.monotonic(), flush=True)
        return document

    queue.claim_next = told
    print("ready", flush=True)
    worker.Worker(slots=4).run()


def ask(count: int) -> None:
    """Upload small texts one by one; says of each when its upload was committed."""
    locked, owner = queue.locked, User.objects.get_or_create(username="bench")[0]
    name = ""

    @contextlib.contextmanager
    def told(*given: Any, **named: Any) -> Iterator[None]:
        with locked(*given, **named):
            # Before what the upload itself has to do then, such as waking the worker.
            transaction.on_commit(lambda: print(name, time.monotonic(), flush=True))
            yield

    queue.locked = told
    for number in range(count):
        name = f"{number}.txt"
        words = f"A few words, {uuid.uuid4()}, that are quickly read."
        intake.receive(owner, [SimpleUploadedFile(name, words.encode())])
        time.sleep(PAUSE)


def main(role: str, count: str = "0") -> None:
    measures = {"functions": functions, "worker": whole_worker, "claims": claims}
    if role == "prepare":
        call_command("migrate", verbosity=0)
        ownership.require_stamp()
    elif role in measures:
        print(json.dumps(measures[role](int(count))), flush=True)
        os._exit(0)  # Not waiting for threads that keep house.
    else:
        {"serve": serve, "ask": lambda: ask(int(count))}[role]()


if __name__ == "__main__":
    main(*sys.argv[1:])
