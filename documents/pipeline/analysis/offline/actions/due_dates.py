"""Due dates (temporal expressions): in the document's own words, and as a date where plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from documents.pipeline.analysis.evidence import not_before
from documents.pipeline.analysis.offline.actions import due_patterns
from documents.pipeline.analysis.offline.patterns import any_space, either, one_of, phrases

MONTHS = """
    january, february, march, april, may, june, july, august, september, october, november,
    december
"""
NUMBER_OF_MONTH = {name[:3]: number for number, name in enumerate(phrases(MONTHS), start=1)}
SHORT_MONTHS = "jan, feb, mar, apr, jun, jul, aug, sept, sep, oct, nov, dec"
MONTH = either(rf"{one_of(MONTHS)}\b", rf"{one_of(SHORT_MONTHS)}\b\.?")
WEEKDAY = one_of("monday, tuesday, wednesday, thursday, friday, saturday, sunday")
PERIOD = one_of("week, month, year, quarter, day, term, summer, spring, autumn, winter, weekend")

DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_D, _M = due_patterns.DAY_NUMBER, due_patterns.MONTH_NUMBER
# "3.5" is a day only beside a weekday or with a year: elsewhere it is a number.
_YEAR = r"(?:\d{4}|\d{2})(?!\d)"
_SLASHED = rf"{either(f'{_D}/{_M}', f'{_M}/{_D}')}(?:/{_YEAR}|{due_patterns.NO_NUMBER})"
_DOTTED = rf"{_D}\.{_M}\.{_YEAR}"
_DOTTED_WITHOUT_YEAR = rf"{_D}\.{_M}\.?{due_patterns.NO_NUMBER}"
CALENDAR_DATE = either(
    r"\d{4}-\d{2}-\d{2}\b",
    rf"(?:the )?{DAY} (?:of )?{MONTH}(?:,? \d{{4}}\b)?",
    rf"{MONTH} {DAY}\b(?!:)(?:,? \d{{4}}\b)?",
    either(_SLASHED, _DOTTED),
)
MONTH_OF_YEAR = rf"{MONTH}(?: \d{{4}})?"
LOOSE_DATE = either(
    rf"(?:the )?{one_of('end, beginning, middle')} of (?:the |next |this )?"
    + either(PERIOD, MONTH_OF_YEAR),
    rf"(?:next |this |coming )?{WEEKDAY}(?: {one_of('morning, noon, afternoon, evening, night')})?",
    rf"tomorrow(?: {one_of('morning, noon, evening')})?",
    one_of("today, tonight, noon, midnight"),
    rf"(?:the )?{one_of('next, this, coming')} {either(PERIOD, 'meeting')}",
    one_of("the holidays, holidays, christmas, easter"),
    r"q[1-4](?: \d{4})?",
    one_of("eod, cob, eow, then"),
    MONTH_OF_YEAR,
    r"\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)",
)
AT_AN_HOUR = r"(?:,? (?:at )?(?:noon|\d{1,2}(?::\d{2})?\s?(?:am|pm|h)))?"

LATEST = either(
    r"(?:no|not) later than(?: \d{1,2}(?::\d{2})?)?(?: noon| midnight| ?[ap]\.?m\.?)?(?: on)?",
    one_of("by, before, until, till, latest, at the latest by"),
    rf"{one_of('due date, due by, due on, due, deadline')}\s*:?",
)
DUE_DATE = either(
    rf"(?P<latest>{LATEST}) "
    + either(
        CALENDAR_DATE + AT_AN_HOUR,
        rf"{WEEKDAY},? {either(CALENDAR_DATE, _DOTTED_WITHOUT_YEAR)}",
        LOOSE_DATE,
    ),
    rf"(?P<starts>{one_of('on, from, starting')}) {CALENDAR_DATE}",
    rf"within \w+ (?:working |business |calendar )?{one_of('hours, days, weeks, months')}",
    r"as soon as possible",
    r"asap\b",
    rf"{one_of('this, next')} {either('week', 'month', WEEKDAY)}",
    rf"{one_of('today, tomorrow, tonight')}\b",
    rf"{one_of('on, at')} (?:next |the )?{either(WEEKDAY, 'next meeting')}",
    r"at the latest",
)
DUE = any_space(rf"\b{DUE_DATE}", re.IGNORECASE)
WITHIN = re.compile(r"within\b", re.IGNORECASE)
CELL = any_space(
    either(CALENDAR_DATE, _DOTTED_WITHOUT_YEAR, LOOSE_DATE, rf"\b{DUE_DATE}"), re.IGNORECASE
)

# Prepositions of a day, of which the others say when something begins.
ON_THE_DAY = frozenset(
    {"", "on", "am", "le", "el", "el día", "il", "il giorno", "op", "den", "dne"}
)

ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
DAY_FIRST = any_space(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{MONTH}),? (?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
MONTH_FIRST = any_space(
    rf"\b(?P<month>{MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Due:
    text: str
    date: str | None
    start: int
    end: int


def find(text: str, language: str = "en") -> Due | None:
    """The first deadline the text names, else the first moment."""
    found = list(_deadlines(text, language))
    if not found:
        return None
    match = next((m for m in found if m.group("latest")), found[0])
    words = " ".join(match.group().split()).rstrip(".")
    # "from 15 November" says when something begins, not when it must be done.
    is_start = (match.group("starts") or "").lower() not in ON_THE_DAY
    day = None if is_start else plain_date(words, language)
    return Due(words, day, match.start(), match.end())


def has_deadline(text: str, language: str = "en") -> bool:
    """Whether it says until when, and not only when."""
    return any(
        match["latest"] or WITHIN.match(match.group()) for match in _deadlines(text, language)
    )


def _deadlines(text: str, language: str) -> Iterator[re.Match[str]]:
    """Without the days before which nothing is due, or on which something was agreed."""
    for match in due_patterns.DUE.get(language, DUE).finditer(text):
        if not not_before.is_no_deadline(text[: match.start()], match.group(), language):
            yield match


def in_cell(text: str, language: str = "en") -> Due | None:
    """The same for a table's column of deadlines, where the preposition is left out."""
    if not CELL.search(text) and not plain_date(text, language) and language == "en":
        return None
    words = " ".join(text.split())
    return Due(words, plain_date(words, language), 0, len(text)) if words else None


