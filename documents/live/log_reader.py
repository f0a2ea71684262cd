"""Where one stream is in the event log: what it has to read before it hears what is live."""

from __future__ import annotations

from enum import Enum, auto

from documents import events
from documents.live import channels
from documents.live.channels import EventLog, Events


class Phase(Enum):
    SNAPSHOT = auto()  # No cursor: the latest status of each document, from the log.
    REPLAY = auto()  # What was missed since the cursor, from the log.
    LIVE = auto()  # What the broker brings.


class LogReader:
    """Reads the log of one owner batch by batch, and keeps the cursor: only higher ids pass."""

    # There may be thousands of them.
    __slots__ = ("_channel", "_log", "_opened_at", "_starts_at", "_will_replay", "last", "phase")

    def __init__(self, channel: str, cursor: int | None) -> None:
        self._channel = channel
        self._starts_at = cursor
        self._opened_at = 0
        self._log = EventLog()
        self._will_replay = False
        self.last = cursor or 0
        self.phase = Phase.REPLAY if cursor is not None else Phase.SNAPSHOT

    @property
    def opened_at(self) -> int:
        """All up to this id was committed when the log was opened."""
        return self._opened_at

    def open(self) -> tuple[int, Events]:
        """The id from which this goes on, and the first batch. May be called again."""
        # The id before the batch: the other way round, what is committed in between would be in
        # neither, and yet count as told (`_finish`).
        self._opened_at = events.latest_id()
        self._log = EventLog(replayed_upto=self._opened_at)
        batch = self.read()
        if self._starts_at is not None:
            return min(self._starts_at, self._opened_at), batch
        # Before the first of them: who loses the connection here gets them all again.
        return (batch[0].id - 1 if batch else self._opened_at), batch

    def read(self) -> Events:
        """The next batch, while the phase is not `LIVE`."""
        if self.phase is Phase.SNAPSHOT:
            batch = self._log.get_latest(self._channel, self.last)
        else:
            batch = self._log.missed(self._channel, self.last)
        if batch:
            self.last = batch[-1].id
        if batch and batch[0].type == channels.RESET:
            self.phase = Phase.LIVE
        elif not self._has_more(batch):
            self._finish()
        return batch

    def _has_more(self, batch: Events) -> bool:
        if self.phase is Phase.SNAPSHOT:
            return self._log.has_latest(self.last)
        return len(batch) >= channels.BATCH

    def _finish(self) -> None:
        # All of one's own up to the opening is told: the cursor may say so.
        self.last = max(self.last, self._opened_at)
        self._log = EventLog(replayed_upto=self._opened_at)  # Ids of a long queue are let go.
        self.phase = Phase.REPLAY if self._will_replay else Phase.LIVE
        self._will_replay = False

    def replay(self) -> None:
        """Read the log once more from the cursor on, after what is being read now."""
        if self.phase is Phase.LIVE:
            self.phase = Phase.REPLAY
        else:
            self._will_replay = True

    def pass_on(self, brought: Events) -> Events:
        """What of the events a broker brought is new."""
        fresh = []
        for event in brought:
            if event.id > self.last:
                self.last = event.id
                fresh.append(event)
        return fresh
