"""Lexicon: the small words of one language that turn a sentence around.

A word that ends in `*` stands for all that begin so. Lists are written as running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property


class Words:
    """A list of words and beginnings of words."""

    def __init__(self, listed: str = "") -> None:
        words = listed.split()
        self.whole = frozenset(word for word in words if not word.endswith("*"))
        self._begun = tuple(word[:-1] for word in words if word.endswith("*"))

    @classmethod
    def of_all(cls, lists: Iterable[Words]) -> Words:
        """All that is on any of the lists."""
        united = cls()
        for each in lists:
            united.whole |= each.whole
            united._begun += each._begun
        return united

    def __contains__(self, word: str) -> bool:
        return word in self.whole or (bool(self._begun) and word.startswith(self._begun))

    def among(self, words: Sequence[str]) -> list[str]:
        # Not by `in self`: every word of every claim is looked up in many lists.
        whole, begun = self.whole, self._begun
        if not begun:
            return [word for word in words if word in whole]
        return [word for word in words if word in whole or word.startswith(begun)]


@dataclass(frozen=True, eq=False)  # one of each language
class Lexicon:
    """`is_whole` tells whether enough is listed to call a claim supported."""

    code: str
    common: Words
    negations: Words
    denials: Words  # verbs and adjectives that say no
    restrictors: Words  # only, unless: neither yes nor no
    limits: Words  # until, before: the same in time
    hedges: Words
    doubts: Words  # those hedges that a claim may not leave out
    options: Words  # may, can
    duties: Words  # must, shall
    up: Words
    down: Words
    joints: Words  # a clause begins with one of these
    finite: Words  # after "and", they show that a clause begins
    causes: Words
    phrases: dict[str, str] = field(default_factory=dict)  # what stands for a single word
    numbers: dict[str, str] = field(default_factory=dict)
    titles: Words = field(default_factory=Words)
    changes: Words = field(default_factory=Words)  # what is not so where all stays as it was
    constants: Words = field(default_factory=Words)
    # What is not the one is the other; the loose ones only so far as one of them is denied.
    opposites: tuple[tuple[Words, Words], ...] = ()
    loose_opposites: tuple[tuple[Words, Words], ...] = ()
    # Of one thing only one can be said, with a figure as well: begins and ends.
    exclusive: tuple[tuple[Words, Words], ...] = ()
    roles: tuple[tuple[Words, Words], ...] = ()  # tenant and landlord
    since: Words = field(default_factory=Words)  # "not since May" is "last in May"
    last: Words = field(default_factory=Words)
    is_whole: bool = True
    has_concord: bool = False  # two negative words in a clause are one negation
    capitalizes_nouns: bool = False

    @cached_property
    def in_pairs(self) -> Words:
        """Most clauses have none of these, and need not be asked for each pair."""
        pairs = (*self.opposites, *self.exclusive)
        return Words.of_all(words for pair in pairs for words in pair)

    @cached_property
    def agreeing(self) -> tuple[tuple[Words, Words], ...]:
        """Pairs of which no to the one is yes to the other: not sold is kept."""
        pairs = [*self.opposites, *self.loose_opposites]
        pairs += [(two, one) for one, two in pairs]
        return (*pairs, (self.changes, self.constants), (self.since, self.last))

    @cached_property
    def phrase_pattern(self) -> re.Pattern[str] | None:
        if not self.phrases:
            return None
        longest_first = sorted(self.phrases, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def pairs(*listed: tuple[str, str]) -> tuple[tuple[Words, Words], ...]:
    return tuple((Words(one), Words(other)) for one, other in listed)


def counted(words: str, first: int = 2) -> dict[str, str]:
    """Number words in order; several for the same number are joined by `|`."""
    return {
        word: str(number)
        for number, words_of in enumerate(words.split(), start=first)
        for word in words_of.split("|")
    }
