"""Accents drawn as glyphs of their own, as TeX does: put on the letter they stand over.

Where an accent stands in the text says little, PDFium may give it at the end of its line. Where it
stands on the page tells: over the middle of one letter, or under it. So an apostrophe, a quoted
`word` or a power like x^2 are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from ctypes import byref, c_double
from functools import lru_cache
from math import hypot
from typing import Any, NamedTuple

from . import pdfium as raw

_COMBINING = dict(
    zip(
        "`\u00b4\u02ca\u02cb^\u02c6~\u02dc\u00a8\u02da\u00b0\u02c7\u02d8\u00af\u02c9\u02d9\u02dd\u00b8\u02db",
        "\u0300\u0301\u0301\u0300\u0302\u0302\u0303\u0303\u0308\u030a\u030a\u030c\u0306\u0304\u0304\u0307\u030b\u0327\u0328",
        strict=True,
    )
)
_BELOW = "\u0327\u0328\u0323\u0331\u0326"
# One set of characters first, so that the search passes over all others at once.
ARE_LOOSE = re.compile(
    "[\u00b4\u02c6\u02c7\u02c9-\u02cb\u02d8-\u02dd\u00a8\u00b8\u00af\u0300-\u0331`^~\u00b0]"
    "(?:(?<![`^~\u00b0])|(?=[A-Za-z\u0131]))"
)
_ALSO_SIGNS = "`^~\u00b0"  # accents only where a letter is next to them in the text, too
_DOTLESS = {"\u0131": "i", "\u0237": "j", "\uf6be": "j"}
_NEAR = 150  # characters: about a line
_MOST = 2_000  # accents on one page
# Written in place of an accent that moved to its letter: the word goes on, or one space is left.
_WORD_GOES_ON, _WORD_ENDS = "\U000f0800", "\U000f0801"
_GAP = re.compile("(?P<first>^|\n)?[ ]{0,9}(?:[\U000f0800\U000f0801][ ]{0,9})+(?P<last>\r\n|$)?")
_SPACE = 0.17  # of the font size; narrower gaps are kerning

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Character(NamedTuple):
    number: int  # in PDFium's list, which also has what stands beyond the page
    text: str


def composed(textpage: Any, characters: list[Character]) -> dict[int, str]:
    """For places in the list of characters: the letter with its accent, and a gap for that."""
    edits: dict[int, str] = {}
    boxes: dict[int, Box] = {}

    def box(place: int) -> Box:
        if place not in boxes:
            boxes[place] = _box(textpage, characters[place].number)
        return boxes[place]

    loose = [place for place, character in enumerate(characters) if _is_accent(character.text)]
    for place in loose[:_MOST]:
        size = _size(textpage, characters[place].number)
        for near in _nearest(place, characters):
            base = edits.get(near, characters[near].text)
            letter = _with_accent(base, characters[place].text)
            if letter and _stands_on(box(place), box(near), characters[place].text, size):
                edits[near], edits[place] = letter, _WORD_GOES_ON
                break
    return _with_gaps(edits, characters, box, textpage)


def _is_accent(text: str) -> bool:
    return text in _COMBINING or "\u0300" <= text <= "\u0331"


def _nearest(place: int, characters: list[Character]) -> Iterator[int]:
    far = 3 if characters[place].text in _ALSO_SIGNS else _NEAR
    for step in range(1, far):
        if place + step < len(characters):
            yield place + step
        if place >= step:
            yield place - step


@lru_cache(4_096)
def _with_accent(base: str, accent: str) -> str:
    """One letter made of both, or nothing where Unicode has none."""
    if not base.isalpha() or len(base) != 1:
        return ""
    mark = _COMBINING.get(accent, accent)
    letter = unicodedata.normalize("NFC", _DOTLESS.get(base, base) + mark)
    return letter if len(letter) == 1 else ""


def _stands_on(accent: Box, letter: Box, text: str, size: float) -> bool:
    left, bottom, right, top = letter
    middle, slack = (accent[0] + accent[2]) / 2, max(0.1 * (right - left), 0.06 * size)
    if not left - slack <= middle <= right + slack or size <= 0:
        return False
    if _COMBINING.get(text, text) in _BELOW:
        return -0.4 * size <= accent[1] - bottom <= 0.05 * size
    return -0.3 * size <= accent[1] - top <= 0.2 * size


def _box(textpage: Any, index: int) -> Box:
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    edges = map(byref, (left, right, bottom, top))
    raw.FPDFText_GetCharBox(textpage, index, *edges)
    return left.value, bottom.value, right.value, top.value


def has_ink(textpage: Any, index: int) -> bool:
    left, bottom, right, top = _box(textpage, index)
    return right - left > 0.01 and top - bottom > 0.01


def _size(textpage: Any, index: int) -> float:
    """The font size on the page; some programs name 1 and scale."""
    matrix = raw.Matrix()
    raw.FPDFText_GetMatrix(textpage, index, byref(matrix))
    return float(raw.FPDFText_GetFontSize(textpage, index)) * hypot(matrix.c, matrix.d)


def _with_gaps(
    edits: dict[int, str], characters: list[Character], box: Any, textpage: Any
) -> dict[int, str]:
    """Leave a space where an accent stood between two words: PDFium puts spaces around it."""
    for place, text in edits.items():
        if text != _WORD_GOES_ON:
            continue
        before, behind = place - 1, place + 1
        while before >= 0 and edits.get(before) in (_WORD_GOES_ON, _WORD_ENDS):
            before -= 1
        while behind < len(characters) and edits.get(behind) in (_WORD_GOES_ON, _WORD_ENDS):
            behind += 1
        if before < 0 or behind == len(characters):
            continue
        size = _size(textpage, characters[behind].number)
        gap = box(behind)[0] - box(before)[2]
        if gap > _SPACE * size or gap < -size:
            edits[place] = _WORD_ENDS
    return edits


def closed_up(text: str) -> str:
    """Without the gaps where accents stood, and the spaces around them."""
    return _GAP.sub(_closed, text)


def _closed(gap: re.Match[str]) -> str:
    if gap["first"] is not None or gap["last"] is not None:
        return gap["last"] or "" if gap["first"] is None else gap["first"]
    return " " if _WORD_ENDS in gap.group() else ""
