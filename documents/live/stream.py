"""One client's event stream: from what it missed until either side leaves."""

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
from documents.live import channels
from documents.live.channels import Events, Subscriber
from documents.live.log_reader import LogReader, Phase

logger = logging.getLogger(__name__)

FIRST_HEARTBEAT = 1.0  # seconds after opening, so that a client knows early that it hears
RETRY = (1000, 3000)  # milliseconds; clients that lost the same server do not return as one
# Told with a 200: after a 429 or 503, an EventSource would never come back.
RETRY_WHEN_FULL = 15_000
DATABASE_PAUSE = 0.5  # seconds between attempts while the database does not answer
Answer = TypeVar("Answer")


class Broker(Protocol):
    """What brings events to subscribers; see `relay.py`."""

    def has_room(self) -> bool: ...
    def stop_on_signals(self) -> None: ...
    def join(self, subscriber: Subscriber, *, after: int) -> bool: ...
    def leave(self, subscriber: Subscriber) -> None: ...


class EventStream:
    """One client's events, from what it missed until either side leaves. Iterate it once.

    Nothing is lost, repeated or out of order: what was committed until the log was read is in
    what was read, what is brought after the subscriber listens is in its queue, and if the
    broker got further in between, the log is read once more, before the queue is looked at;
    only higher ids pass.
    """

    # There may be thousands of them.
    __slots__ = (
        *("_subscriber", "_broker", "_log", "_opening", "_has_joined"),
        *("_timer", "_has_beaten", "_beats_at", "_ends_at"),
    )

    def __init__(self, auth: AuthSnapshot, cursor: int | None, broker: Broker) -> None:
        self._subscriber = Subscriber(auth)
        self._broker = broker
        self._log = LogReader(self._subscriber.channel, cursor)
        self._opening = b""
        self._has_joined = False
        self._timer: asyncio.TimerHandle | None = None
        self._has_beaten = False
        self._beats_at = self._ends_at = 0.0

    def prepare(self) -> None:
        """Read what was missed where a request has its thread and its connection anyway.

        Without it, or where the database is away, that is done when the stream begins.
        """
        with contextlib.suppress(OperationalError, InterfaceError):
            if self._has_room():
                self._opening = _opening_frames(self._log)

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        self._begin()
        try:
            opening = await self._join()
            if opening is None:
                yield _retry(RETRY_WHEN_FULL)
                return
            if opening:
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
        self._broker.stop_on_signals()
        self._subscriber.assign_loop()
        now = self._now()
        self._beats_at = now + FIRST_HEARTBEAT
        self._ends_at = now + _lifetime(self._subscriber.auth)

    async def _join(self) -> bytes | None:
        """Begin to listen; the first frames, blank where it has ended meanwhile, None if full."""
        opening, self._opening = self._opening, b""
        if not self._has_room():
            return None
        if not opening:
            opening = await self._ask(lambda: _opening_frames(self._log))
        if self._is_over():
            return b""
        # From here to the broker in one go: nobody else may leave it or join it in between.
        if not self._enter():
            return None
        if not self._broker.join(self._subscriber, after=self._log.opened_at):
            self._log.replay()
        return opening

    def _has_room(self) -> bool:
        most = settings.ATOM_MAX_STREAMS_PER_USER
        return self._broker.has_room() and self._subscriber.has_room(most)

    def _enter(self) -> bool:
        if self._broker.has_room() and self._subscriber.enter(settings.ATOM_MAX_STREAMS_PER_USER):
            self._has_joined = True
        return self._has_joined

    def end(self, reason: str) -> None:
        """Let it end now. May be called from any thread, and before it has begun."""
        self._subscriber.end(reason)

    def close(self) -> None:
        """Leave, once; the server calls it too, where the client went before the first event."""
        if self._has_joined:
            self._has_joined = False
            self._subscriber.leave()
            self._broker.leave(self._subscriber)

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

    async def _next(self) -> bytes:
        if self._now() >= self._beats_at:
            return self._heartbeat()
        if self._log.phase is not Phase.LIVE:
            return self._told(_joined(await self._ask(self._log.read)))
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
        brought, has_overflown = self._subscriber.take()
        fresh = self._log.pass_on(brought)
        if has_overflown:
            self._log.replay()  # What did not fit is in the log.
        return _joined(fresh)

    def _told(self, frames: bytes) -> bytes:
        if frames and self._has_beaten:
            self._beats_at = self._now() + settings.STREAM_HEARTBEAT.total_seconds()
        return frames

    def _heartbeat(self) -> bytes:
        self._has_beaten = True
        self._beats_at = self._now() + settings.STREAM_HEARTBEAT.total_seconds()
        return channels.control_event("heartbeat", self._log.last)


def _opening_frames(log: LogReader) -> bytes:
    """How to come back, from where this goes on, and the first of what was missed."""
    begins_at, batch = log.open()
    wait = _retry(random.randint(*RETRY))  # noqa: S311
    return wait + channels.control_event("stream-open", begins_at) + _joined(batch)


def _retry(milliseconds: int) -> bytes:
    """How long the client should wait before it comes back: a line that begins a block.

    A block of its own would be an event without data for some clients (httpx-sse).
    """
    return f"retry: {milliseconds}\n".encode()


def _joined(batch: Events) -> bytes:
    return b"".join(event.data for event in batch)


def _hang_up() -> None:
    connection.close()  # That of the thread this runs in.


def _lifetime(auth: AuthSnapshot) -> float:
    """Seconds a stream may last, somewhat spread so that those opened at once end apart."""
    longest = settings.STREAM_MAX_AGE.total_seconds() * random.uniform(0.9, 1)  # noqa: S311
    if auth.expires_at is None:
        return longest
    return min(longest, (auth.expires_at - timezone.now()).total_seconds())
