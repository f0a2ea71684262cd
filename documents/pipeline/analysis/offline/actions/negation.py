"""What is not to be done: a clause that says no asks for nothing, unless it forbids.

Whoever "undertakes not to" or "is asked not to" has a duty: a rule that `forbids` is not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.pipeline.analysis.offline.patterns import any_space, either, one_of


@dataclass(frozen=True, slots=True)
class Negation:
    """`no` is looked for up to the modal verb, and behind it where the language says no there.

    `subordinate` clauses are passed over first, and phrases that only look like a `no`. What
    begins behind a `joint` is another clause.
    """

    no: re.Pattern[str]
    is_behind: bool = False
    harmless: re.Pattern[str] | None = None
    subordinate: re.Pattern[str] | None = None
    joint: re.Pattern[str] | None = None


def _subordinate(opening: str, inner: str) -> re.Pattern[str]:
    """A clause in front of the main one, or set within it between commas."""
    return any_space(rf"^{one_of(opening)}\b[^,]*,|, {one_of(inner)}\b[^,]*,", re.IGNORECASE)


_NO_IN_ENGLISH = either(
    # "Invoices not paid by May must be sent" is a duty: only what the verb itself denies counts.
    rf"(?:\bnot|n['’]t|{one_of('never, no longer, hardly')})"
    r"(?: yet| also| \w+ly)?\s*$",
    r"^\W*(?:no one|nobody|none|nothing|neither|not (?:all|every|any)"
    r"|no(?!\s?\.|[:\s]{1,3}\d| later| sooner| earlier| doubt))\b",
)
NEGATIONS = {
    "en": Negation(
        no=any_space(_NO_IN_ENGLISH, re.IGNORECASE),
        subordinate=_subordinate("if, when, as, since, once, unless, should", "which, who, if"),
    ),
    "de": Negation(
        no=re.compile(
            r"\b(?:nicht|nichts|kein(?:e[nmrs]?)?|nie|niemals|niemand(?:e[mn])?|keinesfalls|keineswegs)\b",
            re.IGNORECASE,
        ),
        is_behind=True,
        harmless=any_space(
            r"\bnicht (?:nur|bloß|allein|später|mehr als|weniger als|länger als|früher|eher|zuletzt"
            r"|vor)\b|\b(?:[dD](?:ie|er|as|en|em|es)|[aA]llen?r?) nicht \w{4,}e[nrsm]? (?=[A-ZÄÖÜ])"
        ),
        subordinate=_subordinate(
            "wenn, falls, sofern, soweit, solange, sobald, sollte, sollten, da, weil, obwohl,"
            " bevor, nachdem, als, ob, wer, was",
            "die, der, das, den, dem, deren, dessen, welche, welcher, welches, wenn, falls, sofern,"
            " weil, da, sobald, bevor, nachdem",
        ),
        joint=any_space(
            r", (?:sondern|aber|und|oder|denn|weil|wenn|falls|damit|um|ohne|dass|sodass|sofern"
            r"|soweit|doch|jedoch|bevor|sobald|nicht|die|der|das|den|ob|bis|es sei denn)\b"
            r"|(?<=n) und\b"
        ),
    ),
    "nl": Negation(
        no=re.compile(r"\b(?:niet|niets|geen|nooit|niemand|nimmer)\b", re.IGNORECASE),
        is_behind=True,
        harmless=any_space(
            r"\bniet (?:alleen|later|meer dan|minder dan|langer dan|eerder|voor|vóór)\b"
            r"|\b(?:[dD]e|[hH]et|[aA]lle) niet \w{4,} (?=\w)"
        ),
        subordinate=_subordinate(
            "als, indien, wanneer, zodra, tenzij, omdat, voordat, nadat, hoewel, wie",
            "die, dat, waar, waarvan, als, indien, wanneer, omdat, zodra",
        ),
        joint=any_space(
            r", (?:maar|en|of|want|zodat|voordat|nadat|om|als|indien|tenzij|mits|omdat|dat|die|niet"
            r"|tot)\b|(?<=n) en\b"
        ),
    ),
    "fr": Negation(
        no=re.compile(r"\b(?:ne|aucune?|personne|nul(?:le)?|rien)\b|\bn['’]", re.IGNORECASE),
        subordinate=_subordinate("si, s'il, lorsque, quand, dès que, faute", "qui, que, si"),
    ),
    "es": Negation(
        no=re.compile(r"\b(?:no|nunca|jamás|ning[uú]n[oa]?s?|nadie|nada|tampoco)\b", re.IGNORECASE),
        subordinate=_subordinate("si, cuando, mientras, como", "que, quien, cuando, si"),
    ),
    "it": Negation(
        no=re.compile(r"\b(?:non|nessun[oa]?|mai|niente|nulla)\b", re.IGNORECASE),
        subordinate=_subordinate("se, quando, qualora, finché", "che, quando, se"),
    ),
    "pt": Negation(
        no=re.compile(r"\b(?:não|nunca|jamais|nenhum[a]?|ninguém|nada)\b", re.IGNORECASE),
        subordinate=_subordinate("se, quando, caso, enquanto", "que, quando, se"),
    ),
}

_ANOTHER_CLAUSE = any_space(
    rf", {one_of('and, but, so, et, mais, donc, y, pero, así que, e, ma, quindi, mas')}\b",
    re.IGNORECASE,
)
# "It was not agreed that Tom ...", "The proposal that Tom ... was rejected".
_THAT = any_space(r"\bthat $", re.IGNORECASE)
_UNDECIDED = any_space(
    rf"\b{one_of('not, never, neither, nobody, no one, no longer')}\b|n['’]t\b"
    rf"|\b{one_of('proposal, proposed, motion, moved, suggestion, rejected, refused, declined')}\b"
    rf"|\b{one_of('denied, opposed, withdrew, withdrawn, doubted, doubtful, untrue, wrong')}\b",
    re.IGNORECASE,
)
_DECIDED = any_space(
    rf"\b{one_of('agreed, decided, resolved, approved, accepted, adopted, carried, confirmed')}\b",
    re.IGNORECASE,
)
_REJECTED = any_space(
    r"\b(?:was|were|is|are|has been|have been|had been) (?:then |later |finally |unanimously )?"
    r"(?:rejected|withdrawn|turned down|voted down|dropped|defeated|declined|cancelled|canceled"
    r"|dismissed|refused|overturned|abandoned|lost"
    r"|not (?:accepted|agreed|approved|adopted|carried|passed|seconded|supported))\b",
    re.IGNORECASE,
)
# "Tom not to order paint", "Rope need not be ordered": entries of a list, whatever their mark.
_ENTRY = any_space(
    r"^[^.;:,]{0,60}?\b(?:not to|need not|needn['’]t|will not|won['’]t|shall not|is not to"
    r"|are not to|is not going to|(?:does|do|did) not (?:need|have) to"
    r"|(?:doesn|don|didn)['’]t (?:need|have) to) (?!forget)\w",
    re.IGNORECASE,
)


def is_denied(match: re.Match[str], language: str) -> bool:
    """Whether the clause says that it is not to be done."""
    negation = NEGATIONS.get(language)
    if negation is None:
        return False
    if language == "en" and _is_undecided(match):
        return True
    return negation.no.search(_clause(match, negation)) is not None


def is_denied_entry(body: str, language: str) -> bool:
    return language == "en" and _ENTRY.match(body) is not None


def _clause(match: re.Match[str], negation: Negation) -> str:
    # "No corresponde al inquilino": the no may stand in front of what the rule reads.
    begin = max(match.string.rfind(mark, 0, match.start()) for mark in ".;:,!?") + 1
    end = match.end() if negation.is_behind else _modal(match)
    words = match.string[begin:end]
    if negation.subordinate:
        words = negation.subordinate.sub(" ", words.lstrip())
    if negation.harmless:
        words = negation.harmless.sub(" ", words)
    if not negation.is_behind:
        # "Nobody is charged, and the form must be returned": the last clause has the verb.
        return _ANOTHER_CLAUSE.split(words)[-1]
    joint = negation.joint.search(words) if negation.joint else None
    return words[: joint.start()] if joint else words


def _modal(match: re.Match[str]) -> int:
    """Where the modal verb begins, or what is to be done."""
    return match.start("modal") if match.groupdict().get("modal") else match.start("verb")


def _is_undecided(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    if not _THAT.search(before):
        return False
    clause = re.split(r"[.;]\s", before)[-1]
    undecided = [found.start() for found in _UNDECIDED.finditer(clause)]
    decided = [found.start() for found in _DECIDED.finditer(clause)]
    # "It was proposed and agreed that", but "it was not agreed that".
    is_open = bool(undecided) and (
        not decided or re.search(r"\b(?:not|never)\b|n['’]t\b", clause[: decided[-1]]) is not None
    )
    return is_open or _REJECTED.search(match.string, match.end()) is not None
