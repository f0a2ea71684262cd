"""Opposites: what is not sold is kept; what is kept is not sold."""

from __future__ import annotations

from collections.abc import Sequence

from documents.pipeline.analysis.evidence.support.clauses import Clause, stem
from documents.pipeline.analysis.evidence.support.lexicon import Words

_NEAR = 0.5  # the share of a claim's other words that makes a quoted clause the one it is about
_MOSTLY = 0.6  # the same of what is said of somebody else
_SUBJECT = 3  # words that a claim begins with

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
    return bool(one.said(one.lexicon.in_pairs)) and any(
        (one.said(first) and other.said(second)) or (one.said(second) and other.said(first))
        for first, second in one.lexicon.opposites
    )


def are_told(claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    """Whether the claim says yes to the opposite of what its quotes say yes to."""
    claim = [clause for clause in claim if clause.said(clause.lexicon.in_pairs)]
    return any(
        _is_opposite(clause, other, pair)
        for clause in claim
        for other in quoted
        if _plainly_say_yes(clause, other)
        for pair in clause.lexicon.opposites
    ) or any(
        _is_exclusive(clause, other, pair)
        for clause in claim
        for other in quoted
        if clause.is_negative is False and other.is_negative is False
        for pair in clause.lexicon.exclusive
    )


def exchanged_roles(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """Who, of two that face each other, the claim begins with and the quotes do not name."""
    words = [word for clause in quoted for word in clause.words]
    return [
        role
        for clause in claim
        for pair in clause.lexicon.roles
        for mine, theirs in (pair, pair[::-1])
        for role in mine.among(clause.words[:_SUBJECT])
        if theirs.among(words) and not mine.among(words) and not theirs.among(clause.words)
        if any(_is_told_of_another(clause, other, mine) for other in quoted)
    ]


def _is_told_of_another(clause: Clause, other: Clause, mine: Words) -> bool:
    rest = clause.stems - {stem(word) for word in mine.among(clause.words)}
    return bool(rest) and len(rest & other.stems) >= _MOSTLY * len(rest)


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


def _is_exclusive(clause: Clause, other: Clause, pair: Pair) -> bool:
    """Whether all else is the same: the contract begins, and the contract ends on 3 May."""
    mine, theirs = _side(clause, pair), _side(other, pair)
    if mine is None or theirs is None or mine == theirs:
        return False
    rest = clause.stems - {stem(word) for words in pair for word in words.among(clause.words)}
    return bool(rest) and rest <= other.stems


def _side(clause: Clause, pair: Pair) -> int | None:
    """Which of the two it says; None where it says neither or both."""
    sides = [side for side, words in enumerate(pair) if clause.said(words)]
    return sides[0] if len(sides) == 1 else None
