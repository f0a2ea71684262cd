"""Dates as papers write them, in twenty languages; ISO only where the day is plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from documents.pipeline.analysis.evidence import months

_NUMERIC = (
    r"(?P<first>\d{1,4})(?P<mark>[-./]) ?(?P<second>\d{1,2})(?P=mark) ?(?P<third>\d{4}|\d{2})"
)
_DAY_FIRST = (
    r"(?P<day>\d{1,2})(?:er|re|st|nd|rd|th|º|ª|\.)?,? (?:of |de |d['’])?"
    r"(?P<month>[^\W\d_]{3,14})\.?,? (?:de |del |of )?(?P<year>\d{4})"
)
_MONTH_FIRST = r"(?P<month2>[^\W\d_]{3,9})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?,? (?P<year2>\d{4})"
_YEAR_FIRST = r"(?P<year3>\d{4})\. (?P<month3>[^\W\d_]{3,10}) (?P<day3>\d{1,2})"
_CHINESE = r"(?P<year4>\d{4}) ?年 ?(?P<month4>\d{1,2}) ?月 ?(?P<day4>\d{1,2}) ?日"
DATE = re.compile(
    rf"(?<![\w/.-])(?:{_NUMERIC}|{_DAY_FIRST}|{_MONTH_FIRST}|{_YEAR_FIRST})(?![\w/])|{_CHINESE}"
)


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    iso: str | None


def find(text: str, start: int, end: int, language: str | None) -> Iterator[Found]:
    for match in DATE.finditer(text, start, end):
        if match["first"]:
            yield Found(match.start(), match.end(), _numeric(match, language))
        elif match["year4"]:
            iso = _iso(*(int(match[name]) for name in ("year4", "month4", "day4")))
            yield Found(match.start(), match.end(), iso)
        elif found := _in_words(match):
            yield Found(match.start(), match.end(), found)


def _in_words(match: re.Match[str]) -> str | None:
    name = match["month"] or match["month2"] or match["month3"]
    month = months.NUMBERS.get(name.lower())
    day = match["day"] or match["day2"] or match["day3"]
    year = match["year"] or match["year2"] or match["year3"]
    return _iso(int(year), month, int(day)) if month else None


def _numeric(match: re.Match[str], language: str | None) -> str | None:
    first, second, third = (int(match[name]) for name in ("first", "second", "third"))
    if len(match["first"]) == 4:
        return _iso(first, second, third)
    if len(match["first"]) == 3:
        return None
    if 50 <= third <= 99:
        return None  # 97 is in the last century to some, and in this one to others.
    year = third if third > 99 else 2000 + third
    if second > 12:
        return _iso(year, first, second)
    # In English, 3/4 is March or April; nobody can tell which.
    if language in (None, "en") and match["mark"] != "." and first <= 12 and first != second:
        return None
    return _iso(year, second, first)


def _iso(year: int, month: int, day: int) -> str | None:
    with suppress(ValueError):
        return date(year, month, day).isoformat()
    return None
