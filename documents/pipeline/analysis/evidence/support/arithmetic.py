"""Arithmetic: figures of a claim that follow from those of its quotes, though none has them.

The same in another unit, a sum, a difference, a share of an amount, an amount as a share, and
what is left of a whole. Only so far as the words beside the figures go with it: three hundred
of four hundred eggs are whole where a hundred are broken, and not broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from documents.pipeline.analysis.evidence import normalization, numbers
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import (
    clauses,
    derivations,
    exchanged,
    figure_words,
    figures,
    quantities,
)
from documents.pipeline.analysis.evidence.support.clauses import Clause
from documents.pipeline.analysis.evidence.support.derivations import Derivation, Way
from documents.pipeline.analysis.evidence.support.figures import PERCENT, Figure
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

_UNIT_STEMS = frozenset(map(clauses.stem, quantities.UNIT_WORDS))
_MOST = 8  # figures of a sentence, which are taken in pairs
_MOST_CLAIMED = 12  # figures of a claim; those of a whole table stay as they were marked

_SURE_WAYS = (Way.SAME, Way.SPAN)

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Derived:
    """Which figures of a claim follow."""

    numbers: frozenset[str]
    units: frozenset[str]
    strange: list[str]  # Half, a fortnight: in words, and nothing that is quoted comes to them.
    rests: list[Figure]  # Their clauses have their own yes or no.

    def has(self, word: str, lexicon: Lexicon) -> bool:
        """Whether this word of the claim, a number or a unit, belongs to a figure that follows."""
        number = lexicon.numbers.get(word, word)
        if number[0].isdigit():
            return numbers.plain(number) in self.numbers
        unit = quantities.unit_named(word)
        return bool(unit) and unit in self.units

    def is_rest(self, clause: Clause) -> bool:
        return any(
            figure.number in map(clauses.stem, clause.words) if figure.number
            else set(figure.words) <= set(clause.words)
            for figure in self.rests
        )  # fmt: skip


class _Beside:
    """The claim beside its quotes: what it says that they do not, and where they say it."""

    def __init__(
        self, claimed: Tokens, quoted: Sequence[Tokens], mine: Lexicon, theirs: Lexicon
    ) -> None:
        self.claimed, self.quoted, self.mine, self.theirs = claimed, quoted, mine, theirs
        self.named = figure_words.words_of(mine.code)
        self.stems = _stems(claimed, mine)
        # Elsewhere nobody can tell a sum from a change: only `_SURE_WAYS` count.
        self.is_listed = self.named is not figure_words.NONE

    @cached_property
    def derivations(self) -> list[tuple[Tokens, Derivation]]:
        joined = tuple(word for quote in self.quoted for word in quote)
        quotes = [*self.quoted, joined] if len(self.quoted) > 1 else self.quoted
        return [
            (quote, derivation)
            for quote in quotes
            for derivation in _derivations(quote, self.theirs)
            if self.is_listed or derivation.way in _SURE_WAYS
        ]

    def allows(self, figure: Figure, derivation: Derivation, quote: Tokens) -> bool:
        """Whether what the claim says beside a figure goes with the way it was come by."""
        match derivation.way:
            case Way.SUM:
                return not _is_change(derivation, quote) and self._names_all(derivation, quote)
            case Way.CHANGE | Way.GROWTH:
                return self._compares() and not self._is_turned_around(derivation, quote)
            case Way.REST:
                return self._is_part(derivation, quote) and self._differs(quote)
            case Way.SHARE:
                is_part = self._is_part(derivation, quote)
                return is_part and self._is_about(figure, derivation, quote)
            case Way.ROUGHLY:
                return any(word in self.named.about for word in self.claimed)
            case Way.FALLEN:
                return any(word in self.theirs.down for word in quote)
            case Way.RISEN:
                return any(word in self.theirs.up for word in quote)
        return True

    def is_other_time(self, figure: Figure) -> bool:
        """A year, where the quotes have eighteen months."""
        is_one = figure.number == "1" and len(figure.words) > 1
        return is_one and any(
            other.unit in figures.TIME_UNITS
            for quote in self.quoted
            for other in figures.find(quote, self.theirs)
        )

    def _compares(self) -> bool:
        changes = (self.mine.up, self.mine.down, self.named.more, self.named.fewer)
        return any(word in words for word in self.claimed for words in changes)

    def _differs(self, quote: Tokens) -> bool:
        """Whether it has a no where the quote has none, or a word that the quote has not."""
        if _is_negative(self.claimed, self.mine) != _is_negative(quote, self.theirs):
            return True
        return not self._compares() and bool(self.stems - _stems(quote, self.theirs))

    def _names_all(self, derivation: Derivation, quote: Tokens) -> bool:
        """Whether it has words of each figure added up, or of none: not 700 for lamps alone."""
        near = [self._behind(figure, quote) for figure in derivation.parts]
        near = near if all(near) else [self._near(figure, quote) for figure in derivation.parts]
        own = [each.difference(*(o for o in near if o is not each)) for each in near]
        # All of one's own: in "nine plots are let and four are free" the plots are both's.
        named = [each <= self.stems for each in own if each]
        unnamed = [not each & self.stems for each in own if each]
        return not (any(named) and any(unnamed))

    def _behind(self, figure: Figure, quote: Tokens) -> frozenset[str]:
        """What is counted, and not who has it."""
        return self._near(replace(figure, place=0), quote[figure.place :])

    def _near(self, figure: Figure, quote: Tokens) -> frozenset[str]:
        """The words beside a figure, but for units."""
        return exchanged.around(quote, figure.place, self.theirs) - _UNIT_STEMS

    def _is_part(self, derivation: Derivation, quote: Tokens) -> bool:
        """Two of nine, nine of which, or both of the same: 24 seats, six seats."""
        part, whole = derivation.part, derivation.whole
        if whole is None or PERCENT in (part.unit, whole.unit):
            return True
        if _is_change(derivation, quote):
            return False
        of, of_which = self.named.of, self.named.of_which
        if any(word in of for word in quote[max(0, whole.place - 2) : whole.place]):
            return True
        if any(word in of for word in quote[part.end : part.end + 1]):
            return True  # Thirty of them.
        if any(word in of_which for word in quote[max(0, part.place - 3) : part.place]):
            return True
        return bool(self._near(part, quote) & self._near(whole, quote))

    def _is_about(self, figure: Figure, derivation: Derivation, quote: Tokens) -> bool:
        """Whether no other figure of the quote has more of the claim's words beside it."""
        near = exchanged.around(self.claimed, figure.place, self.mine) - _UNIT_STEMS
        words = near or self.stems
        others = [f for f in figures.find(quote, self.theirs) if f != derivation.whole]
        of_part = len(words & self._near(derivation.part, quote))
        return all(len(words & self._near(other, quote)) <= of_part for other in others)

    def _is_turned_around(self, derivation: Derivation, quote: Tokens) -> bool:
        """Eight more altos than basses, where the quote has more basses."""
        whole = derivation.whole
        place = next((at for at, word in enumerate(self.claimed) if word in self.named.than), 0)
        if not place or whole is None:
            return False
        more = any(word in self.named.more for word in self.claimed)
        less_of, more_of = (self._near(figure, quote) for figure in (derivation.part, whole))
        before, behind = (
            _stems(words, self.mine) for words in (self.claimed[:place], self.claimed[place:])
        )
        greater, smaller = (before, behind) if more else (behind, before)
        return bool((less_of - more_of) & greater or (more_of - less_of) & smaller)


