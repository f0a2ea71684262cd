"""Behind "by": who does it, and not the day it is due or the means it is done with."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions import due_dates
from documents.pipeline.analysis.offline.patterns import any_space, phrases

_FEASTS = """
    easter, christmas, xmas, whitsun, pentecost, thanksgiving, halloween, new year, lent, advent,
    epiphany, michaelmas, midsummer, ramadan, eid, passover, yom kippur, hanukkah, diwali, carnival
"""
_MEANS = """
    post, mail, email, e-mail, air mail, airmail, letter, registered letter, registered post,
    recorded delivery, special delivery, courier, hand, phone, telephone, fax, text, text message,
    sms, whatsapp, skype, zoom, teams, video, cash, card, credit card, debit card, cheque, check,
    transfer, bank transfer, wire, wire transfer, direct debit, standing order, money order, visa,
    mastercard, american express, amex, maestro, paypal, apple pay, google pay, stripe, klarna,
    sepa, iban, giro, bitcoin, instalments, installments, car, bus, train, rail, road, sea, air,
    boat, ship, truck, lorry, bicycle, bike, foot, dhl, ups, fedex, law, statute, default, order,
    mutual agreement, agreement, consent, vote, show of hands, ballot, lot, machine, computer
"""
NO_AGENTS = frozenset([*phrases(_FEASTS), *phrases(_MEANS)])
_BY = any_space(r"\bby $", re.IGNORECASE)
# "the end of Sprint 3", "Q3", "Week 12": capitals of a plan.
_PERIODS = any_space(
    r"(?:Sprint|Week|Quarter|Q|FY|Phase|Term|Semester|Milestone|Monday|Tuesday|Wednesday|Thursday"
    r"|Friday|Saturday|Sunday)(?: ?\d{1,4}| \w+)?"
)
_INITIAL = re.compile(r"(?:^|[\s.])[A-Z]\.$")


def name(match: re.Match[str]) -> str:
    """Who stands in the group `who`, without the full stop of the sentence: "Tom.", not "J."."""
    words = " ".join(match["who"].split())
    return words if _INITIAL.search(words) else words.rstrip(".")


def is_none(match: re.Match[str]) -> bool:
    """Whether what stands behind "by" is a day, a feast or a means."""
    begin = match.start("who")
    by = _BY.search(match.string, max(0, begin - 5), begin)
    if by is None:
        return False
    words = name(match)
    return (
        due_dates.DUE.match(match.string, by.start()) is not None
        or words.casefold() in NO_AGENTS
        or _PERIODS.fullmatch(words) is not None
    )
