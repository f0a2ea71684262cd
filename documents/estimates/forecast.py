"""The forecast: the queue played through many times, with durations drawn from past ones.

Nothing here knows a database: the simulation in `bench.quality.estimates` measures this code.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from documents.estimates.durations import Durations, Size

LIKELY = 0.9  # of all estimates are to hold
ROUNDS = 100  # in which the queue is played through


@dataclass(frozen=True)
class Job:
    """A document that runs, with the seconds since its claim, or one that waits."""

    key: Hashable
    size: Size
    elapsed: float | None = None


@dataclass(frozen=True)
class Range:
    """Seconds from now between which a document will probably be finished."""

    earliest: float
    latest: float

    def holds(self, seconds: float) -> bool:
        return self.earliest <= seconds <= self.latest


def forecast(durations: Durations, line: Sequence[Job], *, slots: int) -> dict[Hashable, Range]:
    """A range for each job that something can be said of; the waiting ones in queue order.

    Behind a job of unknown duration, nothing can be said of those that wait.
    """
    if slots < 1 or durations.is_silent:
        return {}
    running = [job for job in line if job.elapsed is not None]
    remaining = {job.key: _remaining(durations, job) for job in running}
    found = {key: _range(left) for key, left in remaining.items() if left}
    waiting = _known(durations, [job for job in line if job.elapsed is None])
    if waiting and all(remaining.values()):
        ends = _play([left for left in remaining.values() if left], waiting, slots)
        found |= {key: _range(sorted(at)) for key, at in ends.items()}
    return found


def _remaining(durations: Durations, job: Job) -> list[float] | None:
    elapsed = job.elapsed or 0.0
    found = durations.of(job.size, elapsed=elapsed)
    return [seconds - elapsed for seconds in found] if found else None


def _known(durations: Durations, waiting: Sequence[Job]) -> dict[Hashable, list[float]]:
    known: dict[Hashable, list[float]] = {}
    for job in waiting:
        if not (possible := durations.of(job.size)):
            break
        known[job.key] = possible
    return known


def _play(
    running: Sequence[list[float]], waiting: dict[Hashable, list[float]], slots: int
) -> dict[Hashable, list[float]]:
    """When each of those that wait is finished, in every round."""
    # The same each time: a range must not flicker. Not `choice`, which takes three times as long.
    chance = random.Random(0).random  # noqa: S311
    ends: dict[Hashable, list[float]] = {key: [] for key in waiting}
    for _ in range(ROUNDS):
        free_at = [left[int(chance() * len(left))] for left in running]
        free_at += [0.0] * max(0, slots - len(free_at))
        heapq.heapify(free_at)
        while len(free_at) > slots:  # More run than there are slots: a worker has gone.
            heapq.heappop(free_at)
        for key, possible in waiting.items():
            end = free_at[0] + possible[int(chance() * len(possible))]
            heapq.heapreplace(free_at, end)
            ends[key].append(end)
    return ends


def _range(ordered: Sequence[float]) -> Range:
    """Between two of the values, so that as many lie outside as may."""
    outside = (1 - LIKELY) / 2
    rank = math.floor(outside * (len(ordered) + 1))
    return Range(ordered[max(0, rank - 1)], ordered[min(len(ordered), len(ordered) + 1 - rank) - 1])
