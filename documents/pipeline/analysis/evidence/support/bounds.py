"""Bounds: up to 20 are not 20, and at most 20 are not at least 20.

Words and signs beside a figure, of all languages at once: claims in those without a lexicon are
held against their quotes, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.pipeline.analysis.evidence import dates, normalization, numbers
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import quantities
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

LOW, HIGH = 1, -1
_LOW = (
    r"at least|(?:more|greater|higher|longer|older) than|over|above|exceed(?:s|ed|ing)?"
    r"|min(?:imum|\.)?(?: of)?|a minimum of|upwards of"
    r"|mindestens|wenigstens|minimal|(?:mehr|länger|höher|älter) als|über|oberhalb(?: von)?"
    r"|au moins|au minimum|plus d(?:e|['’])|minimum de|supérieure?s? à|au-dessus de|dépass\w+"
    r"|al menos|por lo menos|como mínimo|más de|mínimo(?: de)?|superior(?:es)? a|por encima de"
    r"|almeno|più di|oltre|al di sopra di|minimo|ten minste|minstens|meer dan|boven"
    r"|pelo menos|no mínimo|mais de|acima de|[>≥]=?"
)
_HIGH = (
    r"at most|(?:less|fewer|lower|shorter|younger) than|below|under|beneath|up to|less or equal to"
    r"|max(?:imum|\.)?(?: of)?|a maximum of"
    r"|höchstens|maximal|(?:weniger|kürzer|niedriger|jünger) als|unter|unterhalb(?: von)?|bis zu"
    r"|au plus|au maximum|moins d(?:e|['’])|jusqu['’]à|maximum de|inférieure?s? à|au-dessous de"
    r"|en dessous de"
    r"|como máximo|a lo sumo|menos de|hasta|máximo(?: de)?|inferior(?:es)? a|por debajo de"
    r"|al massimo|meno di|fino a|al di sotto di|massimo|ten hoogste|hoogstens|minder dan|onder"
    r"|maximaal|no máximo|até|abaixo de|[<≤]=?"
)
# In time nobody leaves out a limit by saying the day, but after is not before.
_AFTER = r"after|nach|après|después de|tras|dopo|após|depois de|na"
_BEFORE = (
    r"within|before|until|no later than|not later than|innerhalb(?: von)?|binnen|spätestens|avant"
    r"|vor dem|bis zum|dans les|dans un délai de|antes de|dentro de|entro|prima di|voor|em até"
)
_LOW_BEHIND = (
    r"(?:or|and) (?:more|over|above|older|longer|up)|(?:oder|und) mehr|(?:ou|et) plus|[oy] más"
    r"|o più|of meer|ou mais|minimum|at least"
)
_HIGH_BEHIND = (
    r"(?:or|and) (?:less|fewer|under|below|younger)|oder weniger|ou moins|o menos|o meno|of minder"
    r"|ou menos|maximum|at most"
)
_ARTICLE = r"(?:(?:the|dem|den|der|le|la|les|el|los|il|het|an?|o|e) )?(?:eur |usd |gbp |[$€£¥]\s?)?"
_NOT = r"(?P<not>(?:not|no|nicht|kein|pas|non|niet|não) (?:be |sein )?)?"


def _ends_with(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_NOT}(?P<word>(?:{words}))\s*{_ARTICLE}\Z", re.IGNORECASE)


_AHEAD = [
    (LOW, False, _ends_with(_LOW)),
    (HIGH, False, _ends_with(_HIGH)),
    (LOW, True, _ends_with(_AFTER)),
    (HIGH, True, _ends_with(_BEFORE)),
]
_BEHIND = [
    (sign, re.compile(rf"\s?(?:[\w$€£%°]+ )?(?P<word>{words})\b", re.IGNORECASE))
    for sign, words in ((LOW, _LOW_BEHIND), (HIGH, _HIGH_BEHIND))
]
_NUMBER = re.compile(r"(?<![\w.,:/])\d+(?:[.,:/]\d+)*")
_RANGE = re.compile(
    r"(?P<from>(?:from|von|de|du|da|dal|van|des|desde|between|zwischen|entre|tra|fra|tussen) )?"
    # Not in the middle of a number: each of its digits would look at all that follow.
    r"(?:eur |[$€£]\s?)?(?<!\d)(?<!\d[.,])(?P<one>\d+(?:[.,]\d+)*)\s?"
    r"(?P<to>to|bis|à|a|tot|até|and|und|et|y|e|en|–|-)\s?(?:[$€£]\s?)?(?P<other>\d+(?:[.,]\d+)*)"
    r"(?=\s?(?:[^\W\d_]|[%€$£°]))(?!\s?(?:uhr|o'clock|h|heures|horas|uur|[ap]\.?m)\b)",
    re.IGNORECASE,
)
_BETWEEN = frozenset(["between", "zwischen", "entre", "tra", "fra", "tussen"])
_AND = frozenset(["and", "und", "et", "y", "e", "en", "a"])
# A claim that speaks of a limit in other words than those beside its figure.
_LIMIT = re.compile(
    rf"(?<!\w)(?:{_LOW}|{_HIGH}|between|zwischen|entre|\w*limit\w*|\w*max\w*|\w*min(?:im|d)\w*"
    r"|cap|capped|range\w*|\w*grenz\w*|plafon\w*|tope|least|most|than|exceed\w*|ceiling|floor"
    r"|about|around|some|approximately|nearly|almost|rund|etwa|circa|ca|knapp|fast|environ|presque"
    r"|unos|unas|casi)(?!\w)",
    re.IGNORECASE,
)
_DURING = frozenset(["over", "über"])  # over three years: all that time
_NEAR = 40  # characters before a figure
_YEARS = range(1900, 2100)
_NO = re.compile(r"(?:not|no|nicht|kein|pas|non|niet|não)\b")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class _Bound:
    number: str
    sign: int  # 0: none
    word: str = ""
    is_time: bool = False


@dataclass(frozen=True)
class Bounds:
    """`opposite`: what the quotes bound the other way; `omitted`: what only they bound.

    `in_time` are opposite, too, unless other verbs are used: gone after what vanishes within.
    """

    opposite: list[str]
    in_time: list[str]
    omitted: list[str]


def compare(claim: str, texts: Sequence[str], lexicon: Lexicon | None) -> Bounds:
    """The bounds of a claim's figures, held against those of the same figures in its quotes."""
    claim, *texts = (_with_figures(text, lexicon) for text in (claim, *texts))
    claimed = {bound.number: bound for bound in _bounds(claim)}
    quoted = [bound for text in texts for bound in _bounds(text)] if claimed else []
    found = Bounds([], [], [])
    is_denied = any(map(_is_denied, (claim, *texts)))
    omitted = [] if _LIMIT.search(claim) else list(_ranges_left_out(claimed, texts))
    for number, mine in claimed.items():
        theirs = [bound for bound in quoted if bound.number == number]
        if not theirs or any(bound.sign in (0, mine.sign) for bound in theirs):
            continue
        if mine.sign and not is_denied:
            is_time = mine.is_time or theirs[0].is_time
            (found.in_time if is_time else found.opposite).append(theirs[0].word)
        elif not mine.sign and not _LIMIT.search(claim):
            omitted += [bound.word for bound in theirs[:1] if not bound.is_time]
    found.omitted.extend(omitted)
    return found


