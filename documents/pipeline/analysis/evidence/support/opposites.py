"""Opposites: what is not sold is kept; what is kept is not sold."""

from __future__ import annotations

from collections.abc import Sequence

from documents.pipeline.analysis.evidence.support.clauses import Clause, stem
from documents.pipeline.analysis.evidence.support.lexicon import Words

_NEAR = 0.5  # the share of a claim's other words that makes a quoted clause the one it is about

Pair = tuple[Words, Words]


def agree(denied: Clause, other: Clause) -> bool:
    """Whether the one denies what is the opposite of the other: not changed and stays."""
    return any(
        denied.said(one) and other.said(two) and _is_denied(denied, one)
        for one, two in denied.lexicon.agreeing
    )


def _is_denied(clause: Clause, words: Words) -> bool:
    """Whether its no is another word: "closed" alone is no denial of being closed."""
    return bool(clause.negations) or any(word not in words for word in clause.denials)


def are_named(one: Clause, other: Clause) -> bool:
    """Whether one has a word and the other its opposite, such as open and closed."""
    return any(
        (one.said(first) and other.said(second)) or (one.said(second) and other.said(first))
        for first, second in one.lexicon.opposites
    )


def are_told(claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    """Whether the claim says yes to the opposite of what its quotes say yes to."""
    return any(
        _is_opposite(clause, other, pair)
        for clause in claim
        for other in quoted
        if _plainly_say_yes(clause, other)
        for pair in clause.lexicon.opposites
    )


def _plainly_say_yes(clause: Clause, other: Clause) -> bool:
    if clause.is_negative is not False or other.is_negative is not False or clause.is_restricted:
        return False
    if clause.negations or other.negations:
        return False  # No room is closed: twice no.
    # Of nine plots, two are let and seven free: both may be so.
    return not any(word[0].isdigit() for word in (*clause.words, *other.words))


def _is_opposite(clause: Clause, other: Clause, pair: Pair) -> bool:
    mine, theirs = _side(clause, pair), _side(other, pair)
    if mine is None or theirs is None or mine == theirs:
        return False
    rest = clause.stems - {stem(word) for words in pair for word in clause.said(words)}
    return bool(rest & other.stems) and len(rest & other.stems) >= _NEAR * len(rest)


def _side(clause: Clause, pair: Pair) -> int | None:
    """Which of the two it says; None where it says neither or both."""
    sides = [side for side, words in enumerate(pair) if clause.said(words)]
    return sides[0] if len(sides) == 1 else None
