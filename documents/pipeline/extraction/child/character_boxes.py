"""Where the characters of a page stand, asked of PDFium for all of them at once."""

from __future__ import annotations

import math
import re
from itertools import chain, compress, repeat
from typing import Any

from . import batches
from . import pdfium as raw
from .batches import Edges
from .columns import Columns
from .positions import ASKEW, HYPHENS, Box

MAX_GLYPHS = 20_000
_LEVEL = 10  # degrees
_SAMPLES = 16
# Not \s: TeX's fonts have ligatures on control codes that Python takes for spaces.
_SPACES = frozenset("\0\t\n\r \xa0\u3000").union(map(chr, range(0x2000, 0x200B)))
_SPACE = "".join(sorted(_SPACES))
_WORD = re.compile(f"[^{_SPACE}{HYPHENS}]*[^{_SPACE}]")


def glyphs(
    textpage: Any,
    text: str,
    page: Box,
    rotation: int,
    *,
    whole_words: bool = False,
    with_objects: bool = False,
) -> Columns:
    """What stands on the page, in PDFium's order; spaces and line ends become separators.

    `text` has one character for each in PDFium's list. `whole_words` asks for the first and the
    last character of each word only.
    """
    place = textpage.raw
    if whole_words:
        spans = [word.span() for word in _WORD.finditer(text)]
        edges = _around_words(place, spans)
    else:
        spans = [(at, at + 1) for at, char in enumerate(text) if char not in _SPACES]
        edges = batches.loose_boxes(place, [start for start, _ in spans])
    starts, chars = [start for start, _ in spans], [text[start:end] for start, end in spans]
    separators = [
        _kind_of(text[last_end:start]) if start > last_end else ""
        for (start, _), (_, last_end) in zip(spans, chain(((0, 0),), spans), strict=False)
    ]
    if not _are_within(edges, page):
        on_page = [_overlap(box, page) for box in zip(*edges, strict=True)]
        starts, chars = list(compress(starts, on_page)), list(compress(chars, on_page))
        separators = list(compress(separators, on_page))
        edges = _compressed(edges, on_page)
    objects = map(raw.FPDFText_GetTextObject, repeat(place), starts) if with_objects else ()
    quarters = _quarters(place, starts, edges, rotation)
    found = Columns(chars, separators, edges, quarters, list(objects) or None)
    found.turn(rotation)
    found.heal()
    return found


def _compressed(edges: Edges, is_kept: list[bool]) -> Edges:
    left, bottom, right, top = (tuple(compress(column, is_kept)) for column in edges)
    return left, bottom, right, top


def _around_words(place: int | None, spans: list[tuple[int, int]]) -> Edges:
    """The edges of boxes around the first and the last character of each."""
    lefts, bottoms, rights, tops = batches.loose_boxes(place, [start for start, _ in spans])
    lasts = batches.loose_boxes(place, [end - 1 for _, end in spans])
    return (
        tuple(map(min, lefts, lasts[0])),
        tuple(map(min, bottoms, lasts[1])),
        tuple(map(max, rights, lasts[2])),
        tuple(map(max, tops, lasts[3])),
    )


def _are_within(edges: Edges, page: Box) -> bool:
    """Whether all boxes surely overlap the page; numbers that are none are never sure."""
    if not edges[0]:
        return True
    lefts, bottoms, rights, tops = edges
    return (max(lefts) < page[2] and min(rights) > page[0] and max(bottoms) < page[3]) and min(
        tops
    ) > page[1]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _kind_of(space: str) -> str:
    return "\n" if "\n" in space else " " * bool(space.strip("\r\0"))


def _quarters(place: int | None, starts: list[int], edges: Edges, rotation: int) -> list[int]:
    """How each is turned; asked anew only where the line may be another, as it takes time."""
    quarters, lower, upper, quarter = [], 0.0, 0.0, 0
    for start, bottom, top in zip(starts, edges[1], edges[3], strict=True):
        if bottom != lower or top != upper:
            quarter, lower, upper = _quarter(_angle(place, start), rotation), bottom, top
        quarters.append(quarter)
    return quarters


def _angle(place: int | None, index: int) -> float:
    """Degrees by which a character's writing is turned counterclockwise on the unturned page."""
    return -math.degrees(raw.FPDFText_GetCharAngle(place, index)) % 360


def _quarter(degrees: float, rotation: int) -> int:
    nearest = round(degrees / 90) * 90
    return (nearest - rotation) % 360 if abs(degrees - nearest) < _LEVEL else ASKEW


def is_turned(textpage: Any, rotation: int) -> bool:
    """Whether most of a few characters do not run from left to right as the page is displayed."""
    count = textpage.count_chars()
    step = max(1, count // _SAMPLES)
    place = textpage.raw
    turns = [
        (_angle(place, index) - rotation + _LEVEL) % 360 > 2 * _LEVEL
        for index in range(step // 2, count, step)
        if not raw.FPDFText_IsGenerated(place, index)
    ]
    return 2 * sum(turns) > len(turns)
