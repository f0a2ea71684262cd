"""Hidden text: which text of a page a reader may not see, told from how it is painted.

Such text may carry orders to whatever reads the document instead of a person. What is minute is
hidden by its size; everything else that may be is a suspect, which `pixels` decide on. Black on
bare paper is no suspect, so that most pages cost nothing more. Not noticed: what lies beyond the
limits below, letters covered by other letters, and a form that a soft mask makes vanish.
"""

from __future__ import annotations

from ctypes import c_float
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from .grounds import MAX_COMPARISONS, Ground, Grounds
from .page_objects import (
    Box,
    Color,
    Matrix,
    area,
    box_of,
    carried,
    clip_of,
    color_of,
    font_size,
    is_on_layer,
    matrix_of,
    overlap,
    path_paints,
    scale_of,
    stroke_width,
)

MAX_OBJECTS_PER_PAGE = 50_000
MAX_OBJECTS_PER_DOCUMENT = 1_000_000
MAX_DEPTH = 8
MAX_ANNOTATIONS = 1_000
WHITE = 245  # of 255 in each color: as good as paper
PALE = 207  # worth a look
TRANSPARENT, FAINT = 5, 128  # of 255
SMALLEST_POINTS = 1.0
SCAN_SHARE = 0.5  # of the page, covered by pictures

_CLIP = raw.FPDF_TEXTRENDERMODE_CLIP
_NOT_PAINTED = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, _CLIP}
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
# Annotations that may lie over letters without being printed text themselves.
_COVERING = {
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_POLYGON,
    raw.FPDF_ANNOT_LINE,
    raw.FPDF_ANNOT_POLYLINE,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_HIGHLIGHT,
    raw.FPDF_ANNOT_REDACT,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_FREETEXT,
}


class Text(NamedTuple):
    """A text object; its handle lives as long as the page is open."""

    handle: Any
    order: int
    box: Box
    color: Color | None
    is_pale: bool
    is_doubtful: bool
    is_unpainted: bool = False
    is_clip: bool = False
    is_field: bool = False  # what was filled in counts although its field is too small


class _Place(NamedTuple):
    """Where the walk is: on the page itself, or in a form on it."""

    matrix: Matrix | None = None
    clip: Box | None = None
    depth: int = 0
    is_doubtful: bool = False


@dataclass
class Found:
    """What is drawn on one page."""

    page: Box
    grounds: Grounds
    unit: float = 1.0
    may_have_layers: bool = True
    has_fields: bool = False
    has_text: bool = False
    is_blank: bool = True
    order: int = 0
    image_area: float = 0.0
    minute: list[Any] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    suspects: list[Text] = field(default_factory=list)
    pictures: list[Ground] = field(default_factory=list)

    @property
    def image_share(self) -> float:
        return min(1.0, self.image_area / area(self.page)) if area(self.page) else 0.0

    @property
    def is_scan(self) -> bool:
        return self.image_share > SCAN_SHARE

    def guess_hidden(self, text: Text) -> bool:
        """Without a look at the pixels: unpainted, or white with nothing colored below it."""
        if text.is_unpainted:
            # Scanners put the recognized words, unpainted, behind the picture of the page.
            return not self.is_scan
        return text.is_pale and not self.grounds.is_colored(text.box, text.order)


class Inspector:
    """Looks at what pages draw; one per document, as the number of objects is limited."""

    def __init__(self, *, may_have_layers: bool = True) -> None:
        self.objects_left = MAX_OBJECTS_PER_DOCUMENT
        self.comparisons_left = MAX_COMPARISONS
        self._may_have_layers = may_have_layers

    def inspect(self, page: Any, *, has_fields: bool = False) -> Found:
        left, bottom, right, top = page.get_bbox()
        box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        unit = _unit(box)
        grounds = Grounds(box, unit, self.comparisons_left)
        found = Found(box, grounds, unit, self._may_have_layers, has_fields)
        allowed = min(self.objects_left, MAX_OBJECTS_PER_PAGE)
        self.objects_left -= allowed - _walk(page, found, allowed)
        _look_at_annotations(page, found)
        found.suspects = _suspects(found)
        self.comparisons_left = found.grounds.comparisons_left
        return found


def _unit(box: Box) -> float:
    """A point as a reader sees it: no page is below an inch, but some are drawn in inches."""
    longest = max(box[2] - box[0], box[3] - box[1])
    return longest / 800 if 0 < longest < 72 else 1.0


def _walk(page: Any, found: Found, allowed: int) -> int:
    """Look at the page's objects in the order they are drawn; return how many more are allowed."""
    count = raw.FPDFPage_CountObjects(page)
    place = _Place()
    for index in range(min(count, allowed)):
        if allowed <= 0:
            break
        allowed = _look_at(raw.FPDFPage_GetObject(page, index), found, allowed, place)
    return allowed


def _look_at(thing: Any, found: Found, allowed: int, place: _Place) -> int:
    kind = raw.FPDFPageObj_GetType(thing)
    found.order += 1
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        found.has_text = True
        _take_text(thing, found, place)
    elif kind == raw.FPDF_PAGEOBJ_FORM and place.depth < MAX_DEPTH:
        return _walk_form(thing, found, allowed - 1, place)
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        picture = Ground(found.order, box_of(thing, place.matrix), None, handle=thing)
        found.image_area += area(picture.box)
        found.pictures.append(picture)
        found.grounds.add(picture)
    elif kind == raw.FPDF_PAGEOBJ_SHADING:
        box = box_of(thing, place.matrix)
        found.grounds.add(Ground(found.order, box, None, handle=thing))
    elif kind == raw.FPDF_PAGEOBJ_PATH:
        _take_path(thing, found, place)
    found.is_blank = False
    return allowed - 1


