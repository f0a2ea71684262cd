"""Leases and the heartbeat of one worker: what it holds, renewed while it lives.

A thread of each worker renews the leases of its documents, notices claims it has lost, and
recovers documents whose lease another worker let expire.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from django.db import connections as database_connections

from atom_project import database_file, logs, persistent_connections
from atom_project.persistent_connections import reconnecting
from documents import circuit_breaker, queue
from documents.events import StaleDocument
from documents.models import Document, WorkerHeartbeat, clock

logger = logging.getLogger(__name__)

RETRY_PAUSE = 1.0  # seconds after a renewal that failed


class Claim:
    """A document this worker holds, until told that it does not any more."""

    def __init__(self, document: Document) -> None:
        self.document = document
        # The attempt is the fencing token: whoever claims the document next has a higher one.
        self.key: tuple[UUID, int] = (document.pk, document.attempts)
        self.is_lost = threading.Event()

    def check(self) -> None:
        """Raises `StaleDocument` once the claim is lost."""
        if self.is_lost.is_set():
            raise StaleDocument(self.document.pk)

    def as_stored(self) -> Document:
        """The row as it is, if the claim still holds; raises `StaleDocument` if not.

        `document` may be ahead of it: a step that was rolled back had moved it already.
        """
        pk, attempts = self.key
        stored = Document.objects.running().filter(pk=pk, attempts=attempts).first()
        if stored is None:
            raise StaleDocument(pk)
        return stored


class LeaseKeeper:
    """The claims of one worker, the leases it renews for them, and its heartbeat."""

    def __init__(
        self, worker: str, *, account: str, slots: int, on_lost: Callable[[], None]
    ) -> None:
        self._worker = worker
        self._on_lost = on_lost  # Called when the database file is another's, see `database_file`.
        self._account = account
        self._slots = slots
        # Slots add and discard, the keeper copies: each is one step of the interpreter, so no lock.
        self._claims: set[Claim] = set()

    @property
    def is_holding(self) -> bool:
        return bool(self._claims)

    @contextmanager
    def hold(self, document: Document) -> Iterator[Claim]:
        """The claim of a document that is being worked on; its lease is renewed meanwhile."""
        claim = Claim(document)
        self._claims.add(claim)
        try:
            yield claim
        finally:
            self._claims.discard(claim)

    def announce(self) -> None:
        """The first heartbeat, after those of workers long gone are cleared away."""
        reconnecting(self._announce)

    def _announce(self) -> None:
        WorkerHeartbeat.objects.gone().delete()
        circuit_breaker.forget_unused()
        self._beat(busy=0)

    def withdraw(self) -> None:
        reconnecting(WorkerHeartbeat.objects.filter(name=self._worker).delete)

    def keep_until(self, has_stopped: threading.Event) -> None:
        persistent_connections.keep()
        pause = 0.0
        while not has_stopped.wait(pause):
            try:
                reconnecting(self.keep_once)
                # It may break during the pause: before its next use its health is looked at.
                close_old_connections()
                pause = settings.LEASE_RENEWAL.total_seconds()
            except Exception as error:  # Whatever it is: without leases all work is lost.
                logs.accident(
                    logger, "Leases could not be renewed; trying again in a moment", error
                )
                database_connections.close_all()
                pause = RETRY_PAUSE
        database_connections.close_all()

    def keep_once(self) -> None:
        """Renew one's leases, notice lost claims, and recover what others let expire."""
        if database_file.is_lost():
            self._on_lost()
            return
        claims = list(self._claims)  # Before the look: a claim made after it is not in the answer.
        held = queue.renew(self._worker, [claim.document.pk for claim in claims])
        for claim in claims:
            if claim.key not in held:
                claim.is_lost.set()
                with logs.about(**claim.document.trail):
                    logger.warning("The lease of document %s is lost", claim.key[0])
        # One's own leases first, then the heartbeat, then the documents of others: when the
        # database is slow, what would be lost without it does not wait for the rest.
        self._beat(busy=len(claims))
        if recovered := queue.recover_expired():
            logger.warning("%s documents of silent workers are back in the line", recovered)
        if released := queue.let_go():
            logger.info("The documents of %s owners wait for their budget no longer", released)

    def _beat(self, *, busy: int) -> None:
        """Say that this worker lives; others may have cleared its row away while it slept."""
        alive = {"busy": busy, "seen_at": clock.now()}
        if WorkerHeartbeat.objects.filter(name=self._worker).update(**alive):
            return
        WorkerHeartbeat.objects.create(
            name=self._worker,
            account=self._account,
            host=socket.gethostname()[:100],
            pid=os.getpid(),
            slots=self._slots,
            **alive,
        )
