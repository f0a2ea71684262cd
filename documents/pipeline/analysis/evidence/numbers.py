"""Number check: the numbers of a claim, held against those of its quotes.

A mark and no verdict: a model that counts or adds up is right without being quoted, and one
that invents a figure looks the same. The reader is told where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from documents.pipeline.analysis.evidence import dates, normalization
from documents.pipeline.analysis.schema import Evidence

_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_THOUSANDS_AND_CENTS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_NO_CENTS = re.compile(r"(?<=\d)\.00?$")
_PARTS = re.compile(r"\d+")
_MOST_GROUPS = 6
_SMALL = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ELSEWHERE = """
zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
deux trois quatre cinq six sept huit neuf dix onze douze
dos tres cuatro cinco seis siete ocho nueve diez once doce
due tre quattro cinque sei sette otto nove dieci undici dodici
"""
_SPELLED = {word: str(number) for number, word in enumerate(_SMALL, start=1)} | {
    word: str(number)
    for line in _ELSEWHERE.strip().splitlines()
    for number, word in enumerate(line.split(), start=2)
}


def unquoted(claim: str, evidence: Sequence[Evidence]) -> list[str]:
    """The numbers, as the claim writes them, that none of its quotes has."""
    return missing(claim, [each.quote for each in evidence])


def missing(claim: str, texts: Sequence[str]) -> list[str]:
    """The numbers, as the claim writes them, that none of the texts has."""
    claim = dates.without_proven(claim, texts)
    named = dict.fromkeys(normalization.numbers(claim))
    if not named:
        return []
    known = {value for text in texts for value in _values(text)}
    spaced = {"".join(groups): groups for groups in normalization.spaced_numbers(claim)}
    return [
        number
        for number in named
        if not _is_among(number, known) and not known.issuperset(spaced.get(number, [number]))
    ]


def are_among(claim: str, texts: Sequence[str]) -> bool:
    """Whether every number of the claim is in one of the texts."""
    return not missing(claim, texts)


def _values(text: str) -> Iterator[str]:
    for number in normalization.numbers(text):
        yield plain(number)
        yield from _parts(number)
    for groups in normalization.spaced_numbers(text):
        yield from _readings(groups)
    for word in normalization.words(text):
        if word in _SPELLED:
            yield _SPELLED[word]


def _readings(groups: Sequence[str]) -> Iterator[str]:
    """Whatever "12 480 500" may mean in a row of a table: 12, 480, 500, 12480 or 480500."""
    for start, stop in combinations(range(min(len(groups), _MOST_GROUPS) + 1), 2):
        yield plain("".join(groups[start:stop]))


def _is_among(number: str, values: set[str]) -> bool:
    parts = _parts(number)
    return plain(number) in values or (bool(parts) and values.issuperset(parts))


def _parts(number: str) -> list[str]:
    """Day, month and year of a date in figures, which may be written apart elsewhere."""
    parts = _PARTS.findall(number)
    is_date = len(parts) > 2 and not _THOUSANDS.fullmatch(number)
    return [plain(part) for part in parts] if is_date else []


def plain(number: str) -> str:
    """The number without separators of thousands, leading zeros and empty cents; 1,5 is 1.5."""
    if grouped := _THOUSANDS_AND_CENTS.fullmatch(number):
        whole = number.replace(grouped[1], "")
        number = whole if _THOUSANDS.fullmatch(number) else whole.replace(",", ".")
    return _NO_CENTS.sub("", number.replace(",", ".")).lstrip("0") or "0"
