"""How one client listens: from what it missed until either side leaves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncGenerator, Callable
from typing import Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from accounts.auth_snapshot import AuthSnapshot
from documents import events
from documents.live import channels
from documents.live.channels import EventLog, Events, Subscriber

logger = logging.getLogger(__name__)

FIRST_HEARTBEAT = 1.0  # seconds after opening, so that a client knows early that it hears
RETRY = (1000, 3000)  # milliseconds; clients that lost the same server do not return as one
RETRY_WHEN_FULL = 15_000
DATABASE_PAUSE = 0.5  # seconds between attempts while the database does not answer
Answer = TypeVar("Answer")


class Carrier(Protocol):
    """What brings events to subscribers; see `relay.py`."""

    def has_room(self) -> bool: ...
    def stop_on_signals(self) -> None: ...
    def join(self, subscriber: Subscriber, *, after: int) -> bool: ...
    def leave(self, subscriber: Subscriber) -> None: ...


class Stream:
    """One client's events, from what it missed until either side leaves. Iterate it once.

    Nothing is lost, repeated or out of order: what was committed until the log was read is in
    what was read, what is carried after the subscriber listens is in its queue, and if the
    carrier got further in between, the log is read once more, before the queue is looked at;
    only higher ids pass.
    """

    # There may be thousands of them.
    __slots__ = (
        *("_subscriber", "_carrier", "_cursor", "_last", "_read_on", "_must_look_again"),
        *("_entered", "_timer", "_has_beaten", "_beats_at", "_ends_at", "_opened_at", "_log"),
        "_opening",
    )

    def __init__(self, auth: AuthSnapshot, cursor: int | None, carrier: Carrier) -> None:
        self._subscriber = Subscriber(auth)
        self._carrier = carrier
        self._cursor = cursor
        self._last = cursor or 0
        self._read_on: Callable[[], Events] | None = None  # None: listening.
        self._must_look_again = False
        self._entered: list[bool] = []
        self._timer: asyncio.TimerHandle | None = None
        self._has_beaten = False
        self._opening = b""

    def prepare(self) -> None:
        """Read what was missed where a request has its thread and its connection anyway.

        Without it, or where the database is away, that is done when the stream begins.
        """
        with contextlib.suppress(OperationalError, InterfaceError):
            if self._has_room():
                self._opening = self._open()

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        self._begin()
        if not self._has_room():
            yield self._refusal()
            return
        try:
            opening = self._opening or await self._ask(self._open)
            if self._is_over():
                return
            # From here to the carrier in one go: nobody else may leave it or join it in between.
            if not self._enter():
                yield self._refusal()
                return
            self._opening = b""
            if not self._carrier.join(self._subscriber, after=self._opened_at):
                self._look_again()
            yield opening
            del opening
            while not self._is_over():
                if frames := await self._next():
                    yield frames
        except (OperationalError, InterfaceError):
            pass  # It ended while it waited for the database.
        finally:
            if self._timer:
                self._timer.cancel()
            self.close()

    def _begin(self) -> None:
        self._carrier.stop_on_signals()
        self._subscriber.assign_loop()
        now = self._now()
        self._beats_at = now + FIRST_HEARTBEAT
        self._ends_at = now + _lifetime(self._subscriber.auth)

    def _has_room(self) -> bool:
        most = settings.ATOM_MAX_STREAMS_PER_USER
        return self._carrier.has_room() and self._subscriber.has_room(most)

    def _enter(self) -> bool:
        if not self._carrier.has_room():
            return False
        if not self._subscriber.enter(settings.ATOM_MAX_STREAMS_PER_USER):
            return False
        self._entered.append(True)
        return True

    def _refusal(self) -> bytes:
        self._opening, self._read_on = b"", None  # It would be kept in a circle.
        return _retry(RETRY_WHEN_FULL)

    def end(self, reason: str) -> None:
        """Let it end now. May be called from any thread, and before it has begun."""
        self._subscriber.end(reason)

    def close(self) -> None:
        """Leave, once; the server calls it too, where the client went before the first event."""
        try:
            self._entered.pop()
        except IndexError:
            return
        self._subscriber.leave()
        self._carrier.leave(self._subscriber)

    def _now(self) -> float:
        now: float = self._subscriber.loop.time()
        return now

    def _is_over(self) -> bool:
        return bool(self._subscriber.error) or self._now() >= self._ends_at

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Put a question to the database, in the thread that streams share, until it answers."""
        while True:
            try:
                return await sync_to_async(question)()
            except (OperationalError, InterfaceError) as error:
                logger.warning("A stream waits for the database: %s", error)
                await sync_to_async(_hang_up)()
                await asyncio.sleep(DATABASE_PAUSE)
                if self._is_over():
                    raise

    def _open(self) -> bytes:
        """The first frames: how to come back, from where this goes on, and what was missed."""
        self._opened_at = events.latest_id()
        self._log = EventLog(replayed_upto=self._opened_at)
        self._read_on = self._missed if self._cursor is not None else self._snapshot
        told = self._read_on()
        if self._cursor is not None:
            begins_at = min(self._cursor, self._opened_at)
        else:
            # Before the first of them: who loses the connection here gets them all again.
            begins_at = told[0].id - 1 if told else self._opened_at
        wait = _retry(random.randint(*RETRY))  # noqa: S311
        return wait + channels.sign("stream-open", begins_at) + _joined(told)

    def _snapshot(self) -> Events:
        told = self._log.get_latest(self._subscriber.channel, self._last)
        self._has_read(told)
        return told

    def _missed(self) -> Events:
        told = self._log.missed(self._subscriber.channel, self._last)
        if told and told[0].type == channels.RESET:
            self._last, self._read_on = told[0].id, None
        else:
            self._has_read(told)
        return told

    def _has_read(self, told: Events) -> None:
        if told:
            self._last = told[-1].id
        if len(told) < channels.BATCH:
            # All of one's own up to the opening is told: the cursor may say so.
            self._last = max(self._last, self._opened_at)
            self._read_on = self._missed if self._must_look_again else None
            self._must_look_again = False

    def _look_again(self) -> None:
        """Read the log once more, after what is being read now."""
        if self._read_on:
            self._must_look_again = True
        else:
            self._read_on = self._missed

    async def _next(self) -> bytes:
        if self._now() >= self._beats_at:
            return self._heartbeat()
        if self._read_on:
            return self._told(_joined(await self._ask(self._read_on)))
        if self._timer is None:
            self._timer = self._subscriber.loop.call_at(
                min(self._beats_at, self._ends_at), self._wake_by_time
            )
        await self._subscriber.aevent.wait()
        return self._told(self._heard())

    def _wake_by_time(self) -> None:
        """One timer for many events: cheaper than a timeout around each wait."""
        self._timer = None
        self._subscriber.aevent.set()

    def _heard(self) -> bytes:
        taken, has_overflown = self._subscriber.take()
        fresh = []
        for event in taken:
            if event.id > self._last:
                self._last = event.id
                fresh.append(event)
        if has_overflown:
            self._read_on = self._missed  # What did not fit is in the log.
        return _joined(fresh)

    def _told(self, frames: bytes) -> bytes:
        if frames and self._has_beaten:
            self._beats_at = self._now() + settings.STREAM_HEARTBEAT.total_seconds()
        return frames

    def _heartbeat(self) -> bytes:
        self._has_beaten = True
        self._beats_at = self._now() + settings.STREAM_HEARTBEAT.total_seconds()
        return channels.sign("heartbeat", self._last)


def _retry(milliseconds: int) -> bytes:
    """How long the client should wait before it comes back."""
    return f"retry: {milliseconds}\n\n".encode()


def _joined(told: Events) -> bytes:
    return b"".join(event.data for event in told)


def _hang_up() -> None:
    connection.close()  # That of the thread this runs in.


def _lifetime(auth: AuthSnapshot) -> float:
    """Seconds a stream may last, somewhat spread so that those opened at once end apart."""
    longest = settings.STREAM_MAX_AGE.total_seconds() * random.uniform(0.9, 1)  # noqa: S311
    if auth.expires_at is None:
        return longest
    return min(longest, (auth.expires_at - timezone.now()).total_seconds())
