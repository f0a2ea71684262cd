"""Text that a reader of the page cannot see: invisible, as pale as its ground, or minute.

Such text is taken out before the page is read, because it may carry orders to whatever reads
the document instead of a person. Not noticed: text behind a picture, clipped away, on a layer
that is switched off, gray on gray, unpainted over a picture that fills most of the page (which
is what a scan with recognized words looks like), or beyond the limits below.
"""

from __future__ import annotations

from ctypes import c_float, c_int, c_uint
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

MAX_OBJECTS_PER_PAGE = 50_000
MAX_OBJECTS_PER_DOCUMENT = 1_000_000
MAX_DEPTH = 8
MAX_COMPARISONS = 500_000  # each pale text with what was drawn before it
WHITE = 245  # of 255 in each color
SMALLEST_POINTS = 1.0

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

_NOT_PAINTED = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_FILLED = {
    raw.FPDF_TEXTRENDERMODE_FILL,
    raw.FPDF_TEXTRENDERMODE_FILL_CLIP,
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE,
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
}
_STROKED = {
    raw.FPDF_TEXTRENDERMODE_STROKE,
    raw.FPDF_TEXTRENDERMODE_STROKE_CLIP,
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE,
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
}


@dataclass
class Found:
    """What is drawn on one page. Handles in it live as long as the page is open."""

    page_area: float
    has_text: bool = False
    is_blank: bool = True
    image_area: float = 0.0
    hidden: list[Any] = field(default_factory=list)
    unpainted: list[Any] = field(default_factory=list)
    grounds: list[tuple[Box, bool]] = field(default_factory=list)
    comparisons: int = 0

    @property
    def image_share(self) -> float:
        return min(1.0, self.image_area / self.page_area) if self.page_area else 0.0

    def leave_out_hidden(self) -> None:
        """Make PDFium skip the hidden text from now on."""
        for text_object in self.hidden:
            raw.FPDFPageObj_SetIsActive(text_object, False)


class Inspector:
    """Looks at what pages draw; one per document, as the number of objects is limited."""

    def __init__(self) -> None:
        self.objects_left = MAX_OBJECTS_PER_DOCUMENT

    def inspect(self, page: Any) -> Found:
        left, bottom, right, top = page.get_bbox()
        found = Found(page_area=abs((right - left) * (top - bottom)))
        allowed = min(self.objects_left, MAX_OBJECTS_PER_PAGE)
        self.objects_left -= allowed - _walk(page, found, allowed)
        # Scanners put the recognized words, unpainted, behind the picture of the page.
        if found.image_share <= 0.5:
            found.hidden += found.unpainted
        return found


def _walk(page: Any, found: Found, allowed: int) -> int:
    """Look at the page's objects in the order they are drawn; return how many more are allowed."""
    count = raw.FPDFPage_CountObjects(page)
    for index in range(min(count, allowed)):
        if allowed <= 0:
            break
        allowed = _look_at(raw.FPDFPage_GetObject(page, index), found, allowed, None, 0)
    return allowed


def _look_at(thing: Any, found: Found, allowed: int, matrix: Matrix | None, depth: int) -> int:
    kind = raw.FPDFPageObj_GetType(thing)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        found.has_text = True
        _judge(thing, found, matrix)
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        return _walk_form(thing, found, allowed - 1, matrix, depth + 1)
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        box = _box(thing, matrix)
        found.image_area += (box[2] - box[0]) * (box[3] - box[1])
        found.grounds.append((box, False))
    elif kind == raw.FPDF_PAGEOBJ_SHADING:
        found.grounds.append((_box(thing, matrix), False))
    elif kind == raw.FPDF_PAGEOBJ_PATH and _is_filled(thing):
        found.grounds.append((_box(thing, matrix), _is_pale(raw.FPDFPageObj_GetFillColor, thing)))
    found.is_blank = False
    return allowed - 1


def _walk_form(form: Any, found: Found, allowed: int, outer: Matrix | None, depth: int) -> int:
    matrix = _matrix(form, outer)
    for index in range(raw.FPDFFormObj_CountObjects(form)):
        if allowed <= 0:
            break
        thing = raw.FPDFFormObj_GetObject(form, index)
        allowed = _look_at(thing, found, allowed, matrix, depth)
    return allowed


def _judge(text_object: Any, found: Found, matrix: Matrix | None) -> None:
    mode = raw.FPDFTextObj_GetTextRenderMode(text_object)
    if mode in _NOT_PAINTED:
        found.unpainted.append(text_object)
        return
    box = _box(text_object, matrix)
    if _is_minute(text_object, box, matrix) or (
        _is_paint_pale(text_object, mode) and not _stands_on_color(box, found)
    ):
        found.hidden.append(text_object)


def _is_minute(text_object: Any, box: Box, outer: Matrix | None) -> bool:
    """Both box and font size: bitmap fonts name odd sizes, a row of dots has a flat box."""
    if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST_POINTS:
        return False
    size = c_float()
    raw.FPDFTextObj_GetFontSize(text_object, size)
    matrix = _matrix(text_object, outer)
    scale = max(abs(value) for value in matrix[:4])
    return abs(size.value) * scale < SMALLEST_POINTS


def _is_paint_pale(text_object: Any, mode: int) -> bool:
    """Whether everything that paints the letters is white or fully transparent."""
    return (mode not in _FILLED or _is_pale(raw.FPDFPageObj_GetFillColor, text_object)) and (
        mode not in _STROKED or _is_pale(raw.FPDFPageObj_GetStrokeColor, text_object)
    )


# Made once and filled anew for each object, of which a document may have a million.
_red, _green, _blue, _alpha = c_uint(), c_uint(), c_uint(), c_uint()


def _is_pale(get_color: Any, thing: Any) -> bool:
    """White or transparent; patterns have no color to ask for and count as visible."""
    if not get_color(thing, _red, _green, _blue, _alpha):
        return False
    return _alpha.value < 5 or min(_red.value, _green.value, _blue.value) >= WHITE


def _is_filled(path: Any) -> bool:
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value != raw.FPDF_FILLMODE_NONE)


def _stands_on_color(box: Box, found: Found) -> bool:
    """Whether the last thing drawn below the middle of the box is not white; paper is white."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for (left, bottom, right, top), is_pale in reversed(found.grounds):
        found.comparisons += 1
        if found.comparisons > MAX_COMPARISONS:
            return False
        if left <= x <= right and bottom <= y <= top:
            return not is_pale
    return False


_left, _bottom, _right, _top = c_float(), c_float(), c_float(), c_float()


def _box(thing: Any, matrix: Matrix | None) -> Box:
    """The object's bounds on the page; inside a form they have to be carried out of it."""
    raw.FPDFPageObj_GetBounds(thing, _left, _bottom, _right, _top)
    box = (_left.value, _bottom.value, _right.value, _top.value)
    if matrix is None:
        return box
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(thing: Any, outer: Matrix | None) -> Matrix:
    inner = raw.FS_MATRIX(1, 0, 0, 1, 0, 0)
    raw.FPDFPageObj_GetMatrix(thing, inner)
    a, b, c, d, e, f = inner.a, inner.b, inner.c, inner.d, inner.e, inner.f
    if outer is None:
        return a, b, c, d, e, f
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )
