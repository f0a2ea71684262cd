"""Hedges, duties, directions and reasons: what a claim drops, adds or turns around."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import figure_words, figures
from documents.pipeline.analysis.evidence.support.clauses import Clause, stem
from documents.pipeline.analysis.evidence.support.exchanged import is_from_to
from documents.pipeline.analysis.evidence.support.lexicon import Words

_BOUNDING = ("least", "most", "below", "above", "minim", "maxim", "mindestens", "höchstens",
             "maximal", "minimal", "weniger", "mehr", "moins", "plus", "menos", "máximo", "mínimo",
             "hasta", "binnen", "innerhalb", "nach", "within")  # fmt: skip
_NEAR = 0.5  # the share of a claim's words that makes a quoted clause the one it is about


def is_opposite_direction(claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    """Whether it says up where the nearest clause that tells a direction says down."""
    return any(
        direction != _direction(other)
        for clause in claim
        if (direction := _direction(clause)) and clause.is_negative is False
        if (other := _nearest(clause, [each for each in quoted if _tells_direction(each)]))
        and other.is_negative is False
        # Open from 9 to 17 is no rise, where it is open 9-17.
        and (_direction(other) or _names_direction(clause))
    )


def say_the_same(claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    """Whether all words of the claim are the quotes', with no yes or no that might turn it."""
    stems = frozenset[str]().union(*(clause.stems for clause in claim))
    known = frozenset[str]().union(*(clause.stems for clause in quoted))
    is_plain = all(clause.is_negative is False for clause in (*claim, *quoted))
    beside = {stem(word) for each in claim for word in _bound_words(each)}
    return is_plain and bool(stems) and stems - beside <= known


def _bound_words(clause: Clause) -> list[str]:
    directions = (*_directions(clause), figure_words.words_of(clause.lexicon.code).more,
                  figure_words.words_of(clause.lexicon.code).fewer)  # fmt: skip
    return [*(w for words in directions for w in clause.said(words)), *_BOUNDING]


def _names_direction(clause: Clause) -> bool:
    return any(clause.said(words) for words in _directions(clause))


def _tells_direction(clause: Clause) -> bool:
    """Up, down, or that a figure stays as it is."""
    stays = clause.said(clause.lexicon.constants)
    has_figure = any(word[0].isdigit() for word in clause.words)
    return bool(_direction(clause)) or (bool(stays) and has_figure)


def dropped_hedges(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """The words of the quote that make it less than certain, where the claim has none."""
    dropped: list[str] = []
    for clause in claim:
        near = _nearest(clause, quoted)
        if near is None or near.is_negative != clause.is_negative or _is_hedged(clause):
            continue
        if clause.is_negative and _duties(clause):
            continue  # "May not" is read as a duty, and may be a doubt as well.
        if len(clause.stems & near.stems) >= _NEAR * len(clause.stems):
            dropped += [word for word in _doubts(near) if not _is_permitted(word, near, quoted)]
    return dropped


def _is_permitted(word: str, clause: Clause, quoted: Sequence[Clause]) -> bool:
    """Must show a card before they may go in: that is no doubt."""
    is_bound = any(_duties(each) for each in quoted)
    return is_bound and clause.is_restricted and word in clause.lexicon.options


def _doubts(clause: Clause) -> list[str]:
    """Where both sides say no, only "might not": a refusal has words of doubt that mean no more."""
    doubts = clause.said(clause.lexicon.doubts)
    return [word for word in doubts if not clause.is_negative or word in clause.lexicon.options]


def changed_duties(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """Words that make a duty an option, or an option a duty."""
    changed: list[str] = []
    for clause in claim:
        near = _nearest(clause, quoted)
        if near is not None and is_free(near) and not is_free(clause):
            changed += _duties(clause)
        if near is None or clause.is_conditional or near.is_conditional:
            continue
        if clause.is_negative is not False or near.is_negative is not False:
            continue
        mine, theirs = _options(clause), _options(near)
        if mine and _duties(near) and not theirs and not _duties(clause):
            changed += mine
        elif _duties(clause) and theirs and not mine and not any(map(_duties, quoted)):
            changed += _duties(clause)
    return changed


def is_free(clause: Clause) -> bool:
    """Whether it says that nobody has to."""
    return any(word in clause.lexicon.restrictors for word in _options(clause))


def invented_reasons(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """The word that gives a reason, where the quote gives none and knows little of this one."""
    if any(each.said(each.lexicon.causes) for each in quoted):
        return []
    known = {stem for each in quoted for stem in each.stems}
    return [
        causes[0]
        for clause in claim
        if (causes := clause.said(clause.lexicon.causes))
        and 2 * len(clause.stems - known) >= len(clause.stems)
    ]


def _nearest(clause: Clause, quoted: Sequence[Clause]) -> Clause | None:
    if not quoted:
        return None
    best = max(quoted, key=lambda other: len(clause.stems & other.stems))
    return best if clause.stems & best.stems else None


@memoized
def _direction(clause: Clause) -> str:
    """Up or down; blank where it says neither or both."""
    up, down = (bool(clause.said(words)) for words in _directions(clause))
    if not up and not down:
        return _way_of_figures(clause)
    return "" if up == down else "up" if up else "down"


def _way_of_figures(clause: Clause) -> str:
    """From thirty to thirty-six is up, whatever the verb."""
    words = tuple(clause.words)
    found = [figure for figure in figures.find(words, clause.lexicon) if figure.number]
    for one, other in pairwise(found):
        if is_from_to(words, one.place, other.place) and one.value != other.value:
            return "up" if one.value < other.value else "down"
    return ""


def _directions(clause: Clause) -> tuple[Words, Words]:
    return clause.lexicon.up, clause.lexicon.down


def _is_hedged(clause: Clause) -> bool:
    return bool(clause.said(clause.lexicon.hedges) or clause.said(clause.lexicon.options))


def _options(clause: Clause) -> list[str]:
    return clause.said(clause.lexicon.options)


def _duties(clause: Clause) -> list[str]:
    return clause.said(clause.lexicon.duties)
