"""Derivations: all that the figures of a text come to when they are added, divided and shared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import combinations, permutations

from documents.pipeline.analysis.evidence.support import calendar_spans
from documents.pipeline.analysis.evidence.support.figures import PERCENT, TIMES, Figure

_MONTH = 30 * 24 * 60  # minutes
_ALL = Fraction(100)


class Way(Enum):
    """How a figure follows from others."""

    SAME = "the same, in whatever unit"
    ROUGHLY = "the same, more or less"
    SUM = "a sum"
    CHANGE = "a difference"
    GROWTH = "a difference as a share of where it began"
    SHARE = "an amount as a share of another"
    PORTION = "a share as an amount"
    REST = "what is left of a whole"
    FALLEN = "what is left of an amount that fell"
    TIMES = "how many times as much it is"
    SPAN = "the time between two days"
    RISEN = "what an amount that rose has become"


@dataclass(frozen=True)
class Derivation:
    """`part` is the figure whose words are those of the result."""

    way: Way
    kind: str  # what it measures; blank for a plain number
    value: Fraction
    part: Figure
    whole: Figure | None = None
    parts: tuple[Figure, ...] = ()

    def comes_to(self, figure: Figure) -> bool:
        """Whether the figure says this, rounded to whole percents as is usual."""
        kind, value = figure.measured
        if kind != self.kind and {PERCENT, TIMES} & {kind, self.kind}:
            return False
        if kind and self.kind and kind != self.kind:
            return False
        if self.kind == PERCENT and value.denominator == 1 and self.value.denominator > 1:
            return not figure.is_fraction_word and value == round(self.value)
        return value == self.value


def of(figures: Sequence[Figure]) -> Iterator[Derivation]:
    """What follows from them; first what changes nothing."""
    for figure in figures:
        yield Derivation(Way.SAME, *figure.measured, figure)
        yield from _rounded(figure)
    for figure in figures:
        if figure.unit == PERCENT and figure.value < _ALL:
            yield Derivation(Way.REST, PERCENT, _ALL - figure.value, figure)
    yield from _sums(figures)
    for one, other in permutations(figures, 2):
        if one.unit == PERCENT != other.unit:
            yield from _portions(one, other)
        elif one.measured[0] == other.measured[0]:
            yield from _compared(one, other)


def of_dates(words: Sequence[str]) -> Iterator[Derivation]:
    """How long it is between the days that the words name."""
    spans = [(days, "day") for days in calendar_spans.days_between(words)]
    spans += [(months, "month") for months in calendar_spans.months_between(words)]
    for length, unit in spans:
        span = Figure(Fraction(length), unit, 0, 0, ())
        yield Derivation(Way.SPAN, *span.measured, span)


def _rounded(figure: Figure) -> Iterator[Derivation]:
    """Ninety days are about three months."""
    kind, minutes = figure.measured
    if kind == "minute" and figure.unit in ("day", "week"):
        months = minutes / _MONTH
        yield Derivation(Way.ROUGHLY, "month", Fraction(round(months)), figure)


def _sums(figures: Sequence[Figure]) -> Iterator[Derivation]:
    for count in (2, 3):
        for group in combinations(figures, count):
            kinds = {each.measured[0] for each in group}
            if len(kinds) == 1:
                total = sum((each.measured[1] for each in group), Fraction())
                yield Derivation(Way.SUM, kinds.pop(), total, group[0], group[1], group)


def _portions(share: Figure, amount: Figure) -> Iterator[Derivation]:
    kind, value = amount.measured
    part = value * share.value / _ALL
    yield Derivation(Way.PORTION, kind, part, share, amount)
    yield Derivation(Way.REST, kind, value - part, share, amount)
    yield Derivation(Way.FALLEN, kind, value - part, share, amount)
    yield Derivation(Way.RISEN, kind, value + part, share, amount)


def _compared(one: Figure, other: Figure) -> Iterator[Derivation]:
    (kind, less), (_, more) = one.measured, other.measured
    if one.place < other.place and less:
        # In the order of the text: from thirty to thirty-six.
        yield Derivation(Way.GROWTH, PERCENT, abs(more - less) * _ALL / less, one, other)
    if less >= more:
        return
    yield Derivation(Way.CHANGE, kind, more - less, one, other)
    yield Derivation(Way.REST, kind, more - less, one, other)
    if less:
        yield Derivation(Way.TIMES, TIMES, more / less, one, other)
    if kind != PERCENT:
        yield Derivation(Way.SHARE, PERCENT, less * _ALL / more, one, other)
        yield Derivation(Way.REST, PERCENT, _ALL - less * _ALL / more, one, other)
