"""A worker with short leases that kills itself at a given step, or waits there for a file."""

from __future__ import annotations

import argparse
import os
import re
import signal
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.conf import settings  # noqa: E402

from atom_project import watchdog  # noqa: E402
from documents.pipeline import process  # noqa: E402
from documents.pipeline.analysis import Engine, ModelServer, build_engine  # noqa: E402
from documents.pipeline.ledger import DocumentLedger  # noqa: E402
from documents.worker import Worker  # noqa: E402
from tests.engines import OneCall  # noqa: E402


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(function: Any) -> Any:
    return die


def dying_after(function: Any) -> Any:
    def call(*arguments: Any, **named: Any) -> Any:
        function(*arguments, **named)
        die()

    return call


# step: (where the function lives, its name, when to die)
STEPS = {
    "claimed": (process, "read_and_analyze", dying_before),
    "extracting": (process, "_keep_pages", dying_before),
    "extracted": (process, "_keep_pages", dying_after),
    "calling": (OneCall, "answer_arrives", dying_before),
    "answered": (DocumentLedger, "answered", dying_after),
    "before storing": (process, "_complete", dying_before),
    "while storing": (process, "_keep_analysis", dying_after),
    "after storing": (process, "_complete", dying_after),
}


class Waiting(OneCall):
    """Says that the call is in flight, then waits for permission to answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def answer_arrives(self) -> None:
        (self._folder / "calling").touch()
        while not (self._folder / "answer").exists():
            time.sleep(0.02)


class Hanging(OneCall):
    """Holds the interpreter lock while the model thinks."""

    def answer_arrives(self) -> None:
        re.match("(a+)+$", "a" * 64 + "b")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--die", choices=STEPS)
    parser.add_argument("--wait", type=Path, help="folder of the files `calling` and `answer`")
    parser.add_argument("--hang", type=float, help="seconds of the watchdog; holds the lock")
    parser.add_argument("--model-server", help="base URL; the engine is then the real one")
    parser.add_argument("--chunk-tokens", type=int, default=24_000)
    parser.add_argument("--budget", type=Decimal, default=Decimal(1), help="USD per document")
    parser.add_argument("--lease", type=float, default=1.0)
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--grace", type=float, default=10.0)
    parser.add_argument("--drain", action="store_true")
    options = parser.parse_args()
    settings.LEASE = timedelta(seconds=options.lease)
    settings.LEASE_RENEWAL = settings.LEASE / 4
    if options.die:
        place, name, when = STEPS[options.die]
        setattr(place, name, when(getattr(place, name)))
    engine: Engine = Waiting(options.wait) if options.wait else OneCall()
    if options.hang:
        engine = Hanging()
        watchdog.start(options.hang)
    if options.model_server:
        server = ModelServer(
            options.model_server,
            "no-key",
            deadline=30,
            chunk_tokens=options.chunk_tokens,
            max_cost_per_document=options.budget,
        )
        engine = build_engine("openai", server)
    worker = Worker(slots=options.slots, engine=engine, grace=options.grace, poll=0.2)
    worker.stop_on_signals()
    worker.drain() if options.drain else worker.run()
    os._exit(0)


if __name__ == "__main__":
    main()
