"""Estimates as they are told: of this moment, from what this process read some seconds ago."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from documents.estimates import queue_rows
from documents.estimates.backtest import Past, Record
from documents.estimates.durations import Durations
from documents.estimates.forecast import Range, forecast
from documents.estimates.queue_rows import Line
from documents.models import RUNNING, Document, Status

# Seconds for which what was read is good enough.
LINE_LIFETIME = 3.0
HISTORY_LIFETIME = 30.0
# After which it is read again for a document that is not in it, because it came meanwhile.
LINE_LIFETIME_FOR_NEW = 0.3
# Seconds; further off nothing is told. A clock that was set may have made anything of durations.
FARTHEST = 365 * 24 * 3600

UNFINISHED = (Status.PENDING, *RUNNING)


@dataclass(frozen=True)
class Estimate:
    """When a document will probably be finished, and how often such ranges held."""

    earliest: datetime
    latest: datetime
    now: datetime  # by the clock that the others are told by
    held: int
    checked: int

    @property
    def held_share(self) -> float | None:
        return round(self.held / self.checked, 2) if self.checked else None

    @property
    def seconds(self) -> tuple[float, float]:
        """From now until then."""
        earliest, latest = self.earliest - self.now, self.latest - self.now
        return max(0.0, earliest.total_seconds()), max(0.0, latest.total_seconds())

    def as_json(self) -> dict[str, Any]:
        return {
            "earliest": _shown(self.earliest),
            "latest": _shown(self.latest),
            "seconds": [round(seconds) for seconds in self.seconds],
            "held": self.held,
            "checked": self.checked,
            "held_share": self.held_share,
        }


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


class Estimates:
    """What one process knows, read again when it is too old; two statements at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._line_at = self._history_at = -float("inf")  # of the monotonic clock
        self._history: list[Past] = []
        self._durations = Durations([])
        self._line: Line | None = None
        self._ranges: dict[bool, dict[Hashable, Range]] = {}
        self._held = (0, 0)
        self._record = Record()

    def of(self, ids: Iterable[UUID]) -> dict[UUID, Estimate]:
        """Of those of these unfinished documents for which there is an honest one."""
        wanted = set(ids)
        if not wanted:
            return {}
        with self._lock:
            line = self._refreshed(wanted)
            ranges = self._forecast(line, wanted)
            return {
                pk: self._told(line, ranges[pk])
                for pk in wanted & ranges.keys()
                if ranges[pk].latest < FARTHEST
            }

    def _refreshed(self, wanted: set[UUID]) -> Line:
        age, line = time.monotonic() - self._line_at, self._line
        # What is not in a full line stands behind it, and would not be in the next one either.
        is_good = line is not None and (line.is_full or wanted <= {job.key for job in line.jobs})
        if line is not None and age < (LINE_LIFETIME if is_good else LINE_LIFETIME_FOR_NEW):
            return line
        line = self._line = queue_rows.read_line()
        self._line_at, self._ranges = time.monotonic(), {}
        if line.slots:  # Or no worker lives, or circuits hold them all.
            self._look_back(line.slots)
        return line

    def _forecast(self, line: Line, wanted: set[UUID]) -> dict[Hashable, Range]:
        """Streams tell mostly what runs: the line is played through for those who wait in it."""
        is_played = any(job.elapsed is None and job.key in wanted for job in line.jobs)
        if is_played not in self._ranges:
            jobs = [job for job in line.jobs if is_played or job.elapsed is not None]
            self._ranges[is_played] = forecast(self._durations, jobs, slots=line.slots)
        return self._ranges[is_played]

    def _look_back(self, slots: int) -> None:
        if time.monotonic() - self._history_at < HISTORY_LIFETIME:
            return
        self._history, self._history_at = queue_rows.read_history(), time.monotonic()
        self._durations = Durations(past.run for past in self._history if past.is_measure)
        self._held = self._record.judge(self._history, slots)

    def _told(self, line: Line, found: Range) -> Estimate:
        age = time.monotonic() - self._line_at
        begin = line.now
        held, checked = self._held
        return Estimate(
            begin + timedelta(seconds=found.earliest),
            begin + timedelta(seconds=found.latest),
            begin + timedelta(seconds=age),
            held,
            checked,
        )


of_this_process = Estimates()


def of(documents: Iterable[Document]) -> dict[UUID, Estimate]:
    """Estimates of those that wait their turn or run."""
    return of_this_process.of(
        document.pk for document in documents if document.is_ready or document.is_processing
    )


def in_words(estimate: Estimate) -> str:
    """`in 2 to 5 min`, rounded outwards; the page counts from when it was read."""
    earliest, latest = estimate.seconds
    for unit, name in ((3600, "h"), (60, "min")):
        if latest >= 2 * unit:
            low, high = int(earliest // unit), int(-(-latest // unit))
            return f"in {low} to {high} {name}" if low else f"within {high} {name}"
    return f"within {max(5, int(-(-latest // 5) * 5))} s"


def record_in_words(estimate: Estimate) -> str:
    """How far to trust it."""
    if not estimate.checked:
        return "No such estimate could be checked yet."
    return f"{estimate.held} of {estimate.checked} such estimates held."
