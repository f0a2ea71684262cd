"""Polarity: whether a claim says yes where the sentence it quotes says no, or no where it says yes.

Judged clause by clause, by the words two clauses share. "Only", "unless" and "until" say neither.
"""

from __future__ import annotations

from collections.abc import Sequence

from documents.pipeline.analysis.evidence.support import opposites, prefixes
from documents.pipeline.analysis.evidence.support.clauses import Clause, stem

_FEW = 2  # words of a clause that leans on the one before: "which has not been repaired"
_MOST = 0.5  # the share of a clause's words that makes it the one spoken of


def is_reversed(claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    claim, quoted = _without_prefixes(claim, quoted), _without_prefixes(quoted, claim)
    claim, quoted = _without_shared(claim, quoted), _without_shared(quoted, claim)
    return any(_is_reversed(clause, quoted) for clause in claim if clause.stems)


def _is_reversed(clause: Clause, quoted: Sequence[Clause]) -> bool:
    if clause.is_negative is None:
        return False
    if clause.is_negative:
        return _denies(clause, quoted)
    return any(_affirms(clause, other, quoted) for other in quoted if other.is_negative)


def _denies(clause: Clause, quoted: Sequence[Clause]) -> bool:
    """Whether a negative clause has nothing to rest on but affirmative ones."""
    near = [(_shared(clause, other), other) for other in quoted]
    most = max((shared for shared, _ in near), default=0)
    if most < _MOST * len(clause.stems):
        return False
    return not any(
        (
            other.is_negative is not False
            or _is_restricted(other, clause)
            or opposites.agree(clause, other)
        )
        and (shared or len(other.stems) <= _FEW)
        for shared, other in near
    )


def _is_of_another(denied: Clause, clause: Clause) -> bool:
    """Whether its no is that of a word the other does not have: found undamaged, and found."""
    un_words = [word for word in denied.denials if word.startswith("un")]
    is_only = bool(un_words) and not denied.negations and len(un_words) == len(denied.denials)
    return is_only and not any(stem(word) in clause.stems for word in un_words)


def _is_restricted(clause: Clause, by_the_side_of: Clause) -> bool:
    """Whether it says "only" or "before" where the other does not: neither yes nor no."""
    restricting = (clause.lexicon.restrictors, clause.lexicon.limits)
    said = {word for words in restricting for word in clause.said(words)}
    return not said <= set(by_the_side_of.words)


def _affirms(clause: Clause, denied: Clause, quoted: Sequence[Clause]) -> bool:
    """Whether an affirmative clause says what this one of the quoted clauses denies."""
    if (
        _is_restricted(clause, denied)
        or opposites.agree(denied, clause)
        or _is_of_another(denied, clause)
    ):
        return False
    elsewhere = {each for other in quoted if other.is_negative is not True for each in other.stems}
    shared = clause.stems & denied.stems
    own = shared - elsewhere
    nearest = max((_shared(clause, o) for o in quoted if o.is_negative is not True), default=0)
    if opposites.are_named(clause, denied) and len(shared) <= nearest:
        return False  # Closed on Sundays but open on Saturdays: it may be about the other one.
    if len(own) == 1 and any(_says_it_of_another(o, clause, denied) for o in quoted):
        return False
    if own and len(shared) >= _MOST * len(denied.stems):
        return True
    return bool(own) and len(shared) > nearest and len(shared) >= _MOST * len(clause.stems)


def _says_it_of_another(other: Clause, clause: Clause, denied: Clause) -> bool:
    """Not effective in children but effective in adults, of whom the claim speaks."""
    said = clause.stems & other.stems
    is_yes = other.is_negative is not True
    return is_yes and bool(said & denied.stems) and bool(said - denied.stems)


def _shared(clause: Clause, other: Clause) -> int:
    return len(clause.stems & other.stems)


def _without_shared(clauses: Sequence[Clause], others: Sequence[Clause]) -> list[Clause]:
    """Patients are refused on both sides: what turns the claim around is the other denial."""
    known = {stem(word) for other in others for word in other.all_denials}
    return [
        each.sharing(frozenset(word for word in each.all_denials if stem(word) in known))
        for each in clauses
    ]


def _without_prefixes(clauses: Sequence[Clause], others: Sequence[Clause]) -> list[Clause]:
    """Where one side has a word and the other the same with a negative prefix, it is two words."""
    if not clauses:
        return []
    known = [word for other in others for word in other.words]
    code = clauses[0].lexicon.code
    return [each.in_words(prefixes.apart(each.words, known, code)) for each in clauses]
