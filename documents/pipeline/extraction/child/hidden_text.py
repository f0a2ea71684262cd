"""Hidden text: which text of a page a reader may not see, told from how it is painted.

Such text may carry orders to whatever reads the document instead of a person. What is minute is
hidden by its size; everything else that may be is a suspect, which `pixels` decide on. Black on
bare paper is no suspect, so that most pages cost nothing more. Not noticed: what lies beyond the
limits below, letters covered by other letters, and a form that a soft mask makes vanish.
"""

from __future__ import annotations

from ctypes import byref
from itertools import chain
from typing import Any

from . import batches
from . import pdfium as raw
from .grounds import MAX_COMPARISONS, Ground, Grounds, Plain
from .page_objects import (
    Box,
    Matrix,
    area,
    box_of,
    color_of,
    has_transparency,
    is_on_layer,
    matrix_of,
    path_paints,
    scale_of,
    stroke_width,
)
from .text_paint import (
    TRANSPARENT,
    WHITE,
    Place,
    Text,
    as_text,
    clip_on_page,
    plain_texts,
    text_of,
)

MAX_OBJECTS_PER_PAGE = 50_000
MAX_OBJECTS_PER_DOCUMENT = 1_000_000
MAX_DEPTH = 8
MAX_ANNOTATIONS = 1_000
SCAN_SHARE = 0.5  # of the page, covered by pictures
THIN = 3.0  # points
MOST_RULES = 1_000  # of a page; with more thin lines it is a drawing

_TEXT = raw.FPDF_PAGEOBJ_TEXT

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


class Found:
    """What is drawn on one page."""

    def __init__(self, page: Box, grounds: Grounds, unit: float) -> None:
        self.page, self.grounds, self.unit = page, grounds, unit
        self.has_drawing = False
        self.order = 0
        self.image_area = 0.0
        self.minute: list[int] = []
        self.plain: list[Plain] = []
        self.texts: list[Text] = []  # those beside the plain ones
        self.suspects: list[Text] = []
        self.pictures: list[Ground] = []
        # What may strike words out: boxes of thin fills, and strokes with the form they stand in.
        self.rules: list[Box] = []
        self.strokes: list[tuple[int, Matrix | None]] = []

    @property
    def has_text(self) -> bool:
        return bool(self.plain or self.texts or self.minute)

    @property
    def is_blank(self) -> bool:
        return not (self.has_drawing or self.has_text)

    @property
    def boxes(self) -> list[Box]:
        """Of all texts but the minute, in the order in which they are drawn."""
        boxes = [(order, box) for _, order, box, *_ in self.plain]
        boxes += [(text.order, text.box) for text in self.texts]
        return [box for _, box in sorted(boxes)]

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
        found = Found(box, Grounds(box, unit, self.comparisons_left), unit)
        place = Place(may_have_layers=self._may_have_layers, has_fields=has_fields, unit=unit)
        allowed = min(self.objects_left, MAX_OBJECTS_PER_PAGE)
        self.objects_left -= allowed - _walk(page, found, allowed, place)
        _look_at_annotations(page, found)
        found.suspects = _suspects(found)
        self.comparisons_left = found.grounds.comparisons_left
        return found


def _unit(box: Box) -> float:
    """A point as a reader sees it: no page is below an inch, but some are drawn in inches."""
    longest = max(box[2] - box[0], box[3] - box[1])
    return longest / 800 if 0 < longest < 72 else 1.0


def _walk(page: Any, found: Found, allowed: int, place: Place) -> int:
    """Look at the page's objects in the order they are drawn; return how many more are allowed."""
    count = min(raw.FPDFPage_CountObjects(page), allowed)
    things = batches.listed(raw.FPDFPage_GetObject, page.raw, count)
    return _look_at_all(things, found, allowed, place)


