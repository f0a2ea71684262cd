"""Raised and lowered digits: footnote marks, powers, cents and indexes stay apart from the number.

PDFium tells the letters of "500¹" without the height at which they stand, which would be 5001.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double
from itertools import groupby
from typing import Any, NamedTuple

from . import pdfium as raw
from .batches import loose_boxes
from .positions import upright

_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LOWERED = str.maketrans("0123456789+-−–", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")
AS_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
# Digits, and what may stand between two without a space.
_NUMBER = re.compile(r"[0-9][0-9.,:/()*+−–-]*[0-9]")
_MOST_NUMBERS = 2_000  # on a page
_LONGEST = 60

_SMALLER = 0.9  # of the number's height: browsers take 0.83, TeX 0.7
_RAISE, _DROP = 0.15, -0.08  # of the number's height, between the feet of the letters
_RAISE_OF_EQUALS = 0.25  # of marks that are as high as the number


class _Piece(NamedTuple):
    """What one text object has of a number; `foot` and `height` are those of its letters."""

    numbers: list[int]  # of characters, in PDFium's list
    foot: float
    height: float


def digits(textpage: Any, everything: str, rotation: int) -> dict[int, str]:
    """Of characters, by their number in PDFium's list: how they are written."""
    found: dict[int, str] = {}
    for count, number in enumerate(_NUMBER.finditer(everything)):
        if count >= _MOST_NUMBERS:
            break
        indexes = range(*number.span())
        if len(indexes) <= _LONGEST:
            for index, table in _moved(_pieces(textpage, indexes, rotation)):
                found[index] = everything[index].translate(table)
    return found


def _pieces(textpage: Any, indexes: Sequence[int], rotation: int) -> list[_Piece]:
    """The parts of a number by text object: heights differ between them alone."""
    place = textpage.raw
    owners = [(raw.FPDFText_GetTextObject(place, index), index) for index in indexes]
    parts = [[index for _, index in part] for _, part in groupby(owners, lambda each: each[0])]
    if len(parts) < 2:
        return []
    return [_piece(place, part, rotation) for part in parts]


_x, _y = c_double(), c_double()


def _piece(place: int | None, numbers: list[int], rotation: int) -> _Piece:
    # The loose box is that of the font: digits of a text font have depths of their own.
    [box] = zip(*loose_boxes(place, numbers[:1]), strict=True)
    raw.FPDFText_GetCharOrigin(place, numbers[0], byref(_x), byref(_y))
    _, bottom, _, top = upright(box, rotation)
    _, foot, _, _ = upright((_x.value, _y.value, _x.value, _y.value), rotation)
    return _Piece(numbers, foot, top - bottom)


def _moved(pieces: list[_Piece]) -> Iterator[tuple[int, dict[int, int]]]:
    """The characters that stand higher or lower than the number itself, which is the highest."""
    if not pieces:
        return
    base = max(pieces, key=lambda piece: piece.height)
    for piece in pieces:
        if (table := _table(piece, base)) is not None:
            yield from ((number, table) for number in piece.numbers)


def _table(piece: _Piece, base: _Piece) -> dict[int, int] | None:
    if piece is base or not 0 < piece.height <= base.height:
        return None
    rise = (piece.foot - base.foot) / base.height
    if abs(rise) >= 1:  # another line
        return None
    is_smaller = piece.height <= _SMALLER * base.height
    if rise >= (_RAISE if is_smaller else _RAISE_OF_EQUALS):
        return _RAISED
    return _LOWERED if is_smaller and rise <= _DROP else None
