"""Rulings of tables and forms, taken off a picture before its text is recognized (OCR).

Tesseract takes a ruled table for a drawing and passes over the words in it without a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Half an inch at 200 dots: no letter of a text has a stroke so long, and no ruling is so thick.
LONG, THICK = 100, 10

_DARK = bytes(1 if tone < 150 else 0 for tone in range(256))
_NEEDLE = b"\x01" * LONG
_RUN = re.compile(b"\x01+")


class _Grid(NamedTuple):
    """Dark dots, row after row; of the turned picture, column after column."""

    dots: bytes
    width: int


def without_rulings(pixels: bytes, width: int, height: int) -> bytes:
    """The gray picture with thin lines, across and down, turned white."""
    across = _Grid(pixels.translate(_DARK), width)
    down = _Grid(b"".join(across.dots[x::width] for x in range(width)), height)
    picture = bytearray(pixels)
    for row, start, end in _rulings(across):
        first = row * width + start
        picture[first : first + end - start] = b"\xff" * (end - start)
    for column, start, end in _rulings(down):
        picture[start * width + column : end * width : width] = b"\xff" * (end - start)
    return bytes(picture)


def _rulings(grid: _Grid) -> Iterator[tuple[int, int, int]]:
    """Row, start and end of each run of dark dots that is long and belongs to something thin."""
    dots, width = grid
    position = dots.find(_NEEDLE)
    while position >= 0:
        row, start = divmod(position, width)
        run = _RUN.match(dots, position, (row + 1) * width)
        end = run.end() if run else position + 1
        if end - position >= LONG and _is_thin(grid, position, end):
            yield row, start, start + end - position
        position = dots.find(_NEEDLE, end)


def _is_thin(grid: _Grid, start: int, end: int) -> bool:
    """Looked at in ten places, as words may touch it and other rulings cross it at even steps."""
    step = (end - start) / 11
    return any(_thickness(grid, start + int(step * place)) <= THICK for place in range(1, 11))


def _thickness(grid: _Grid, position: int) -> int:
    return 1 + _dark_from(grid, position, grid.width) + _dark_from(grid, position, -grid.width)


def _dark_from(grid: _Grid, position: int, step: int) -> int:
    count = 0
    position += step
    while count <= THICK and 0 <= position < len(grid.dots) and grid.dots[position]:
        count += 1
        position += step
    return count
