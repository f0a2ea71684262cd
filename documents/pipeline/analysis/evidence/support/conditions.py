"""Conditions: "not without a permit" is "only with one", and neither yes nor no."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.pipeline.analysis.evidence.support.clauses import (
    HARD,
    WITHOUT,
    Clause,
    is_negation,
    is_small,
    stem,
)
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

_WITH = frozenset(["with", "mit", "avec", "con", "after", "nach", "après", "first", "erst"])
_LONGEST = 6  # words of a condition

Tokens = Sequence[str]


@dataclass(frozen=True)
class _Condition:
    """What is done without something, or may not be."""

    deed: frozenset[str]
    stems: frozenset[str]
    is_required: bool


def waived(claimed: Tokens, quoted: Tokens, lexicon: Lexicon) -> bool:
    """Whether the claim does without what the quotes do not do without."""
    required = [each for each in _conditions(quoted, lexicon) if each.is_required]
    required += _duties_first(quoted, lexicon)
    waiving = [each.stems for each in _conditions(claimed, lexicon) if not each.is_required]
    # "No permit is required" is read as one that is optional.
    free = lexicon.options.among(claimed)
    if any(word in lexicon.restrictors for word in free):
        waiving.append(_stems(claimed, lexicon))
    return any(stems & other.stems for stems in waiving for other in required)


def without_met(claim: Sequence[Clause], claimed: Tokens, quoted: Tokens) -> list[Clause]:
    """The clauses of the claim but for "only with" where the quotes say "not without"."""
    if not claim or any(word in WITHOUT for word in claimed):
        return _without_bound(claim, claimed, quoted) if claim else []
    lexicon = claim[0].lexicon
    binding = (lexicon.duties, lexicon.restrictors, lexicon.limits, _WITH)
    if not any(word in words for word in claimed for words in binding):
        return list(claim)
    said = {each for clause in claim for each in clause.stems}
    met = [c for c in _conditions(quoted, lexicon) if c.is_required and c.stems & said]
    known = {each for condition in met for each in condition.deed | condition.stems}
    return [clause for clause in claim if not clause.stems & known or clause.negations]


def _without_bound(claim: Sequence[Clause], claimed: Tokens, quoted: Tokens) -> list[Clause]:
    """The other way round: "not without" where the quotes say "must"."""
    lexicon = claim[0].lexicon
    if not any(word in lexicon.duties for word in quoted):
        return list(claim)
    if any(is_negation(word, lexicon) or word in WITHOUT for word in quoted):
        return list(claim)
    said = {stem(word) for word in quoted}
    met = [c for c in _conditions(claimed, lexicon) if c.is_required and c.stems & said]
    known = {each for condition in met for each in condition.deed | condition.stems}
    return [clause for clause in claim if not clause.stems & known]


def _conditions(words: Tokens, lexicon: Lexicon) -> Iterator[_Condition]:
    begin = 0
    for place, word in enumerate(words):
        if word in HARD:
            begin = place + 1
        elif word in WITHOUT:
            ahead, behind = words[begin:place], _stretch(words[place + 1 :])
            # Without a ticket nobody may enter: its no may stand behind it.
            is_required = any(is_negation(each, lexicon) for each in (*ahead, *behind))
            yield _Condition(_stems(ahead, lexicon), _stems(behind, lexicon), is_required)


def _duties_first(words: Tokens, lexicon: Lexicon) -> Iterator[_Condition]:
    """Must register before they go ashore."""
    begin = 0
    for place, word in enumerate(words):
        if word in HARD:
            begin = place + 1
        elif word in lexicon.limits and any(each in lexicon.duties for each in words[begin:place]):
            deed = _stems(_stretch(words[place + 1 :]), lexicon)
            yield _Condition(deed, _stems(words[begin:place], lexicon) - deed, is_required=True)


def _stretch(words: Tokens) -> list[str]:
    found: list[str] = []
    for word in words[:_LONGEST]:
        if not word[0].isalnum():
            break
        found.append(word)
    return found


def _stems(words: Tokens, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(
        stem(word)
        for word in words
        if word[0].isalnum() and not is_small(word, lexicon) and not is_negation(word, lexicon)
    )
