"""Many calls of PDFium at once: one by one, the lines of Python around them take longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ctypes import addressof, c_double, c_float, c_uint
from itertools import repeat
from struct import Struct, unpack
from typing import Any

from . import pdfium as raw

Four = tuple[Any, Any, Any, Any]
Edges = tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]]

_SIZE = 16  # bytes of four numbers
_four_floats, _four_numbers = Struct("4f").iter_unpack, Struct("4I").iter_unpack


def listed(function: Callable[[int | None, int], Any], owner: int | None, count: int) -> list[Any]:
    """What is in a page or in a form, by its number."""
    return list(map(function, repeat(owner), range(count)))


def boxes_of(things: Sequence[int]) -> Iterable[Four]:
    """Of objects where they stand themselves: left, bottom, right, top."""
    places = (c_float * (4 * len(things)))()
    _fill(raw.FPDFPageObj_GetBounds, things, addressof(places))
    return _four_floats(places)


def fill_colors(things: Sequence[int]) -> tuple[list[int], Iterable[Four]]:
    """Of objects whether there is one, and red, green, blue and how opaque, of 255."""
    places = (c_uint * (4 * len(things)))()
    return _fill(raw.FPDFPageObj_GetFillColor, things, addressof(places)), _four_numbers(places)


def _fill(function: Callable[..., int], things: Sequence[int], start: int) -> list[int]:
    """Have four numbers of each thing written, one behind the other."""
    end = start + _SIZE * len(things)
    columns = [range(start + offset, end, _SIZE) for offset in range(0, _SIZE, 4)]
    return list(map(function, things, *columns))


def rects(textpage: int | None, count: int) -> Edges:
    """Of the first pieces of a text: left edges, bottoms, right edges and tops."""
    places = (c_double * (4 * count))()
    start = addressof(places)
    end = start + 2 * _SIZE * count
    columns = [range(start + offset, end, 2 * _SIZE) for offset in range(0, 2 * _SIZE, 8)]
    list(map(raw.FPDFText_GetRect, repeat(textpage), range(count), *columns))
    told = unpack(f"{len(places)}d", places)
    return told[0::4], told[3::4], told[2::4], told[1::4]


def loose_boxes(textpage: int | None, indexes: Sequence[int]) -> Edges:
    """The left edges of characters, their bottoms, right edges and tops."""
    places = (c_float * (4 * len(indexes)))()
    start = addressof(places)
    each = range(start, start + _SIZE * len(indexes), _SIZE)
    list(map(raw.FPDFText_GetLooseCharBox, repeat(textpage), indexes, each))
    told = unpack(f"{len(places)}f", places)
    return told[0::4], told[3::4], told[2::4], told[1::4]
