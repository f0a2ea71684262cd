"""Runs: pieces of a line without a wide gap, which is what is put in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from .positions import ASKEW, HYPHENS, Glyph

WIDE_GAP = 0.75  # in heights of the letters
KERNED = 0.3


class Run:
    """Glyphs that follow each other on one line; `index` is its place in the drawing order."""

    def __init__(self, index: int, glyphs: list[Glyph]) -> None:
        self.index, self.glyphs = index, glyphs
        first = glyphs[0]
        self.left, self.bottom, self.right, self.top = (
            (first.left, first.bottom, first.right, first.top)
            if len(glyphs) == 1
            else (
                min([glyph.left for glyph in glyphs]),
                min([glyph.bottom for glyph in glyphs]),
                max([glyph.right for glyph in glyphs]),
                max([glyph.top for glyph in glyphs]),
            )
        )
        self.height = self.top - self.bottom

    @property
    def separator(self) -> str:
        return self.glyphs[0].separator

    @cached_property
    def text(self) -> str:
        first, *rest = self.glyphs
        return first.char + "".join(glyph.separator + glyph.char for glyph in rest)


def runs_of(glyphs: Iterable[Glyph]) -> list[Run]:
    """Cut the glyphs, in the order they are drawn, where the line or the direction changes."""
    return [Run(index, piece) for index, piece in enumerate(_pieces(glyphs))]


def _pieces(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    piece: list[Glyph] = []
    for glyph in glyphs:
        if piece and not _goes_on(piece[-1], glyph):
            yield piece
            piece = []
        piece.append(glyph)
    if piece:
        yield piece


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    if last.quarter != glyph.quarter or glyph.separator == "\n" or last.char[-1] in HYPHENS:
        return False
    if glyph.quarter == ASKEW:
        return True
    # Either way: what is written from right to left is told in the order it is read. Here and
    # below without `min` and `max`, as this is asked for each two letters of a page.
    forward, backward = glyph.left - last.right, last.left - glyph.right
    gap = backward if backward > forward else forward
    height, other = last.top - last.bottom, glyph.top - glyph.bottom
    higher = other if other > height else height
    if not glyph.separator and gap <= KERNED * higher:
        # A raised or a lowered letter, as PDFium saw no break before it.
        has_both = height > 0 and other > 0
        return has_both and last.top > glyph.bottom and glyph.top > last.bottom
    return gap <= WIDE_GAP * higher and is_on_one_line(last, glyph)


def is_on_one_line(one: Glyph | Run, other: Glyph | Run) -> bool:
    top, other_top, bottom, other_bottom = one.top, other.top, one.bottom, other.bottom
    height, other_height = top - bottom, other_top - other_bottom
    shared = (top if top < other_top else other_top) - (
        bottom if bottom > other_bottom else other_bottom
    )
    return shared >= 0.5 * (height if height < other_height else other_height)


def separator(last: Run, run: Run) -> str:
    """What stands between two runs that follow each other in the text.

    PDFium's own where it told them so, except for turned writing, whose lines it mixes up.
    """
    if run.index == last.index + 1 and not run.glyphs[0].quarter > 0:
        return run.separator
    if run.index == last.index + 1 and last.glyphs[-1].char[-1] in HYPHENS:
        return ""
    return " " if is_on_one_line(last, run) and run.left >= last.left else "\n"
