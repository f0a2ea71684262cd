"""Where characters stand: glyphs with their boxes, turned so that their writing runs upright."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as raw

MAX_GLYPHS = 20_000  # asking for positions costs about 3 µs each
HYPHENS = "\x02\ufffe"  # PDFium's marks for a hyphen at a line end
ASKEW = -1  # neither level nor upright: a watermark across the page
_LEVEL = 10  # degrees
_SAMPLES = 16
# Not \s: TeX's fonts have ligatures on control codes that Python takes for spaces.
_SPACE = "\0\t\n\r \xa0\u2000-\u200a\u3000"
_WORD = re.compile(f"[^{_SPACE}{HYPHENS}]*[^{_SPACE}]")
_CHARACTER = re.compile(f"[^{_SPACE}]")
_FEW = 20
_ADJACENT = 0.3  # of the height, between letters that follow each other

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(slots=True)
class Glyph:
    """A character (or a word), what separates it from the one before, and its box.

    The box is told as it lies when the writing runs level from left to right.
    """

    char: str
    separator: str
    left: float
    bottom: float
    right: float
    top: float
    quarter: int = 0  # turns by 90 degrees, counterclockwise, as the page is displayed
    text_object: int | None = None

    @property
    def height(self) -> float:
        return self.top - self.bottom


def glyphs(
    textpage: Any,
    text: str,
    page: Box,
    rotation: int,
    *,
    whole_words: bool = False,
    with_objects: bool = False,
    limit: int | None = None,
) -> list[Glyph]:
    """What stands on the page, in PDFium's order; spaces and line ends become separators.

    `text` has one character for each in PDFium's list. `whole_words` asks for the first and the
    last character of each word only.
    """
    found, box, end, height, quarter = [], raw.FS_RECTF(), 0, (0.0, 0.0), 0
    text = text[:limit]
    for match in (_WORD if whole_words else _CHARACTER).finditer(text):
        first, separator, end = match.start(), text[end : match.start()], match.end()
        placed = _box(textpage, first, box)
        if end > first + 1:
            placed = _around(placed, _box(textpage, end - 1, box))
        if _is_within(placed, page):
            glyph = Glyph(match.group(), _kind_of(separator), *placed)
            # Asked anew only where the line may be another one, as it takes time.
            if height != (placed[1], placed[3]):
                quarter, height = _quarter(angle(textpage, first), rotation), (placed[1], placed[3])
            glyph.quarter = quarter
            if with_objects:
                glyph.text_object = handle(raw.FPDFText_GetTextObject(textpage, first))
            found.append(glyph)
    _turn(found, rotation)
    _heal(found)
    return found


def _box(textpage: Any, index: int, box: Any) -> Box:
    raw.FPDFText_GetLooseCharBox(textpage, index, box)
    return box.left, box.bottom, box.right, box.top


def _kind_of(space: str) -> str:
    return "\n" if "\n" in space else " " * bool(space.strip("\r\0"))


def _around(one: Box, two: Box) -> Box:
    return min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])


def _turn(found: list[Glyph], rotation: int) -> None:
    """Turn each writing level. A few letters, as in a logo, belong to the writing around them."""
    counts = Counter(glyph.quarter for glyph in found)
    main = max(counts, key=counts.__getitem__, default=0)
    for glyph in found:
        if counts[glyph.quarter] < _FEW:
            glyph.quarter = main
        quarter = (glyph.quarter + rotation) % 360 if glyph.quarter != ASKEW else 0
        box = upright((glyph.left, glyph.bottom, glyph.right, glyph.top), quarter)
        glyph.left, glyph.bottom, glyph.right, glyph.top = box


def _heal(found: list[Glyph]) -> None:
    """Undo the line ends that PDFium counts, but does not tell, around raised letters."""
    for last, glyph in pairwise(found):
        gap = (glyph.left - last.right) / max(last.height, glyph.height, 0.01)
        overlap = min(last.top, glyph.top) - max(last.bottom, glyph.bottom)
        if glyph.separator == "\n" and abs(gap) < _ADJACENT and overlap > 0.2 * glyph.height:
            glyph.separator = " " if gap > _ADJACENT / 2 else ""


def angle(textpage: Any, index: int) -> float:
    """Degrees by which a character's writing is turned counterclockwise on the unturned page."""
    return -math.degrees(raw.FPDFText_GetCharAngle(textpage, index)) % 360


def _quarter(degrees: float, rotation: int) -> int:
    nearest = round(degrees / 90) * 90
    return (nearest - rotation) % 360 if abs(degrees - nearest) < _LEVEL else ASKEW


def is_turned(textpage: Any, rotation: int) -> bool:
    """Whether most of a few characters do not run from left to right as the page is displayed."""
    count = textpage.count_chars()
    step = max(1, count // _SAMPLES)
    turns = [
        (angle(textpage, index) - rotation + _LEVEL) % 360 > 2 * _LEVEL
        for index in range(step // 2, count, step)
        if not raw.FPDFText_IsGenerated(textpage, index)
    ]
    return 2 * sum(turns) > len(turns)


def handle(pointer: Any) -> int | None:
    return ctypes.cast(pointer, ctypes.c_void_p).value


def _is_within(box: Box, page: Box) -> bool:
    return box[0] < page[2] and box[2] > page[0] and box[1] < page[3] and box[3] > page[1]


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
