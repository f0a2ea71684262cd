"""Whole documents by one worker of one checkout: `story.py DOCUMENTS SLOTS`.

Uploads small texts, then drains the line; says documents a second and, per document, the CPU of
everything, of the engine and of the search index apart.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from documents import search  # noqa: E402
from documents.models import Document, Status  # noqa: E402
from documents.originals import ownership  # noqa: E402
from documents.pipeline import engines  # noqa: E402
from documents.uploads import intake  # noqa: E402
from documents.worker import Worker  # noqa: E402

AT_ONCE = 20  # files of an upload
WARM_UP = 20  # documents that are not counted
TEXT = os.environ["BENCH_TEXT"]  # with a place for a number


class Stopwatch:
    """CPU of the threads that were in a function; where one calls another, it counts once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock, self._inside = threading.Lock(), threading.local()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            if getattr(self._inside, "is_there", False):
                return function(*given, **named)
            self._inside.is_there, began = True, time.thread_time()
            try:
                return function(*given, **named)
            finally:
                self._inside.is_there = False
                with self._lock:
                    self.seconds += time.thread_time() - began

        return timed


def upload(first: int, count: int) -> None:
    owner, _ = User.objects.get_or_create(username="bench")
    files = [
        SimpleUploadedFile(f"{number}.txt", TEXT.format(n=number).encode())
        for number in range(first, first + count)
    ]
    for start in range(0, count, AT_ONCE):
        result = intake.receive(owner, files[start : start + AT_ONCE])
        if result.errors:
            raise SystemExit(str(result.errors))


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main(documents: int, slots: int) -> None:
    call_command("migrate", verbosity=0)
    ownership.require_stamp()
    first = Document.objects.count() + 1
    engine, watched, indexed = engines.configured(), Stopwatch(), Stopwatch()
    engine.analyze = watched.around(engine.analyze)  # type: ignore[method-assign]
    for name in dir(search):
        if name.startswith(("fold", "index")) and callable(function := getattr(search, name)):
            setattr(search, name, indexed.around(function))
    upload(first, WARM_UP)
    Worker(slots=slots, engine=engine).drain()
    upload(first + WARM_UP, documents)
    watched.seconds = indexed.seconds = 0.0
    wall, cpu = time.perf_counter(), spent()
    Worker(slots=slots, engine=engine).drain()
    seconds, cpu = time.perf_counter() - wall, spent() - cpu
    undone = Document.objects.exclude(status=Status.COMPLETED).count()
    if undone:
        raise SystemExit(f"{undone} documents did not come to their end")
    rest = cpu - watched.seconds - indexed.seconds
    each = {"cpu": cpu, "engine": watched.seconds, "search": indexed.seconds, "rest": rest}
    answer = {name: 1000 * value / documents for name, value in each.items()}
    print(json.dumps({"rate": documents / seconds, **answer}), flush=True)
    os._exit(0)  # Not waiting for threads that keep house.


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
