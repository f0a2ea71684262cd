"""Glyphs: characters or words with their boxes, turned so that their writing runs upright."""

from __future__ import annotations

HYPHENS = "\x02\ufffe"  # PDFium's marks for a hyphen at a line end
ASKEW = -1  # neither level nor upright: a watermark across the page

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Glyph:
    """A character (or a word), what separates it from the one before, and its box.

    The box is told as it lies when the writing runs level from left to right.
    """

    __slots__ = ("bottom", "char", "left", "quarter", "right", "separator", "text_object", "top")

    def __init__(
        self,
        char: str,
        separator: str,
        left: float,
        bottom: float,
        right: float,
        top: float,
        quarter: int = 0,  # turns by 90 degrees, counterclockwise, as the page is displayed
        text_object: int | None = None,
    ) -> None:
        self.char, self.separator = char, separator
        self.left = left
        self.bottom = bottom
        self.right = right
        self.top = top
        self.quarter, self.text_object = quarter, text_object

    @property
    def height(self) -> float:
        return self.top - self.bottom


def upright(box: Box, quarter: int) -> Box:
    """The box as it lies when the page is turned so that this writing is level."""
    left, bottom, right, top = box
    if quarter == 90:
        return bottom, -right, top, -left
    if quarter == 180:
        return -right, -top, -left, -bottom
    if quarter == 270:
        return -top, left, -bottom, right
    return box
