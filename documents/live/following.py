"""Following by single calls: the events of the stream after a cursor, as one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents import events
from documents.live.channels import EventDoesNotExist, EventLog


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
    owner_id: int, after: int | None, limit: int, *, replayed_upto: int | None = None
) -> EventPage:
    """The events after a cursor; without one, how each unfinished or just finished document stands.

    Those up to `replayed_upto` are marked as no news; without it, all that are there.
    """
    newest = events.latest_id()  # Before the events: what comes in between is told next time.
    log = EventLog(replayed_upto=newest if replayed_upto is None else replayed_upto)
    cursor = after or 0
    while True:
        try:
            told = (
                log.told_latest(owner_id, cursor, limit)
                if after is None
                else log.told_since(owner_id, cursor, limit)
            )
        except EventDoesNotExist as gone:
            return EventPage([], gone.current_id, str(gone))
        cursor = told[-1].id if told else cursor
        has_more = log.has_latest(cursor) if after is None else len(told) == limit
        is_last = not (told and has_more)
        bodies = [one.body for one in told if one.body]
        if bodies or is_last:
            return EventPage(bodies, max(cursor, newest) if is_last else cursor)
