"""Support: whether a claim follows from its quotes, as far as words show it; no model is asked.

A contradiction is said only where the words are plain. What is merely not in the quotes is named,
and the reader judges. Where the language is not listed, silence means `not_assessed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from documents.pipeline.analysis.evidence import normalization, numbers
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import (
    arithmetic,
    bounds,
    clauses,
    conditions,
    exchanged,
    framing,
    names,
    opposites,
    polarity,
    quantities,
    symbols,
    wording,
)
from documents.pipeline.analysis.evidence.support.bounds import Bounds
from documents.pipeline.analysis.evidence.support.clauses import Clause
from documents.pipeline.analysis.evidence.support.languages import lexicon_of
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon
from documents.pipeline.analysis.schema import Support

LONGEST = 2_000  # characters of a sentence
_MOST_WORDS = 12
_HARDLY = 0.25  # of a claim's words in its quotes
_FEWEST_STEMS = 2


@dataclass(frozen=True)
class Passage:
    """A quote, the whole sentence it stands in, and its page for whatever that leaves open."""

    quote: str
    sentence: str
    page: str
    words: frozenset[str]  # of the page in small letters, and their `names.forms`
    is_running_line: bool = False  # a head or foot, which stands on every page


@dataclass(frozen=True)
class Judgement:
    support: Support
    unsupported_words: list[str] = field(default_factory=list)  # said, and not by the quote
    omitted_words: list[str] = field(default_factory=list)  # of the quote: may, could
    is_asked_for: bool = False  # its quotes ask somebody to say it, and do not say it themselves


def judge(claim: str, passages: Sequence[Passage]) -> Judgement:
    sentences = list(dict.fromkeys(passage.sentence[:LONGEST] for passage in passages))
    theirs = _lexicon_of_quotes(passages)
    mine = lexicon_of(claim, theirs) or _borrowed(claim, passages, theirs)
    added = [
        *numbers.missing(claim, [passage.quote for passage in passages]),
        *_stranger_names(claim, sentences, passages, mine, theirs),
    ]
    bound = bounds.compare(claim, sentences, mine)
    omitted = [*bound.opposite, *bound.omitted]
    if theirs is None:
        added += quantities.unsupported(claim, claim.casefold().split(), sentences)
        added += symbols.unsupported(claim, sentences)
        return _marked(added, omitted, otherwise="not_assessed")
    sides = _Sides(claim, sentences, mine or theirs, theirs)
    added = sides.not_derived([*added, *sides.strange_quantities()])
    # Figures are worked out without their signs.
    added += numbers.with_other_signs(claim, [passage.quote for passage in passages])
    named = {word.casefold() for word in added}
    added += [s for s in symbols.unsupported(claim, sentences) if s.casefold() not in named]
    if mine is None:
        return _marked(added, omitted, otherwise="not_assessed")
    added += sides.derived.strange
    if mine is not theirs:
        return _across_languages(claim, sentences, mine, theirs, added)
    return _in_one_language(sides, added, passages, bound)


class _Sides:
    """A claim and its quotes, cut into words; `quoted` is by sentence."""

    def __init__(
        self, claim: str, sentences: Sequence[str], mine: Lexicon, theirs: Lexicon
    ) -> None:
        self.claim, self.sentences, self.mine = claim, sentences, mine
        self.claimed = clauses.tokens(claim, mine)
        self.quoted = [clauses.tokens(text, theirs) for text in sentences]
        self.all_quoted = tuple(token for tokens in self.quoted for token in tokens)
        self.derived = arithmetic.derive(claim, self.quoted, mine, theirs)

    def strange_quantities(self) -> list[str]:
        strange = quantities.unsupported(self.claim, self.claimed, self.sentences)
        return strange + _missing_number_words(self.claim, self.claimed, self.all_quoted, self.mine)

    def not_derived(self, words: Sequence[str]) -> list[str]:
        return [word for word in words if not self.derived.has(word, self.mine)]

    def is_turned_around(self, claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
        """Figures exchanged, up for down, or what stands under a condition without it."""
        return (
            exchanged.are_exchanged(self.claimed, self.all_quoted, self.mine)
            or wording.is_opposite_direction(claim, quoted)
            or conditions.waived(self.claimed, self.all_quoted, self.mine)
        )

    def is_reversed(self, claim: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
        """Yes for no, but for what is left of a whole and what is only allowed with something."""
        posed = [clause for clause in claim if not self.derived.is_rest(clause)]
        posed = conditions.without_met(posed, self.claimed, self.all_quoted)
        return polarity.is_reversed(posed, quoted) or opposites.are_told(posed, quoted)


def _in_one_language(
    sides: _Sides, added: list[str], passages: Sequence[Passage], bound: Bounds
) -> Judgement:
    otherwise: Support = "supported" if sides.mine.is_whole else "not_assessed"
    claim, quoted = _read([sides.claim], sides.mine), _read(sides.sentences, sides.mine)
    if passages and all(passage.is_running_line for passage in passages):
        return _marked([*added, *_beyond(claim, quoted)], [], otherwise=otherwise)
    framed = framing.Framing(sides.claim, claim, sides.sentences, sides.mine)
    plain = framed.without_conditions()
    told = quoted if plain is None else _read(plain, sides.mine)
    if sides.is_turned_around(claim, told) or sides.is_reversed(claim, told):
        return Judgement("contradicted")
    if (bound.opposite or bound.in_time) and wording.say_the_same(claim, quoted):
        return Judgement("contradicted")
    added = added + wording.changed_duties(claim, quoted)
    added += wording.invented_reasons(claim, quoted)
    added += opposites.exchanged_roles(claim, quoted)
    added += sides.not_derived(_hardly_shared(claim, quoted, sides))
    hedges = [] if framed.is_request else wording.dropped_hedges(claim, quoted)
    omitted = [*framed.dropped(), *bound.opposite, *bound.omitted, *hedges]
    return _marked(added, omitted, otherwise=otherwise)


def _lexicon_of_quotes(passages: Sequence[Passage]) -> Lexicon | None:
    for passage in passages:
        if found := lexicon_of(passage.sentence) or lexicon_of(passage.page):
            return found
    return None


def _borrowed(claim: str, passages: Sequence[Passage], theirs: Lexicon | None) -> Lexicon | None:
    """The quotes' language for a claim too short to tell, whose words are mostly theirs."""
    words = [word.strip(".,;:!?") for word in claim.casefold().split()]
    known = sum(any(word in passage.words for passage in passages) for word in words)
    return theirs if words and 2 * known >= len(words) else None


