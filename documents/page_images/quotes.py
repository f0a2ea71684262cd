"""Where on the picture of a page its quotes stand.

The stored text is not what PDFium tells: hyphens are resolved, columns put in order, accents put on
their letters. So letters alone are compared, as for proofs, and of several places the one is taken
that lies where the quote lies in the stored text.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from documents.models import Document
from documents.page_images import pictures
from documents.page_images.rendering_slots import slot
from documents.pipeline import stored_content
from documents.pipeline.analysis.evidence.normalization import fold, fold_with_offsets
from documents.pipeline.extraction import drawing
from documents.pipeline.extraction.drawing import Letters, NotDrawn

WHOLE = 10_000  # the width, or the height, of a page
MOST_BOXES = 400
_SHORTEST_PIECE = 8  # letters of a line that is looked for by itself
_KEPT = 32  # pages whose letters are remembered

Span = tuple[int, int]
Box = tuple[int, int, int, int]  # left, top, right, bottom

_remembered: OrderedDict[tuple[UUID, int], Letters] = OrderedDict()
_lock = Lock()


class Marks(NamedTuple):
    """Boxes around the lines of each quote, in shares of the page; `width` of it in points."""

    width: float
    height: float
    quotes: list[list[Box]]  # an empty one was not found

    @property
    def are_complete(self) -> bool:
        return all(self.quotes)


def marks(document: Document, number: int, text: str, spans: Iterable[Span]) -> Marks:
    """The boxes of these places of the stored text of a page.

    A picture has no letters that anybody could ask for, so nothing is found there. Raises what
    `pictures.picture` does.
    """
    if document.is_picture:
        return Marks(0, 0, [[] for _ in spans])
    letters = _letters(document, number)
    page = _Page(letters)
    found = [list(_boxes(page, text, span))[:MOST_BOXES] for span in spans]
    return Marks(letters.width, letters.height, found)


def _letters(document: Document, number: int) -> Letters:
    key = (document.pk, number)
    with _lock:
        if key in _remembered:
            _remembered.move_to_end(key)
            return _remembered[key]

    def locate() -> Letters:
        with stored_content.opened(document) as content:
            return drawing.locate(content, number)

    with slot(document.owner_id):
        found = pictures.unless_hopeless((*key, "letters"), locate)
    with _lock:
        _remembered[key] = found
        while len(_remembered) > _KEPT:
            _remembered.popitem(last=False)
    return found


class _Page:
    """The letters of a page as they are compared, each with its box."""

    def __init__(self, letters: Letters) -> None:
        self.folded, self._places = fold_with_offsets(letters.text)
        self._boxes = letters.boxes

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        for place in dict.fromkeys(self._places[start:end]):
            left, top, right, bottom = self._boxes[place]
            if right > left and bottom > top:  # It has ink, and lies on the page.
                yield left, top, right, bottom

    def nearest(self, wanted: str, at: float) -> int | None:
        """Where these letters begin, of all places the one nearest to a share of the page."""
        target, best = at * len(self.folded), None
        place = self.folded.find(wanted)
        while place >= 0:
            if best is None or abs(place - target) < abs(best - target):
                best = place
            place = self.folded.find(wanted, place + 1)
        return best


def _boxes(page: _Page, text: str, span: Span) -> Iterator[Box]:
    start, end = span
    before = len(fold(text[:start])) / max(1, len(fold(text)))
    quote = text[start:end]
    for piece in _pieces(page, quote, before):
        yield from _lines(page.boxes(*piece))


def _pieces(page: _Page, quote: str, at: float) -> Iterator[Span]:
    """The quote as a whole or, where its lines are told in another order, each line."""
    whole = fold(quote)
    place = page.nearest(whole, at) if whole else None
    if place is not None:
        yield place, place + len(whole)
        return
    for line in quote.splitlines():
        folded = fold(line)
        if len(folded) >= _SHORTEST_PIECE:
            place = page.nearest(folded, at)
            if place is not None:
                yield place, place + len(folded)


def _lines(boxes: Iterable[Box]) -> Iterator[Box]:
    """One box around the letters of each line."""
    line: Box | None = None
    for box in boxes:
        if line is None:
            line = box
        elif _is_beside(line, box):
            line = _around(line, box)
        else:
            yield line
            line = box
    if line is not None:
        yield line


def _is_beside(line: Box, box: Box) -> bool:
    """Whether they share a line, level or upright."""
    return _overlap(line[1], line[3], box[1], box[3]) or (
        _overlap(line[0], line[2], box[0], box[2])
        and _is_upright(line)
        and abs(box[1] - line[3]) < 2 * (box[2] - box[0])
    )


def _is_upright(line: Box) -> bool:
    return line[3] - line[1] > 2 * (line[2] - line[0])


def _overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    shared = min(end, other_end) - max(start, other_start)
    return 2 * shared > min(end - start, other_end - other_start)


def _around(one: Box, two: Box) -> Box:
    return (
        min(one[0], two[0]),
        min(one[1], two[1]),
        max(one[2], two[2]),
        max(one[3], two[3]),
    )


__all__ = ["Marks", "NotDrawn", "marks"]