def plain_date(text: str, language: str = "en") -> str | None:
    """The ISO date, if exactly one full date is written out; in English 3/4/2027 is not plain."""
    dates = [*_numeric_dates(text, language), *_written_dates(text), *_dates_of(text, language)]
    return dates[0] if len(set(dates)) == 1 else None


def _numeric_dates(text: str, language: str) -> list[str]:
    year_first = [*ISO.findall(text), *due_patterns.CJK_DATE.findall(text)]
    year_last = due_patterns.DOTTED_DATE.findall(text)
    if language in due_patterns.DAY_FIRST_IN:
        year_last += due_patterns.SLASHED_DATE.findall(text)
    written = year_first + [(year, month, day) for day, month, year in year_last]
    found = (_valid(int(y), int(m), int(d)) for y, m, d in written)
    return [day for day in found if day]


def _written_dates(text: str) -> list[str]:
    matches = [*DAY_FIRST.finditer(text), *MONTH_FIRST.finditer(text)]
    found = (
        _valid(int(m["year"]), NUMBER_OF_MONTH[m["month"][:3].casefold()], int(m["day"]))
        for m in matches
    )
    return [day for day in found if day]


def _dates_of(text: str, language: str) -> list[str]:
    pattern, months = due_patterns.DATES.get(language), due_patterns.MONTHS.get(language, {})
    found = (
        _valid(int(m["year"]), months.get(_folded(m["month"]), 0), int(m["day"]))
        for m in (pattern.finditer(text) if pattern else ())
    )
    return [day for day in found if day]


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
