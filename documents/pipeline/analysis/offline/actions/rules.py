"""One rule per way of asking: each reads a sentence and says who should do what, and how surely."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from documents.pipeline.analysis.offline.actions.vocabulary import (
    DONE_BY_PEOPLE,
    NO_ACTION,
    OBJECT_OPENERS,
    ORDERS,
    ORDERS_OR_NOUNS,
    ROLES,
)
from documents.pipeline.analysis.offline.people import NOT_NAMES, People
from documents.pipeline.analysis.offline.words import listed


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible action: `start` to `end` is the task, `opens` where its words begin."""

    opens: int
    start: int
    end: int
    who: str | None
    score: float


def _compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Spaces stand for any white space: sentences keep their line breaks."""
    return re.compile(pattern.replace(" ", r"\s+"), flags)


_NAME = r"[A-Z][\w'’.\-]{0,30}"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,2}}(?: from {_NAME})?"
_ROLE = rf"(?:[Tt]he |[Oo]ur |[Aa]ll )?(?:[a-z]{{2,15}} )?(?i:{ROLES})\b"
WHO = (
    rf"(?:{_NAMES}(?:(?:, | and | & ){_NAMES}){{0,3}}|{_ROLE}(?: and {_ROLE})?|All|Everyone"
    rf"|Everybody)"
)
_CLAUSE_START = r"(?:^|(?<=[,;:–—-]\s)|(?<=\bthat\s)|(?<=\band\s)|(?<=\bso\s)|(?<=\bthen\s))"
_PROMISES = (
    r"(?:has |have )?(?:agreed|offered|promised|volunteered|undertook|undertakes|committed|agrees"
    r"|offers|volunteers|undertaken) to"
    r"|(?:was|were|is|are|has been|have been) (?:asked|tasked|instructed|requested|assigned"
    r"|directed"
    r"|mandated|authori[sz]ed|charged with) to"
)
_MODAL = (
    rf"will|shall|must|should|(?:is|are) to|(?:is|are|am) going to|needs? to|has to|have to"
    rf"|ought to"
    rf"|{_PROMISES}"
)
_ADVERBS = r"(?:(?:also|then|now|please|kindly|therefore|both|each|just|try to|be able to) ){0,2}"

PERSON = _compile(
    rf"{_CLAUSE_START}(?P<who>{WHO})(?: \([^)]{{1,30}}\))? (?:(?:also|still|both"
    rf"|all) )?(?P<how>{_MODAL}|to) {_ADVERBS}(?P<verb>[a-z][a-z-]+)\b"
)
SELF = _compile(
    rf"\b(?P<who>I|We|we)(?:(?:['’]ll| (?:(?:also|still|both|all|just) )?(?P<how>{_MODAL}))"
    rf"|['’](?:m|re) going to) {_ADVERBS}(?P<verb>[a-z][a-z-]+)\b"
)
RESPONSIBLE = _compile(
    rf"{_CLAUSE_START}(?P<who>{WHO}) (?:is|are|will be) (?:responsible for"
    rf"|in charge of) (?P<verb>[a-z]+ing)\b"
)
PLEASE = _compile(
    r"\b(?:please|kindly) (?:do |also |then |make sure |be sure to "
    r"|remember to )?(?P<verb>[a-z][a-z-]+)\b",
    re.IGNORECASE,
)
CAN_YOU = _compile(
    r"\b(?:can|could|would|will) (?:you|one of you|someone|anyone|somebody) (?:please |kindly "
    r"|also |maybe |possibly |be able to )*"
    r"(?:mind )?(?P<verb>[a-z][a-z-]+)\b",
    re.IGNORECASE,
)
CAN_WE = _compile(
    r"\b(?:can|could|shall|should) (?:we|I) (?:please |also )?(?P<verb>[a-z][a-z-]+)\b",
    re.IGNORECASE,
)
YOU_MUST = _compile(
    r"\b(?:you (?:must|should|need to|have to|will need to|will have to)|(?:I|we) (?:want|need"
    r"|would like|expect)"
    r" you to|I['’]d like you to) (?:also |please )?(?P<verb>[a-z][a-z-]+)\b",
    re.IGNORECASE,
)
LETS = _compile(r"\b(?:let['’]?s|let us) (?:also |please )?(?P<verb>[a-z][a-z-]+)\b", re.IGNORECASE)
LET_ME_KNOW = _compile(
    r"(?P<verb>let (?:me|us) know|get back to (?:me|us)|keep (?:me|us) (?:posted|informed))\b",
    re.IGNORECASE,
)
I_NEED = _compile(r"\b(?P<verb>I (?:urgently )?need) (?:the|your|a|an|all|this|these|those|that)\b")
MAKE_SURE = _compile(
    r"^(?:and |also |so |then )?(?:please )?(?P<verb>make sure|be sure|do not forget"
    r"|don['’]t forget|remember|ensure)\b",
    re.IGNORECASE,
)
ELIDED = _compile(
    r"^(?:will|shall|must|needs? to|has to|have to|to) (?:also |then )?(?P<verb>[a-z][a-z-]+)\b",
    re.IGNORECASE,
)
PASSIVE = _compile(
    r"^(?P<verb>[A-Z][^.;]{2,90}?) (?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)(?:to be"
    r"|must be|needs to be|need to be|should be|will be)"
    r" (?:\w+ed|sent|made|put|set|written|brought|bought|found|paid|held over|taken|given"
    r"|drawn up)\b"
)
OPENING = _compile(
    r"^(?:(?:and|also|then|so|next|first|second|finally|lastly|secondly|in addition"
    r"|once again),? )?(?P<verb>[A-Za-z][A-Za-z-]+)\b(?: (?P<next>\S+))?"
)
VOCATIVE = _compile(rf"^(?:@?(?P<name>{_NAMES}(?: and {_NAME})?))\s?, ")

POINTLESS_REQUEST = listed(
    """
    find note see be feel do hesitate contact excuse forgive accept visit refer tell believe
    advise consider let disregard ignore stand remember mind imagine say
    """
)
POINTLESS_LETS = listed("start see say hope face not be begin just assume")
# "Let's move on", "I will do that": nothing one could tick off.
POINTLESS_REST = _compile(r" (?:on|started|going|ahead|forward|back to)\b")
SAME_AGAIN = _compile(r"do (?:that|it|so|this)\b")
HEDGES = _compile(
    r"\b(?:would have|could have|should have|might|in past years|would be nice|would be good"
    r"|wish(?:es)? (?:we|I)"
    r"|if (?:we|you|they|it|I|he|she) (?:had|were|could)|once upon|used to)\b",
    re.IGNORECASE,
)
BOILERPLATE = _compile(
    r"\b(?:(?:if you have|any|should you have any|have any) (?:other |further "
    r"|more )?(?:questions?|concerns?|comments)"
    r"|do not hesitate|don['’]t hesitate|feel free|find (?:attached|enclosed|below)"
    r"|intended recipient|is confidential"
    r"|unsubscribe|privacy policy|consider the environment|before printing|do not reply"
    r"|click (?:here|below|on)"
    r"|all rights reserved|this e-?mail|terms (?:and|of) )",
    re.IGNORECASE,
)
QUOTE_MARK = re.compile(r"[\"“”„«]")
SPEECH = re.compile(r"\b(?:said|says|told|added)\b")


def readings(sentence: str, begin: int, people: People, *, is_item: bool) -> Iterator[Reading]:
    """Everything the sentence may ask for from `begin` on; the caller keeps the surest."""
    body = sentence[begin:]
    rules: tuple[Callable[[], Iterator[Reading]], ...] = (
        lambda: _by_people(body, people),
        lambda: _by_self(body, people),
        lambda: _requests(body),
        lambda: _proposals(body),
        lambda: _openings(body, is_item=is_item),
    )
    for rule in rules:
        for reading in rule():
            yield replace(
                reading,
                opens=reading.opens + begin,
                start=reading.start + begin,
                end=reading.end + begin,
            )


def _by_people(body: str, people: People) -> Iterator[Reading]:
    for match in RESPONSIBLE.finditer(body):
        if _who(match["who"], people):
            yield Reading(match.start(), match.start("verb"), len(body), _plain(match["who"]), 1.6)
    for match in PERSON.finditer(body):
        who, how, verb = match["who"], match["how"], match["verb"]
        if not _who(who, people) or (verb in NO_ACTION and verb not in DONE_BY_PEOPLE):
            continue
        if how == "to" and (match.start("who") > 0 or verb in OBJECT_OPENERS):
            continue
        score = 1.3 if how in ("should", "must", "ought to") else 1.6
        yield Reading(match.start(), match.start("verb"), len(body), _plain(who), score)


def _who(words: str, people: People) -> bool:
    if words in ("All", "Everyone", "Everybody") or people.is_person(words):
        return True
    return bool(re.fullmatch(rf"{_ROLE}(?: and {_ROLE})?".replace(" ", r"\s+"), words))


def _plain(words: str) -> str:
    return " ".join(words.split())


def _by_self(body: str, people: People) -> Iterator[Reading]:
    for match in SELF.finditer(body):
        verb, how = match["verb"], match["how"] or "will"
        if verb in NO_ACTION and not (match["who"] == "I" and verb in DONE_BY_PEOPLE):
            continue
        if match["who"] == "I":
            score = 1.6 if how in ("will", "shall") or "going" in match.group() else 1.0
            score -= 1.0 if SAME_AGAIN.match(body, match.start("verb")) else 0.0
            yield Reading(
                match.start(), match.start("verb"), len(body), people.author or "I", score
            )
        else:
            score = 1.1 if how in ("will", "shall") else 1.5
            yield Reading(match.start(), match.start("verb"), len(body), None, score)


def _requests(body: str) -> Iterator[Reading]:
    vocative = VOCATIVE.match(body)
    name = vocative["name"] if vocative and vocative["name"] not in NOT_NAMES else None
    for pattern, score in ((PLEASE, 1.6), (CAN_YOU, 1.9), (YOU_MUST, 1.0), (CAN_WE, 1.0)):
        for match in pattern.finditer(body):
            verb = match["verb"].lower()
            if verb not in POINTLESS_REQUEST and verb not in NO_ACTION - DONE_BY_PEOPLE - ORDERS:
                yield Reading(match.start(), match.start("verb"), len(body), name, score)
    for pattern, score in ((LET_ME_KNOW, 1.1), (I_NEED, 1.0), (MAKE_SURE, 1.6)):
        for match in pattern.finditer(body):
            bonus = 0.6 if name else 0.0
            yield Reading(match.start(), match.start("verb"), len(body), name, score + bonus)


def _proposals(body: str) -> Iterator[Reading]:
    for match in LETS.finditer(body):
        if match["verb"].lower() not in POINTLESS_LETS and not POINTLESS_REST.match(
            body, match.end()
        ):
            yield Reading(match.start(), match.start("verb"), len(body), None, 1.5)
    for match in ELIDED.finditer(body):
        if match["verb"] not in NO_ACTION - DONE_BY_PEOPLE:
            yield Reading(match.start(), match.start("verb"), len(body), None, 1.5)
    if PASSIVE.match(body) and body.count(" ") < 18:
        yield Reading(0, 0, len(body), None, 1.0)


def _openings(body: str, *, is_item: bool) -> Iterator[Reading]:
    match = OPENING.match(body)
    if not match:
        return
    verb, following = match["verb"].lower(), (match["next"] or "").strip(",.;:")
    if verb in ORDERS and following.lower() not in ("", "of", "was", "is", "were", "by", "has"):
        yield Reading(match.start(), match.start("verb"), len(body), None, 1.5)
    elif verb in ORDERS_OR_NOUNS and following:
        has_object = following.lower() in OBJECT_OPENERS or following[0].isupper()
        if has_object and following.lower() not in ("for", "with", "at"):
            yield Reading(match.start(), match.start("verb"), len(body), None, 1.5)
        elif is_item and following.lower() not in (
            "of",
            "on",
            "was",
            "is",
            "were",
            "by",
            "has",
            "from",
        ):
            yield Reading(match.start(), match.start("verb"), len(body), None, 1.0)


def doubt(sentence: str) -> float:
    """What speaks against the sentence as a whole."""
    against = 1.5 if BOILERPLATE.search(sentence) else 0.0
    if HEDGES.search(sentence):
        against += 1.0
    if QUOTE_MARK.search(sentence) and SPEECH.search(sentence):
        against += 1.0
    return against
