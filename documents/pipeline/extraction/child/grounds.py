"""Grounds: what areas, thick lines and pictures lie below a text, or are drawn over it later."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from math import inf, isnan
from typing import NamedTuple

from .page_objects import Box, Color, overlap

MAX_COMPARISONS = 2_000_000  # in a document, of a text with a ground in the same part of the page
MAX_PLACES = 200_000  # on a page, of grounds in its parts

_GRID = 16
_CLOSE = 48  # of 255; closer colors may be too close to tell letters from their ground
_LEAST_POINTS = 1.5  # thinner is a rule, which hides no letter
_COVERED_SHARE = 0.3
_LATER = 1 << 40  # annotations are drawn when the page is


_NOWHERE = (inf, inf, -inf, -inf)

Cell = tuple[int, int]

# A text that nothing in its own paint keeps from being seen, as nearly all are: its handle, order,
# box and color, and whether it was filled in. No class, as there are thousands.
Plain = tuple[int, int, Box, Color, bool]


class Ground(NamedTuple):
    order: int
    box: Box
    color: Color | None  # None: a picture, a pattern, or something that shines through
    is_pale: bool = False
    handle: int | None = None


Cells = dict[Cell, list[Ground]]


class Grounds:
    """All of one page, found by where they are; `unit` is the page's point.

    Most pages have none or a few thin rules, which cost little here.
    """

    def __init__(self, page: Box, unit: float, comparisons_left: int) -> None:
        self.unit = unit
        self.thinnest_text = 0.0  # the smallest width or height of what `may_hide` is asked about
        self._left, self._bottom, right, top = page
        self._cell_width = (right - self._left) / _GRID or 1.0
        self._cell_height = (top - self._bottom) / _GRID or 1.0
        self.comparisons_left = comparisons_left
        self._places_left = MAX_PLACES
        self._all: list[Ground] = []
        self._likes: dict[Color | None, Box] = {}

    def add(self, ground: Ground) -> None:
        left, bottom, right, top = self._corners(ground.box)
        self._places_left -= max(0, right - left + 1) * max(0, top - bottom + 1)
        if self._places_left > 0:
            self._all.append(ground)

    @property
    def are_none(self) -> bool:
        return not self._all

    @property
    def has_thin(self) -> bool:
        """Whether some are so thin that it depends on the text whether they may cover it."""
        least = _LEAST_POINTS * self.unit
        return any(
            min(ground.box[2] - ground.box[0], ground.box[3] - ground.box[1]) < least
            for ground in self._all
        )

    def add_annotation(self, box: Box) -> None:
        self.add(Ground(_LATER, box, None))

    def near(self, box: Box) -> Iterator[Ground]:
        """Those that share some of the box, in no order and some more than once."""
        yield from self._near(box, self._cells)

    def _near(self, box: Box, cells: Cells) -> Iterator[Ground]:
        for cell in self._cells_of(box):
            for ground in cells.get(cell, ()):
                self.comparisons_left -= 1
                if self.comparisons_left <= 0:
                    return
                if overlap(ground.box, box):
                    yield ground

    @cached_property
    def _cells(self) -> Cells:
        return self._in_cells(self._all)

    @cached_property
    def _thick_cells(self) -> Cells:
        return self._in_cells(self._thick)

    @cached_property
    def _thick(self) -> list[Ground]:
        """Those that may cover a text: not too thin, and no edge of them is no number."""
        least = min(_LEAST_POINTS * self.unit, self.thinnest_text)
        return [
            ground
            for ground in self._all
            if min(ground.box[2] - ground.box[0], ground.box[3] - ground.box[1]) >= least
            and not any(map(isnan, ground.box))
        ]

    def _in_cells(self, grounds: list[Ground]) -> Cells:
        cells: Cells = {}
        for ground in grounds:
            for cell in self._cells_of(ground.box):
                cells.setdefault(cell, []).append(ground)
        return cells

    def may_hide(self, box: Box, order: int, color: Color | None) -> bool:
        """Whether letters of this color may be lost on what lies below, or under what comes.

        Where there is too much to compare, they may.
        """
        if self.are_none:
            return False
        if self._is_too_much():
            return True
        reaches = self._reach_of_like(color), self._reaches[bisect_right(self._orders, order)]
        if not any(overlap(reach, box) for reach in reaches):
            return False
        return any(
            (ground.order > order or _are_close(color, ground.color))
            and covers(ground, box, self.unit)
            for ground in self._near(box, self._thick_cells)
        )

    def may_hide_any(self, texts: Sequence[Plain]) -> Iterator[Plain]:
        """Those of many for which `may_hide` says so; most are out of reach of any ground."""
        if self.are_none:
            return
        orders, later = self._orders, self._reaches
        likes = {color: self._reach_of_like(color) for color in {text[3] for text in texts}}
        for text in texts:
            _, order, (left, bottom, right, top), color, _ = text
            for reach in (likes[color], later[bisect_right(orders, order)]):
                if (
                    reach[0] < right and left < reach[2] and bottom < reach[3] and reach[1] < top
                ) or self._is_too_much():
                    if self.may_hide(text[2], order, color):
                        yield text
                    break

    @cached_property
    def _orders(self) -> list[int]:
        return [ground.order for ground in self._thick]

    @cached_property
    def _reaches(self) -> list[Box]:
        """For each of the thick ones the box around it and all later ones; then nothing."""
        reaches = [_NOWHERE]
        for ground in reversed(self._thick):
            reaches.append(_around(ground.box, reaches[-1]))
        return reaches[::-1]

    def _reach_of_like(self, color: Color | None) -> Box:
        """The box around those of about this color."""
        if color not in self._likes:
            like = (ground.box for ground in self._thick if _are_close(color, ground.color))
            self._likes[color] = reduce(_around, like, _NOWHERE)
        return self._likes[color]

    def _is_too_much(self) -> bool:
        return self._places_left <= 0 or self.comparisons_left <= 0

    def is_colored(self, box: Box, order: int) -> bool:
        """Whether the last thing drawn below the middle of the box is not white; paper is."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        below = [
            ground for ground in self.near(box) if ground.order < order and _holds(ground.box, x, y)
        ]
        return bool(below) and not max(below, key=lambda ground: ground.order).is_pale

    def _corners(self, box: Box) -> tuple[int, int, int, int]:
        """The first and the last column and row that the box has a part in."""
        width, height = self._cell_width, self._cell_height
        return (
            _cell((box[0] - self._left) / width),
            _cell((box[1] - self._bottom) / height),
            _cell((box[2] - self._left) / width),
            _cell((box[3] - self._bottom) / height),
        )

    def _cells_of(self, box: Box) -> list[Cell]:
        left, bottom, right, top = self._corners(box)
        columns = range(left, right + 1)
        return [(column, row) for row in range(bottom, top + 1) for column in columns]


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


def _around(one: Box, other: Box) -> Box:
    left, bottom, *_ = map(min, one, other)
    _, _, right, top = map(max, one, other)
    return left, bottom, right, top


def _cell(distance: float) -> int:
    if 0.0 <= distance < _GRID - 1.0:
        return int(distance)
    # In this order the bounds of a broken object, which are no numbers, have a cell as well.
    return 0 if distance < 0.0 else _GRID - 1


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _are_close(one: Color | None, other: Color | None) -> bool:
    """Whether they may be too close; a color that is not known may be any."""
    if one is None or other is None:
        return True
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < _CLOSE
