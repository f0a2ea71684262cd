"""Pixels: parts of a page rendered with and without some of its text, and what that changes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from ctypes import byref, string_at
from math import floor, sqrt
from typing import Any

from . import pdfium as raw
from .page_objects import Box, area

MAX_SECONDS = 4.0  # of computing, for a document
MAX_PIXELS_PER_SHOT = 1_500_000
MAX_PIXELS_PER_DOCUMENT = 600_000_000
MAX_PICTURE_PIXELS = 60_000_000  # on one page, at up to four bytes; the process may have a GB
PIXELS_OF_TEXT = 14

# Blue, green, red and how opaque: without the last, PDFium knows no blend modes.
_BYTES = 4
# A difference below 8 of 255 never changes both, one of 16 always does.
_STEPS = bytes(value >> 4 for value in range(256))
_OTHER_STEPS = bytes(value + 8 >> 4 for value in range(256))
_ANY = bytes([0]) + bytes([1]) * 255

_FAR = 1e8
_ENOUGH = 24  # pixels in a row, and rows, to know how light a place is

PixelBox = tuple[int, int, int, int]  # left, top, right, bottom


class NotRendered(Exception):
    """There is no time left, or no memory, or nothing to render."""


class Budget:
    """What looking may cost one document; PDFium is stopped in the middle of a page.

    Time runs within the context. Raises `NotRendered` where there is none left.
    """

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self.seconds_left = seconds
        self.pixels_left = MAX_PIXELS_PER_DOCUMENT
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds_left -= time.process_time() - self._began

    def check(self) -> None:
        if time.process_time() - self._began >= self.seconds_left or self.pixels_left <= 0:
            raise NotRendered

    def render(self, bitmap: Any, page: Any, place: tuple[int, ...], pixels: int) -> None:
        self.pixels_left -= pixels
        self.check()
        _pause.deadline = self._began + self.seconds_left
        status = raw.FPDF_RenderPageBitmap_Start(
            bitmap, page, *place, raw.FPDF_ANNOT, byref(_pause.handle)
        )
        raw.FPDF_RenderPage_Close(page)
        if status != raw.FPDF_RENDER_DONE:
            raise NotRendered


class _Pause:
    """What PDFium asks while it renders. Made when this is imported: it takes memory that runs."""

    def __init__(self) -> None:
        self.deadline = 0.0
        callback = raw.Pause.CALLBACK(self._is_over)
        self.handle = raw.Pause(version=1, NeedToPauseNow=callback)

    def _is_over(self, _: Any) -> bool:
        return time.process_time() > self.deadline


_pause = _Pause()


class Camera:
    """Takes pictures of one part of a page, upright however the page is turned."""

    def __init__(
        self, page: Any, page_box: Box, part: Box, smallest: float, budget: Budget
    ) -> None:
        """`smallest` is how high the text is that has to be made out."""
        width, height = page_box[2] - page_box[0], page_box[3] - page_box[1]
        if area(part) <= 0 or smallest <= 0:
            raise NotRendered
        scale = min(PIXELS_OF_TEXT / smallest, sqrt(MAX_PIXELS_PER_SHOT / area(part)))
        if max(width, height) * scale > _FAR:
            raise NotRendered
        self._size = (max(1, round(width * scale)), max(1, round(height * scale)))
        self._scales = (self._size[0] / width, self._size[1] / height)
        self._page, self._budget = page, budget
        self._origin = (page_box[0], page_box[3])
        self._offset = (0, 0)
        left, top, right, bottom = self._pixels(part)
        self._offset = (left, top)
        self.width, self.height = right - left, bottom - top
        self._turn = -page.get_rotation() // 90 % 4

    def shoot(self) -> Shot:
        bitmap = raw.FPDFBitmap_CreateEx(self.width, self.height, raw.FPDFBitmap_BGRA, None, 0)
        if not bitmap:
            raise NotRendered
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, self.width, self.height, 0xFFFFFFFF)
            place = (-self._offset[0], -self._offset[1], *self._size, self._turn)
            self._budget.render(bitmap, self._page, place, self.width * self.height)
            stride = raw.FPDFBitmap_GetStride(bitmap)
            buffer = raw.FPDFBitmap_GetBuffer(bitmap)
            return Shot(string_at(buffer, stride * self.height), stride)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)

    def pixels_of(self, box: Box) -> PixelBox | None:
        """The box in the pictures; None where it lies outside of them."""
        left, top, right, bottom = self._pixels(box)
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.width, right), min(self.height, bottom)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _pixels(self, box: Box) -> PixelBox:
        across, down = self._scales
        left, right = (_whole((x - self._origin[0]) * across) for x in (box[0], box[2]))
        top, bottom = (_whole((self._origin[1] - y) * down) for y in (box[3], box[1]))
        x, y = self._offset
        return left - x, top - y, right + 1 - x, bottom + 1 - y


def _whole(distance: float) -> int:
    # In this order what is no number, as in a broken object, lies outside of every picture.
    return floor(max(-_FAR, min(_FAR, distance)))


class Shot:
    """A picture: four bytes a pixel, row by row from the top."""

    def __init__(self, data: bytes, stride: int) -> None:
        self.data, self.stride = data, stride

    def row(self, y: int, left: int, right: int) -> bytes:
        start = y * self.stride
        return self.data[start + _BYTES * left : start + _BYTES * right]

    def contrast(self, box: PixelBox, specks: float = 0.02) -> int:
        """Between the lightest and the darkest in a box, of 255, but for a share of both."""
        lights = self._lights(box)
        few = int(specks * len(lights))
        return lights[-1 - few] - lights[few]

    def darkest(self, box: PixelBox, but: float) -> int:
        lights = self._lights(box)
        return lights[int(but * len(lights))]

    def _lights(self, box: PixelBox) -> list[int]:
        """How light the pixels of a box are, of 255, in order; green is most of what eyes see."""
        left, top, right, bottom = box
        across = _BYTES * max(1, (right - left) // _ENOUGH)
        down = max(1, (bottom - top) // _ENOUGH)
        rows = (self.row(y, left, right)[1::across] for y in range(top, bottom, down))
        return sorted(b"".join(rows))


class Change:
    """Where two pictures of the same part differ so much that a person may see it."""

    def __init__(self, one: Shot, other: Shot) -> None:
        self._one, self._other = one, other
        self._rows: dict[int, bytes | None] = {}

    def has_rows(self, box: PixelBox, least: float) -> bool:
        """Whether so many rows of the box hold a change; no more of them are looked at."""
        left, top, right, bottom = box
        found = 0
        for row in self._changed(top, bottom):
            if row.find(1, left, right) >= 0:
                found += 1
                if found >= least:
                    return True
        return False

    def pixels(self, box: PixelBox) -> int:
        left, top, right, bottom = box
        return sum(row.count(1, left, right) for row in self._changed(top, bottom))

    def _changed(self, top: int, bottom: int) -> Iterable[bytes]:
        for y in range(top, bottom):
            if y not in self._rows:
                self._rows[y] = self._compare(y)
            if (row := self._rows[y]) is not None:
                yield row

    def _compare(self, y: int) -> bytes | None:
        """One byte a pixel, 1 where it changed; None where the row did not."""
        start, end = y * self._one.stride, (y + 1) * self._one.stride
        one, other = self._one.data[start:end], self._other.data[start:end]
        if one == other:
            return None
        changed = _differ(one, other, _STEPS) & _differ(one, other, _OTHER_STEPS)
        row = changed.to_bytes(len(one), "little")
        ends = len(row) - len(row) % _BYTES
        whole = 0
        for color in range(_BYTES - 1):
            whole |= int.from_bytes(row[color:ends:_BYTES], "little")
        return whole.to_bytes(ends // _BYTES, "little")


def _differ(one: bytes, other: bytes, steps: bytes) -> int:
    """A number with a byte of 1 for every two bytes that are on different steps."""
    both = int.from_bytes(one.translate(steps), "little") ^ int.from_bytes(
        other.translate(steps), "little"
    )
    return int.from_bytes(both.to_bytes(len(one), "little").translate(_ANY), "little")
