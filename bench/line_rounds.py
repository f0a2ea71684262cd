"""One round of `bench/line.py`, in a process and database of its own; prints one number."""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.tasks_settings"
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django_tasks import task  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker as TasksWorker  # noqa: E402

from accounts.models import User  # noqa: E402
from documents import events, queue  # noqa: E402
from documents.failures import failure  # noqa: E402
from documents.models import Document, Status  # noqa: E402
from documents.uploads import intake  # noqa: E402
from documents.worker import Worker  # noqa: E402

JOBS = 400


@task()
def no_op() -> None:
    pass


def waiting_documents(count: int) -> None:
    """Rows as an upload leaves them, without files: the line is measured, not the disk."""
    owner, _ = User.objects.get_or_create(username="bench")
    first = queue._last_number() + 1
    rows = (
        Document(
            id=uuid.uuid4(),
            owner=owner,
            filename="bench.txt",
            content_type="text/plain",
            size=1,
            sha256="",
            file="none",
            queue_number=first + number,
        )
        for number in range(count)
    )
    Document.objects.bulk_create(rows, batch_size=2000)


def jobs_per_second() -> float:
    """Claim and end each document, as a queue claims and finishes a job: two events each."""
    waiting_documents(JOBS)
    started = time.perf_counter()
    while document := queue.claim_next("bench"):
        queue.fail(document, failure("cancelled"))
    return JOBS / (time.perf_counter() - started)


def stories_per_second() -> float:
    """All three steps of a document's story, with an event each."""
    waiting_documents(JOBS)
    started = time.perf_counter()
    while document := queue.claim_next("bench"):
        events.advance(document, Status.ANALYZING)
        events.advance(document, Status.COMPLETED)
    return JOBS / (time.perf_counter() - started)


def tasks_per_second() -> float:
    for _ in range(JOBS):
        no_op.enqueue()
    worker = TasksWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="bench",
        excluded_queue_names=[],
    )
    started = time.perf_counter()
    worker.run()
    return JOBS / (time.perf_counter() - started)


def claim_milliseconds(depth: int) -> float:
    waiting_documents(depth)
    times = []
    for _ in range(60):
        started = time.perf_counter()
        queue.claim_next("bench")
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def start_milliseconds() -> float:
    """From the answer to an upload until a worker holds the document: the median of 20."""
    owner, _ = User.objects.get_or_create(username="bench")
    threading.Thread(target=Worker(slots=4).run, daemon=True).start()
    time.sleep(1)
    times = []
    for _ in range(20):
        file = SimpleUploadedFile("bench.txt", b"A few words that are quickly read.")
        document = intake.receive(owner, [file]).documents[0]
        answered = time.time()
        while not Document.objects.exclude(status=Status.PENDING).filter(pk=document.pk).exists():
            time.sleep(0.001)
        started_at = Document.objects.values_list("started_at", flat=True).get(pk=document.pk)
        times.append(1000 * (started_at.timestamp() - answered))  # type: ignore[union-attr]
        time.sleep(0.1)
    return statistics.median(times)


ROUNDS: dict[str, Callable[[], float]] = {
    "jobs": jobs_per_second,
    "stories": stories_per_second,
    "tasks": tasks_per_second,
    "claim at 100": lambda: claim_milliseconds(100),
    "claim at 100000": lambda: claim_milliseconds(100_000),
    "start": start_milliseconds,
}

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print(ROUNDS[sys.argv[1]](), flush=True)
    os._exit(0)
