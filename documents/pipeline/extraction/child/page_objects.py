"""One object of a page, as PDFium tells of it: where it stands and what paints it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ctypes import addressof, byref, c_float, c_int, c_uint, c_ulong, c_ushort
from struct import Struct
from typing import Any

from . import pdfium as raw

Box = tuple[float, float, float, float]  # left, bottom, right, top
Matrix = tuple[float, float, float, float, float, float]
Color = tuple[int, int, int]

_MOST_MARKS = 8
_MOST_CLIPS = 8
_MOST_SEGMENTS = 16
PATTERN = (0xBF, 0xBF, 0xBF)  # what PDFium says where it has no color to name
_AS_IT_IS: list[float | c_float] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_LAYER = "OC".encode("utf-16-le") + b"\0\0"

# Made once and filled anew for each object, of which a document may have a million.
_box, _matrix = (c_float * 4)(), (c_float * 6)()
_channels, _modes = (c_uint * 4)(), (c_int * 2)()
_name, _length = (c_ushort * 32)(), c_ulong()
_number, _second = c_float(), c_float()


def _places(filled: Any) -> list[int]:
    return [addressof(filled) + number * 4 for number in range(len(filled))]


_edge_places, _channel_places, _mode_places = _places(_box), _places(_channels), _places(_modes)
_matrix_place, _number_place = addressof(_matrix), addressof(_number)
_four_numbers, _four_channels = Struct("4f").unpack_from, Struct("4I").unpack_from


def box_of(thing: int, matrix: Matrix | None) -> Box:
    """The object's bounds on the page; inside a form they have to be carried out of it."""
    raw.FPDFPageObj_GetBounds(thing, *_edge_places)
    box: Box = _four_numbers(_box)
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


def matrix_of(thing: int, outer: Matrix | None) -> Matrix:
    _matrix[:] = _AS_IT_IS
    raw.FPDFPageObj_GetMatrix(thing, _matrix_place)
    a, b, c, d, e, f = _matrix
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


def scale_of(thing: int, outer: Matrix | None) -> float:
    return max(abs(value) for value in matrix_of(thing, outer)[:4])


def font_size(text_object: int) -> float:
    raw.FPDFTextObj_GetFontSize(text_object, _number_place)
    return abs(_number.value)


def color_of(thing: int, into: Callable[..., Any]) -> tuple[Color, int] | None:
    """The color and how opaque it is, of 255 each; None for patterns, which have no color."""
    if not into(thing, *_channel_places):
        return None
    red, green, blue, alpha = _four_channels(_channels)
    color = (red, green, blue)
    return None if color == PATTERN else (color, alpha)


def path_paints(path: int) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked."""
    raw.FPDFPath_GetDrawMode(path, *_mode_places)
    return _modes[0] != raw.FPDF_FILLMODE_NONE, bool(_modes[1])


def stroke_width(path: int) -> float:
    raw.FPDFPageObj_GetStrokeWidth(path, _number_place)
    return _number.value


def has_transparency(thing: int) -> bool:
    """Whether it is blended, masked, or as a form a group of its own."""
    return bool(raw.FPDFPageObj_HasTransparency(thing))


def is_on_layer(thing: int) -> bool:
    """Whether it is marked as optional content, which may be switched off."""
    count = raw.FPDFPageObj_CountMarks(thing)
    handle = thing if count > 0 else None
    for index in range(min(count, _MOST_MARKS)):
        mark = raw.FPDFPageObj_GetMark(handle, index)
        _name[0] = 0
        raw.FPDFPageObjMark_GetName(mark, _name, 2 * len(_name), byref(_length))
        if bytes(_name).startswith(_LAYER):
            return True
    return False


def clip_of(thing: int) -> Box | None:
    """The box that the object is clipped to, where it stands itself; None: to nothing known."""
    count = raw.FPDFClipPath_CountPaths(raw.FPDFPageObj_GetClipPath(thing))
    if count <= 0:
        return None
    clip = raw.FPDFPageObj_GetClipPath(thing)
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
        raw.FPDFPathSegment_GetPoint(segment, byref(_number), byref(_second))
        xs.append(_number.value)
        ys.append(_second.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else _NOWHERE
