"""Who hears about it: channels, permission, SSE encoding, and the flow of one stream.

The only user of django-eventstream: its listeners, storage and channel interfaces and its
encoding are used, its own stream is not (it loses, repeats and reorders under load).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import threading
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django_eventstream.channelmanager import ChannelManagerBase
from django_eventstream.event import Event
from django_eventstream.storage import EventDoesNotExist, StorageBase
from django_eventstream.utils import sse_encode_event
from django_eventstream.views import Listener, get_listener_manager

from accounts.standing import Standing
from documents import announcements, events
from documents.announcements import Announcement

logger = logging.getLogger(__name__)

BATCH = 32  # events read from the log at once; each may carry a result of 64 KB
FIRST_HEARTBEAT = 1.0  # seconds after opening, so that a client knows early that it hears
RETRY = (1000, 3000)  # milliseconds; clients that lost the same server do not return as one
RETRY_WHEN_FULL = 15_000
DATABASE_PAUSE = 0.5  # seconds between attempts while the database does not answer
Answer = TypeVar("Answer")


# Channels and who may read them.


def channel_of(user_id: int) -> str:
    return f"user-{user_id}"


class OwnChannel(ChannelManagerBase):  # type: ignore[misc]
    """Everybody has one channel and hears no other, whatever the address asks for."""

    def get_channels_for_request(self, request: Any, view_kwargs: Any) -> set[str]:
        return {channel_of(request.user.pk)} if request.user.is_authenticated else set()

    def can_read_channel(self, user: Any, channel: str) -> bool:
        return bool(user and user.is_active and channel == channel_of(user.pk))

    def is_channel_reliable(self, channel: str) -> bool:
        return True


# Encoding.


def frame(name: str, event_id: int, said: dict[str, Any]) -> bytes:
    encoded: str = sse_encode_event(name, json.dumps(said), event_id=event_id)
    return encoded.encode()


def sign(name: str, event_id: int, **more: Any) -> bytes:
    """An event about the stream itself."""
    now = announcements.timestamp(timezone.now())
    return frame(name, event_id, {"event": name, "id": event_id, "timestamp": now, **more})


def retry(milliseconds: int) -> bytes:
    """How long the client should wait before it comes back."""
    return f"retry: {milliseconds}\n\n".encode()


def encoded(told: Iterable[Announcement]) -> list[Event]:
    """Each encoded once, for all who hear it; one without words still moves the cursor."""
    return [
        Event(
            channel_of(one.owner_id),
            one.kind,
            frame(one.kind, one.id, one.said) if one.said else b"",
            id=one.id,
        )
        for one in told
    ]


# The log.


class EventLog(StorageBase):  # type: ignore[misc]
    """The library's storage interface over our status events. They are written elsewhere."""

    def __init__(self, *, replayed_upto: int = 0) -> None:
        self._replayed_upto = replayed_upto

    def get_events(self, channel: str, last_id: int, limit: int = BATCH) -> list[Event]:
        """Those after `last_id`; `EventDoesNotExist` if some of them are not known any more.

        The floor is asked for after the events: what is pruned in between was still read.
        """
        owner_id = _owner_of(channel)
        rows = announcements.of_owner(owner_id, last_id, limit)
        if 0 < last_id < events.floor(owner_id):
            raise EventDoesNotExist("too_old", self.get_current_id(channel))
        if not rows and last_id > (current := self.get_current_id(channel)):
            raise EventDoesNotExist("unknown", current)
        return self._encoded(rows)

    def get_latest(self, channel: str, last_id: int) -> list[Event]:
        """For who knows nothing yet: how each unfinished or just finished document stands."""
        rows = announcements.latest_of_each(
            _owner_of(channel), last_id, self._replayed_upto, limit=BATCH
        )
        return self._encoded(rows)

    def _encoded(self, rows: list[Any]) -> list[Event]:
        return encoded(announcements.announce(rows, replayed_upto=self._replayed_upto))

    def get_current_id(self, channel: str) -> int:
        return events.latest_id()


def _owner_of(channel: str) -> int:
    return int(channel.removeprefix("user-"))


# Listeners.


