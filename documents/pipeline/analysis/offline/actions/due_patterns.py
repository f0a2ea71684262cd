"""Patterns of due dates, composed from the calendars of the languages."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline import units
from documents.pipeline.analysis.offline.actions.calendars import CALENDARS, Calendar
from documents.pipeline.analysis.offline.patterns import any_space, either, one_of, phrases

# Behind a space, a digit or the like no letter may follow: "mai" is not "maintenant".
_END = r"(?!\w)"
_NUMBER = r"(?:\d{1,3}|\w{2,12})"
# "Balance due 12.50 EUR", "by 3.5 tonnes": no day has these numbers, or such a word behind it.
DAY_NUMBER, MONTH_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])", r"(?:1[0-2]|0?[1-9])"
NO_NUMBER = rf"(?![\d])(?![.,/-]\d){units.NO_UNIT}"
_NUMERIC = (
    r"(?:\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|{DAY_NUMBER}[./-]{MONTH_NUMBER}(?:[./-](?:\d{{4}}|\d{{2}})(?!\d)|\.?{NO_NUMBER}))"
)


def months_of(calendar: Calendar) -> dict[str, int]:
    """Each word for a month with its number."""
    return {
        word: number
        for number, words in enumerate(phrases(calendar.months), start=1)
        for word in words.split("|")
    }


def month(calendar: Calendar) -> str:
    return either(*map(re.escape, months_of(calendar)))


def day_month_year(calendar: Calendar, *, year: str) -> str:
    """A date such as "3. März 2027", "1er mai"; `year` is "?" where the year may be missing."""
    of = rf"(?:{one_of(calendar.of)} )?" if calendar.of else ""
    day = r"(?P<day>\d{1,2})(?:\.|er|º|°|ª)?"
    return rf"{day} ?{of}(?P<month>{month(calendar)}){_END}(?:,? {of}(?P<year>\d{{4}})){year}"


def _deadline(calendar: Calendar) -> re.Pattern[str]:
    anonymous = re.sub(r"\?P<\w+>", "?:", day_month_year(calendar, year="?"))
    weekday = rf"(?:{one_of(calendar.loose)},? (?:{one_of(calendar.on)} )?)?"
    edge = rf"(?:\w{{3,12}} (?:{one_of(calendar.of)} )?)?" if calendar.of else r"(?:\w{3,8} )?"
    moment = either(
        rf"{weekday}{either(anonymous, _NUMERIC)}",
        rf"{one_of(calendar.loose)}{_END}",
        rf"{edge}{month(calendar)}{_END}(?: \d{{4}})?",
        rf"\d{{1,2}}(?: de)? {one_of('de chaque mois, de cada mes, di ogni mese, jedes Monats')}",
        r"dritten Werktag (?:eines )?jeden Monats",
    )
    return any_space(
        r"(?<!\w)"
        + either(
            rf"(?P<latest>{one_of(calendar.latest)}) {moment}",
            rf"{one_of(calendar.within)} {_NUMBER} {one_of(calendar.units)}{_END}",
            rf"(?P<starts>{one_of(calendar.on)}) {either(anonymous, _NUMERIC)}",
            rf"{one_of(calendar.at_once)}{_END}",
        ),
        re.IGNORECASE,
    )


DUE: dict[str, re.Pattern[str]] = {row.language: _deadline(row) for row in CALENDARS} | {
    "zh": re.compile(
        r"(?P<latest>(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:之前|以前|前)|\d{1,2}月底(?:之前|前)?)(?P<starts>)"
    ),
    "ja": re.compile(
        r"(?P<latest>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|末)(?:\([^)]\)|（[^）]）)?まで(?:に)?)(?P<starts>)"
    ),
}
DATES: dict[str, re.Pattern[str]] = {
    row.language: any_space(rf"(?<!\w){day_month_year(row, year='')}", re.IGNORECASE)
    for row in CALENDARS
}
MONTHS: dict[str, dict[str, int]] = {row.language: months_of(row) for row in CALENDARS}
CJK_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
# Day, month and year between full stops are in this order everywhere; between slashes not.
DOTTED_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d.])")
SLASHED_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
DAY_FIRST_IN = frozenset({"de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "ar"})