def _stranger_names(
    claim: str,
    sentences: Sequence[str],
    passages: Sequence[Passage],
    mine: Lexicon | None,
    theirs: Lexicon | None,
) -> list[str]:
    known = frozenset[str]().union(*(passage.words for passage in passages))
    found = names.unsupported(claim, sentences, known, mine)
    # Cities and countries have other names in other languages; "Jutta Hansen" has not.
    return found if mine is theirs else names.in_known_company(claim, found, known, mine)


def _missing_number_words(
    claim: str, claimed: Sequence[str], quoted: Sequence[str], lexicon: Lexicon
) -> list[str]:
    """Numbers that the claim writes in words; those in figures are looked at elsewhere."""
    known = {clauses.stem(token) for token in quoted if token[0].isdigit()}
    figures = {clauses.stem(number) for number in normalization.numbers(claim)}
    plain = claim.casefold()
    written = {number: word for word, number in lexicon.numbers.items() if word in plain}
    return [
        written.get(token, token)
        for token in claimed
        if token[0].isdigit() and token in written and clauses.stem(token) not in known | figures
    ]


def _across_languages(
    claim: str, sentences: Sequence[str], mine: Lexicon, theirs: Lexicon, added: list[str]
) -> Judgement:
    """Only a negation with nothing to match it, either way; words cannot be compared."""
    denied = [word for each in _read([claim], mine) for word in _denials(each)]
    source = [word for each in _read(sentences, theirs) for word in _denials(each)]
    added = added if source or not denied else [*added, denied[0]]
    omitted = source[:1] if source and not denied else []
    return _marked(added, omitted, otherwise="not_assessed")


def _denials(clause: Clause) -> list[str]:
    return [*clause.negations, *clause.denials, *clause.said(clause.lexicon.restrictors)]


def _read(texts: Sequence[str], lexicon: Lexicon) -> list[Clause]:
    return [clause for text in texts for clause in clauses.read(text, lexicon)]


def _hardly_shared(claim: Sequence[Clause], quoted: Sequence[Clause], sides: _Sides) -> list[str]:
    """The words of a claim that shares hardly any with its quotes."""
    # As they are written, too: clauses have dates as one number, without their month.
    known = {stem for text in sides.sentences for stem in _stems(text)}
    known |= {stem for clause in quoted for stem in clause.stems}
    # A figure that follows from theirs is shared, however it is written.
    known |= {clauses.stem(w) for w in sides.claimed if sides.derived.has(w, sides.mine)}
    stems = {stem for clause in claim for stem in clause.stems}
    if len(stems) < _FEWEST_STEMS or len(stems & known) >= _HARDLY * len(stems):
        return []
    return _beyond(claim, quoted)


@memoized
def _stems(text: str) -> frozenset[str]:
    return frozenset(clauses.stem(word) for word in normalization.words(text))


def _beyond(claim: Sequence[Clause], quoted: Sequence[Clause]) -> list[str]:
    """All that a claim says beyond the running head it rests on, which proves no more."""
    known = {stem for clause in quoted for stem in clause.stems}
    return [word for word in _telling(claim) if clauses.stem(word) not in known]


def _telling(claim: Sequence[Clause]) -> Iterator[str]:
    return (word for each in claim for word in each.words if clauses.stem(word) in each.stems)


def _marked(added: Sequence[str], omitted: Sequence[str], *, otherwise: Support) -> Judgement:
    words, left_out = (list(dict.fromkeys(each))[:_MOST_WORDS] for each in (added, omitted))
    return Judgement("partly" if words or left_out else otherwise, words, left_out)
