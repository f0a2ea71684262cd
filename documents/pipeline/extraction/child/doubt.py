"""Where the drawing order is doubtful: judged by the boxes of whole pieces, which cost little."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from . import batches
from . import pdfium as raw
from .positions import Box, upright

_MAX_PIECES = 5_000
_ROWS = 3  # with a gutter in them
_GUTTER = 0.75  # in heights of the letters
_BULLET = 2.0  # the same, for the width of what stands before a list's item
_UPRIGHT = 1.5  # as high as wide, and as other pieces
_LETTERS = 5  # above each other
_NARROW = 0.3  # of the page: a table's cell, not a column's line
# A raised digit right behind a number: smaller, or with another foot.
_CLOSE, _SMALLER, _SHIFT = 0.25, 0.95, 0.15  # of the higher piece


class Steps:
    """How the drawing goes on from piece to piece."""

    def __init__(self, boxes: list[Box], page_width: float) -> None:
        self.up = self.down = self.up_to_cell = 0
        self.may_be_raised = False
        self._gutters: list[tuple[float, float]] = []
        self.has_turned = _has_turned(boxes)
        for one, two in pairwise(boxes):
            self._count(one, two, _NARROW * page_width)

    @property
    def are_doubtful(self) -> bool:
        """Rows that share a wide gap, as in columns or tables, jumps from cell to cell, turns."""
        is_jumpy = self.up_to_cell > 0 or self.mean_nothing or self.has_turned
        return is_jumpy or self._most_in_one_gutter() >= _ROWS

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
        first, second = one[3] - one[1], two[3] - two[1]
        lower, higher = (first, second) if first < second else (second, first)
        rise = (two[1] + two[3] - one[1] - one[3]) / 2
        # Further than a raised letter or an accent.
        if rise > higher:
            self.up += 1
            is_right_of_it = two[0] >= one[2]
            is_cell = one[2] - one[0] < narrow and two[2] - two[0] < narrow
            self.up_to_cell += is_right_of_it and is_cell
        elif -rise > lower:
            self.down += 1
        elif (gap := two[0] - one[2]) >= _GUTTER * lower:
            if one[2] - one[0] > _BULLET * lower:
                self._gutters.append((one[2], two[0]))
        elif gap < _CLOSE * higher and (
            lower < _SMALLER * higher or abs(two[1] - one[1]) > _SHIFT * higher
        ):
            self.may_be_raised = True


def _has_turned(boxes: list[Box]) -> bool:
    """Whether something stands upright, as a note at the margin, of which PDFium breaks words."""
    heights = sorted(top - bottom for _, bottom, _, top in boxes)
    least = _UPRIGHT * heights[len(heights) // 2] if heights else 0.0
    stacked = sum(_is_stacked(one, two) for one, two in pairwise(boxes))
    return stacked >= _LETTERS or any(
        top - bottom > max(least, _UPRIGHT * (right - left)) for left, bottom, right, top in boxes
    )


def _is_stacked(one: Box, two: Box) -> bool:
    """Whether two narrow pieces, letters mostly, stand right above each other."""
    width = max(one[2] - one[0], two[2] - two[0])
    gap = max(two[1] - one[3], one[1] - two[3])
    is_narrow = width < 2 * max(one[3] - one[1], two[3] - two[1])
    return is_narrow and gap < 0.4 * width and min(one[2], two[2]) - max(one[0], two[0]) > width / 2


def steps(textpage: Any, rotation: int, page: Box) -> Steps:
    boxes = [upright(box, rotation) if rotation else box for box in _boxes(textpage)]
    level = upright(page, rotation)
    return Steps(boxes, level[2] - level[0])


def _boxes(textpage: Any) -> list[Box]:
    """One box for what each text object has on a line."""
    count = max(0, raw.FPDFText_CountRects(textpage, 0, -1))
    return list(zip(*batches.rects(textpage.raw, min(count, _MAX_PIECES)), strict=True))
