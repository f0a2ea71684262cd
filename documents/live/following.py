"""Following by single calls: the events of the stream after a cursor, as one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from documents import events
from documents.live.channels import EventDoesNotExist, EventLog

LARGEST_STEP = 1_000  # events read at once where none so far had anything to say


@dataclass(frozen=True)
class EventPage:
    """Bodies of events as the stream sends them, and the cursor to go on from."""

    events: list[dict[str, Any]]
    next: int
    reset: str = ""  # why something may have been missed

    @property
    def is_empty(self) -> bool:
        return not (self.events or self.reset)


def read(
    owner_id: int,
    after: int | None,
    limit: int,
    *,
    replayed_upto: int | None = None,
    document_id: UUID | None = None,
) -> EventPage:
    """The events after a cursor; without one, how each unfinished or just finished document stands.

    Of one document alone, however it stands; the caller knows that it is this owner's. Those up to
    `replayed_upto` are marked as no news; without it, all that are there.
    """
    newest = events.latest_id()  # Before the events: what comes in between is told next time.
    log = EventLog(
        replayed_upto=newest if replayed_upto is None else replayed_upto, document_id=document_id
    )
    cursor, size = after or 0, limit
    while True:
        try:
            told = (
                log.told_latest(owner_id, cursor, size)
                if after is None
                else log.told_since(owner_id, cursor, size)
            )
        except EventDoesNotExist as gone:
            return EventPage([], gone.current_id, str(gone))
        spoken = [(one.id, one.body) for one in told if one.body]
        bodies = [body for _, body in spoken[:limit]]
        if len(spoken) > limit:
            return EventPage(bodies, spoken[limit - 1][0])
        cursor = told[-1].id if told else cursor
        has_more = log.has_latest(cursor) if after is None else len(told) == size
        is_last = not (told and has_more)
        if spoken or is_last:
            return EventPage(bodies, max(cursor, newest) if is_last else cursor)
        # Documents in the trash say nothing, and there may be many: passed in growing steps.
        size = min(2 * size, LARGEST_STEP)
