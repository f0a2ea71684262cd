"""Word breaks from the gaps between characters, where PDFium's own are wrong.

Some writers (groff by way of Ghostscript) set the space between two words as a shift that PDFium
takes for kerning, and write space characters over which the next letters are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from .averages import median
from .character_boxes import glyphs
from .columns import Columns
from .positions import ASKEW, Box

_WRITERS = re.compile(r"groff|troff", re.IGNORECASE)
_SAMPLED_PAGES = 2
_SAMPLE = 1_000  # characters of a page
_LETTERS_OF_A_HEADING = 4
_GLUED = 3  # in a sample: one or two are a logo's letters
SPACE, KERNING = 0.14, 0.06  # of the height: at least a space, at most none
_EVEN = 0.1
_FLAT = 0.01
_NO_SPACE_BEFORE = frozenset(",.;:!?)]}%’”»")
_NO_SPACE_AFTER = frozenset("([{‘“«")


class WordBreaks:
    """Whether a document's word breaks need mending; one per document."""

    def __init__(self, pdf: Any) -> None:
        made_by = pdf.metadata(b"Creator"), pdf.metadata(b"Producer")
        self.are_wrong = bool(_WRITERS.search(" ".join(map(str, made_by))))
        self._samples_left = 0 if self.are_wrong else _SAMPLED_PAGES

    def sample(self, textpage: Any, text: str, page: Box, rotation: int) -> None:
        """Look at some characters of the document's first pages with enough of them."""
        if not self._samples_left or textpage.count_chars() < 200:
            return
        self._samples_left -= 1
        sample = glyphs(textpage, text[:_SAMPLE], page, rotation)
        self.are_wrong = _count_wrong(sample) >= _GLUED
        if self.are_wrong:
            self._samples_left = 0


def mend(found: Columns) -> None:
    """Set the separators by the gaps, where the gaps of the text around can be trusted."""
    gaps = _gaps(found)
    usual = _usual_gap(_inside_words(found.separators, gaps))
    if usual is None:
        return
    for inside in found.lines():
        separators, line_gaps = found.separators[inside], gaps[inside]
        spaced = _line_gap(separators, line_gaps, usual)
        odd = [
            inside.start + number
            for number, (separator, gap) in enumerate(zip(separators, line_gaps, strict=True))
            # Most letters follow closely, and nothing is between them.
            if gap is not None and (separator or gap - spaced >= SPACE)
        ]
        for place in odd:
            found.separators[place] = _separator(found, place, (gaps[place] or 0.0) - spaced)


def _line_gap(separators: list[str], gaps: list[float | None], usual: float) -> float:
    """Wider than usual in a heading whose letters are spaced out."""
    inside = _inside_words(separators, gaps)
    return max(usual, median(inside)) if len(inside) >= _LETTERS_OF_A_HEADING else usual


def _inside_words(separators: list[str], gaps: list[float | None]) -> list[float]:
    pairs = zip(separators, gaps, strict=True)
    return [gap for separator, gap in pairs if gap is not None and not separator]


def _separator(found: Columns, place: int, gap: float) -> str:
    """What belongs before a glyph that stands so much further off than usual."""
    last, char, separator = found.chars[place - 1], found.chars[place], found.separators[place]
    if separator:
        is_split = gap < KERNING and last.isalpha() and char.isalpha()
        return "" if is_split else separator
    if gap < SPACE or char in _NO_SPACE_BEFORE or last in _NO_SPACE_AFTER:
        return ""
    return " "


def _count_wrong(found: Columns) -> int:
    gaps = _gaps(found)
    usual = _usual_gap(_inside_words(found.separators, gaps))
    if usual is None:
        return 0
    return sum(
        _separator(found, place, gap - usual) != found.separators[place]
        for place, gap in enumerate(gaps)
        if gap is not None and found.chars[place - 1].isalpha() and found.chars[place].isalpha()
    )


def _gaps(found: Columns) -> list[float | None]:
    """Before each glyph; none where it does not follow the one before on the same line."""
    if len(set(found.quarters)) != 1 or found.quarters[0] == ASKEW:
        gaps = [None, *(_gap(found, place) for place in range(1, len(found.chars)))]
    else:
        gaps = [None, *_level_gaps(found)]
    unspaced = {char for char in set(found.chars) if not _is_spaced(char)}
    for place in [n for n, char in enumerate(found.chars) if char in unspaced] if unspaced else ():
        gaps[place : place + 2] = [None, None]
    return gaps[: len(found.chars)]


def _level_gaps(found: Columns) -> Iterator[float | None]:
    lefts, bottoms, rights, tops = found.lefts, found.bottoms, found.rights, found.tops
    last = zip(lefts, bottoms, rights, tops, strict=True)
    this = zip(lefts[1:], bottoms[1:], tops[1:], count(1), strict=False)
    # Most letters of a line have the same box but for its sides.
    return (
        (left - end) / (top - bottom)
        if left > start and top == upper and bottom == lower and top - bottom > _FLAT
        else _gap(found, place)
        for (start, lower, end, upper), (left, bottom, top, place) in zip(last, this, strict=False)
    )


def _usual_gap(gaps: list[float]) -> float | None:
    """Between letters of a word; none where boxes are not as wide as the letters."""
    if len(gaps) < 20:
        return None
    usual = median(gaps)
    like_usual = sum([abs(gap - usual) < _EVEN for gap in gaps])
    like_spaces = sum([SPACE <= gap - usual < 1 for gap in gaps])
    is_even = 0.6 * len(gaps) < like_usual and 0.9 * len(gaps) < like_usual + like_spaces
    return usual if is_even else None


def _gap(found: Columns, place: int) -> float | None:
    """In heights; only on one line, one after the other from left to right."""
    last = place - 1
    if found.lefts[place] <= found.lefts[last]:
        return None
    if found.quarters[last] != found.quarters[place] or found.quarters[place] == ASKEW:
        return None
    bottom, top, lower, upper = (
        *(found.bottoms[place], found.tops[place]),
        *(found.bottoms[last], found.tops[last]),
    )
    shared = min(top, upper) - max(bottom, lower)
    if not shared >= 0.5 * min(upper - lower, top - bottom):
        return None
    return (found.lefts[place] - found.rights[last]) / max(upper - lower, top - bottom, _FLAT)


def _is_spaced(char: str) -> bool:
    """Whether its script has spaces and runs from left to right."""
    return " " < char < "\u0590" or "\u0900" <= char < "\u2e80"
