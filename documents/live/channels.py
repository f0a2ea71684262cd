"""Channels: who may read them, SSE encoding, the event log and its subscribers.

The only user of django-eventstream: its listeners, storage and channel interfaces and its
encoding are used, its own stream is not (it loses, repeats and reorders under load).
"""

from __future__ import annotations

import asyncio
import json
import math
import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.utils import timezone
from django_eventstream.channelmanager import ChannelManagerBase
from django_eventstream.event import Event as Event
from django_eventstream.storage import EventDoesNotExist as EventDoesNotExist
from django_eventstream.storage import StorageBase
from django_eventstream.utils import sse_encode_event
from django_eventstream.views import Listener, get_listener_manager

from accounts.auth_snapshot import AuthSnapshot
from atom_project import shared_counters
from atom_project.shared_counters import Hold, SharedCounters
from documents import events
from documents.live import event_rows, payloads
from documents.live.event_rows import EventRow
from documents.live.payloads import EventPayload

BATCH = 32  # events read from the log at once; each may carry a result of 64 KB
RESET = "stream-reset"
STREAMS, WAITS = "streams", "waits"  # Subscribers of each kind are counted apart.


# Channels and who may read them.


def channel_of(user_id: int) -> str:
    return f"user-{user_id}"


class OwnChannel(ChannelManagerBase):  # type: ignore[misc]
    """Everybody has one channel and hears no other, whatever the address asks for."""

    def get_channels_for_request(self, request: Any, view_kwargs: Any) -> set[str]:
        return {channel_of(request.user.pk)} if request.user.is_authenticated else set()

    def can_read_channel(self, user: Any, channel: str) -> bool:
        # The library's own answer is yes, to everybody and for every channel.
        return bool(user and user.is_active and channel == channel_of(user.pk))

    def is_channel_reliable(self, channel: str) -> bool:
        return True


# Encoding.


@dataclass
class LiveEvent(Event):  # type: ignore[misc]
    """An event as listeners are handed it: encoded, with what tells whom it concerns."""

    document_id: UUID | None = None
    status: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it only moves the cursor."""
        return not self.data


Events = list[LiveEvent]


def frame(name: str, event_id: int, body: dict[str, Any]) -> bytes:
    encoded: str = sse_encode_event(name, json.dumps(body), event_id=event_id)
    return encoded.encode()


def control_event(name: str, event_id: int, **more: Any) -> bytes:
    """An event about the stream itself."""
    now = payloads.timestamp(timezone.now())
    return frame(name, event_id, {"event": name, "id": event_id, "timestamp": now, **more})


def encode(told: Iterable[EventPayload]) -> Events:
    """Each encoded once, for all who hear it; one without a body still moves the cursor."""
    return [
        LiveEvent(
            channel_of(payload.owner_id),
            payload.kind,
            frame(payload.kind, payload.id, payload.body) if payload.body else b"",
            payload.id,
            payload.document_id,
            payload.status,
        )
        for payload in told
    ]


# The log.


class EventLog(StorageBase):  # type: ignore[misc]
    """The library's storage interface over our status events. They are written elsewhere."""

    def __init__(self, *, replayed_upto: int = 0, document_id: UUID | None = None) -> None:
        """Of all documents of an owner, or of one of them alone."""
        self._replayed_upto = replayed_upto
        self._document_id = document_id
        self._latest: array[int] | None = None

    def get_events(self, channel: str, last_id: int, limit: int = BATCH) -> Events:
        """Those after `last_id`; `EventDoesNotExist` if some of them are not known any more."""
        return encode(self.told_since(_owner_of(channel), last_id, limit))

    def told_since(self, owner_id: int, last_id: int, limit: int) -> list[EventPayload]:
        """The same, not encoded.

        The low-water mark is asked for after the events: what is pruned in between was still
        read.
        """
        if self._document_id:
            # What was pruned told the end of others: this one is there, with all of its history.
            rows = event_rows.document_events_since(self._document_id, last_id, limit)
        else:
            rows = event_rows.owner_events_since(owner_id, last_id, limit)
            if 0 < last_id < events.low_water_mark(owner_id):
                raise EventDoesNotExist("too_old", events.latest_id())
        if not rows and last_id > (current := events.latest_id()):
            raise EventDoesNotExist("unknown", current)
        return payloads.of(rows, replayed_upto=self._replayed_upto)

    def missed(self, channel: str, last_id: int) -> Events:
        """Those after `last_id`, or a single reset where some of them are not known any more."""
        try:
            return self.get_events(channel, last_id)
        except EventDoesNotExist as gone:
            reset = control_event(RESET, gone.current_id, reason=str(gone))
            return [LiveEvent(channel, RESET, reset, gone.current_id)]

    def get_latest(self, channel: str, last_id: int) -> Events:
        """For who knows nothing yet: how each unfinished or just finished document stands."""
        return encode(self.told_latest(_owner_of(channel), last_id, BATCH))

    def told_latest(self, owner_id: int, last_id: int, limit: int) -> list[EventPayload]:
        """The same, not encoded.

        Which events say so is asked once; what happens meanwhile is told after them anyway.
        """
        if self._latest is None:
            self._latest = (
                event_rows.latest_of(self._document_id, self._replayed_upto)
                if self._document_id
                else event_rows.latest_of_each(owner_id, self._replayed_upto)
            )
        rows: list[EventRow] = []
        while not rows and (ids := self._latest[(start := self._after(last_id)) : start + limit]):
            rows, last_id = event_rows.of_ids(ids), ids[-1]  # Those that were pruned are passed.
        return payloads.of(rows, replayed_upto=self._replayed_upto)

    def has_latest(self, last_id: int) -> bool:
        """Whether `get_latest` has more to tell after this event."""
        return self._latest is None or self._after(last_id) < len(self._latest)

    def _after(self, last_id: int) -> int:
        return bisect_right(self._latest or (), last_id)

    def get_current_id(self, channel: str) -> int:
        return events.latest_id()