@memoized
def _is_denied(text: str) -> bool:
    """Whether it has a no besides those of its bounds: "no more than"."""
    bound = sum(_NO.match(each.word) is not None for each in _bounds(text))
    return normalization.negations(normalization.words(text)) > bound


@memoized
def _with_figures(text: str, lexicon: Lexicon | None) -> str:
    if lexicon is None or not lexicon.numbers:
        return text
    known = lexicon.numbers
    return _WORD.sub(lambda found: known.get(found[0].casefold(), found[0]), text)


@memoized
def _bounds(text: str) -> tuple[_Bound, ...]:
    return tuple(_bounds_in(text))


def _bounds_in(text: str) -> Iterator[_Bound]:
    for found in _NUMBER.finditer(text):
        number = numbers.plain(found[0])
        ahead = text[max(0, found.start() - _NEAR) : found.start()]
        yield _ahead(number, ahead, text, found.end()) or _behind(number, text, found.end())


def _ahead(number: str, ahead: str, text: str, end: int) -> _Bound | None:
    for sign, is_time, pattern in _AHEAD:
        if not (found := pattern.search(ahead)):
            continue
        if re.search(r"\d\s?[\w%€$£°]{0,8}\s?\Z", ahead[: found.start()]):
            return None  # From 9 up to 17.
        is_during = found["word"].casefold() in _DURING and not found["not"]
        if is_during and quantities.unit_of(_word_at(text, end)) in _TIMES:
            return None
        is_time = is_time or _is_day(text, end)
        words = f"{found['not'] or ''}{found['word']}".casefold()
        return _Bound(number, -sign if found["not"] else sign, words, is_time)
    return None


def _behind(number: str, text: str, end: int) -> _Bound:
    for sign, pattern in _BEHIND:
        if found := pattern.match(text, end):
            return _Bound(number, sign, found["word"].casefold())
    return _Bound(number, 0)


def _ranges_left_out(claimed: dict[str, _Bound], texts: Sequence[str]) -> Iterator[str]:
    """Between 3 and 5, 3 to 5: where the claim has one of the two as if it were the figure."""
    for text in texts:
        for found in _RANGE.finditer(text):
            one, other = (numbers.plain(found[name]) for name in ("one", "other"))
            if (one in claimed) == (other in claimed) or not _is_range(found):
                continue
            said = one if one in claimed else other
            if len([bound for bound in _bounds(text) if bound.number == said]) == 1:
                yield " ".join(found[0].split()).casefold()


def _is_range(found: re.Match[str]) -> bool:
    """Not "rose from 3 to 5", "3 and 5 euros" or a span of years or days."""
    lead, joint = (found["from"] or "").strip().casefold(), found["to"].casefold()
    if bool(lead) != (lead in _BETWEEN) or (joint in _AND and not lead):
        return False
    try:
        one, other = (float(numbers.plain(found[name])) for name in ("one", "other"))
    except ValueError:
        return False
    is_of_years = one in _YEARS or other in _YEARS
    return one < other and not is_of_years and not _is_day(found.string, found.end())


_TIMES = frozenset(["minute", "hour", "day", "week", "month", "year"])


def _word_at(text: str, place: int) -> str:
    found = re.compile(r"\W{0,2}([^\W\d_]+)").match(text, place)
    return found[1].casefold() if found else ""


def _is_day(text: str, end: int) -> bool:
    """Whether a month is behind it: 3 May, 3. Mai, 3 de mayo."""
    behind = re.compile(r"(?:st|nd|rd|th|er|\.)?\s*(?:(?:of|de) )?([^\W\d_]+)").match(text, end)
    return bool(behind) and behind[1].lower() in dates.MONTHS  # type: ignore[index]