class Alarm:
    """Wakes any number of listeners of one event loop by a single call from another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._due: list[Listener] = []

    def ring(self, listener: Listener) -> None:
        with self._lock:
            self._due.append(listener)
            is_first = len(self._due) == 1
        if is_first:
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        with self._lock:
            due, self._due = self._due, []
        for listener in due:
            listener.aevent.set()


_alarms: WeakKeyDictionary[asyncio.AbstractEventLoop, Alarm] = WeakKeyDictionary()


class Subscriber(Listener):  # type: ignore[misc]
    """One open stream as the library's listener manager and the relay know it."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self.standing = standing
        self.user_id = standing.user_id
        self.channel = channel_of(standing.user_id)
        self.channels = {self.channel}

    def enter(self, most: int) -> bool:
        """Begin to listen, unless the channel has that many listeners."""
        self.assign_loop()
        self._alarm = _alarms.setdefault(self.loop, Alarm(self.loop))
        manager = get_listener_manager()
        with manager.lock:
            if len(manager.listeners_by_channel.get(self.channel, ())) >= most:
                return False
        manager.add_listener(self)
        return True

    def wake_threadsafe(self) -> None:
        self._alarm.ring(self)

    def take(self) -> tuple[list[Event], bool]:
        """What was handed over since the last time, and whether more came than was kept."""
        with get_listener_manager().lock:
            taken = self.channel_items.pop(self.channel, [])
            has_overflown = bool(self.overflow)
            self.overflow: bool = False
            self.aevent.clear()
        return taken, has_overflown

    def end(self, reason: str) -> None:
        """Let the stream end now. May be called from any thread."""
        self.error = reason
        if self.loop:
            self.wake_threadsafe()

    def leave(self) -> None:
        get_listener_manager().remove_listener(self)


def is_heard(user_id: int) -> bool:
    return channel_of(user_id) in get_listener_manager().listeners_by_channel


def deliver(event: Event) -> None:
    """Hand an event to this process's listeners, from any thread."""
    get_listener_manager().add_to_queues(event.channel, event)


# The stream.


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
    carrier got further in between, the log is read once more; only higher ids pass.
    """

    # There may be thousands of them.
    __slots__ = (
        *("_subscriber", "_carrier", "_cursor", "_last", "_read_on", "_must_look_again"),
        *("_entered", "_timer", "_has_beaten", "_beats_at", "_ends_at", "_opened_at", "_log"),
        "_opening",
    )

    def __init__(self, standing: Standing, cursor: int | None, carrier: Carrier) -> None:
        self._subscriber = Subscriber(standing)
        self._carrier = carrier
        self._cursor = cursor
        self._last = cursor or 0
        self._read_on: Callable[[], list[Event]] | None = None  # None: listening.
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
            self._opening = self._open()

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        if not self._enter():
            yield retry(RETRY_WHEN_FULL)
            return
        try:
            opening = self._opening or await self._ask(self._open)
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

    def _enter(self) -> bool:
        self._carrier.stop_on_signals()
        if not self._carrier.has_room():
            return False
        if not self._subscriber.enter(settings.ATOM_MAX_STREAMS_PER_USER):
            return False
        self._entered.append(True)
        now = self._now()
        self._beats_at = now + FIRST_HEARTBEAT
        self._ends_at = now + _lifetime(self._subscriber.standing)
        return True

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
        return retry(random.randint(*RETRY)) + sign("stream-open", begins_at) + _joined(told)  # noqa: S311

    def _snapshot(self) -> list[Event]:
        told = self._log.get_latest(self._subscriber.channel, self._last)
        self._has_read(told)
        return told

    def _missed(self) -> list[Event]:
        try:
            told = self._log.get_events(self._subscriber.channel, self._last)
        except EventDoesNotExist as gone:
            current: int = gone.current_id
            self._last, self._read_on = current, None
            reset = sign("stream-reset", current, reason=str(gone))
            return [Event(self._subscriber.channel, "stream-reset", reset, id=current)]
        self._has_read(told)
        return told

    def _has_read(self, told: list[Event]) -> None:
        if told:
            self._last = told[-1].id
        if len(told) < BATCH:
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
        fresh = [event for event in taken if event.id > self._last]
        if fresh:
            self._last = fresh[-1].id
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
        return sign("heartbeat", self._last)


def _joined(told: Iterable[Event]) -> bytes:
    return b"".join(event.data for event in told)


def _hang_up() -> None:
    connection.close()  # That of the thread this runs in.


def _lifetime(standing: Standing) -> float:
    """Seconds a stream may last, somewhat spread so that those opened at once end apart."""
    longest = settings.STREAM_MAX_AGE.total_seconds() * random.uniform(0.9, 1)  # noqa: S311
    if standing.expires_at is None:
        return longest
    return min(longest, (standing.expires_at - timezone.now()).total_seconds())