def _owner_of(channel: str) -> int:
    return int(channel.removeprefix("user-"))


# Listeners.


class WakeUpCoalescer:
    """Wakes any number of listeners of one event loop by a single call from another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._due: list[Listener] = []

    def wake(self, listener: Listener) -> None:
        with self._lock:
            self._due.append(listener)
            is_first = len(self._due) == 1
        # Each such call writes a byte to the loop: one does for a thousand streams.
        if is_first:
            self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        with self._lock:
            due, self._due = self._due, []
        for listener in due:
            listener.aevent.set()


_coalescers: WeakKeyDictionary[asyncio.AbstractEventLoop, WakeUpCoalescer] = WeakKeyDictionary()


class Subscriber(Listener):  # type: ignore[misc]
    """One open stream or waiting call as the library's listener manager and the relay know it."""

    def __init__(self, auth: AuthSnapshot, kind: str = STREAMS) -> None:
        super().__init__()
        self._kind = kind
        self._coalescer: WakeUpCoalescer | None = None
        self.auth = auth
        self.user_id = auth.user_id
        self.channel = channel_of(auth.user_id)
        self.channels = {self.channel}

    def enter(self, most: int) -> bool:
        """Begin to listen, unless the channel has that many listeners of this kind."""
        self.assign_loop()
        self._coalescer = _coalescers.setdefault(self.loop, WakeUpCoalescer(self.loop))
        if not _counters().take(*self._holds(most)):
            return False
        get_listener_manager().add_listener(self)
        return True

    def has_room(self, most: int) -> bool:
        return _counters().held(self._holds(most)[0].key) < most

    def _holds(self, most: float = math.inf) -> tuple[Hold, Hold]:
        return Hold(f"{self._kind}:{self.channel}", most=most), Hold(self._kind)

    def wake_threadsafe(self) -> None:
        if self._coalescer:  # Whoever never entered waits for nothing.
            self._coalescer.wake(self)

    def take(self) -> tuple[Events, bool]:
        """What was handed over since the last time, and whether more came than was kept."""
        with get_listener_manager().lock:
            # The library keeps ten events for a listener; what did not fit is in the log.
            taken = self.channel_items.pop(self.channel, [])
            has_overflown = bool(self.overflow)
            self.overflow: bool = False
            self.aevent.clear()
        return taken, has_overflown

    def end(self, reason: str) -> None:
        """Let the stream end now. May be called from any thread."""
        self.error = reason
        self.wake_threadsafe()

    def leave(self) -> None:
        get_listener_manager().remove_listener(self)
        _counters().give_back(*self._holds())


def count(kind: str = STREAMS) -> int:
    """How many streams are open, or calls wait, in the web processes of this host."""
    return int(_counters().held(kind))


def _counters() -> SharedCounters:
    return shared_counters.of_this_service()


def is_heard(user_id: int) -> bool:
    return channel_of(user_id) in get_listener_manager().listeners_by_channel


def deliver(event: Event) -> None:
    """Hand an event to this process's listeners, from any thread."""
    get_listener_manager().add_to_queues(event.channel, event)
