"""Figures of a text as quantities: what they come to, and of what, however they are written.

"A quarter" is 25 percent, "three weeks" are 21 days, "fifty-three" is 53.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest

from documents.pipeline.analysis.evidence import numbers
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import clauses, figure_words, quantities
from documents.pipeline.analysis.evidence.support.figure_words import FigureWords
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

PERCENT = "percent"
TIMES = "times"
# Days are no part of months: thirty of them are a month only to some.
TIME_UNITS = {"minute": ("minute", 1), "hour": ("minute", 60), "day": ("minute", 1_440),
          "week": ("minute", 10_080), "month": ("month", 1), "year": ("month", 12)}  # fmt: skip
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_A_DATE = re.compile(r"(?:19|20)\d{6}")
_NO_COUNT = frozenset(["no", "the", "this", "that", "which", "another", "any", "each", "every"])
_CZECH_YEARS = "let"
_BETWEEN = 3  # words from one figure to another that lends it its unit: "from 40 to 50 dollars"


@dataclass(frozen=True)
class Figure:
    """`place` is that of its first word among the words of its text; `end` is behind its last."""

    value: Fraction
    unit: str
    place: int
    end: int
    words: tuple[str, ...]
    number: str = ""  # without separators; blank for a fraction in words

    @property
    def numbers(self) -> list[str]:
        """Those that its words have: two, of "two thirds"."""
        return [numbers.plain(word) for word in self.words if word[0].isdigit()]

    @property
    def is_fraction_word(self) -> bool:
        return not self.number

    @property
    def measured(self) -> tuple[str, Fraction]:
        """What it measures, and how much of that: weeks and days are both minutes."""
        kind, factor = TIME_UNITS.get(self.unit, (self.unit, 1))
        return kind, self.value * factor


@memoized
def find(words: tuple[str, ...], lexicon: Lexicon) -> tuple[Figure, ...]:
    """The figures among the words of a text, given as `clauses.tokens`."""
    return tuple(_with_shared_units(list(_figures(words, lexicon)), words, lexicon))


def _figures(words: Sequence[str], lexicon: Lexicon) -> Iterator[Figure]:
    named = figure_words.words_of(lexicon.code)
    place = 0
    while place < len(words):
        figure = _fraction_at(words, place, named, lexicon) or _number_at(
            words, place, named, lexicon
        )
        if figure:
            yield figure
        place = figure.end if figure else place + 1


def _fraction_at(
    words: Sequence[str], place: int, named: FigureWords, lexicon: Lexicon
) -> Figure | None:
    """Half, a third, two thirds, the three quarters."""
    word = words[place]
    if word in named.fractions and named.fractions[word] == Fraction(1, 2):
        is_part = not place or words[place - 1] not in named.ordinals
        return _share(named.fractions[word], words, place, place + 1) if is_part else None
    following = words[place + 1] if place + 1 < len(words) else ""
    if following not in named.fractions or named.fractions[following] == Fraction(1, 2):
        return None
    if word in named.counting and not _is_ordinal(words, place + 1, lexicon):
        return _share(named.fractions[following], words, place, place + 2)
    if word.isdigit() and int(word) * named.fractions[following] < 1:
        return _share(int(word) * named.fractions[following], words, place, place + 2)
    return None


def _is_ordinal(words: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """A third party, and no third of it."""
    if place + 1 >= len(words):
        return False
    following, named = words[place + 1], figure_words.words_of(lexicon.code)
    if not following[0].isalpha() or clauses.is_small(following, lexicon):
        return False
    changes = (lexicon.up, lexicon.down, named.more, named.fewer)
    return not any(following in words for words in changes)


def _share(value: Fraction, words: Sequence[str], place: int, end: int) -> Figure:
    return Figure(100 * value, PERCENT, place, end, tuple(words[place:end]))


def _number_at(
    words: Sequence[str], place: int, named: FigureWords, lexicon: Lexicon
) -> Figure | None:
    word, end = words[place], place + 1
    if word in named.one and end < len(words) and quantities.unit_of(words[end]) in TIME_UNITS:
        unit = quantities.unit_of(words[end])
        return Figure(Fraction(1), unit, place, end + 1, tuple(words[place : end + 1]), "1")
    number = numbers.plain(word) if word[0].isdigit() else ""
    if word in named.counted_one and (not place or words[place - 1] not in _NO_COUNT):
        number = "1"
    number = f"0{number}" if number.startswith(".") else number
    if not _DECIMAL.fullmatch(number) or _A_DATE.fullmatch(number):
        return None
    value = Fraction(number)
    if end < len(words) and (size := quantities.SIZES.get(quantities.unit_of(words[end]))):
        value, end = value * size, end + 1
    value, end = _with_half(value, words, end, named)
    unit, end = _unit_at(words, place, end, lexicon)
    if unit in TIME_UNITS:
        value, end = _with_half(value, words, end, named)
    if not unit and _A_YEAR.fullmatch(word):
        return None
    return Figure(value, unit, place, end, tuple(words[place:end]), number)


def _with_half(
    value: Fraction, words: Sequence[str], end: int, named: FigureWords
) -> tuple[Fraction, int]:
    """Two and a half hours, two hours and a half."""
    for half in named.half_more:
        if tuple(words[end : end + len(half)]) == half:
            return value + Fraction(1, 2), end + len(half)
    return value, end


def _unit_at(words: Sequence[str], place: int, end: int, lexicon: Lexicon) -> tuple[str, int]:
    """The unit behind a number, with a word between them at most, or the currency before it."""
    named = figure_words.words_of(lexicon.code)
    if end < len(words) and words[end] in named.times:
        return TIMES, end + 1
    for at in range(end, min(end + 2, len(words))):
        if not words[at][0].isalpha() or clauses.is_small(words[at], lexicon):
            break
        if words[at] == _CZECH_YEARS and lexicon.code != "cs":
            break  # Fifty-three plots are let.
        if (unit := quantities.unit_of(words[at])) and unit not in quantities.SIZES:
            return unit, at + 1
    before = quantities.unit_of(words[place - 1]) if place else ""
    return (before, end) if before in quantities.MONEY else ("", end)


def _with_shared_units(found: list[Figure], words: Sequence[str], lexicon: Lexicon) -> list[Figure]:
    shared: list[Figure] = []
    for figure, following in zip_longest(found, found[1:]):
        if not figure.unit and following and following.unit not in ("", PERCENT):
            between = words[figure.end : following.place]
            if len(between) <= _BETWEEN and all(
                word[0].isalpha() and clauses.is_small(word, lexicon) for word in between
            ):
                figure = replace(figure, unit=following.unit)
        shared.append(figure)
    return shared
