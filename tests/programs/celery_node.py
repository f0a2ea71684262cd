"""A Celery node or a plain worker that takes its time for each document, and loses kicks.

What is not an option of its own goes to Celery.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.conf import settings  # noqa: E402

from documents.pipeline import engines  # noqa: E402
from documents.worker import Worker  # noqa: E402
from tests.engines import FirstWords  # noqa: E402


class Slow(FirstWords):
    """Waits for an answer, as engines do that ask a model."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def analyze(self, pages: Any, **how: Any) -> Any:
        time.sleep(self._seconds)
        return super().analyze(pages, **how)


def lose(share: float) -> None:
    """Let so many of the kicks that are sent never arrive."""
    from atom_project import broker

    chance, publish = random.Random(7), broker.Sender._publish

    def publish_some(self: Any, number: int) -> None:
        publish(self, sum(chance.random() >= share for _ in range(number)))

    broker.Sender._publish = publish_some  # type: ignore[method-assign]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, help="for each document; without it the engine's")
    parser.add_argument("--lose", type=float, default=0.0, help="share of the kicks")
    parser.add_argument("--lease", type=float, default=30.0)
    parser.add_argument("--plain", action="store_true", help="a worker without Celery")
    options, rest = parser.parse_known_args()
    settings.LEASE = timedelta(seconds=options.lease)
    settings.LEASE_RENEWAL = settings.LEASE / 3
    if options.seconds is not None:
        engine = Slow(options.seconds)
        engines.configured = lambda: engine  # type: ignore[assignment]
    if options.plain:
        worker = Worker(slots=settings.WORKER_SLOTS)
        worker.stop_on_signals()
        worker.run()
        os._exit(0)
    if options.lose:
        lose(options.lose)
    from atom_project.celery import app

    app.worker_main(["worker", *rest])


if __name__ == "__main__":
    main()
