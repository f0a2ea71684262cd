"""Where the letters of a page stand on its picture, in ten-thousandths of its width and height."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as raw

WHOLE = 10_000
_FINE = 10_000_000  # pixels of the picture that is asked about; PDFium answers in whole ones
_FAR = 1_000.0  # points between the places asked about

_rectangle = raw.FS_RECTF()
_edges_of = struct.Struct("4f").unpack_from

Convert = Callable[[float, float], tuple[float, float]]


def boxes_of(page: Any, textpage: Any, count: int) -> list[int]:
    """Left, top, right and bottom of each character, one after the other.

    As the page is shown: upright, and cut to its box.
    """
    convert = _conversion(page)
    found: list[int] = []
    for index in range(count):
        raw.FPDFText_GetLooseCharBox(textpage, index, _rectangle)
        left, top, right, bottom = _edges_of(_rectangle)
        x, y = convert(left, bottom)
        x2, y2 = convert(right, top)
        found += (_share(min(x, x2)), _share(min(y, y2)), _share(max(x, x2)), _share(max(y, y2)))
    return found


def _share(part: float) -> int:
    # In this order what is no number, as in a broken font, lies at the edge.
    return round(WHOLE * max(0.0, min(1.0, part)))


def _conversion(page: Any) -> Convert:
    """From points of the page to shares of its picture; PDFium knows turns and boxes."""
    x0, y0 = _asked(page, 0.0, 0.0)
    across, down = _asked(page, _FAR, 0.0), _asked(page, 0.0, _FAR)
    a, b = (across[0] - x0) / _FAR, (across[1] - y0) / _FAR
    c, d = (down[0] - x0) / _FAR, (down[1] - y0) / _FAR
    return lambda x, y: (x0 + a * x + c * y, y0 + b * x + d * y)


def _asked(page: Any, x: float, y: float) -> tuple[float, float]:
    right, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, right, down)
    return right.value / _FINE, down.value / _FINE
