"""Where the drawing order is doubtful: judged by the boxes of whole pieces, which cost little."""

from __future__ import annotations

from ctypes import c_double
from itertools import pairwise
from typing import Any

import pypdfium2.raw as raw

from .positions import Box, upright

_MAX_PIECES = 5_000
_ROWS = 3  # with a gutter in them
_GUTTER = 0.75  # in heights of the letters
_BULLET = 2.0  # the same, for the width of what stands before a list's item
_NARROW = 0.3  # of the page: a table's cell, not a column's line


class Steps:
    """How the drawing goes on from piece to piece."""

    def __init__(self, boxes: list[Box], page_width: float) -> None:
        self.up = self.down = self.up_to_cell = 0
        self._gutters: list[tuple[float, float]] = []
        for one, two in pairwise(boxes):
            self._count(one, two, _NARROW * page_width)

    @property
    def are_doubtful(self) -> bool:
        """Rows that share a wide gap, as in columns or tables, or a jump from cell to cell."""
        return self.up_to_cell > 0 or self.mean_nothing or self._most_in_one_gutter() >= _ROWS

    @property
    def mean_nothing(self) -> bool:
        """Whether lines are drawn in no order, or from the foot of the page."""
        return self.up >= _ROWS and self.up > self.down

    def _most_in_one_gutter(self) -> int:
        edges = sorted(
            edge for left, right in self._gutters for edge in ((left, 1), (right - 0.01, -1))
        )
        most = current = 0
        for _, change in edges:
            current += change
            most = max(most, current)
        return most

    def _count(self, one: Box, two: Box, narrow: float) -> None:
        height = min(one[3] - one[1], two[3] - two[1])
        rise = (two[1] + two[3] - one[1] - one[3]) / 2
        # Further than a raised letter or an accent.
        if rise > max(one[3] - one[1], two[3] - two[1]):
            self.up += 1
            is_right_of_it = two[0] >= one[2]
            is_cell = one[2] - one[0] < narrow and two[2] - two[0] < narrow
            self.up_to_cell += is_right_of_it and is_cell
        elif -rise > height:
            self.down += 1
        elif two[0] - one[2] >= _GUTTER * height and one[2] - one[0] > _BULLET * height:
            self._gutters.append((one[2], two[0]))


def steps(textpage: Any, rotation: int, page: Box) -> Steps:
    boxes = [upright(box, rotation) for box in _boxes(textpage)]
    level = upright(page, rotation)
    return Steps(boxes, level[2] - level[0])


def _boxes(textpage: Any) -> list[Box]:
    """One box for what each text object has on a line."""
    count = raw.FPDFText_CountRects(textpage, 0, -1)
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    boxes = []
    for index in range(min(count, _MAX_PIECES)):
        raw.FPDFText_GetRect(textpage, index, left, top, right, bottom)
        boxes.append((left.value, bottom.value, right.value, top.value))
    return boxes
