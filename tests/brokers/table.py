"""The table of docs/scaling.md: what was run replaces its row, what was not run stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.brokers.house import Outcome

BEGIN = "<!-- written by `make celery-faults`: begin -->"
END = "<!-- written by `make celery-faults`: end -->"
HEAD = "| what | runs | completed | analyzed twice | out of order | taken again | time | day |"
RULE = "|---" * 8 + "|"


@dataclass
class Row:
    """What came of one fault, each time it was tried."""

    outcomes: list[Outcome] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    runs: int = 0
    failures: int = 0

    @contextmanager
    def tried(self) -> Iterator[Row]:
        """One run; one that ends by an exception has failed."""
        self.runs += 1
        self.failures += 1
        yield self
        self.failures -= 1

    def cells(self) -> list[str]:
        runs = self.runs or len(self.outcomes or self.words)
        told = f"{runs}, **{self.failures} failed**" if self.failures else str(runs)
        if not self.outcomes:
            return [told, *("–",) * 4, "; ".join(self.words) or "–"]
        each = self.outcomes
        return [
            told,
            _range(outcome.completed for outcome in each),
            _range(outcome.twice for outcome in each),
            _range(outcome.out_of_order for outcome in each),
            _range(outcome.taken_again for outcome in each),
            _range(round(outcome.seconds) for outcome in each) + " s",
        ]


def _range(figures: Iterable[int]) -> str:
    found = sorted(figures)
    return str(found[0]) if found[0] == found[-1] else f"{found[0]}–{found[-1]}"


def written(page: str, rows: Mapping[str, Row], day: str, documents: int) -> str:
    """The page with these rows in place of their earlier selves."""
    before, _, rest = page.partition(BEGIN)
    between, _, after = rest.partition(END)
    lines = [line for line in between.splitlines() if line.startswith("| ") and line != HEAD]
    known = {_name(line): line for line in lines}
    for name, row in rows.items():
        known[name] = f"| {name} | {' | '.join(row.cells())} | {day} |"
    told = f"{documents} documents in each row, on the day it was run last."
    table = [BEGIN, "", told, "", HEAD, RULE, *known.values(), "", END]
    return before + "\n".join(table) + after


def _name(line: str) -> str:
    return line.split(" | ")[0].removeprefix("| ")
