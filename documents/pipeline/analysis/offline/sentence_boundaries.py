"""Sentence splitting (boundary detection): by enders and abbreviations, then down to size."""

from __future__ import annotations

import re
from collections.abc import Iterator

from documents.pipeline.analysis.evidence import months
from documents.pipeline.analysis.offline import abbreviations
from documents.pipeline.analysis.offline.patterns import either
from documents.pipeline.analysis.offline.words import listed

# Longest sentence kept whole, in characters: beyond it clauses, then spaces divide.
COMFORTABLE, LONGEST = 320, 600

# Always succeeds and takes the whole run: nothing to backtrack into on "!!!!!…".
ENDER = re.compile(r"[.!?…؟۔।]+[\"'”’»)\]]*|[。！？｡]+[」』”’）]*")
ENDED = re.compile(r"[.!?…؟۔।:;。！？｡；：][\"'”’»)\]」』”’）\s]*\Z")
FULL_WIDTH = frozenset("。！？｡")
CLAUSE = re.compile(
    either(
        r";\s",
        r"(?:--|—)\s?(?=\()",
        r":\s(?=\()",
        r"\s(?=\((?:\d{1,2}|[a-zA-Z]{1,3})\)\s)",
        r"[；，、]",
    )
)
WORD_AFTER = re.compile(r"[^\W\d_]{1,20}")
WORD_BEFORE = re.compile(r"[^\s(\[\"“'‘]{1,20}$")
INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
# "Der 2. Vorsitzende": where a dot makes a number an ordinal, one of these stands before it.
ORDINALS = listed("de cs sk pl da no fi hr sl hu et lv tr sr")
BEFORE_ORDINALS = listed(
    """
    der die das den dem des am vom zum zur im beim ab seit bis und jeder jede jedes ihr ihre sein
    seine mein meine unser unsere dne od do ke ve v na w we z ze dnia den d
    """
)
# "z. B.", "o. g.", "d. h.": two letters of one abbreviation, with a space between them.
SPACED = re.compile(r"(?<!\w)[^\W\d_]\.[ \u00a0\u202f][^\W\d_]\.")
DAY_OR_MONTH = re.compile(r"\d{1,2}\.\Z")
ROMAN = re.compile(r"[IVX]{2,6}\Z")
OPENERS = listed(
    """
    The A An He She It They We I You In On At But And This That These Those There However His Her
    Its Their Our My For From When While After Before As If No
    """
)


def spans(
    text: str, start: int, end: int, language: str | None = None
) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends; the space between two belongs to neither."""
    begin = start
    for mark in ENDER.finditer(text, start, end):
        if mark.end() >= end:
            break
        if _ends_sentence(text, begin, mark, language):
            yield begin, mark.end()
            begin = _skip_space(text, mark.end(), end)
    if begin < end:
        yield begin, end


def _ends_sentence(text: str, begin: int, mark: re.Match[str], language: str | None) -> bool:
    if text[mark.start()] in FULL_WIDTH:
        return True
    after = text[mark.end() : mark.end() + 24]
    if not after[0].isspace():
        return False
    following = after.lstrip()
    if following[:1].islower():
        return False
    if mark.group()[0] != "." or len(mark.group()) > 1:
        return True
    return not _is_abbreviation(text, begin, mark.start(), following, language)


def _is_abbreviation(text: str, begin: int, dot: int, following: str, language: str | None) -> bool:
    word = WORD_BEFORE.search(text[max(begin, dot - 20) : dot])
    if word is None:
        return False
    before = word.group()
    if _is_spaced(text, begin, dot):
        return True
    if before.isdigit() or (ROMAN.match(before) and language in ORDINALS):
        return _is_ordinal(text, begin, dot - len(before), dot, following)
    if before.lower() in abbreviations.never_enders(language):
        return True
    if abbreviations.is_before_number(before.lower(), following):
        return True
    if len(before) == 1 and before.isupper() and before != "I":
        return True
    if not INITIALS.match(before):
        return False
    next_word = following.split(maxsplit=1)[:1]
    return next_word != [] and next_word[0] not in OPENERS


def _is_spaced(text: str, begin: int, dot: int) -> bool:
    """Whether the dot is the first or the second of "z. B."."""
    starts = (start for start in (dot - 1, dot - 4) if start >= begin)
    return any(SPACED.match(text, start) for start in starts)


def _is_ordinal(text: str, begin: int, start: int, dot: int, following: str) -> bool:
    if dot - begin <= 4:  # "1." opens a list item, it ends nothing
        return True
    if dot - start > 2 and text[start:dot].isdigit():
        return False
    next_word = WORD_AFTER.match(following)
    if next_word and next_word.group().lower() in months.NUMBERS:
        return True
    before = text[max(begin, start - 20) : start].split()
    if not before:
        return False
    if DAY_OR_MONTH.match(before[-1]) and following[:1].isdigit():  # "3. 5. 2026"
        return True
    return before[-1].lower() in BEFORE_ORDINALS or not text[start:dot].isdigit()


def divided(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide what is too long for one claim: at clauses first, at any space if there are none."""
    if end - start <= COMFORTABLE:
        yield start, end
        return
    begin = start
    for clause in CLAUSE.finditer(text, start, end):
        cut = clause.end()
        if cut - begin >= 60 and end - cut >= 40:
            yield from _cut_to_size(text, begin, cut)
            begin = cut
    yield from _cut_to_size(text, begin, end)


def _cut_to_size(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _skip_space(text, start, end), _drop_space(text, start, end)
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, _drop_space(text, start, cut)
        start = _skip_space(text, cut, end)
    if start < end:
        yield start, end


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _drop_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
