"""Word breaks from the gaps between characters, where PDFium's own are wrong.

Some writers (groff by way of Ghostscript) set the space between two words as a shift that PDFium
takes for kerning, and write space characters over which the next letters are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

from .positions import ASKEW, Box, Glyph, glyphs
from .runs import is_on_one_line

_WRITERS = re.compile(r"groff|troff", re.IGNORECASE)
_SAMPLED_PAGES = 2
_SAMPLE = 1_000  # characters of a page
_LETTERS_OF_A_HEADING = 4
_GLUED = 3  # in a sample: one or two are a logo's letters
SPACE, KERNING = 0.14, 0.06  # of the height: at least a space, at most none
_EVEN = 0.1
_NO_SPACE_BEFORE = frozenset(",.;:!?)]}%’”»")
_NO_SPACE_AFTER = frozenset("([{‘“«")


class WordBreaks:
    """Whether a document's word breaks need mending; one per document."""

    def __init__(self, pdf: Any) -> None:
        made_by = pdf.get_metadata_value("Creator"), pdf.get_metadata_value("Producer")
        self.are_wrong = bool(_WRITERS.search(" ".join(map(str, made_by))))
        self._samples_left = 0 if self.are_wrong else _SAMPLED_PAGES

    def sample(self, textpage: Any, text: str, page: Box, rotation: int) -> None:
        """Look at some characters of the document's first pages with enough of them."""
        if not self._samples_left or textpage.count_chars() < 200:
            return
        self._samples_left -= 1
        sample = glyphs(textpage, text, page, rotation, limit=_SAMPLE)
        self.are_wrong = _count_wrong(sample) >= _GLUED
        if self.are_wrong:
            self._samples_left = 0


def mend(found: list[Glyph]) -> None:
    """Set the separators by the gaps, where the gaps of the text around can be trusted."""
    usual = _usual_gap(found)
    if usual is None:
        return
    for line in _lines(found):
        spaced = _line_gap(line, usual)
        for last, glyph in pairwise(line):
            if _is_comparable(last, glyph):
                glyph.separator = _separator(last, glyph, spaced)


def _lines(found: list[Glyph]) -> Iterator[list[Glyph]]:
    line: list[Glyph] = []
    for glyph in found:
        if glyph.separator == "\n" and line:
            yield line
            line = []
        line.append(glyph)
    yield line


def _line_gap(line: list[Glyph], usual: float) -> float:
    """Wider than usual in a heading whose letters are spaced out."""
    gaps = [_gap(*two) for two in pairwise(line) if not two[1].separator and _is_comparable(*two)]
    return max(usual, median(gaps)) if len(gaps) >= _LETTERS_OF_A_HEADING else usual


def _separator(last: Glyph, glyph: Glyph, usual: float) -> str:
    gap = _gap(last, glyph) - usual
    if glyph.separator:
        is_split = last.char.isalpha() and glyph.char.isalpha() and gap < KERNING
        return "" if is_split else glyph.separator
    is_closing = glyph.char in _NO_SPACE_BEFORE or last.char in _NO_SPACE_AFTER
    return " " if gap >= SPACE and not is_closing else ""


def _count_wrong(found: list[Glyph]) -> int:
    usual = _usual_gap(found)
    if usual is None:
        return 0
    return sum(
        _separator(last, glyph, usual) != glyph.separator
        for last, glyph in pairwise(found)
        if _is_comparable(last, glyph) and last.char.isalpha() and glyph.char.isalpha()
    )


def _usual_gap(found: list[Glyph]) -> float | None:
    """Between letters of a word; none where boxes are not as wide as the letters."""
    gaps = [
        _gap(last, glyph)
        for last, glyph in pairwise(found)
        if not glyph.separator and _is_comparable(last, glyph)
    ]
    if len(gaps) < 20:
        return None
    usual = median(gaps)
    like_usual = sum(abs(gap - usual) < _EVEN for gap in gaps)
    like_spaces = sum(SPACE <= gap - usual < 1 for gap in gaps)
    is_even = 0.6 * len(gaps) < like_usual and 0.9 * len(gaps) < like_usual + like_spaces
    return usual if is_even else None


def _is_comparable(last: Glyph, glyph: Glyph) -> bool:
    """On one line of a writing with spaces from left to right, and one after the other."""
    return (
        "\u2e80" > last.char > " "
        and "\u2e80" > glyph.char > " "
        and not "\u0590" <= last.char < "\u0900"
        and not "\u0590" <= glyph.char < "\u0900"
        and glyph.left > last.left
        and ASKEW != last.quarter == glyph.quarter
        and is_on_one_line(last, glyph)
    )


def _gap(last: Glyph, glyph: Glyph) -> float:
    return (glyph.left - last.right) / max(last.height, glyph.height, 0.01)
