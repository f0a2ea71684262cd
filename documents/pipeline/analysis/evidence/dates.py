"""Dates compared as dates: 2027-04-03, 3 April 2027 and 03.04.2027 are one day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.pipeline.analysis.evidence.memo import memoized

# In their usual languages; what two languages write alike is the same month in both.
_NAMES = """
january januar jänner janvier enero gennaio janeiro januari январь января leden ledna jan janv ene
february februar février febrero febbraio fevereiro februari февраль февраля únor února feb févr
march märz mars marzo março maart март марта březen března mar mär
april avril abril aprile апрель апреля duben dubna apr avr abr
may mai mayo maggio maio mei май мая květen května
june juni juin junio giugno junho июнь июня červen června jun
july juli juillet julio luglio julho июль июля červenec července jul juil
august août agosto augustus август августа srpen srpna aug ago
september septembre septiembre settembre setembro сентябрь сентября září sep sept
october oktober octobre octubre ottobre outubro октябрь октября říjen října oct okt
november novembre noviembre novembro ноябрь ноября listopad listopadu nov
december dezember décembre diciembre dicembre dezembro декабрь декабря prosinec prosince dec dez déc
"""
MONTHS = {
    name: number
    for number, line in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}
_WORD = "|".join(sorted(MONTHS, key=len, reverse=True))
_DIGIT = re.compile(r"\d")
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>\d{4}))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_SPELLINGS = [
    re.compile(r"(?<![\d.,-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
    re.compile(r"(?<![\d.,/])(?P<day>\d{1,2})(?P<sign>[./])\s?(?P<month>\d{1,2})(?P=sign)\s?"
               r"(?P<year>\d{4}|\d\d(?![\d,%]))(?!\d)"),
    re.compile(rf"(?<![\d.,])\b{_DAY}\s+(?:de\s+|of\s+)?(?P<word>{_WORD})\b\.?{_YEAR}",
               re.IGNORECASE),
    re.compile(rf"\b(?P<word>{_WORD})\.?\s+{_DAY}(?!\d){_YEAR}", re.IGNORECASE),
]  # fmt: skip


@dataclass(frozen=True)
class Date:
    """A day as a text has it; `year` is None where it does not say."""

    year: int | None
    month: int
    day: int
    start: int
    end: int
    is_ambiguous: bool = False  # 03/04/2027: April or March

    def agrees_with(self, other: Date) -> bool:
        if self.year and other.year and self.year % 100 != other.year % 100:
            return False
        days = {(self.month, self.day)} | ({(self.day, self.month)} if self.is_ambiguous else set())
        others = {(other.month, other.day)}
        return bool(days & (others | ({(other.day, other.month)} if other.is_ambiguous else set())))


# One claim is looked at from several sides, and several claims have the same quote.
@memoized
def find(text: str) -> tuple[Date, ...]:
    """The dates of a text, each place once."""
    found: list[Date] = []
    if not _DIGIT.search(text):
        return ()
    for spelling in _SPELLINGS:
        for match in spelling.finditer(text):
            date = _date(match)
            if date and not any(d.start < date.end and date.start < d.end for d in found):
                found.append(date)
    return tuple(sorted(found, key=lambda date: date.start))


def months_of(words: Sequence[str]) -> set[int]:
    return {MONTHS[word] for word in words if word in MONTHS}


def without_proven(claim: str, quotes: Sequence[str]) -> str:
    """The claim without those of its dates that a quote has, in whatever spelling."""
    claimed = find(claim)
    if not claimed:
        return claim
    known = [date for quote in quotes for date in find(quote)]
    for date in reversed(claimed):
        if any(_is_proven_by(date, other) for other in known):
            claim = claim[: date.start] + " | " + claim[date.end :]
    return claim


def _is_proven_by(date: Date, other: Date) -> bool:
    return date.agrees_with(other) and (date.year is None or other.year is not None)


def _date(match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    month = MONTHS[parts["word"].lower()] if parts.get("word") else int(parts["month"])
    day, sign = int(parts["day"]), parts.get("sign")
    if sign and month > 12 >= day:
        month, day = day, month  # 04/25/2027
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Date(year, month, day, *match.span(), is_ambiguous=sign == "/" and day <= 12)
