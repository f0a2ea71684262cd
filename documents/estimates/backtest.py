"""Back-testing: how often ranges held, had they been told when each document was queued.

Evaluated on what is kept of finished documents anyway, so that nothing is written for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from documents.estimates.durations import Durations, Run, Size
from documents.estimates.forecast import Job, forecast

CHECKED = 50  # of the newest documents
LONGEST_LINE = 50  # behind more, playing it through costs too much


@dataclass(frozen=True)
class Past:
    """A finished document as it went through the queue."""

    document_id: UUID
    place: tuple[int, int]  # in the order of the queue
    size: Size
    queued_at: datetime
    started_at: datetime
    finished_at: datetime
    is_measure: bool  # completed by an analysis of its own

    @property
    def run(self) -> Run:
        return Run(self.size, max(0.0, (self.finished_at - self.started_at).total_seconds()))


def verdict(past: Past, others: Sequence[Past], slots: int) -> bool | None:
    """Whether the range told at its queuing would have held; None if there would have been none."""
    known = Durations(
        other.run for other in others if other.is_measure and other.finished_at < past.queued_at
    )
    ahead = [
        other
        for other in others
        if other.place < past.place and other.queued_at <= past.queued_at < other.finished_at
    ]
    if known.is_silent or len(ahead) > LONGEST_LINE:
        return None
    line = [_as_it_stood(other, past.queued_at) for other in ahead]
    busy = sum(job.elapsed is not None for job in line)
    line.append(_as_it_stood(past, past.queued_at))
    found = forecast(known, line, slots=max(slots, busy)).get(past.document_id)
    if found is None:
        return None
    return found.holds((past.finished_at - past.queued_at).total_seconds())


def _as_it_stood(other: Past, then: datetime) -> Job:
    is_running = other.started_at < then
    elapsed = (then - other.started_at).total_seconds() if is_running else None
    # Pages were not known before it was read.
    return Job(other.document_id, replace(other.size, pages=None), elapsed)


class Record:
    """The verdicts so far; each document is judged once, however often it is asked."""

    def __init__(self) -> None:
        self._verdicts: dict[tuple[UUID, datetime], bool | None] = {}

    def judge(self, history: Sequence[Past], slots: int) -> tuple[int, int]:
        """How many of how many ranges held, of the newest documents. The newest come first."""
        newest = [past for past in history if past.is_measure][:CHECKED]
        before, self._verdicts = self._verdicts, {}
        for past in newest:
            key = (past.document_id, past.finished_at)
            self._verdicts[key] = before[key] if key in before else verdict(past, history, slots)
        told = [held for held in self._verdicts.values() if held is not None]
        return sum(told), len(told)
