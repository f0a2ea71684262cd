"""Hedges, duties, directions and reasons: what a claim drops, adds or turns around."""

from __future__ import annotations

from collections.abc import Sequence

from documents.pipeline.analysis.evidence.support.clauses import Clause
from documents.pipeline.analysis.evidence.support.lexicon import Words

_NEAR = 0.5  # the share of a claim's words that makes a quoted clause the one it is about


def is_opposite_direction(claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    """Whether it says up where the nearest clause that tells a direction says down."""
    return any(
        direction != _direction(other)
        for clause in claim
        if (direction := _direction(clause)) and clause.is_negative is False
        if (other := _nearest(clause, [each for each in quoted if _direction(each)]))
        and other.is_negative is False
    )


def dropped_hedges(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """The words of the quote that make it less than certain, where the claim has none."""
    dropped: list[str] = []
    for clause in claim:
        near = _nearest(clause, quoted)
        if near is None or near.is_negative or _is_hedged(clause):
            continue
        if len(clause.stems & near.stems) >= _NEAR * len(clause.stems):
            dropped += near.lexicon.doubts.among(near.words)
    return dropped


def changed_duties(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """Words that make a duty an option, or an option a duty."""
    changed: list[str] = []
    for clause in claim:
        near = _nearest(clause, quoted)
        if near is None or clause.is_conditional or near.is_conditional:
            continue
        if clause.is_negative is not False or near.is_negative is not False:
            continue
        mine, theirs = _options(clause), _options(near)
        if mine and _duties(near) and not theirs and not _duties(clause):
            changed += mine
        elif _duties(clause) and theirs and not mine and not _duties(near):
            changed += _duties(clause)
    return changed


def invented_reasons(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """The word that gives a reason, where the quote gives none and knows little of this one."""
    if any(each.lexicon.causes.among(each.words) for each in quoted):
        return []
    known = {stem for each in quoted for stem in each.stems}
    return [
        causes[0]
        for clause in claim
        if (causes := clause.lexicon.causes.among(clause.words))
        and 2 * len(clause.stems - known) >= len(clause.stems)
    ]


def _nearest(clause: Clause, quoted: Sequence[Clause]) -> Clause | None:
    if not quoted:
        return None
    best = max(quoted, key=lambda other: len(clause.stems & other.stems))
    return best if clause.stems & best.stems else None


def _direction(clause: Clause) -> str:
    """Up or down; blank where it says neither or both."""
    up, down = (bool(words.among(clause.words)) for words in _directions(clause))
    return "" if up == down else "up" if up else "down"


def _directions(clause: Clause) -> tuple[Words, Words]:
    return clause.lexicon.up, clause.lexicon.down


def _is_hedged(clause: Clause) -> bool:
    lexicon = clause.lexicon
    return any(word in lexicon.hedges or word in lexicon.options for word in clause.words)


def _options(clause: Clause) -> list[str]:
    return clause.lexicon.options.among(clause.words)


def _duties(clause: Clause) -> list[str]:
    return clause.lexicon.duties.among(clause.words)
