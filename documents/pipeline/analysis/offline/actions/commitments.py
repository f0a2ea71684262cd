"""Commitments and obligations (commissive speech acts): somebody will, shall or has to do it."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions import due_dates, grammar
from documents.pipeline.analysis.offline.actions.grammar import (
    CLAUSE_START,
    DO_THE_SAME,
    DO_VERB,
    SUBJECT,
)
from documents.pipeline.analysis.offline.actions.rule import Example, Rule, Who
from documents.pipeline.analysis.offline.actions.vocabulary import (
    BEFALLS,
    DONE_BY_PEOPLE,
    INTERROGATIVES,
    OBJECT_OPENERS,
    SAID_TO_BE,
    STATES,
)
from documents.pipeline.analysis.offline.patterns import any_space, one_of

# Longer sentences in the passive describe rather than ask.
MOST_SPACES_IN_PASSIVE = 17

# "To accept this offer, please sign": what it is for, not what is to be done.
PURPOSE = any_space(
    rf"to [^,]{{3,90}}, {one_of('please, kindly, you, we, i, it, they, this, simply, just')}\b",
    re.IGNORECASE,
)
DOES_THE_SAME = any_space(grammar.THE_SAME)
# "Balance due: 0.00 EUR"
NOTHING_DUE = re.compile(
    r"\W{0,9}(?:[A-Z]{3}\W{0,9})?(?:0+(?:[.,]0{1,2})?(?![\d.,]\d)|nil|none|zero|nothing)\b", re.I
)
# What is announced of these asks nobody for anything.
HAPPENS_TO = any_space(
    r"(?:you|it|there|this|that|we|they|no|(?:(?:the|all|our|your) )?(?:\w+ )?"
    r"(?:prices?|rents?|fees?|rates?|charges?|costs?|tariffs?|premiums?|salar(?:y|ies)|wages?"
    r"|water|gas|electricity|power|heating|lifts?|roads?|streets?|bridges?|services?))\b",
    re.IGNORECASE,
)


def _does_the_same(match: re.Match[str]) -> bool:
    return DOES_THE_SAME.match(match.string, match.start("verb")) is not None


def _names_a_state(match: re.Match[str]) -> bool:
    """In small letters only: "TO BE CONFIRMED" is let through."""
    return match["verb"] in STATES


def _tells_no_task(match: re.Match[str]) -> bool:
    return _names_a_state(match) or PURPOSE.match(match.string) is not None


def _is_no_order(match: re.Match[str]) -> bool:
    """ "To whom it may concern", "Must haves are listed"."""
    verb = match["verb"].lower()
    is_plural = verb.endswith("s") and not verb.endswith(("ss", "us", "is", "as"))
    return is_plural or verb in INTERROGATIVES or _tells_no_task(match)


def _is_long(match: re.Match[str]) -> bool:
    return match.string.count(" ") > MOST_SPACES_IN_PASSIVE


def _asks_nobody(match: re.Match[str]) -> bool:
    return match["done"].lower() in SAID_TO_BE or _is_long(match)


def _is_not_due(match: re.Match[str]) -> bool:
    """ "The plan is to be sent by Friday" asks for it, "The hall is to be painted" may not."""
    return not due_dates.has_deadline(match.string) or _asks_nobody(match)


def _befalls(match: re.Match[str]) -> bool:
    """Whether it is news: "The road will be closed", "You will be informed by Friday"."""
    return (
        match["done"].lower() in BEFALLS
        or HAPPENS_TO.match(match["verb"]) is not None
        or _is_not_due(match)
    )


COMMITMENTS = (
    Rule(
        name="somebody is responsible",
        pattern=any_space(
            rf"{CLAUSE_START}{grammar.WHO} {one_of('is, are, will be')}"
            rf" {one_of('responsible for, in charge of')} (?P<verb>[a-z]+ing)\b"
        ),
        worth=1.6,
        who=Who.NAMED,
        example=Example("Tom is responsible for checking the pump", "checking the pump", "Tom"),
    ),
    Rule(
        name="somebody will",
        pattern=any_space(rf"{CLAUSE_START}{SUBJECT}{grammar.WILL} {DO_VERB}"),
        worth=1.6,
        who=Who.NAMED,
        not_verbs=STATES,
        example=Example("The survey is due, so Maria will send it", "send it", "Maria"),
    ),
    Rule(
        name="somebody must",
        pattern=any_space(rf"{CLAUSE_START}{SUBJECT}{grammar.MUST} {DO_VERB}"),
        worth=1.55,
        who=Who.NAMED,
        not_verbs=STATES,
        example=Example("The treasurer must pay the bill", "pay the bill", "The treasurer"),
    ),
    Rule(
        name="somebody should",
        pattern=any_space(rf"{CLAUSE_START}{SUBJECT}{grammar.SHOULD} {DO_VERB}"),
        worth=1.3,
        who=Who.NAMED,
        not_verbs=STATES,
        example=Example("The treasurer should pay the bill", "pay the bill", "The treasurer"),
    ),
    Rule(
        name="somebody to",
        pattern=any_space(rf"^{SUBJECT}to {DO_VERB}"),
        worth=1.6,
        who=Who.NAMED,
        not_verbs=STATES | OBJECT_OPENERS,
        example=Example("Omar and Lena to repair the gate", "repair the gate", "Omar and Lena"),
    ),
    Rule(
        name="I will",
        pattern=any_space(rf"{grammar.I_WILL} {DO_VERB}"),
        worth=1.6,
        who=Who.WRITER,
        not_verbs=STATES,
        unless=_does_the_same,
        example=Example("Then I’ll book the hotel", "book the hotel", "I"),
    ),
    Rule(
        name="I will do that",
        pattern=any_space(rf"{grammar.I_WILL} {DO_THE_SAME}"),
        worth=0.6,
        who=Who.WRITER,
        example=Example("I will do that on Monday", "do that on Monday", "I"),
    ),
    Rule(
        name="I must",
        pattern=any_space(rf"{grammar.I_MUST} {DO_VERB}"),
        worth=1.0,
        who=Who.WRITER,
        not_verbs=STATES,
        unless=_does_the_same,
        example=Example("I have agreed to write the guide", "write the guide", "I"),
    ),
    Rule(
        name="I must do that",
        pattern=any_space(rf"{grammar.I_MUST} {DO_THE_SAME}"),
        worth=0.0,  # Only a mark makes it an action.
        who=Who.WRITER,
        example=Example("I also have to do it", "do it", "I"),
    ),
    Rule(
        name="we will",
        pattern=any_space(rf"{grammar.WE_WILL} {DO_VERB}"),
        worth=1.1,
        who=Who.NOBODY,
        not_verbs=STATES | DONE_BY_PEOPLE,
        example=Example("If it rains, we'll move the tables", "move the tables"),
    ),
    Rule(
        name="we must",
        pattern=any_space(rf"{grammar.WE_MUST} {DO_VERB}"),
        worth=1.5,
        who=Who.NOBODY,
        not_verbs=STATES | DONE_BY_PEOPLE,
        example=Example("We should also order new keys", "order new keys"),
    ),
    Rule(
        name="will or must, with the subject left out",
        pattern=any_space(rf"^{grammar.WITHOUT_SUBJECT} (?:also |then )?{grammar.VERB_OR_SHOUT}"),
        worth=1.5,
        who=Who.NOBODY,
        unless=_is_no_order,
        example=Example("Will order new keys", "order new keys"),
    ),
    Rule(
        name="to, with the subject left out",
        pattern=any_space(rf"^{grammar.TO} (?:also |then )?{grammar.VERB_OR_SHOUT}"),
        worth=1.5,
        who=Who.NOBODY,
        unless=_is_no_order,
        items_only=True,
        example=Example("To order new keys", "order new keys"),
    ),
    Rule(
        name="passive",
        pattern=any_space(rf"^(?P<verb>[A-Z][^.;]{{2,90}}?) {grammar.TO_BE} {grammar.DONE}"),
        worth=1.0,
        who=Who.NOBODY,
        unless=_asks_nobody,
        example=Example("All invoices to be paid by May", "All invoices to be paid by May"),
    ),
    Rule(
        name="passive, is to be, by a day",
        pattern=any_space(rf"^(?P<verb>[A-Z][^.;]{{2,90}}?) {grammar.IS_TO_BE} {grammar.DONE}"),
        worth=1.0,
        who=Who.NOBODY,
        unless=_is_not_due,
        example=Example("The plan is to be sent by May", "The plan is to be sent by May"),
    ),
    Rule(
        name="to be done by somebody",
        pattern=any_space(
            r"^(?P<verb>[A-Z][^.;]{2,120}?"
            r" (?P<modal>shall|must|should|will|is to|are to|has to|have to) be"
            rf" {grammar.DONE} by {grammar.WHO})"
        ),
        worth=1.6,
        who=Who.NAMED,
        example=Example(
            "The gate must be mended by the caretaker",
            "The gate must be mended by the caretaker",
            "the caretaker",
        ),
    ),
    Rule(
        name="payable by somebody",
        pattern=any_space(
            r"(?:^|(?<=[,;]\s))(?P<verb>[^.;,]{3,90}? (?P<modal>is|are)"
            r" (?:payable|to be paid|borne) by"
            rf" {grammar.WHO})"
        ),
        worth=1.6,
        who=Who.NAMED,
        example=Example(
            "The balance is payable by the tenant",
            "The balance is payable by the tenant",
            "the tenant",
        ),
    ),
    Rule(
        name="it is a duty",
        pattern=any_space(
            rf"\b[Ii]t (?:shall be|is|will be) the duty of {grammar.WHO}"
            r" to (?P<verb>[^.;]{3,200})"
        ),
        worth=1.6,
        who=Who.NAMED,
        example=Example("It is the duty of the tenant to pay", "pay", "the tenant"),
    ),
    Rule(
        name="neither may",
        pattern=any_space(
            r"\b(?P<verb>[Nn]either (?:party|of the parties|side)"
            r" (?:shall|may|must|will) [^.;]{3,200})"
        ),
        worth=1.6,
        who=Who.NOBODY,
        unless=lambda match: " be liable" in match["verb"],
        example=Example("Neither party shall tell", "Neither party shall tell"),
    ),
    Rule(
        name="payment is due",
        pattern=any_space(
            r"^(?P<verb>(?:the )?(?:full )?(?:payment|invoice|balance|amount|rent|fee)"
            r" (?:is |are )?(?:due|payable)\b)",
            re.IGNORECASE,
        ),
        worth=1.0,
        who=Who.NOBODY,
        unless=lambda match: NOTHING_DUE.match(match.string, match.end()) is not None,
        example=Example("Payment is due in May", "Payment is due in May"),
    ),
    Rule(
        # Less surely than "to be": "The office will be closed on Friday" asks nobody.
        name="passive, will be",
        pattern=any_space(rf"^(?P<verb>[A-Z][^.;]{{2,90}}?) {grammar.WILL_BE} {grammar.DONE}"),
        worth=0.85,
        who=Who.NOBODY,
        unless=_befalls,
        is_news=True,
        example=Example("All invoices will be paid by May", "All invoices will be paid by May"),
    ),
)
