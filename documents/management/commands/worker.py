"""`manage.py worker`: read documents, in the order they were queued."""

from __future__ import annotations

import logging
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError

from accounts.checks import SETTINGS
from atom_project import presence, tracing, watchdog
from documents.operations.standing import DataCommand
from documents.operations.start_check import StartRefused
from documents.pipeline.extraction import survivors
from documents.worker import GRACE, POLL, CutShort, Worker

logger = logging.getLogger(__name__)


class Command(DataCommand):
    help = "Reads documents, in the order they were queued, until it is told to stop."
    # All others look at our code, and would import every view for it.
    requires_system_checks = (SETTINGS,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--concurrency",
            type=int,
            default=settings.WORKER_SLOTS,
            help="documents worked on at the same time (default: %(default)s)",
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=GRACE,
            help="seconds that running documents get to finish when stopped (default: %(default)s)",
        )
        parser.add_argument(
            "--poll",
            type=float,
            default=POLL,
            help="seconds between looks when nothing notifies (default: %(default)s)",
        )
        how_long = parser.add_mutually_exclusive_group()
        how_long.add_argument("--once", action="store_true", help="work on one document, then end")
        how_long.add_argument("--drain", action="store_true", help="end when nobody waits any more")

    def tell(self, sentence: str) -> None:
        logger.info(sentence)

    def handle(
        self,
        *,
        concurrency: int,
        grace: float,
        poll: float,
        once: bool,
        drain: bool,
        **options: Any,
    ) -> None:
        presence.hold()
        survivors.adopt_orphans()
        worker = Worker(slots=1 if once else max(1, concurrency), grace=grace, poll=poll)
        worker.stop_on_signals()
        # A lease is lost by whoever hangs that long; it is ended like one that died.
        watchdog.start(settings.LEASE.total_seconds())
        try:
            _drain(worker, only_one=once) if once or drain else worker.run()
        except StartRefused as reason:
            raise CommandError(str(reason)) from reason
        if worker.is_busy() or worker.has_lost_database:
            # Threads that wait for a model would hold the process; their documents are back
            # in the queue, and whatever they still write is fenced off.
            tracing.end()
            logging.shutdown()
            os._exit(int(worker.has_lost_database))


def _drain(worker: Worker, *, only_one: bool) -> None:
    try:
        worker.drain(only_one=only_one)
    except CutShort:
        raise CommandError("Some may still wait: the worker met an error, see its log.") from None
    except (DatabaseError, InterfaceError) as error:
        why = str(error).split("\n")[0]
        raise CommandError(f"The database cannot be used: {why}. Is `migrate` done?") from error
