"""Number check: the numbers of a claim, held against those of its quotes.

A mark and no verdict: a model that counts or adds up is right without being quoted, and one
that invents a figure looks the same. The reader is told where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from documents.pipeline.analysis.evidence import dates, normalization
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.schema import Evidence

_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_THOUSANDS_AND_CENTS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_NO_CENTS = re.compile(r"(?<=\d)\.00?$")
# Words for a minus, below and a loss in the languages that are judged: with one, a sign may go.
_IS_BELOW = re.compile(
    r"\b(?:minus|below|under|loss|lost|losing|losses|deficit|negati|fell|fall|drop|declin|decreas"
    r"|down|lower|less|reduc|cut|debit|owe|unter|verlust|verlor|defizit|rückgang|sank|sink|gesunk"
    r"|fiel|gefallen|weniger|niedrig|perte|perd|déficit|baiss|recul|négati|moins|sous|chut|pérdid"
    r"|baj|caíd|cay|menos|calo|sotto|verlies|daal|dal|prejuízo|queda|caiu|abaixo|diminu)",
    re.IGNORECASE,
)
_SIGNS = f"<>±-{normalization.MAYBE}"
_WHOLE_HOUR = re.compile(r"(\d{1,2}):00")
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
    return [*_missing(claim, texts), *with_other_signs(claim, texts)]


def with_other_signs(claim: str, texts: Sequence[str]) -> list[str]:
    """The numbers that the texts have with another sign: 5 for -5, and < 5 for > 5."""
    signs = [sign for text in texts for sign in _signs_of(text)]
    claimed = normalization.signed_numbers(claim)
    if not any(sign for _, sign in signs) and not any(each[0] in _SIGNS for each in claimed):
        return []
    is_told = any(map(_IS_BELOW.search, (claim, *texts)))
    return [
        each.lstrip(normalization.MAYBE)
        for each in dict.fromkeys(claimed)
        if (known := {sign for number, sign in signs if number == plain(each.lstrip(_SIGNS))})
        and not any(_is_same_sign(_sign_of(each), sign, is_told=is_told) for sign in known)
    ]


def _signs_of(text: str) -> Iterator[tuple[str, str]]:
    for signed in normalization.signed_numbers(text):
        yield plain(signed.lstrip(_SIGNS)), _sign_of(signed)
        if signed[0] == normalization.MAYBE:
            yield plain(signed.lstrip(_SIGNS)), ""


def _sign_of(signed: str) -> str:
    return signed[: len(signed) - len(signed.lstrip(_SIGNS))].lstrip(normalization.MAYBE)


def _is_same_sign(one: str, other: str, *, is_told: bool) -> bool:
    """A bound on one side only may stand in words on the other."""
    bounds = [sign.strip("-±") for sign in (one, other)]
    is_bound_alike = not all(bounds) or bounds[0] == bounds[1]
    return is_bound_alike and (is_told or one.strip("<>") == other.strip("<>"))


def _missing(claim: str, texts: Sequence[str]) -> list[str]:
    claim = dates.without_proven(claim, texts)
    named = dict.fromkeys(normalization.numbers(claim))
    if not named:
        return []
    known = frozenset[str]().union(*map(_values, texts))
    spaced = {"".join(groups): groups for groups in normalization.spaced_numbers(claim)}
    return [
        number
        for number in named
        if not _is_among(number, known) and not known.issuperset(spaced.get(number, [number]))
    ]


def are_among(claim: str, texts: Sequence[str]) -> bool:
    """Whether every number of the claim is in one of the texts."""
    return not missing(claim, texts)


@memoized
def _values(text: str) -> frozenset[str]:
    return frozenset(_values_in(text))


def _values_in(text: str) -> Iterator[str]:
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


def _is_among(number: str, values: frozenset[str]) -> bool:
    parts = _parts(number)
    return plain(number) in values or (bool(parts) and values.issuperset(parts))


def _parts(number: str) -> list[str]:
    """Day, month and year of a date in figures, which may be written apart elsewhere."""
    parts = _PARTS.findall(number)
    is_date = len(parts) > 2 and not _THOUSANDS.fullmatch(number)
    return [plain(part) for part in parts] if is_date else []


def plain(number: str) -> str:
    """The number without separators of thousands, leading zeros and empty cents; 1,5 is 1.5."""
    if hour := _WHOLE_HOUR.fullmatch(number):
        number = hour[1]
    if grouped := _THOUSANDS_AND_CENTS.fullmatch(number):
        whole = number.replace(grouped[1], "")
        number = whole if _THOUSANDS.fullmatch(number) else whole.replace(",", ".")
    return _NO_CENTS.sub("", number.replace(",", ".")).lstrip("0") or "0"
