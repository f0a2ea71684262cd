"""The worker: brings documents from the queue to their end, several at a time (concurrency)."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from copy import copy
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.db import connections as database_connections

from atom_project import database_file, logs, persistent_connections, tracing
from atom_project.persistent_connections import reconnecting
from documents import circuit_breaker, events, queue, wakeup
from documents.events import StaleDocument
from documents.failures import Failure, FailureCode, failure
from documents.leases import Claim, LeaseKeeper
from documents.models import Document
from documents.operations import housekeeping, start_check
from documents.pipeline import engines, process
from documents.pipeline.analysis import AnalysisFailed, Engine
from documents.pipeline.extraction import UnreadableFile
from documents.pipeline.ledger import account_of
from documents.quotas import OverQuota
from documents.webhooks.deliverer import Deliverer

logger = logging.getLogger(__name__)

POLL = 2.0  # seconds between looks when nothing notifies
GRACE = 10.0  # seconds that running documents get to finish after SIGTERM
SWEEP_INTERVAL = 3600.0  # seconds
GLANCE_INTERVAL = 60.0  # seconds


class CutShort(Exception):
    """A slot met an accident and looked no further; see the log."""


class Worker:
    """Claims a document whenever one of its slots is free, never before.

    Threads hold the slots, because a slot mostly waits for the model; text is extracted in
    child processes. Three more keep the leases alive, keep house and deliver webhooks.
    """

    kind = ""  # how its name begins

    def __init__(
        self, *, slots: int, engine: Engine | None = None, grace: float = GRACE, poll: float = POLL
    ) -> None:
        # With a random end: a process in a container often has the number of the one before it.
        self.name = f"{self.kind}{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"
        self._slots = slots
        tracing.start("worker", settings.OTEL_ENDPOINT, settings.OTEL_HEADERS)
        self._engine = engine or engines.configured()
        self._account = account_of(self._engine)
        self._leases = LeaseKeeper(
            self.name, account=self._account, slots=slots, on_lost=self._abandon
        )
        self.has_lost_database = False
        self.grace, self._poll = grace, poll
        self._stopping = threading.Event()
        self._hurrying = threading.Event()
        self._has_stopped = threading.Event()
        self._webhooks = Deliverer()
        self._delivery = _thread("webhooks", partial(self._webhooks.deliver_until, self._stopping))
        self._keepers = [
            _thread("leases", partial(self._leases.keep_until, self._has_stopped)),
            _thread("housekeeping", self._keep_house),
            self._delivery,
        ]
        self._notifier: wakeup.Notifier | None = None
        self._wake_up = threading.Condition()
        self._wake_ups = 0
        self._is_cut_short = False

    # -- running -------------------------------------------------------------------------

    def run(self) -> None:
        """Work until told to stop; then finish or give back what is running.

        Raises `StartRefused` if database and files are not those of one installation.
        """
        self._wait_for_database()
        if self._stopping.is_set():
            return
        threads = self._start(self._work_until_stopped)
        logger.info("Worker %s is ready with %s slots", self.name, self._slots)
        with wakeup.notifier(wakeup.QUEUE) as self._notifier:
            while not self._stopping.is_set():
                self._notifier.wait(self._poll)
                self._wake_slots()
        self._finish(threads)

    def drain(self, *, only_one: bool = False) -> None:
        """Work until nobody waits any more, or on one document only.

        Raises `CutShort` if somebody may still wait, `StartRefused` and database errors if it
        cannot begin.
        """
        reconnecting(start_check.require_fit)
        reconnecting(queue.recover_expired)
        self._leases.announce()
        queue.let_go()
        threads = self._start(self._work_on_one if only_one else self._work_until_empty)
        for thread in threads:
            while thread.is_alive() and not self._stopping.is_set():
                # In pieces, to see in between whether it is to stop.
                thread.join(self._poll)
        self._give_grace()  # Not yet told to stop: what is due by now is still begun.
        self._finish(threads)
        if self._is_cut_short:
            raise CutShort

    def stop(self) -> None:
        """Claim no more; a second call gives back at once what is running."""
        # Called by a signal handler, too: it sets flags and wakes, and leaves the rest to `run`.
        if self._stopping.is_set():
            self._hurrying.set()
        self._stopping.set()
        if self._notifier:
            self._notifier.interrupt()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())

    def is_busy(self) -> bool:
        return self._leases.is_holding

    def _abandon(self) -> None:
        """Another file lies where the database was: nothing that is done here would be kept."""
        if not self.has_lost_database:
            logger.error("The database file was replaced or taken away; this worker ends.")
        self.has_lost_database = True
        self.stop()
        self._hurrying.set()

    def _wait_for_database(self) -> None:
        """It may start later than its workers, and its tables may be made later still."""
        while not self._stopping.is_set():
            try:
                start_check.require_fit()
                self._leases.announce()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("The worker waits for the database: %s", str(error).split("\n")[0])
                self._stopping.wait(self._poll)
            else:
                return
            finally:
                database_connections.close_all()  # Notifications have one of their own.

    def _start(self, work: Callable[[], None]) -> list[threading.Thread]:
        """Start the threads of this worker; returns those of the slots."""
        slots = [_thread(f"slot-{number}", work) for number in range(1, self._slots + 1)]
        for thread in [*self._keepers, *slots]:
            thread.start()
        return slots

    def _finish(self, threads: list[threading.Thread]) -> None:
        self._stopping.set()
        self._wake_slots()
        self._close_when(lambda: not any(thread.is_alive() for thread in threads))

    def _close_when(self, is_done: Callable[[], bool]) -> None:
        self._give_grace(is_done)
        self._end_in_order(self._release_all)
        # Not sooner: until the last document is given back, its lease has to be renewed.
        self._has_stopped.set()
        for keeper in self._keepers:
            keeper.join(timeout=1)
        self._end_in_order(self._leases.withdraw)
        logger.info("Worker %s has stopped", self.name)

    def _give_grace(self, is_done: Callable[[], bool] = lambda: True) -> None:
        self._webhooks.end()
        deadline = time.monotonic() + self.grace
        while self._delivery.is_alive() or not is_done():
            if time.monotonic() >= deadline or self._hurrying.wait(0.05):
                break

    def _end_in_order(self, step: Callable[[], None]) -> None:
        """Without a database a worker ends all the same: what it leaves, others find by leases."""
        if self.has_lost_database:
            return
        try:
            step()
        except (DatabaseError, InterfaceError) as error:
            why = str(error).split("\n")[0]
            logger.warning("The worker ends; its lease and heartbeat will run out: %s", why)

    def _release_all(self) -> None:
        """Give back what is still running; its slots find out at their next write."""
        for _ in range(3):  # A slot may move its document between our look and our write.
            for document in reconnecting(lambda: list(Document.objects.held_by(self.name))):
                try:
                    reconnecting(partial(_release, document))
                except StaleDocument:
                    continue
                with logs.about(**document.trail):
                    logger.info("Document %s is given back", document.pk)

    # -- slots ---------------------------------------------------------------------------

    def _work_until_stopped(self) -> None:
        persistent_connections.keep()
        has_worked = False
        while not self._stopping.is_set():
            # Noted before the look at the queue: what comes in during it is not slept through.
            seen = self._wake_ups
            if not (has_worked := self._try_once(is_busy=has_worked)):
                self._sleep_until_notified(seen)
        database_connections.close_all()

    def _work_until_empty(self) -> None:
        persistent_connections.keep()
        while not self._stopping.is_set() and self._try_once(is_busy=True):
            pass
        database_connections.close_all()

    def _work_on_one(self) -> None:
        self._try_once()
        database_connections.close_all()

    def _try_once(self, *, is_busy: bool = False) -> bool:
        """Work once, whatever happens: a slot that ended would never be missed."""
        try:
            return self.work_once(is_busy=is_busy)
        except Exception as error:
            # Nothing is lost: the document stays where it is until its lease runs out.
            self._is_cut_short = True
            logs.accident(logger, "A slot could not work; trying again in a moment", error)
            if isinstance(error, (DatabaseError, InterfaceError)):
                database_connections.close_all()
            return False
        finally:
            close_old_connections()

    def work_once(self, *, is_busy: bool = False) -> bool:
        """Claim and process one document; False if none waits."""
        claiming = partial(queue.claim_next, self.name, self._account, look_first=not is_busy)
        document = reconnecting(claiming)
        if document is None:
            return False
        span = events.spanned("process document", document, worker=self.name)
        with self._leases.hold(document) as claim, logs.about(**document.trail), span:
            logger.info("Document %s is claimed", document.pk)
            self._process(claim)
        # A probe that never asked the model has told nothing: the next may go at once.
        if self._account:
            circuit_breaker.release_probe(self._account, *claim.key)
            # A claim would find out, too; now the positions of all who wait are right at once.
            queue.hold_if_used_up(document.owner_id)
        return True

    def _process(self, claim: Claim) -> None:
        document, began_at = claim.document, time.monotonic()
        try:
            process.read_and_analyze(document, engine=self._engine, check_claim=claim.check)
        except StaleDocument:
            tracing.fail("moved_on")
            logger.info("Document %s has moved on; its work is dropped", document.pk)
        except AnalysisFailed as error:
            self._end_unanalyzed(claim, error.failure)
        except (UnreadableFile, OverQuota) as error:
            self._fail(claim, error.failure)
        except (OperationalError, InterfaceError):
            # Nothing can be recorded now, not even a failure: once its lease is over, others go on.
            raise
        except Exception as error:
            reference = secrets.token_hex(4)
            logs.accident(logger, f"Document {document.pk} failed, reference {reference}", error)
            self._fail(claim, failure(FailureCode.INTERNAL_ERROR, reference=reference))
        else:
            seconds = {"seconds": round(time.monotonic() - began_at, 3)}
            logger.info("Document %s is completed", document.pk, extra={"facts": seconds})

    def _end_unanalyzed(self, claim: Claim, why: Failure) -> None:
        tracing.fail(why.code)
        if not self._account or not self._concerns_all(claim.document, why.code):
            self._fail(claim, why)
            return
        try:
            reconnecting(lambda: queue.trip(claim.as_stored(), why, self._account))
        except StaleDocument:
            logger.info("Document %s has moved on; the circuit stays as it is", claim.key[0])
        else:
            logger.warning("The circuit is open: %s Document %s met it", why.detail, claim.key[0])

    def _concerns_all(self, document: Document, code: str) -> bool:
        """Whether every other document would meet this failure as well."""
        if code in circuit_breaker.OF_ONE_MODEL:
            # Not that of a model which an owner chose for one document.
            return engines.of(document, self._engine) is self._engine
        return code in circuit_breaker.TRIPPING

    def _fail(self, claim: Claim, why: Failure) -> None:
        tracing.fail(why.code)
        try:
            reconnecting(lambda: queue.fail(claim.as_stored(), why))
        except StaleDocument:
            logger.info("Document %s has moved on; its failure is not recorded", claim.key[0])
        else:
            logger.info("Document %s failed: %s", claim.key[0], why.code)

    def _sleep_until_notified(self, seen: int) -> None:
        with self._wake_up:
            self._wake_up.wait_for(
                lambda: self._wake_ups != seen or self._stopping.is_set(), timeout=self._poll
            )

    def _wake_slots(self) -> None:
        with self._wake_up:
            self._wake_ups += 1
            self._wake_up.notify_all()

    def _keep_house(self) -> None:
        """In a thread of its own: leases must not wait for a slow disk."""
        sweeps_at = time.monotonic()
        pause = 0.0
        while not self._has_stopped.wait(pause):
            pause = GLANCE_INTERVAL
            try:
                if database_file.is_lost():
                    continue  # Rows of one database, files of another: nothing may be compared.
                if time.monotonic() >= sweeps_at:
                    sweeps_at = time.monotonic() + SWEEP_INTERVAL
                    housekeeping.sweep()
                else:
                    housekeeping.glance()
            except Exception as error:
                logs.accident(logger, "Housekeeping was cut short", error)
            database_connections.close_all()


def _thread(name: str, work: Callable[[], None]) -> threading.Thread:
    return threading.Thread(target=work, name=name, daemon=True)


def _release(document: Document) -> None:
    # A copy: a repetition must begin with the row as it was.
    queue.release(copy(document))
