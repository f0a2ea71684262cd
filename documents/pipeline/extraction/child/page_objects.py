"""One object of a page, as PDFium tells of it: where it stands and what paints it."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import byref, c_float, c_int, c_uint, c_ulong, c_ushort
from typing import Any

import pypdfium2.raw as raw

Box = tuple[float, float, float, float]  # left, bottom, right, top
Matrix = tuple[float, float, float, float, float, float]
Color = tuple[int, int, int]

_MOST_MARKS = 8
_MOST_CLIPS = 8
_MOST_SEGMENTS = 16
_PATTERN = (0xBF, 0xBF, 0xBF)  # what PDFium says where it has no color to name
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_LAYER = "OC".encode("utf-16-le") + b"\0\0"

# Made once and filled anew for each object, of which a document may have a million.
_left, _bottom, _right, _top = c_float(), c_float(), c_float(), c_float()
_red, _green, _blue, _alpha = c_uint(), c_uint(), c_uint(), c_uint()
_bounds = byref(_left), byref(_bottom), byref(_right), byref(_top)
_channels = byref(_red), byref(_green), byref(_blue), byref(_alpha)
_fill, _stroke = c_int(), c_int()
_name, _length = (c_ushort * 32)(), c_ulong()
_number, _second = c_float(), c_float()

_get_bounds = raw.FPDFPageObj_GetBounds
_has_transparency = raw.FPDFPageObj_HasTransparency
_get_clip, _count_paths = raw.FPDFPageObj_GetClipPath, raw.FPDFClipPath_CountPaths


def box_of(thing: Any, matrix: Matrix | None) -> Box:
    """The object's bounds on the page; inside a form they have to be carried out of it."""
    _get_bounds(thing, *_bounds)
    box = (_left.value, _bottom.value, _right.value, _top.value)
    return box if matrix is None else carried(box, matrix)


def carried(box: Box, matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def overlap(one: Box, other: Box) -> Box | None:
    """What two boxes share; None where they only touch."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left < right and bottom < top else None


def around(boxes: Sequence[Box]) -> Box | None:
    """The box that holds them all; None where there are none."""
    if not boxes:
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def matrix_of(thing: Any, outer: Matrix | None) -> Matrix:
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


def scale_of(thing: Any, outer: Matrix | None) -> float:
    return max(abs(value) for value in matrix_of(thing, outer)[:4])


def font_size(text_object: Any) -> float:
    raw.FPDFTextObj_GetFontSize(text_object, _number)
    return abs(_number.value)


def color_of(thing: Any, get_color: Any) -> tuple[Color, int] | None:
    """The color and how opaque it is, of 255 each; None for patterns, which have no color."""
    if not get_color(thing, *_channels):
        return None
    color = (_red.value, _green.value, _blue.value)
    return None if color == _PATTERN else (color, _alpha.value)


def path_paints(path: Any) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked."""
    raw.FPDFPath_GetDrawMode(path, _fill, _stroke)
    return _fill.value != raw.FPDF_FILLMODE_NONE, bool(_stroke.value)


def stroke_width(path: Any) -> float:
    raw.FPDFPageObj_GetStrokeWidth(path, _number)
    return _number.value


def has_transparency(thing: Any) -> bool:
    """Whether it is blended, masked, or as a form a group of its own."""
    return bool(_has_transparency(thing))


def is_on_layer(thing: Any) -> bool:
    """Whether it is marked as optional content, which may be switched off."""
    for index in range(min(raw.FPDFPageObj_CountMarks(thing), _MOST_MARKS)):
        mark = raw.FPDFPageObj_GetMark(thing, index)
        _name[0] = 0
        raw.FPDFPageObjMark_GetName(mark, _name, 2 * len(_name), _length)
        if bytes(_name).startswith(_LAYER):
            return True
    return False


def clip_of(thing: Any) -> Box | None:
    """The box that the object is clipped to, where it stands itself; None: to nothing known."""
    clip = _get_clip(thing)
    count = _count_paths(clip)
    if count <= 0:
        return None
    box: Box | None = None
    for index in range(max(0, count - _MOST_CLIPS), count):
        if (path := _bounds_of_path(clip, index)) is not None:
            box = path if box is None else overlap(box, path) or _NOWHERE
    return box


def _bounds_of_path(clip: Any, index: int) -> Box | None:
    """None where it has more corners than are worth asking for."""
    count = raw.FPDFClipPath_CountPathSegments(clip, index)
    if not 0 <= count <= _MOST_SEGMENTS:
        return None
    xs, ys = [], []
    for number in range(count):
        segment = raw.FPDFClipPath_GetPathSegment(clip, index, number)
        raw.FPDFPathSegment_GetPoint(segment, _number, _second)
        xs.append(_number.value)
        ys.append(_second.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else _NOWHERE
