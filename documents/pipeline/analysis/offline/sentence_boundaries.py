"""Sentence splitting (boundary detection): by enders and abbreviations, then down to size."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
WORD_BEFORE = re.compile(r"[^\s(\[\"“'‘]{1,20}$")
INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
ABBREVIATIONS = listed(
    """
    mr mrs ms dr prof st jr sr rev hon gov gen sen rep lt col capt sgt no nos vs etc al fig figs
    art arts sec secs pub inc ltd co corp dept est approx ca cf eg ie e.g i.e jan feb mar apr jun
    jul aug sep sept oct nov dec cllr p pp vol ed eds bzw z.b u.a d.h nr hr fr str dt abs bspw usw
    m mme mlle av bd sra dra sig ul np tzn tj resp incl excl tel ext para ch
    """
)
OPENERS = listed(
    """
    The A An He She It They We I You In On At But And This That These Those There However His Her
    Its Their Our My For From When While After Before As If No
    """
)


def spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends; the space between two belongs to neither."""
    begin = start
    for mark in ENDER.finditer(text, start, end):
        if mark.end() >= end:
            break
        if _ends_sentence(text, begin, mark):
            yield begin, mark.end()
            begin = _skip_space(text, mark.end(), end)
    if begin < end:
        yield begin, end


def _ends_sentence(text: str, begin: int, mark: re.Match[str]) -> bool:
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
    return not _is_abbreviation(text, begin, mark.start(), following)


def _is_abbreviation(text: str, begin: int, dot: int, following: str) -> bool:
    word = WORD_BEFORE.search(text[max(begin, dot - 20) : dot])
    if word is None:
        return False
    before = word.group()
    if before.lower() in ABBREVIATIONS or (len(before) == 1 and before.isupper() and before != "I"):
        return True
    if before.isdigit() and dot - begin <= 4:  # "1." opens a list item, it ends nothing
        return True
    if not INITIALS.match(before):
        return False
    next_word = following.split(maxsplit=1)[:1]
    return next_word != [] and next_word[0] not in OPENERS


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
