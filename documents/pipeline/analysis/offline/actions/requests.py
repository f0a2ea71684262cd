"""Requests and proposals (directive speech acts): you, or all of us, are asked to do it."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions.grammar import VERB
from documents.pipeline.analysis.offline.actions.rule import Example, Rule, Who
from documents.pipeline.analysis.offline.actions.vocabulary import (
    OBJECT_OPENERS,
    ORDERS,
    ORDERS_OR_NOUNS,
    POINTLESS_PROPOSALS,
    POINTLESS_REQUESTS,
    STATES,
)
from documents.pipeline.analysis.offline.patterns import any_space, either, one_of
from documents.pipeline.analysis.offline.words import listed

BY_NAME = 0.6
NO_REQUESTS = POINTLESS_REQUESTS | (STATES - ORDERS)

# What follows a word that looks like an order shows whether it is one.
NEVER_AFTER_ORDERS = listed("of was is were by has") | {""}
NEVER_AFTER_NOUNS = NEVER_AFTER_ORDERS | {"on", "from"}
NO_OBJECTS = listed("for with at")

_AFTER_PLEASE = one_of("do, also, then, make sure, be sure to, remember to")
_SOMEBODY = one_of("you, one of you, someone, anyone, somebody")
_POLITELY = one_of("please, kindly, also, maybe, possibly, be able to")
_YOU_MUST = one_of(
    """
    you must, you should, you need to, you have to, you will need to, you will have to,
    you also need to, you will also need to, you'll need to, you are required to, you are asked to,
    you are requested to
    """
)
_WANT_YOU_TO = rf"{one_of('I, we')} {one_of('want, need, would like, expect')} you to"
_I_WOULD_LIKE_YOU_TO = one_of("I'd like you to")
_ME = one_of("me, us")
_REPLY = either(
    rf"let {_ME} {one_of('know, have')}",
    rf"get back to {_ME}",
    rf"keep {_ME} {one_of('posted, informed')}",
)
_LET_US = one_of("let's, lets, let us")
_MAKE_SURE = one_of("make sure, be sure, do not forget, don't forget, remember, ensure")
_FIRST_OF_ALL = one_of(
    """
    and, also, then, so, next, first, second, finally, lastly, secondly, in addition, once again
    """
)
_IMPERATIVE = any_space(
    rf"^(?:{_FIRST_OF_ALL},? )?(?P<verb>[A-Za-z][A-Za-z-]+)\b(?: (?P<next>\S+))?"
)
_GOES_NOWHERE = any_space(rf" {one_of('on, started, going, ahead, forward, back to')}\b")


def _goes_nowhere(match: re.Match[str]) -> bool:
    """Whether it is a "Let's move on": nothing one could tick off."""
    return _GOES_NOWHERE.match(match.string, match.end()) is not None


def _has_no_object(match: re.Match[str]) -> bool:
    is_goodbye = match["verb"].lower() == "see" and _next_word(match).lower() == "you"
    return is_goodbye or _next_word(match).lower() in NEVER_AFTER_ORDERS


def _has_no_certain_object(match: re.Match[str]) -> bool:
    following = _next_word(match)
    word = following.lower()
    return word in NO_OBJECTS or not (word in OBJECT_OPENERS or following[:1].isupper())


def _is_noun(match: re.Match[str]) -> bool:
    return _next_word(match).lower() in NEVER_AFTER_NOUNS


def _next_word(match: re.Match[str]) -> str:
    return (match["next"] or "").strip(",.;:")


_ASKS = one_of("please, kindly, can you, could you, would you, will you")
_NEVER_FORBIDDEN = listed("hesitate reply worry forget mind panic be let have miss think know")

REQUESTS = (
    Rule(
        name="and another",
        pattern=any_space(
            rf"\b{_ASKS} [^;?!]{{8,140}}?,? and (?:also |then )?(?P<verb>[a-z]+) (?P<next>\S+)",
            re.IGNORECASE,
        ),
        worth=1.6,
        who=Who.ADDRESSEE,
        verbs=ORDERS | ORDERS_OR_NOUNS,
        unless=lambda match: _is_no_object(match),
        adds=True,
        example=Example(
            "Tom, please sweep the yard and send me the keys", "send me the keys", "Tom"
        ),
    ),
    Rule(
        name="find out",
        pattern=any_space(
            rf"\b(?:{_ASKS}|{one_of('can, could, would, will')} {_SOMEBODY})"
            r" (?:please )?(?P<verb>find out)\b",
            re.IGNORECASE,
        ),
        worth=1.9,
        who=Who.ADDRESSEE,
        example=Example("Could somebody find out the price?", "find out the price?"),
    ),
    Rule(
        name="have it ready",
        pattern=any_space(r"\bplease (?P<verb>have [^.;]{2,60} ready)\b", re.IGNORECASE),
        worth=1.6,
        who=Who.ADDRESSEE,
        example=Example("Tom, please have the boat ready", "have the boat ready", "Tom"),
    ),
    Rule(
        name="please",
        pattern=any_space(rf"\b(?:please|kindly) (?:{_AFTER_PLEASE} )?{VERB}", re.IGNORECASE),
        worth=1.6,
        who=Who.ADDRESSEE,
        not_verbs=NO_REQUESTS,
        example=Example("Tom, please also send the list", "send the list", "Tom"),
    ),
    Rule(
        name="can you",
        pattern=any_space(
            rf"\b{one_of('can, could, would, will')} {_SOMEBODY}"
            rf" (?:{_POLITELY} )*(?:mind )?{VERB}",
            re.IGNORECASE,
        ),
        worth=1.9,
        who=Who.ADDRESSEE,
        not_verbs=NO_REQUESTS,
        example=Example("Could one of you please order keys?", "order keys?"),
    ),
    Rule(
        name="you must",
        pattern=any_space(
            rf"\b{either(_YOU_MUST, _WANT_YOU_TO, _I_WOULD_LIKE_YOU_TO)}"
            rf" (?:also |please )?{VERB}",
            re.IGNORECASE,
        ),
        worth=1.0,
        who=Who.ADDRESSEE,
        not_verbs=NO_REQUESTS,
        example=Example("We would like you to check the roof", "check the roof"),
    ),
    Rule(
        name="can we",
        pattern=any_space(
            rf"\b{one_of('can, could, shall, should')} {one_of('we, I')}"
            rf" (?:please |also )?{VERB}",
            re.IGNORECASE,
        ),
        worth=1.0,
        who=Who.ADDRESSEE,
        not_verbs=NO_REQUESTS,
        example=Example("Shall we order new keys?", "order new keys?"),
    ),
    Rule(
        name="let me know",
        pattern=any_space(rf"(?P<verb>{_REPLY})\b", re.IGNORECASE),
        worth=1.1,
        addressed=BY_NAME,
        who=Who.ADDRESSEE,
        example=Example("If it leaks, let us know at once", "let us know at once"),
    ),
    Rule(
        name="I need",
        pattern=any_space(
            r"\b(?P<verb>I (?:urgently )?need)"
            rf" {one_of('the, your, a, an, all, this, these, those, that')}\b"
        ),
        worth=1.0,
        addressed=BY_NAME,
        who=Who.ADDRESSEE,
        example=Example("Soon I need the keys", "I need the keys"),
    ),
    Rule(
        name="make sure",
        pattern=any_space(
            rf"^(?:{one_of('and, also, so, then')} )?(?:please )?(?P<verb>{_MAKE_SURE})\b",
            re.IGNORECASE,
        ),
        worth=1.6,
        addressed=BY_NAME,
        who=Who.ADDRESSEE,
        example=Example("Please don’t forget the keys", "don’t forget the keys"),
    ),
    Rule(
        name="let us",
        pattern=any_space(rf"\b{_LET_US} (?:also |please )?{VERB}", re.IGNORECASE),
        worth=1.5,
        who=Who.NOBODY,
        not_verbs=POINTLESS_PROPOSALS,
        unless=_goes_nowhere,
        example=Example("Let’s order new keys", "order new keys"),
    ),
)


def _is_no_object(match: re.Match[str]) -> bool:
    following = _next_word(match)
    return not (following.lower() in OBJECT_OPENERS | _TO_WHOM or following[:1].isupper())


_TO_WHOM = listed("me us him her them it to back")

IMPERATIVES = (
    Rule(
        name="if so, do it",
        pattern=any_space(
            r"^(?:if|should|once|when|to) [^,.;]{3,90}, (?P<verb>[a-z]+)(?: (?P<next>\S+))?",
            re.IGNORECASE,
        ),
        worth=1.5,
        who=Who.NOBODY,
        verbs=(ORDERS | ORDERS_OR_NOUNS) - listed("see note let"),
        unless=_is_no_object,
        example=Example("If it leaks, send us the bill", "send us the bill"),
    ),
    Rule(
        name="do not",
        pattern=any_space(r"^(?:please )?(?P<verb>(?:do not|don['’]t) (?P<what>[a-z]+) \S+)", re.I),
        worth=1.1,
        who=Who.NOBODY,
        unless=lambda match: match["what"].lower() in _NEVER_FORBIDDEN,
        example=Example("Do not pay the bill", "Do not pay the bill"),
    ),
    Rule(
        name="order",
        pattern=_IMPERATIVE,
        worth=1.5,
        who=Who.NOBODY,
        verbs=ORDERS,
        unless=_has_no_object,
        example=Example("then send invoices to Tom", "send invoices to Tom"),
    ),
    Rule(
        name="order that may be a noun",
        pattern=_IMPERATIVE,
        worth=1.5,
        who=Who.NOBODY,
        verbs=ORDERS_OR_NOUNS,
        unless=_has_no_certain_object,
        example=Example("Report the fault", "Report the fault"),
    ),
    Rule(
        name="order that may be a noun, in a list",
        pattern=_IMPERATIVE,
        worth=1.0,
        who=Who.NOBODY,
        verbs=ORDERS_OR_NOUNS,
        unless=_is_noun,
        items_only=True,
        example=Example("Label boxes", "Label boxes"),
    ),
)
