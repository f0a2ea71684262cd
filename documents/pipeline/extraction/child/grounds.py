"""Grounds: what areas, thick lines and pictures lie below a text, or are drawn over it later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .page_objects import Box, Color, overlap

MAX_COMPARISONS = 2_000_000  # in a document, of a text with a ground in the same part of the page
MAX_PLACES = 200_000  # on a page, of grounds in its parts

_GRID = 16
_CLOSE = 48  # of 255; closer colors may be too close to tell letters from their ground
_LEAST_POINTS = 1.5  # thinner is a rule, which hides no letter
_COVERED_SHARE = 0.3
_LATER = 1 << 40  # annotations are drawn when the page is


class Ground(NamedTuple):
    order: int
    box: Box
    color: Color | None  # None: a picture, a pattern, or something that shines through
    is_pale: bool = False
    handle: Any = None


class Grounds:
    """All of one page, found by where they are; `unit` is the page's point."""

    def __init__(self, page: Box, unit: float, comparisons_left: int) -> None:
        self.page, self.unit = page, unit
        self.comparisons_left = comparisons_left
        self._places_left = MAX_PLACES
        self._cells: dict[tuple[int, int], list[Ground]] = {}

    def add(self, ground: Ground) -> None:
        for cell in self._cells_of(ground.box):
            self._places_left -= 1
            if self._places_left > 0:
                self._cells.setdefault(cell, []).append(ground)

    def add_annotation(self, box: Box) -> None:
        self.add(Ground(_LATER, box, None))

    def near(self, box: Box) -> Iterator[Ground]:
        """Those that share some of the box, in no order and some more than once."""
        for cell in self._cells_of(box):
            for ground in self._cells.get(cell, ()):
                self.comparisons_left -= 1
                if self.comparisons_left <= 0:
                    return
                if overlap(ground.box, box):
                    yield ground

    def may_hide(self, box: Box, order: int, color: Color | None) -> bool:
        """Whether letters of this color may be lost on what lies below, or under what comes.

        Where there is too much to compare, they may.
        """
        if not self._cells:
            return False
        return self._is_too_much() or any(
            covers(ground, box, self.unit)
            and (
                ground.order > order
                or color is None
                or ground.color is None
                or _are_close(color, ground.color)
            )
            for ground in self.near(box)
        )

    def _is_too_much(self) -> bool:
        return self._places_left <= 0 or self.comparisons_left <= 0

    def is_colored(self, box: Box, order: int) -> bool:
        """Whether the last thing drawn below the middle of the box is not white; paper is."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        below = [
            ground for ground in self.near(box) if ground.order < order and _holds(ground.box, x, y)
        ]
        return bool(below) and not max(below, key=lambda ground: ground.order).is_pale

    def _cells_of(self, box: Box) -> Iterator[tuple[int, int]]:
        left, bottom, right, top = self.page
        width, height = (right - left) / _GRID or 1.0, (top - bottom) / _GRID or 1.0
        columns = range(_cell(box[0] - left, width), _cell(box[2] - left, width) + 1)
        for row in range(_cell(box[1] - bottom, height), _cell(box[3] - bottom, height) + 1):
            for column in columns:
                yield column, row


def covers(ground: Ground, box: Box, unit: float) -> bool:
    """Whether it may cover a letter of what stands in the box."""
    shared = overlap(ground.box, box)
    if shared is None:
        return False
    width, height = shared[2] - shared[0], shared[3] - shared[1]
    least = _LEAST_POINTS * unit
    if min(width, height) < min(least, box[2] - box[0], box[3] - box[1]):
        return False
    # Of a letter across or along: which way the line runs is not known here.
    shares = (width / (box[2] - box[0]), height / (box[3] - box[1]))
    return max(shares) >= _COVERED_SHARE


def _cell(distance: float, size: float) -> int:
    # In this order the bounds of a broken object, which are no numbers, have a cell as well.
    return int(max(0.0, min(_GRID - 1.0, distance / size)))


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _are_close(one: Color, other: Color) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < _CLOSE
