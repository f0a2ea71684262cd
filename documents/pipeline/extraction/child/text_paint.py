"""How a text is painted: whether that alone may keep it from being seen."""

from __future__ import annotations

from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from . import batches
from . import pdfium as raw
from .grounds import Plain
from .page_objects import (
    PATTERN,
    Box,
    Color,
    Matrix,
    box_of,
    carried,
    clip_of,
    color_of,
    font_size,
    is_on_layer,
    overlap,
    scale_of,
)

WHITE = 245  # of 255 in each color: as good as paper
PALE = 207  # worth a look
TRANSPARENT, FAINT = 5, 128  # of 255
SMALLEST_POINTS = 1.0

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


class Text(NamedTuple):
    """A text object; its handle lives as long as the page is open."""

    handle: int
    order: int
    box: Box
    color: Color | None
    is_pale: bool
    is_doubtful: bool
    is_unpainted: bool = False
    is_clip: bool = False
    is_field: bool = False  # what was filled in counts although its field is too small


def as_text(plain: Plain) -> Text:
    handle, order, box, color, is_field = plain
    return Text(handle, order, box, color, False, False, is_field=is_field)


class Place(NamedTuple):
    """Where the walk is: on the page itself, or in a form on it."""

    matrix: Matrix | None = None
    clip: Box | None = None
    depth: int = 0
    is_doubtful: bool = False
    may_have_layers: bool = True
    has_fields: bool = False
    unit: float = 1.0  # a point as a reader sees it

    @property
    def is_field(self) -> bool:
        """Whether what stands here was filled in."""
        return self.has_fields and self.depth > 0


def text_of(thing: int, order: int, place: Place) -> Text | None:
    """What is known of a text object without a look at it; None where it is minute."""
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    box = box_of(thing, place.matrix)
    if mode in _NOT_PAINTED:
        return Text(thing, order, box, None, False, True, True, mode == _CLIP)
    if _is_minute(thing, box, place):
        return None
    color, opacity = _paint(thing, mode)
    if color is None:
        return Text(thing, order, box, None, opacity < TRANSPARENT, True)
    palest = min(color)
    is_doubtful = (
        place.is_doubtful
        or palest >= PALE
        or opacity < FAINT
        or bool(raw.FPDFPageObj_HasTransparency(thing))
        or (place.may_have_layers and is_on_layer(thing))
        or ((clip := clip_on_page(thing, place)) is not None and _is_cut(box, clip))
    )
    is_pale = palest >= WHITE or opacity < TRANSPARENT
    return Text(thing, order, box, color, is_pale, is_doubtful, False, False, place.is_field)


def plain_texts(texts: list[int], place: Place) -> dict[int, tuple[Box, Color]]:
    """The boxes and colors of those for which `text_of` has no doubt; all are asked together."""
    if not texts or place.is_doubtful or place.clip is not None:
        return {}
    boxes = batches.boxes_of(texts)
    if (matrix := place.matrix) is not None:
        boxes = [carried(box, matrix) for box in boxes]
    smallest = SMALLEST_POINTS * place.unit
    has_marks = map(raw.FPDFPageObj_CountMarks, texts) if place.may_have_layers else repeat(0)
    asked = zip(
        *(texts, boxes, *batches.fill_colors(texts), has_marks),
        map(raw.FPDFTextObj_GetTextRenderMode, texts),
        map(raw.FPDFPageObj_HasTransparency, texts),
        map(raw.FPDFClipPath_CountPaths, map(raw.FPDFPageObj_GetClipPath, texts)),
        strict=False,
    )
    return {
        text: (box, color)
        for text, box, is_colored, paint, is_marked, mode, is_blended, clips in asked
        if mode == raw.FPDF_TEXTRENDERMODE_FILL
        and is_colored
        and not (is_marked or is_blended or clips > 0)
        and box[2] - box[0] >= smallest
        and box[3] - box[1] >= smallest
        and (color := _plain_color(paint)) is not None
    }


@lru_cache(256)
def _plain_color(paint: batches.Four) -> Color | None:
    """None where it is pale or faint, or stands for a pattern."""
    color: Color = paint[:3]
    is_plain = min(color) < PALE and paint[3] >= FAINT and color != PATTERN
    return color if is_plain else None


def clip_on_page(thing: int, place: Place) -> Box | None:
    own = clip_of(thing)
    if own is None and place.clip is None:
        return None
    if own is not None and place.matrix is not None:
        own = carried(own, place.matrix)
    if own is None or place.clip is None:
        return own or place.clip
    return overlap(own, place.clip) or (0.0, 0.0, 0.0, 0.0)


def _is_minute(text_object: int, box: Box, place: Place) -> bool:
    """Both box and font size: bitmap fonts name odd sizes, a row of dots has a flat box."""
    smallest = SMALLEST_POINTS * place.unit
    if box[2] - box[0] >= smallest and box[3] - box[1] >= smallest:
        return False
    return font_size(text_object) * scale_of(text_object, place.matrix) < smallest


def _paint(thing: int, mode: int) -> tuple[Color | None, int]:
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


def _is_cut(box: Box, clip: Box) -> bool:
    """Whether a clip takes more than the edge of the box."""
    shown = overlap(box, clip)
    if shown is None:
        return True
    width, height = box[2] - box[0], box[3] - box[1]
    return shown[2] - shown[0] < 0.95 * width or shown[3] - shown[1] < 0.6 * height
