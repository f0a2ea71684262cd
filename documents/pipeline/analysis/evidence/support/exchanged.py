"""Figures exchanged: each stands in the quote, but beside the other's words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import quantities
from documents.pipeline.analysis.evidence.support.clauses import is_and, is_small, stem
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

_FROM = frozenset(["from", "von", "de", "с", "со", "z", "ze", "从"])
TO = frozenset(["to", "auf", "bis", "a", "à", "до", "на", "na", "到", "至"])
_MOST = 8  # numbers in a claim
_BEFORE, _AFTER = 3, 3  # words that belong to a number

Tokens = tuple[str, ...]


def are_exchanged(claimed: Tokens, quoted: Tokens, lexicon: Lexicon) -> bool:
    mine, theirs = _places(claimed), _places(quoted)
    both = [number for number in mine if number in theirs][:_MOST]
    return any(
        _change_ends(claimed, quoted, mine, theirs, pair)
        or _change_words(claimed, quoted, mine, theirs, pair, lexicon)
        for pair in combinations(both, 2)
    )


def _places(words: Sequence[str]) -> dict[str, int]:
    """Where each number stands that stands there once."""
    found: dict[str, int] = {}
    for place, word in enumerate(words):
        if word[0].isdigit():
            number = stem(word)
            found[number] = -1 if number in found else place
    return {number: place for number, place in found.items() if place >= 0}


def _change_ends(
    claimed: Tokens,
    quoted: Tokens,
    mine: dict[str, int],
    theirs: dict[str, int],
    pair: tuple[str, str],
) -> bool:
    """From 2 to 1 instead of from 1 to 2."""
    return any(
        is_from_to(claimed, mine[one], mine[other])
        and is_from_to(quoted, theirs[other], theirs[one])
        for one, other in (pair, pair[::-1])
    )


def is_from_to(words: Sequence[str], start: int, end: int) -> bool:
    if not 0 < start < end or end - start > 8:
        return False
    return words[start - 1] in _FROM and words[end - 1] in TO


def _change_words(
    claimed: Tokens,
    quoted: Tokens,
    mine: dict[str, int],
    theirs: dict[str, int],
    pair: tuple[str, str],
    lexicon: Lexicon,
) -> bool:
    """Each number of the claim stands beside words that the quote has beside the other."""
    (a, b), (c, d) = (
        _apart(*(around(words, places[number], lexicon) for number in pair))
        for words, places in ((claimed, mine), (quoted, theirs))
    )
    return bool(a & d) and bool(b & c) and not (a & c or b & d)


def _apart(one: frozenset[str], other: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    return one - other, other - one


@memoized
def around(words: Tokens, place: int, lexicon: Lexicon) -> frozenset[str]:
    """The telling words before a number and behind it, as far as the next number or mark."""
    ahead, behind = words[max(0, place - 12) : place][::-1], words[place + 1 : place + 9]
    before = _until_number(ahead, lexicon)[:_BEFORE]
    after = _until_number(behind, lexicon)[:_AFTER]
    return frozenset(stem(word) for word in before + after)


def _until_number(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    telling: list[str] = []
    for word in words:
        if not word[0].isalpha() or is_and(word, lexicon):
            break
        if not is_small(word, lexicon) and quantities.unit_of(word) not in quantities.SIZES:
            telling.append(word)
    return telling
