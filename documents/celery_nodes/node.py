"""A node: a worker of the same queue that kicks set to work, instead of threads of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections as database_connections

from atom_project import kicks, logs, persistent_connections
from documents import circuit_breaker
from documents.models import Document
from documents.worker import Worker

logger = logging.getLogger(__name__)

WORKS_ON = 20.0  # seconds that one kick goes on while somebody waits
SWEEP_INTERVAL = 10.0  # seconds between looks for those whose kick was lost


class Node(Worker):
    """Claims as every worker does, so nodes and plain workers share one queue, in its order.

    `begin` once, then `work_on` at each kick, from any thread. It ends like a worker: told to
    `stop`, it claims no more, and gives back what is not finished in time.
    """

    kind = "celery@"  # as Celery's own names of nodes begin

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._taken = 0  # slots
        self._taking = threading.Lock()
        self._kicked = 0
        # How often it had been kicked at a look that found a free slot and somebody who waited.
        self._kicked_before: int | None = None
        self.has_ended = threading.Event()

    def begin(self) -> None:
        """Announce oneself, and keep leases and house; raises `StartRefused`."""
        self._wait_for_database()
        ending = threading.Thread(target=self._end_when_stopped, name="ending", daemon=True)
        sweep = threading.Thread(target=self._sweep_until_stopped, name="sweep", daemon=True)
        for thread in [*self._keepers, ending, sweep]:
            thread.start()
        logger.info("Celery node %s is ready with %s slots", self.name, self._slots)

    def end(self) -> None:
        """Claim no more; `has_ended` is set once everything is given back."""
        self._stopping.set()

    def work_on(self) -> None:
        """One kick: bring documents to their end, one after the other, while somebody waits.

        With a message for each document, a broker is 0.4 times as fast with small ones as workers
        are; with one for many of them it is nearly as fast.
        """
        self._kicked += 1
        if self._work(until=time.monotonic() + WORKS_ON):
            kicks.kick()  # Somebody may wait still: another slot goes on, or this one.

    def _work(self, *, until: float = float("inf")) -> bool:
        """Fill one slot until nobody waits, or so long; says whether somebody may wait still."""
        with self._slot() as is_free:
            if not is_free:
                return False  # Those who fill the slots look again.
            persistent_connections.keep()
            has_worked = False
            while not self._stopping.is_set():
                has_worked = self._try_once(is_busy=has_worked)
                if not has_worked:
                    return False
                if time.monotonic() >= until:
                    return True
        return False

    @contextmanager
    def _slot(self) -> Iterator[bool]:
        with self._taking:
            is_free = self._taken < self._slots
            self._taken += is_free
        try:
            yield is_free
        finally:
            with self._taking:
                self._taken -= is_free

    # -- what was lost -------------------------------------------------------------------

    def sweep(self) -> None:
        """See that there is a kick for everybody who waits, if a slot is free.

        One for each, or 150 lost kicks take minutes; without those that lie in the broker, or
        they grow. One too many costs one look. Where none has come since the last look, the broker
        is away, silent or forgetful, or brings them to nodes that are busy: then this one works
        without them.
        """
        free = self._slots - self._taken
        waiting = self._waiting() if free else 0
        if not waiting:
            self._kicked_before = None
            return
        kicks.fill(waiting)
        if self._kicked_before == self._kicked:
            self._work_unkicked(min(free, waiting))
        self._kicked_before = self._kicked

    def _waiting(self) -> int:
        ready = Document.objects.ready()
        if circuit_breaker.state(self._account) is circuit_breaker.State.OPEN:
            ready = ready.without_model()
        return ready.order_by()[: kicks.MOST].count()

    def _work_unkicked(self, number: int) -> None:
        for _ in range(number):
            threading.Thread(target=self._work_and_close, name="unkicked", daemon=True).start()

    def _work_and_close(self) -> None:
        self._work()
        database_connections.close_all()

    def _sweep_until_stopped(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = SWEEP_INTERVAL
            try:
                self.sweep()
            except Exception as error:
                logs.accident(logger, "The queue could not be looked at; trying again", error)
            database_connections.close_all()

    def _end_when_stopped(self) -> None:
        """In a thread that waits from the beginning: a signal handler starts none."""
        self._stopping.wait()
        self._close_when(lambda: not self._taken)
        self.has_ended.set()
