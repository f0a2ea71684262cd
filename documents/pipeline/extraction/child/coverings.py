"""What covers a page with few letters: pictures, letters drawn as outlines, a recognized layer.

A scan with a stamp (a court's header, an envelope's number, a scanner's footer) has text, and is
not read for all that. Here is only looked; `stamps` in the parent judges, as it sees all pages.
"""

from __future__ import annotations

from ctypes import byref, c_double, c_float, c_int, c_uint
from typing import Any

from . import pdfium as raw
from .limits import Message

FEW_CHARACTERS = 400  # white space counted; with more, no page is a stamp
MAX_OBJECTS = 20_000
MAX_DEPTH = 8
MARGIN = 0.09  # of the page, on each side
SMALL_LETTER = 0.016  # of the page's longer side: a capital of 19 points on A4
SMALLEST_GLYPH, LARGEST_GLYPH = 1.5, 40.0  # points


class Cover:
    def __init__(self) -> None:
        self.outlines = 0
        self.is_recognized = False
        self.picture = (0, 0, 0)  # width, height, bytes of the largest
        self.objects_left = MAX_OBJECTS

    def take(self, thing: Any, scale: float, depth: int) -> None:
        self.objects_left -= 1
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(thing)
            self.is_recognized = self.is_recognized or mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            self.picture = max(self.picture, _identity(thing))
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self.outlines += _is_glyph(thing, scale)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            self._take_form(thing, scale * _scale(thing), depth + 1)

    def _take_form(self, form: Any, scale: float, depth: int) -> None:
        for index in range(raw.FPDFFormObj_CountObjects(form)):
            if self.objects_left <= 0:
                return
            self.take(raw.FPDFFormObj_GetObject(form, index), scale, depth)


def look(page: Any, text: str, *, is_scan: bool) -> Message:
    """What covers the page, as keys of its message; nothing where there is much text.

    Whether letters are prominent is only of interest on a scan, and takes a look at each.
    """
    if len(text) > FEW_CHARACTERS or not text.strip():
        return {}
    cover = Cover()
    for index in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        if cover.objects_left <= 0:
            break
        cover.take(raw.FPDFPage_GetObject(page, index), 1.0, 0)
    return {
        "cover": {
            "outlines": cover.outlines,
            "recognized": cover.is_recognized,
            "picture": list(cover.picture),
            "prominent": _prominent(page) if is_scan else 0,
        }
    }


def _identity(image: Any) -> tuple[int, int, int]:
    """Enough to see that it is the same picture on each page, without decoding it."""
    width, height = c_uint(), c_uint()
    raw.FPDFImageObj_GetImagePixelSize(image, byref(width), byref(height))
    size = raw.FPDFImageObj_GetImageDataRaw(image, None, 0)
    return width.value, height.value, size


_left, _bottom, _right, _top = c_float(), c_float(), c_float(), c_float()


def _is_glyph(path: Any, scale: float) -> bool:
    """Whether it is filled, of the size of letters, and has more corners than a table's line."""
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    if fill.value == raw.FPDF_FILLMODE_NONE or raw.FPDFPath_CountSegments(path) < 6:
        return False
    raw.FPDFPageObj_GetBounds(path, *map(byref, (_left, _bottom, _right, _top)))
    height = (_top.value - _bottom.value) * scale
    return SMALLEST_GLYPH <= height <= LARGEST_GLYPH


def _scale(form: Any) -> float:
    matrix = raw.Matrix(1, 0, 0, 1, 0, 0)
    raw.FPDFPageObj_GetMatrix(form, byref(matrix))
    return max(map(abs, (float(matrix.a), float(matrix.b), float(matrix.c), float(matrix.d))))


def _prominent(page: Any) -> int:
    """How many letters are not small or do not stand in the page's margin, as stamps do."""
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    inner = (left + MARGIN * width, bottom + MARGIN * height)
    outer = (right - MARGIN * width, top - MARGIN * height)
    small = SMALL_LETTER * max(width, height)
    textpage = page.get_textpage()
    boxes = [box for at in range(textpage.count_chars()) if (box := _box(textpage, at))]
    return sum(
        box[3] - box[2] > small
        or (
            inner[0] <= (box[0] + box[1]) / 2 <= outer[0]
            and inner[1] <= (box[2] + box[3]) / 2 <= outer[1]
        )
        for box in boxes
    )


_box_values = c_double(), c_double(), c_double(), c_double()


def _box(textpage: Any, at: int) -> tuple[float, ...] | None:
    """Left, right, bottom and top of a visible character."""
    code = raw.FPDFText_GetUnicode(textpage, at)
    if code <= 0x20 or not raw.FPDFText_GetCharBox(textpage, at, *map(byref, _box_values)):
        return None
    return tuple(value.value for value in _box_values)