def _walk_form(form: Any, found: Found, allowed: int, outer: _Place) -> int:
    clip = _clip_on_page(form, outer)
    # A form may lie on a layer without a mark that could be asked for.
    is_doubtful = (
        outer.is_doubtful
        or found.may_have_layers
        or bool(raw.FPDFPageObj_HasTransparency(form))
        or is_on_layer(form)
    )
    place = _Place(matrix_of(form, outer.matrix), clip, outer.depth + 1, is_doubtful)
    for index in range(raw.FPDFFormObj_CountObjects(form)):
        if allowed <= 0:
            break
        allowed = _look_at(raw.FPDFFormObj_GetObject(form, index), found, allowed, place)
    return allowed


def _clip_on_page(thing: Any, place: _Place) -> Box | None:
    own = clip_of(thing)
    if own is None and place.clip is None:
        return None
    if own is not None and place.matrix is not None:
        own = carried(own, place.matrix)
    if own is None or place.clip is None:
        return own or place.clip
    return overlap(own, place.clip) or (0.0, 0.0, 0.0, 0.0)


def _take_text(thing: Any, found: Found, place: _Place) -> None:
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    box = box_of(thing, place.matrix)
    if mode in _NOT_PAINTED:
        text = Text(thing, found.order, box, None, False, True, True, mode == _CLIP)
    elif _is_minute(thing, box, place, found.unit):
        found.minute.append(thing)
        return
    else:
        color, opacity = _paint(thing, mode)
        is_pale = opacity < TRANSPARENT or (color is not None and min(color) >= WHITE)
        is_doubtful = (
            color is None
            or min(color) >= PALE
            or opacity < FAINT
            or place.is_doubtful
            or bool(raw.FPDFPageObj_HasTransparency(thing))
            or (found.may_have_layers and is_on_layer(thing))
            or _is_cut(box, _clip_on_page(thing, place))
        )
        is_field = found.has_fields and place.depth > 0
        text = Text(thing, found.order, box, color, is_pale, is_doubtful, is_field=is_field)
    found.texts.append(text)


def _is_minute(text_object: Any, box: Box, place: _Place, unit: float) -> bool:
    """Both box and font size: bitmap fonts name odd sizes, a row of dots has a flat box."""
    smallest = SMALLEST_POINTS * unit
    if min(box[2] - box[0], box[3] - box[1]) >= smallest:
        return False
    return font_size(text_object) * scale_of(text_object, place.matrix) < smallest


def _paint(thing: Any, mode: int) -> tuple[Color | None, int]:
    """The color that is easiest to see of those that paint the letters, and how opaque it is."""
    if mode == raw.FPDF_TEXTRENDERMODE_FILL:
        return color_of(thing, raw.FPDFPageObj_GetFillColor) or (None, 255)
    paints = []
    if mode in _FILLED:
        paints.append(color_of(thing, raw.FPDFPageObj_GetFillColor))
    if mode in _STROKED:
        paints.append(color_of(thing, raw.FPDFPageObj_GetStrokeColor))
    known = [paint for paint in paints if paint is not None]
    if not known or len(known) < len(paints):
        return None, 255
    return min(known, key=lambda paint: (paint[1] < TRANSPARENT, min(paint[0])))


def _is_cut(box: Box, clip: Box | None) -> bool:
    """Whether a clip takes more than the edge of the box."""
    if clip is None:
        return False
    shown = overlap(box, clip)
    if shown is None:
        return True
    width, height = box[2] - box[0], box[3] - box[1]
    return shown[2] - shown[0] < 0.95 * width or shown[3] - shown[1] < 0.6 * height


def _take_path(path: Any, found: Found, place: _Place) -> None:
    is_filled, is_stroked = path_paints(path)
    if is_filled:
        paint = color_of(path, raw.FPDFPageObj_GetFillColor)
    elif is_stroked and stroke_width(path) * scale_of(path, place.matrix) >= 3 * found.unit:
        paint = color_of(path, raw.FPDFPageObj_GetStrokeColor)
    else:
        return
    color, opacity = paint or (None, 255)
    is_pale = opacity < TRANSPARENT or (color is not None and min(color) >= WHITE)
    box = box_of(path, place.matrix)
    known = color if opacity > FAINT else None
    found.grounds.add(Ground(found.order, box, known, is_pale, path))


_rectangle = raw.FS_RECTF(c_float(), c_float(), c_float(), c_float())


def _look_at_annotations(page: Any, found: Found) -> None:
    if not found.texts:
        return
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        if raw.FPDFAnnot_GetSubtype(annotation) in _COVERING and raw.FPDFAnnot_GetRect(
            annotation, _rectangle
        ):
            found.grounds.add_annotation(
                (_rectangle.left, _rectangle.bottom, _rectangle.right, _rectangle.top)
            )
        raw.FPDFPage_CloseAnnot(annotation)


def _suspects(found: Found) -> list[Text]:
    may_hide = found.grounds.may_hide
    return [
        text
        for text in found.texts
        if text.is_doubtful or may_hide(text.box, text.order, text.color)
    ]
