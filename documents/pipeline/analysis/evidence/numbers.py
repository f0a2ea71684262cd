"""Number check: the numbers of a claim, held against those of its quotes.

A mark and no verdict: a model that counts or adds up is right without being quoted, and one
that invents a figure looks the same. The reader is told where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.schema import Evidence

_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_PARTS = re.compile(r"\d+")
_SMALL = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_SPELLED = {word: str(number) for number, word in enumerate(_SMALL, start=1)}


def unquoted(claim: str, evidence: Sequence[Evidence]) -> list[str]:
    """The numbers, as the claim writes them, that none of its quotes has."""
    quoted = {value for each in evidence for value in _values(each.quote)}
    named = dict.fromkeys(normalization.numbers(claim))
    return [number for number in named if not _is_among(number, quoted)]


def are_among(claim: str, texts: Sequence[str]) -> bool:
    """Whether every number of the claim is in one of the texts."""
    known = {value for text in texts for value in _values(text)}
    return all(_is_among(number, known) for number in normalization.numbers(claim))


def _values(text: str) -> Iterator[str]:
    for number in normalization.numbers(text):
        yield _plain(number)
        yield from _parts(number)
    for word in normalization.words(text):
        if word in _SPELLED:
            yield _SPELLED[word]


def _is_among(number: str, values: set[str]) -> bool:
    parts = _parts(number)
    return _plain(number) in values or (bool(parts) and values.issuperset(parts))


def _parts(number: str) -> list[str]:
    """Day, month and year of a date in figures, which may be written apart elsewhere."""
    parts = _PARTS.findall(number)
    is_date = len(parts) > 2 and not _THOUSANDS.fullmatch(number)
    return [_plain(part) for part in parts] if is_date else []


def _plain(number: str) -> str:
    """The number without separators of thousands and leading zeros; 1,5 is 1.5."""
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "").replace(".", "")
    return number.replace(",", ".").lstrip("0") or "0"
