"""One look at the suspects of a page: with all, with none and with some of them on it."""

from __future__ import annotations

from ctypes import byref, c_uint
from math import inf
from typing import Any

from . import pdfium as raw
from .hidden_text import Found
from .page_objects import Box, around, overlap
from .pixels import MAX_PICTURE_PIXELS, Budget, Camera, Change, NotRendered, PixelBox
from .suspects import Letters, layers, without

MAX_LAYERS = 4
MAX_PICTURES = 1_000

_SEEN_ROWS = 0.3  # tips of letters that a bar leaves out are fewer
_WHOLE_BOX = 0.85  # letters leave more of their boxes free


class Look:
    """Raises `NotRendered` when it is made or used beyond the limits of time and memory."""

    def __init__(self, page: Any, found: Found, everyone: list[Letters], budget: Budget) -> None:
        self.everyone = everyone
        self._later = found.grounds.near
        parts = [part for each in everyone if (part := overlap(each.place, found.page))]
        part = around(parts)
        if part is None or _picture_pixels(found) > MAX_PICTURE_PIXELS:
            raise NotRendered
        # Words of a scan are compared with all that it shows.
        part = found.page if found.is_scan else part
        self.camera = Camera(page, found.page, part, _height(everyone, found), budget)
        self._budget = budget
        with without(letters.text.handle for letters in everyone):
            self.bare = self.camera.shoot()

    def mark_seen(self) -> None:
        """Fill in which letters of the suspects are seen."""
        painted = [letters for letters in self.everyone if not letters.text.is_unpainted]
        clips = [letters for letters in self.everyone if letters.text.is_clip]
        if not painted and not clips:
            return
        self.full = self.camera.shoot()
        whole = Change(self.full, self.bare)
        changing = [letters for letters in painted if self._mark(letters, [whole])]
        for layer in layers(changing, MAX_LAYERS):
            self._mark_layer(layer)
        if clips:
            self._mark_clips(clips)

    def _mark_layer(self, layer: list[Letters]) -> None:
        """Once more those that overlap others, which may be what was seen.

        Both without them and with only them: of a text that is painted twice, each hides that
        the other is gone.
        """
        layered = {id(letters) for letters in layer}
        with without(letters.text.handle for letters in layer):
            gone = Change(self.full, self.camera.shoot())
        others = [each.text.handle for each in self.everyone if id(each) not in layered]
        with without(others):
            alone = Change(self.bare, self.camera.shoot())
        for letters in layer:
            self._mark(letters, [gone, alone])

    def _mark(self, letters: Letters, changes: list[Change]) -> bool:
        """Fill in what is seen by any of the changes; returns whether something is."""
        self._budget.check()
        letters.seen = [bool(box) and self._is_seen(changes, box) for box in letters.boxes]
        if letters.has_true_boxes:
            return any(letters.seen)
        is_seen = self._is_seen(changes, letters.text.box)
        letters.seen = [is_seen] * max(1, len(letters.boxes))
        return is_seen

    def _is_seen(self, changes: list[Change], box: Box | None) -> bool:
        place = self.camera.pixels_of(box) if box else None
        if place is None:
            return True  # What stands off the page is told apart elsewhere.
        least = max(1.0, _SEEN_ROWS * (place[3] - place[1]))
        return any(change.has_rows(place, least) for change in changes)

    def _mark_clips(self, clips: list[Letters]) -> None:
        """Letters that nothing paints, but that may be what something else is painted through."""
        paints = {
            ground.handle
            for letters in clips
            for ground in self._later(letters.text.box)
            if ground.handle and ground.order > letters.text.order
        }
        with without(paints):
            change = Change(self.full, self.camera.shoot())
        for letters in clips:
            places = [self.camera.pixels_of(box) for box in letters.boxes if box]
            inside = [place for place in places if place]
            painted = sum(change.pixels(place) for place in inside)
            if painted < _WHOLE_BOX * sum(_area(place) for place in inside):
                self._mark(letters, [change])


def _height(everyone: list[Letters], found: Found) -> float:
    """How high most suspects are, within reason; a full stop is no measure."""
    heights = sorted(map(_height_of, everyone))
    return max(8 * found.unit, heights[len(heights) // 10])


def _height_of(letters: Letters) -> float:
    """Of a slanted line, the box around all of it is many times as high as its letters."""
    boxes = [box for box in letters.boxes if box] if letters.has_true_boxes else []
    sides = [max(right - left, top - bottom) for left, bottom, right, top in boxes]
    left, bottom, right, top = letters.text.box
    return min(right - left, top - bottom, max(sides, default=inf))


def _area(place: PixelBox) -> int:
    return (place[2] - place[0]) * (place[3] - place[1])


def _picture_pixels(found: Found) -> int:
    width, height = c_uint(), c_uint()
    pixels = 0
    for picture in found.pictures[:MAX_PICTURES]:
        raw.FPDFImageObj_GetImagePixelSize(picture.handle, byref(width), byref(height))
        pixels += width.value * height.value
    return pixels
