"""When something is due, in the document's own words; as a date only where those are plain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_ISO = r"\d{4}-\d{2}-\d{2}\b"
_DAY_FIRST = rf"(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}}\b)?"
_MONTH_FIRST = rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\s+\d{{4}}\b)?"
_NUMERIC = r"\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?\b"
_CALENDAR = rf"(?:{_ISO}|{_DAY_FIRST}|{_MONTH_FIRST}|{_NUMERIC})"
_PERIOD = r"(?:week|month|year|quarter|day|term|summer|spring|autumn|winter|weekend)"
_LOOSE = (
    rf"(?:(?:the\s+)?(?:end|beginning|middle)\s+of\s+(?:the\s+|next\s+|this\s+)?(?:{_PERIOD}"
    rf"|{_MONTH}(?:\s+\d{{4}})?)|(?:next\s+|this\s+|coming\s+)?{_WEEKDAY}"
    r"(?:\s+(?:morning|noon|afternoon|evening|night))?|tomorrow(?:\s+(?:morning|noon|evening))?"
    rf"|today|tonight|noon|midnight|(?:the\s+)?(?:next|this|coming)\s+(?:{_PERIOD}|meeting)"
    rf"|(?:the\s+)?holidays|christmas|easter|q[1-4](?:\s+\d{{4}})?|eod|cob|eow|then"
    rf"|{_MONTH}(?:\s+\d{{4}})?|\d{{1,2}}(?::\d{{2}})?\s?(?:am|pm|a\.m\.|p\.m\.))"
)
_LATEST = (
    r"(?:by|before|until|till|no\s+later\s+than|not\s+later\s+than|latest|at\s+the\s+latest\s+by)"
)
_DUE_WORD = r"(?:due(?:\s+(?:date|by|on))?|deadline)\s*:?"
_STARTS = r"(?:on|from|starting|as\s+of)"
_TIMED = r"(?:,?\s+(?:at\s+)?(?:noon|\d{1,2}(?::\d{2})?\s?(?:am|pm|h)))?"

DUE = re.compile(
    rf"\b(?:(?P<latest>{_LATEST}|{_DUE_WORD})\s+(?:{_CALENDAR}{_TIMED}|{_WEEKDAY},?\s+{_CALENDAR}"
    rf"|{_LOOSE})|(?P<starts>{_STARTS})\s+{_CALENDAR}"
    rf"|within\s+(?:\w+|\d+)\s+(?:hours|days|weeks|months)|as\s+soon\s+as\s+possible|asap\b"
    rf"|(?:this|next)\s+(?:week|month|{_WEEKDAY})|(?:today|tomorrow|tonight)\b"
    rf"|(?:on|at)\s+(?:next\s+|the\s+)?(?:{_WEEKDAY}|next\s+meeting)|at\s+the\s+latest)",
    re.IGNORECASE,
)
CELL = re.compile(rf"{_CALENDAR}|{_LOOSE}|{DUE.pattern}", re.IGNORECASE)
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Due:
    text: str
    date: str | None
    start: int
    end: int


def find(text: str) -> Due | None:
    """The latest moment the text names, else the first moment."""
    found = list(DUE.finditer(text))
    if not found:
        return None
    match = next((m for m in found if m.group("latest")), found[0])
    words = " ".join(match.group().split())
    # "from 15 November" says when something begins, not when it must be done.
    is_start = (match.group("starts") or "").lower() not in ("", "on")
    return Due(words, None if is_start else plain_date(words), match.start(), match.end())


def in_cell(text: str) -> Due | None:
    """The same for a table's column of deadlines, where the preposition is left out."""
    if not CELL.search(text):
        return None
    words = " ".join(text.split())
    return Due(words, plain_date(words), 0, len(text))


def plain_date(text: str) -> str | None:
    """The ISO date, if exactly one full date is written out; 3/4/2027 is not plain."""
    dates = [*_iso_dates(text), *_written_dates(text)]
    return dates[0] if len(dates) == 1 else None


def _iso_dates(text: str) -> list[str]:
    found = (_valid(int(y), int(m), int(d)) for y, m, d in ISO.findall(text))
    return [day for day in found if day]


def _written_dates(text: str) -> list[str]:
    matches = [*DAY_FIRST.finditer(text), *MONTH_FIRST.finditer(text)]
    found = (_valid(int(m["year"]), _month(m["month"]), int(m["day"])) for m in matches)
    return [day for day in found if day]


def _month(name: str) -> int:
    start = name.lower().rstrip(".")[:3]
    return 1 + next(number for number, month in enumerate(MONTHS) if month.startswith(start))


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
