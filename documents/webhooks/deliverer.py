"""The deliverer: claims subscriptions that are due, has their messages sent, and keeps the score.

One thread of each worker has the database; threads that send have none, so a receiver that hangs
holds no connection. Each subscription is under a lease while a message of it is on its way:
several machines deliver in order, and what one left half done comes again under the same id (at
least once).
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections
from django.db import connections as database_connections

from atom_project import database_file, logs, persistent_connections
from documents.models import Webhook, clock
from documents.webhooks import messages, score, sender, signatures
from documents.webhooks.messages import Message, NoSuchEvent, Passed
from documents.webhooks.sender import SendResult

logger = logging.getLogger(__name__)

POLL = 1.0  # seconds between looks while nothing comes back
RETRY_PAUSE = 1.0  # seconds after an accident
LEASE = timedelta(seconds=30)  # Longer than `sender.DEADLINE`, so that a lease covers an attempt.
SLOTS = 16  # messages on their way from one process
PER_OWNER = 2  # of them those of one person, who cannot hold up others
FOR_FAILING = SLOTS // 2  # of them those to receivers that failed last time
LOOKED_AT = 100  # subscriptions in one look

Post = Callable[[str, bytes, Mapping[str, str]], SendResult]


@dataclass(frozen=True)
class Sending:
    """A message on its way, and the subscription as it was when its lease was taken."""

    webhook: Webhook
    message: Message


class Deliverer:
    def __init__(self, post: Post = sender.post) -> None:
        self._post = post
        self._under_way: dict[str, Sending] = {}  # by the token of the lease
        self._back: queue.SimpleQueue[tuple[Sending, SendResult]] = queue.SimpleQueue()
        self._unsettled: list[tuple[Sending, SendResult]] = []
        self._is_ending = threading.Event()
        self._is_behind = False  # whether a subscription has more to look through

    @property
    def is_idle(self) -> bool:
        return not (self._under_way or self._unsettled)

    def end(self) -> None:
        """Send what is due by now, and then end."""
        self._is_ending.set()

    def deliver_until(self, stopping: threading.Event) -> None:
        """Deliver until told to stop, then write down what still comes back."""
        persistent_connections.keep()
        while not (stopping.is_set() and self.is_idle):
            # Noted before the look: what became due during it is not left lying.
            is_ending = self._is_ending.is_set()
            try:
                self.step(may_begin=not stopping.is_set())
                # It may break during the pause: before its next use its health is looked at.
                close_old_connections()
            except Exception as error:  # Whatever it is: webhooks come again in a moment.
                logs.accident(logger, "Webhooks could not be delivered; trying again", error)
                database_connections.close_all()
                if stopping.wait(RETRY_PAUSE):
                    break  # What is not written down is sent once more, when its lease is over.
            if self.is_idle and not self._is_behind:
                if is_ending:
                    break
                self._is_ending.wait(POLL)
        database_connections.close_all()

    def step(self, *, may_begin: bool = True) -> None:
        """Wait a moment for what comes back, write it down, and send what is due."""
        self._is_behind = False
        self._take_back()
        if database_file.is_lost():
            self._unsettled.clear()  # Nothing that is written down now would be kept.
            return
        while self._unsettled:
            self._settle(*self._unsettled.pop(0))
        if may_begin:
            self._begin_due()

    def _settle(self, sending: Sending, result: SendResult) -> None:
        try:
            score.settle(sending.webhook, sending.message, result)
        except (OperationalError, InterfaceError):
            # Locked, or away for a moment: written down at the next step.
            self._unsettled.insert(0, (sending, result))
            raise

    def _take_back(self) -> None:
        """Wait for one, if none is there and any is under way; take all that are there then."""
        wait = POLL if self._under_way and not self._unsettled else 0
        with suppress(queue.Empty):
            while True:
                back = self._back.get(timeout=wait) if wait else self._back.get_nowait()
                wait = 0
                del self._under_way[back[0].webhook.lease_token]
                self._unsettled.append(back)

    def _begin_due(self) -> None:
        free = SLOTS - len(self._under_way)
        if free <= 0:
            return
        held = Counter(sending.webhook.owner_id for sending in self._under_way.values())
        failing = sum(1 for one in self._under_way.values() if one.webhook.attempts)
        full = [owner for owner, number in held.items() if number >= PER_OWNER]
        due = Webhook.objects.due(clock.told_by_database()).exclude(owner__in=full)
        for webhook in due[:LOOKED_AT]:
            if free <= 0:
                return
            is_over = webhook.attempts and failing >= FOR_FAILING
            if is_over or held[webhook.owner_id] >= PER_OWNER:
                continue
            # Asked for each: those before it may have taken long, and a lease counts from now on.
            now = clock.told_by_database()
            if not _claim(webhook, now):
                continue
            if message := self._next_message(webhook, now):
                self._send(Sending(webhook, message), now)
                free -= 1
                held[webhook.owner_id] += 1
                failing += bool(webhook.attempts)

    def _next_message(self, webhook: Webhook, now: datetime) -> Message | None:
        """What to send under this lease. Where there is nothing, the lease is given back."""
        for asked in webhook.deliveries.waiting().order_by("id"):
            try:
                return messages.asked_for(webhook, asked, now)
            except NoSuchEvent:
                score.refuse(asked)
        is_due = not (webhook.is_stopped or (webhook.next_attempt_at or now) > now)
        found = messages.next_of(webhook, now) if is_due else Passed(webhook.cursor)
        if isinstance(found, Message):
            return found
        score.skip(webhook, found.cursor)
        self._is_behind |= found.is_behind
        return None

    def _send(self, sending: Sending, now: datetime) -> None:
        keys = signatures.keys_of(sending.webhook, now)
        # A thread of its own, of a bounded number: a process that ends waits for none of them.
        threading.Thread(
            target=self._bring, args=(sending, keys), name="webhook", daemon=True
        ).start()
        self._under_way[sending.webhook.lease_token] = sending

    def _bring(self, sending: Sending, keys: list[bytes]) -> None:
        message = sending.message
        headers = signatures.headers(message.id, int(time.time()), message.body, keys)
        result = self._post(sending.webhook.url, message.body, headers)
        self._back.put((sending, result))


def _claim(webhook: Webhook, now: datetime) -> bool:
    """Take the lease, by compare-and-set; the row in memory is then as it is stored."""
    token = secrets.token_hex(16)
    lease = {"lease_token": token, "lease_expires_at": now + LEASE, "served_at": now}
    # Held by staff since the look, it sends nothing more.
    if not Webhook.objects.filter(pk=webhook.pk).unheld().unleased(now).update(**lease):
        return False
    try:
        webhook.refresh_from_db()
    except Webhook.DoesNotExist:
        return False  # Deleted between the two.
    return webhook.lease_token == token
