"""Words that are struck out: by a reviewer's annotation, or by a line through their letters.

They are on the page for everybody to see, and no longer mean what they say. They stay in the text;
how many letters they have is told. Not noticed: crosses and slanted lines, and what a fill between
line and letters covers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from ctypes import addressof, byref, c_double, c_float
from typing import Any, NamedTuple

from . import batches
from . import pdfium as raw
from .hidden_text import MOST_RULES, THIN, Found
from .page_objects import Box, carried, color_of, overlap
from .positions import upright
from .text_paint import WHITE

MAX_ANNOTATIONS = 1_000
MAX_QUADS = 500  # of an annotation
MAX_LETTERS = 20_000

_LONG = 8.0  # points
_LOW, _HIGH = 0.2, 0.8  # where a line goes through a piece of text, in heights from its foot
_LOWEST, _HIGHEST = 0.15, 0.9  # the same, for a letter: lines over capitals run high in small ones
_SLANTED = 0.15  # height of a drawn line by its length
_BEYOND = 1.5  # heights by which a line may be longer than the words
_COVERED = 0.6  # of the line, by words
_CROSSED = 0.7  # of the letters along the line
_FEW = 8  # lines that are compared with all pieces before these are sorted
_FEWEST = 2  # letters: some alphabets strike one

Marked = list[tuple[bool, Box]]  # areas whose letters are struck, and lines that may strike some


class _Letter(NamedTuple):
    number: int  # in PDFium's list
    box: Box


def of_annotations(page: Any) -> Marked:
    """What reviewers struck out; asked before a page is flattened, which takes annotations off."""
    found: Marked = []
    if page.has_only_links:
        return found
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        hidden = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
        if not raw.FPDFAnnot_GetFlags(annotation) & hidden:
            found += _marked(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def _marked(annotation: Any) -> Iterator[tuple[bool, Box]]:
    subtype = raw.FPDFAnnot_GetSubtype(annotation)
    if subtype == raw.FPDF_ANNOT_STRIKEOUT:
        boxes = list(_quads(annotation)) or list(_rectangle(annotation))
        yield from ((True, box) for box in boxes)
    elif subtype == raw.FPDF_ANNOT_LINE:
        yield from ((False, box) for box in _line(annotation))
    elif subtype == raw.FPDF_ANNOT_INK:
        yield from ((False, box) for box in _rectangle(annotation))


_points = (c_float * 8)()


def _quads(annotation: Any) -> Iterator[Box]:
    count = raw.FPDFAnnot_CountAttachmentPoints(annotation)
    for number in range(min(count, MAX_QUADS)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, number, _points):
            xs, ys = _points[0::2], _points[1::2]
            yield min(xs), min(ys), max(xs), max(ys)


_edges = raw.Rectangle()


def _rectangle(annotation: Any) -> Iterator[Box]:
    if raw.FPDFAnnot_GetRect(annotation, byref(_edges)):
        yield _edges.left, _edges.bottom, _edges.right, _edges.top


_start, _end = (c_float * 2)(), (c_float * 2)()


def _line(annotation: Any) -> Iterator[Box]:
    if raw.FPDFAnnot_GetLine(annotation, _start, _end):
        xs, ys = (_start[0], _end[0]), (_start[1], _end[1])
        yield min(xs), min(ys), max(xs), max(ys)


def count(page: Any, found: Found, marked: Marked) -> int:
    """How many letters of the page are struck out."""
    if not (marked or found.rules or found.strokes):
        return 0
    rotation = page.get_rotation()
    areas = [box for is_area, box in marked if is_area]
    drawn = [box for is_area, box in marked if not is_area and _is_level(box, rotation)]
    lines = [upright(box, rotation) for box in [*drawn, *_rules(found, rotation)]]
    lines = _through_words(lines, found, rotation) if lines else []
    if not (areas or lines):
        return 0
    letters = list(_letters(page, rotation))
    struck = {
        letter.number for area in areas for letter in _inside(letters, upright(area, rotation))
    }
    for line in lines:
        struck.update(_crossed(letters, line))
    return len(struck)


def _is_level(box: Box, rotation: int) -> bool:
    left, bottom, right, top = upright(box, rotation)
    return right - left >= _LONG and top - bottom <= _SLANTED * (right - left)


def _rules(found: Found, rotation: int) -> Iterator[Box]:
    """Thin lines that the page draws, level for who reads it, and not in the color of paper."""
    thin, long = THIN * found.unit, _LONG * found.unit
    strokes = found.strokes if len(found.strokes) < MOST_RULES else []
    boxes = batches.boxes_of([path for path, _ in strokes])
    for (path, matrix), own in zip(strokes, boxes, strict=True):
        box = own if matrix is None else carried(own, matrix)
        if _is_rule(upright(box, rotation), thin, long) and _is_inked(path):
            yield box
    yield from (box for box in found.rules if _is_rule(upright(box, rotation), thin, long))


def _is_rule(box: Box, thin: float, long: float) -> bool:
    return box[3] - box[1] <= thin and box[2] - box[0] >= long


def _is_inked(path: int) -> bool:
    paint = color_of(path, raw.FPDFPageObj_GetStrokeColor)
    return paint is None or (min(paint[0]) < WHITE and paint[1] > 0)


def _through_words(lines: list[Box], found: Found, rotation: int) -> list[Box]:
    """Those that run through words, about as far as these go."""
    boxes = [text[2] for text in found.plain] + [text.box for text in found.texts]
    if rotation:
        boxes = [upright(box, rotation) for box in boxes]
    if len(lines) > _FEW:
        boxes.sort(key=_foot)
        highest = max((box[3] - box[1] for box in boxes), default=0.0)
    struck = []
    for line in lines:
        middle = (line[1] + line[3]) / 2
        near = boxes
        if len(lines) > _FEW:
            low = bisect_left(boxes, middle - highest, key=_foot)
            near = boxes[low : bisect_left(boxes, middle, key=_foot)]
        along = [box for box in near if box[1] < middle < box[3] and _is_through(box, line)]
        if _are_as_long(along, line):
            struck.append(line)
    return struck


def _are_as_long(along: list[Box], line: Box) -> bool:
    """Whether a line is no longer than these pieces, which take up most of it."""
    if not along:
        return False
    left, _, right, _ = line
    slack = _BEYOND * max(box[3] - box[1] for box in along)
    first, last = min(box[0] for box in along), max(box[2] for box in along)
    shared = sum(min(box[2], right) - max(box[0], left) for box in along)
    is_within = left >= first - slack and right <= last + slack
    return is_within and shared >= _COVERED * (right - left)


def _foot(box: Box) -> float:
    return box[1]


def _is_through(box: Box, line: Box) -> bool:
    height = box[3] - box[1]
    is_at_middle = _LOW * height <= (line[1] + line[3]) / 2 - box[1] <= _HIGH * height
    return is_at_middle and box[0] < line[2] and box[2] > line[0]


def _letters(page: Any, rotation: int) -> Iterator[_Letter]:
    textpage, shown = page.get_textpage(), page.get_bbox()
    place = textpage.raw
    for index in range(min(textpage.count_chars(), MAX_LETTERS)):
        code = raw.FPDFText_GetUnicode(place, index)
        if code < 0x110000 and chr(code).isalnum() and overlap(box := _box(place, index), shown):
            yield _Letter(index, upright(box, rotation))


_sides = (c_double * 4)()
_places = [addressof(_sides) + 8 * number for number in range(4)]


def _box(place: int | None, index: int) -> Box:
    raw.FPDFText_GetCharBox(place, index, *_places)
    left, right, bottom, top = _sides
    return left, bottom, right, top


def _inside(letters: Sequence[_Letter], area: Box) -> Iterator[_Letter]:
    left, bottom, right, top = area
    for letter in letters:
        box = letter.box
        if left <= (box[0] + box[2]) / 2 <= right and bottom <= (box[1] + box[3]) / 2 <= top:
            yield letter


def _crossed(letters: Sequence[_Letter], line: Box) -> set[int]:
    """The letters that the line goes through; none where it passes most of them."""
    left, bottom, right, top = line
    middle = (bottom + top) / 2
    crossed, along = set(), 0
    for number, box in letters:
        height = box[3] - box[1]
        if not (left <= (box[0] + box[2]) / 2 <= right and abs(middle - box[1]) < 1.5 * height):
            continue
        along += 1
        if _LOWEST * height <= middle - box[1] <= _HIGHEST * height:
            crossed.add(number)
    is_struck = len(crossed) >= _FEWEST and len(crossed) >= _CROSSED * along
    return crossed if is_struck else set()
