"""Suspects letter by letter: which characters each has, where they stand, and which are seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import byref, c_double
from itertools import repeat
from typing import Any

from . import pdfium as raw
from .page_objects import Box, area, around, overlap
from .pixels import NotRendered
from .text_paint import Text

MAX_CHARACTERS = 50_000  # on a page, of its suspects
MAX_PAIRS = 200_000  # of suspects, looked at for what overlaps


class Letters:
    """The characters of one suspect; blanks have no box. `seen` is filled in as it is judged."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.characters: list[str] = []
        self.boxes: list[Box | None] = []
        self.seen: list[bool] = []

    @property
    def place(self) -> Box:
        """Around all letters, or the object's own box where PDFium took no characters of it."""
        return around([box for box in self.boxes if box]) or self.text.box

    @property
    def can_be_seen(self) -> bool:
        """Whether there is ink to look for: blanks have none."""
        return any(self.boxes) or (not self.characters and area(self.text.box) > 0)

    @property
    def has_true_boxes(self) -> bool:
        """Whether the letters stand within their object; some fonts say nonsense of their size."""
        boxes = [box for box in self.boxes if box]
        return 2 * sum(bool(overlap(box, self.text.box)) for box in boxes) >= len(boxes) > 0


def letters_of(page: Any, suspects: Sequence[Text]) -> list[Letters]:
    """Raises `NotRendered` where they are too many to be looked at."""
    found = {text.handle: Letters(text) for text in suspects}
    textpage = page.get_textpage()
    for letters, indexes in _characters_of(found, textpage):
        letters.characters = [chr(raw.FPDFText_GetUnicode(textpage, at)) for at in indexes]
        letters.boxes = list(_boxes(letters, textpage, indexes))
    return list(found.values())


def _characters_of(found: dict[int, Letters], textpage: Any) -> Iterator[tuple[Letters, list[int]]]:
    indexes: dict[int, list[int]] = {}
    allowed = MAX_CHARACTERS
    every = range(textpage.count_chars())
    handles = map(raw.FPDFText_GetTextObject, repeat(textpage.raw), every)
    for index, handle in enumerate(handles):
        if handle in found:
            indexes.setdefault(handle, []).append(index)
            allowed -= 1
            if not allowed:
                raise NotRendered
    for handle, own in indexes.items():
        yield found[handle], own


_left, _right, _bottom, _top = c_double(), c_double(), c_double(), c_double()
_edges = byref(_left), byref(_right), byref(_bottom), byref(_top)


def _boxes(letters: Letters, textpage: Any, indexes: list[int]) -> Iterator[Box | None]:
    has_blanks = any(character.isspace() for character in letters.characters)
    # A recognized word is looked at as a whole, and scans hold thousands.
    is_word = letters.text.is_unpainted and not letters.text.is_clip and not has_blanks
    for index, character in zip(indexes, letters.characters, strict=True):
        if is_word:
            yield letters.text.box
        elif character.isspace():
            yield None
        else:
            raw.FPDFText_GetCharBox(textpage, index, *_edges)
            yield _left.value, _bottom.value, _right.value, _top.value


@contextmanager
def without(handles: Iterable[int]) -> Iterator[None]:
    """Objects that are not there meanwhile."""
    gone = list(handles)
    for handle in gone:
        raw.FPDFPageObj_SetIsActive(handle, False)
    try:
        yield
    finally:
        for handle in gone:
            raw.FPDFPageObj_SetIsActive(handle, True)


def layers(everyone: list[Letters], most: int) -> list[list[Letters]]:
    """Suspects that overlap others, so parted that within a layer none do; or the first layers."""
    ordered = sorted(everyone, key=lambda each: each.place[1])
    taken: list[list[Letters]] = []
    apart = _overlapping(ordered)
    layer_of: dict[int, int] = {}
    for number, others in sorted(apart.items()):
        used = {layer_of[other] for other in others if other in layer_of}
        layer = next(each for each in range(len(used) + 1) if each not in used)
        layer_of[number] = layer
        if layer == len(taken):
            taken.append([])
        taken[layer].append(ordered[number])
    return taken[:most]


def _overlapping(ordered: list[Letters]) -> dict[int, set[int]]:
    """Which of them, sorted by their lower edges, overlap which others by more than an edge."""
    found: dict[int, set[int]] = {}
    allowed = MAX_PAIRS
    for number, one in enumerate(ordered):
        for other in range(number + 1, len(ordered)):
            allowed -= 1
            if allowed <= 0 or ordered[other].place[1] >= one.place[3]:
                break
            shared = overlap(one.place, ordered[other].place)
            if shared and area(shared) > 0.1 * min(area(one.place), area(ordered[other].place)):
                found.setdefault(number, set()).add(other)
                found.setdefault(other, set()).add(number)
    return found
