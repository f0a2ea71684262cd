"""How often the 90 % ranges of `documents/estimates` hold, on simulated installations.

`python -m bench.quality.estimates` prints the share for the seeds it was made with, and with
`--held-out` for those that were kept aside. 300 documents of mixed sizes and kinds by two engines
come in bursts and are worked on first come, first served; each is given a range when it is queued
and another when it has run for a random while. Durations have a fixed part, a part that grows with
the pages, a random factor and rare outliers: not the formula that is fitted.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass

from documents.estimates.durations import Durations, Run, Size
from documents.estimates.forecast import Job, forecast

DOCUMENTS = 300
WARM_UP = 80  # documents that come before
REMEMBERED = 300
SEEDS = range(1, 9)
HELD_OUT = range(2027, 2035)
ENGINES = {"offline": (0.4, 0.02), "model": (3.0, 2.5)}  # seconds: fixed, and for each page


@dataclass
class Document:
    number: int
    size: Size
    queued_at: float
    seconds: float
    started_at: float = 0.0

    @property
    def finished_at(self) -> float:
        return self.started_at + self.seconds


def documents(chance: random.Random, slots: int) -> list[Document]:
    now, made = 0.0, []
    for number in range(DOCUMENTS + WARM_UP):
        engine = chance.choices(list(ENGINES), [1, 2])[0]
        pages = max(1, round(chance.lognormvariate(1.5, 0.9)))
        kind = chance.choice(["application/pdf", "text/plain"])
        per_page = chance.uniform(2_000, 60_000) if kind == "application/pdf" else 2_500
        size = Size(engine, kind, int(pages * per_page))
        fixed, each = ENGINES[engine]
        factor = chance.lognormvariate(0, 0.3) * (4 if chance.random() < 0.01 else 1)
        # In bursts, as people upload; so many that slots are busy seven tenths of the time.
        now += 0.2 if chance.random() < 0.6 else chance.expovariate(slots / 48)
        made.append(Document(number, size, now, (fixed + each * pages) * factor))
    return made


def work(line: list[Document], slots: int) -> None:
    free_at = [0.0] * slots
    for document in line:
        document.started_at = max(document.queued_at, free_at[0])
        heapq.heapreplace(free_at, document.finished_at)


def jobs(line: list[Document], upto: Document, now: float) -> list[Job]:
    return [
        Job(one.number, one.size, now - one.started_at if one.started_at < now else None)
        for one in line[: upto.number + 1]
        if now < one.finished_at
    ]


def known(line: list[Document], now: float) -> Durations:
    finished = sorted(
        (one for one in line if one.finished_at <= now), key=lambda one: one.finished_at
    )
    return Durations(Run(one.size, one.seconds) for one in finished[-REMEMBERED:])


def shares(seed: int, slots: int) -> tuple[list[bool], list[bool]]:
    """Whether the range of each held: told at its queuing, and told while it ran."""
    chance = random.Random(seed)  # noqa: S311
    line = documents(chance, slots)
    work(line, slots)
    queued, ran = [], []
    for one in line[WARM_UP:]:
        later = one.started_at + chance.random() * one.seconds
        for moment, verdicts in ((one.queued_at, queued), (later, ran)):
            told = forecast(known(line, moment), jobs(line, one, moment), slots=slots)
            if one.number in told:
                verdicts.append(told[one.number].holds(one.finished_at - moment))
    return queued, ran


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    options = parser.parse_args()
    pooled: tuple[list[bool], list[bool]] = ([], [])
    for seed in HELD_OUT if options.held_out else SEEDS:
        slots = 1 + seed % 4
        found = shares(seed, slots)
        for every, verdicts in zip(pooled, found, strict=True):
            every.extend(verdicts)
        print(f"seed {seed}, {slots} slots: {_in_words(*found)}")
    print(f"all together: {_in_words(*pooled)}")


def _in_words(queued: list[bool], ran: list[bool]) -> str:
    return (
        f"{sum(queued)} of {len(queued)} ranges held when queued ({sum(queued) / len(queued):.1%}),"
        f" {sum(ran)} of {len(ran)} while running ({sum(ran) / len(ran):.1%})"
    )


if __name__ == "__main__":
    main()
