"""Spans of time between the days of a text: from 6 to 20 March are 14 days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from documents.pipeline.analysis.evidence.support.exchanged import TO

_WHOLE_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")  # as `clauses.tokens` has it
_DAY = re.compile(r"\d{1,2}")


def days_between(words: Sequence[str]) -> Iterator[int]:
    for one, other in combinations(sorted(set(_dates(words))), 2):
        yield (other - one).days


def months_between(words: Sequence[str]) -> Iterator[int]:
    """Whole months only: from 2 March to 2 May."""
    for one, other in combinations(sorted(set(_dates(words))), 2):
        if one.day == other.day:
            yield 12 * (other.year - one.year) + other.month - one.month


def _dates(words: Sequence[str]) -> Iterator[date]:
    for place, word in enumerate(words):
        if not (found := _WHOLE_DATE.fullmatch(word)):
            continue
        if whole := _date(*found.groups()):
            yield whole
        before = words[max(0, place - 2) : place]
        if len(before) == 2 and before[1] in TO and _DAY.fullmatch(before[0]):
            year, month, _ = found.groups()
            if first := _date(year, month, before[0]):
                yield first


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
