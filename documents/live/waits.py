"""Long polling: a call that waits for one event, heard like a stream's and without a thread."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.auth_snapshot import AuthSnapshot
from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem
from atom_project.web.lanes import Busy
from documents.live import channels
from documents.live.channels import LiveEvent, Subscriber
from documents.live.stream import Broker
from documents.models import FINISHED, StatusEvent


class TooManyWaits(Problem):
    """As many calls of this user wait as may."""

    def __init__(self) -> None:
        super().__init__(
            429,
            ProblemCode.TOO_MANY_WAITS,
            f"{settings.ATOM_MAX_WAITS_PER_USER} of your calls wait already. Follow all documents "
            "by one call, such as /events or /documents/stream.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class EventWait:
    """Waits for an event of one's own that is meant, until a time at the latest.

    Nothing is missed: what was committed up to `mark` the caller has looked at, and what came
    after it is brought, unless the broker got further before this one listened. Then, and where
    more was brought than is kept, `is_due` asks the database.
    """

    # There may be thousands of them.
    __slots__ = ("_broker", "_is_due", "_is_meant", "_seconds", "_subscriber", "mark")

    def __init__(
        self,
        auth: AuthSnapshot,
        broker: Broker,
        *,
        mark: int,
        seconds: float,
        is_meant: Callable[[LiveEvent], bool],
        is_due: Callable[[], bool],
    ) -> None:
        self.mark = mark
        self._broker = broker
        self._is_meant = is_meant
        self._is_due = is_due
        self._subscriber = Subscriber(auth, channels.WAITS)
        self._seconds = _within_login(seconds, auth)

    async def over(self) -> None:
        """Return when it is over. Raises `TooManyWaits`."""
        self._broker.stop_on_signals()
        # From here to the broker in one go: nobody else may leave it or join it in between.
        if not self._subscriber.enter(settings.ATOM_MAX_WAITS_PER_USER):
            raise TooManyWaits
        try:
            is_gapless = self._broker.join(self._subscriber, after=self.mark)
            if is_gapless or not await self._ask():
                await self._hear()
        finally:
            self._subscriber.leave()
            self._broker.leave(self._subscriber)

    def require_room(self) -> None:
        """Raise `TooManyWaits`, or `Busy` where the process has no descriptors left or stops."""
        if not self._broker.has_room():
            raise Busy
        if not self._subscriber.has_room(settings.ATOM_MAX_WAITS_PER_USER):
            raise TooManyWaits

    def end(self, reason: str) -> None:
        self._subscriber.end(reason)

    async def _hear(self) -> None:
        loop, heard = self._subscriber.loop, self._subscriber.aevent
        # The end is told, not looked up: clocks of some loops are coarser than their timers.
        timer = loop.call_later(max(0.0, self._seconds), self.end, "over")
        try:
            while not self._subscriber.error:
                await heard.wait()
                if await self._is_told():
                    return
        finally:
            timer.cancel()

    async def _is_told(self) -> bool:
        brought, has_overflown = self._subscriber.take()
        if any(event.id > self.mark and self._is_meant(event) for event in brought):
            return True
        return has_overflown and await self._ask()

    async def _ask(self) -> bool:
        """In the thread that streams share. Without a database whoever answers will say so."""
        try:
            return await sync_to_async(self._is_due)()
        except (OperationalError, InterfaceError):
            return True


def ends(document_id: UUID) -> Callable[[LiveEvent], bool]:
    """Whether an event says that this document is finished, or gone."""

    def is_meant(event: LiveEvent) -> bool:
        is_end = event.status in FINISHED or event.type == StatusEvent.Kind.DELETED
        return is_end and event.document_id == document_id

    return is_meant


def says_something(event: LiveEvent) -> bool:
    return not event.is_blank


def is_about(document_id: UUID) -> Callable[[LiveEvent], bool]:
    """Whether an event has something to say of this document."""
    return lambda event: says_something(event) and event.document_id == document_id


def _within_login(seconds: float, auth: AuthSnapshot) -> float:
    if auth.expires_at is None:
        return seconds
    return min(seconds, (auth.expires_at - timezone.now()).total_seconds())