def _look_at_all(things: list[int], found: Found, allowed: int, place: Place) -> int:
    kinds = list(map(raw.FPDFPageObj_GetType, things))
    texts = [thing for thing, kind in zip(things, kinds, strict=True) if kind == _TEXT]
    plain, is_field = plain_texts(texts, place), place.is_field
    for thing, kind in zip(things, kinds, strict=True):
        if allowed <= 0:
            break
        if known := plain.get(thing):
            found.order += 1
            found.plain.append((thing, found.order, *known, is_field))
            allowed -= 1
        else:
            allowed = _look_at(thing, kind, found, allowed, place)
    return allowed


def _look_at(thing: int, kind: int, found: Found, allowed: int, place: Place) -> int:
    found.order += 1
    if kind == _TEXT:
        if text := text_of(thing, found.order, place):
            found.texts.append(text)
        else:
            found.minute.append(thing)
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
    found.has_drawing = found.has_drawing or kind != _TEXT
    return allowed - 1


def _walk_form(form: int, found: Found, allowed: int, outer: Place) -> int:
    clip = clip_on_page(form, outer)
    # A form may lie on a layer without a mark that could be asked for.
    is_doubtful = (
        outer.is_doubtful or outer.may_have_layers or has_transparency(form) or is_on_layer(form)
    )
    place = outer._replace(
        matrix=matrix_of(form, outer.matrix),
        clip=clip,
        depth=outer.depth + 1,
        is_doubtful=is_doubtful,
    )
    count = min(raw.FPDFFormObj_CountObjects(form), max(0, allowed))
    things = batches.listed(raw.FPDFFormObj_GetObject, form, count)
    return _look_at_all(things, found, allowed, place)


def _take_path(path: int, found: Found, place: Place) -> None:
    is_filled, is_stroked = path_paints(path)
    if is_filled:
        paint = color_of(path, raw.FPDFPageObj_GetFillColor)
    elif is_stroked and stroke_width(path) * scale_of(path, place.matrix) >= 3 * place.unit:
        paint = color_of(path, raw.FPDFPageObj_GetStrokeColor)
    else:
        if is_stroked and len(found.strokes) < MOST_RULES:
            found.strokes.append((path, place.matrix))
        return
    color, opacity = paint or (None, 255)
    is_pale = opacity < TRANSPARENT or (color is not None and min(color) >= WHITE)
    box = box_of(path, place.matrix)
    if not is_pale and len(found.rules) < MOST_RULES and _is_thin(box, place.unit):
        found.rules.append(box)
    if opacity < 255 or place.is_doubtful or has_transparency(path):
        color = None
    found.grounds.add(Ground(found.order, box, color, is_pale, path))


def _is_thin(box: Box, unit: float) -> bool:
    return box[3] - box[1] <= THIN * unit or box[2] - box[0] <= THIN * unit


_rectangle = raw.Rectangle()


def _look_at_annotations(page: Any, found: Found) -> None:
    if page.has_only_links or not (found.plain or found.texts):
        return
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        if raw.FPDFAnnot_GetSubtype(annotation) in _COVERING and raw.FPDFAnnot_GetRect(
            annotation, byref(_rectangle)
        ):
            found.grounds.add_annotation(
                (_rectangle.left, _rectangle.bottom, _rectangle.right, _rectangle.top)
            )
        raw.FPDFPage_CloseAnnot(annotation)


def _suspects(found: Found) -> list[Text]:
    grounds = found.grounds
    if grounds.are_none or not (found.plain or found.texts):
        return [text for text in found.texts if text.is_doubtful]
    if grounds.has_thin:
        boxes = chain((text[2] for text in found.plain), (text.box for text in found.texts))
        sides = (min(right - left, top - bottom) for left, bottom, right, top in boxes)
        # Without what is no number, or no box.
        grounds.thinnest_text = min((side for side in sides if side >= 0), default=0.0)
    doubtful = [
        text
        for text in found.texts
        if text.is_doubtful or grounds.may_hide(text.box, text.order, text.color)
    ]
    covered = map(as_text, grounds.may_hide_any(found.plain))
    return sorted([*doubtful, *covered], key=lambda text: text.order)