def derive(claim: str, quoted: Sequence[Tokens], mine: Lexicon, theirs: Lexicon) -> Derived:
    """Hold each figure of a claim against all that its quotes' figures come to."""
    claimed = clauses.tokens(claim, mine)
    beside = _Beside(claimed, quoted, mine, theirs)
    found = figures.find(claimed, mine)[:_MOST_CLAIMED]
    ways = {figure: next(_ways(figure, beside), None) for figure in found} if found else {}
    strange = [figure for figure, way in ways.items() if way is None]
    following = [(figure, way) for figure, way in ways.items() if way]
    return Derived(
        frozenset(number for figure, _ in following for number in figure.numbers)
        - {number for figure in strange for number in figure.numbers},
        frozenset(f.unit for f, way in following if way.kind == f.measured[0])
        - {figure.unit for figure in strange},
        [
            " ".join(figure.words)
            for figure in strange
            if _is_in_words(figure, claim, mine) or beside.is_other_time(figure)
        ],
        [figure for figure in found if any(way.way is Way.REST for way in _ways(figure, beside))],
    )


def _ways(figure: Figure, beside: _Beside) -> Iterator[Derivation]:
    for quote, derivation in beside.derivations:
        if derivation.comes_to(figure) and beside.allows(figure, derivation, quote):
            yield derivation


@memoized
def _derivations(quote: Tokens, lexicon: Lexicon) -> tuple[Derivation, ...]:
    found = figures.find(quote, lexicon)[:_MOST]
    return (*derivations.of(found), *derivations.of_dates(quote))


def _is_in_words(figure: Figure, claim: str, lexicon: Lexicon) -> bool:
    """Whether nothing else looks at it: half, a fortnight, fifty-three; not 14, nor fourteen."""
    if figure.is_fraction_word:
        return True
    plain = claim.casefold()
    looked_at = {numbers.plain(number) for number in normalization.numbers(plain)}
    looked_at |= {number for word, number in lexicon.numbers.items() if word in plain}
    return figure.number not in looked_at and figure.number != "1"


def _is_change(derivation: Derivation, quote: Tokens) -> bool:
    """From forty to fifty: nobody adds these."""
    part, whole = derivation.part, derivation.whole
    if whole is None:
        return False
    first, last = sorted((part.place, whole.place))
    return exchanged.is_from_to(quote, first, last)


@memoized
def _stems(words: Tokens, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(
        clauses.stem(word)
        for word in words
        if word[0].isalpha() and not clauses.is_small(word, lexicon)
        and not clauses.is_negation(word, lexicon) and not quantities.unit_of(word)
    )  # fmt: skip


def _is_negative(words: Tokens, lexicon: Lexicon) -> bool:
    return any(clauses.is_negation(word, lexicon) for word in words)
