"""Rows of forms and tables that an OCR engine read column by column (layout analysis).

Who has to do what by when stands in one row; columns of running text must stay apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby
from statistics import median
from typing import NamedTuple

from .words import Word

FEW_WORDS = 3  # in a line of a label, a number or a cell
_MOST_BLOCKS = 200  # of a page; more is no table, and each is compared with each
_NARROW = 0.2  # of the width of what stands beside it
_SHARED = 0.5  # of the height of the lower block, so that two stand side by side
_IN_STEP = 0.7  # of the lines of the shorter block, so that they are rows


class _Line(NamedTuple):
    words: tuple[Word, ...]
    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def is_level_with(self, other: _Line) -> bool:
        nearness = min(self.bottom - self.top, other.bottom - other.top) / 2
        return abs(self.middle - other.middle) <= max(nearness, 1)


class _Block(NamedTuple):
    """A block of the engine; `place` is its place in the order that the engine gave."""

    place: int
    lines: tuple[_Line, ...]
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    def has_cells_beside(self, other: _Block) -> bool:
        """Labels, numbers or cells; a column of numbers may be taken for one upright line."""
        few = median(len(line.words) for line in self.lines) <= FEW_WORDS
        return few or self.width < _NARROW * other.width


def is_torn(words: Sequence[Word]) -> bool:
    """Whether rows were read by columns, and nothing speaks for columns of running text."""
    pairs = [pair for pair in combinations(_blocks(words), 2) if _are_beside(*pair)]
    return bool(pairs) and all(_has_cells(*pair) for pair in pairs)


def in_rows(words: Sequence[Word]) -> list[Word]:
    """The same words, where blocks side by side are rows of a form or table: row by row."""
    blocks = _blocks(words)
    if not blocks:
        return list(words)
    place = {block.place: block.place for block in blocks}
    for one, other in combinations(blocks, 2):
        if _are_rows(one, other):
            joined, gone = sorted((place[one.place], place[other.place]))
            place = {each: joined if at == gone else at for each, at in place.items()}
    found: list[Word] = []
    for first, together in groupby(
        sorted(blocks, key=lambda each: place[each.place]), key=lambda each: place[each.place]
    ):
        members = list(together)
        found += _rows(members, first) if len(members) > 1 else _words_of(members[0])
    return found


def _are_beside(one: _Block, other: _Block) -> bool:
    left, right = sorted((one, other), key=lambda block: block.left)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    return left.right <= right.left and shared > _SHARED * lower


def _has_cells(one: _Block, other: _Block) -> bool:
    return one.has_cells_beside(other) or other.has_cells_beside(one)


def _are_rows(one: _Block, other: _Block) -> bool:
    if not _are_beside(one, other) or not _has_cells(one, other):
        return False
    shorter, longer = sorted((one, other), key=lambda block: len(block.lines))
    level = sum(any(line.is_level_with(each) for each in longer.lines) for line in shorter.lines)
    return level >= _IN_STEP * len(shorter.lines)


def _rows(blocks: Sequence[_Block], number: int) -> Iterator[Word]:
    """Their lines from top to bottom, cells from left to right, as one block."""
    lines = sorted((line for block in blocks for line in block.lines), key=lambda line: line.middle)
    rows: list[list[_Line]] = []
    for line in lines:
        if rows and line.is_level_with(rows[-1][-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    for count, row in enumerate(rows):
        for cell in sorted(row, key=lambda line: line.left):
            yield from (word._replace(block=number, paragraph=0, line=count) for word in cell.words)


def _words_of(block: _Block) -> Iterator[Word]:
    for line in block.lines:
        yield from line.words


def _blocks(words: Sequence[Word]) -> list[_Block]:
    """As the engine parted the page; none where there are too many to look at."""
    found = []
    for place, (_, of_block) in enumerate(groupby(words, key=lambda word: word.block)):
        lines = tuple(
            _Line(tuple(line), *_box(line))
            for line in (
                list(of_line)
                for _, of_line in groupby(of_block, key=lambda word: (word.paragraph, word.line))
            )
        )
        found.append(_Block(place, lines, *_box(lines)))
    return found if len(found) <= _MOST_BLOCKS else []


def _box(parts: Sequence[Word | _Line]) -> tuple[int, int, int, int]:
    return (
        min(part.left for part in parts),
        min(part.top for part in parts),
        max(part.right for part in parts),
        max(part.bottom for part in parts),
    )
