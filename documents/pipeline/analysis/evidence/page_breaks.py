"""Quotes over a page break: running heads, footers and page numbers stand between the halves.

A line is a running one where the same stands at the edge of other pages too, digits aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.document_index import DocumentIndex, Span
from documents.pipeline.analysis.evidence.excerpts import excerpt
from documents.pipeline.analysis.schema import Evidence

_EDGE = 3  # lines at the top and at the bottom of a page
_FEWEST_PAGES = 2  # with a line, for it to be a running one
_LONGEST_LINE = 200
_SHORTEST_HALF = 4  # letters on either page
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,6}")


class PageBreaks:
    """Finds quotes that go on below the head of the next page."""

    def __init__(self, index: DocumentIndex) -> None:
        self._index = index

    def find(self, quote: str, folded: str, page: int | None) -> Evidence | None:
        """The longer half of the quote, where both stand on either side of a page break."""
        claimed = self._index.position_of(page)
        breaks = range(len(self._bodies) - 1)
        for before in sorted(breaks, key=lambda place: abs(place - (claimed or 0))):
            halves = self._halves(folded, self._bodies[before], self._bodies[before + 1])
            if halves and self._has_figures_of(quote, halves):
                longer = max(halves, key=lambda half: half[1] - half[0])
                return excerpt(self._index, *longer, "verbatim")
        return None

    def is_running_line(self, place: Evidence) -> bool:
        """Whether all of it stands in a head or foot that other pages have, too."""
        position = self._index.position_of(place.page)
        if position is None or not self._bodies:
            return False
        start, end = self._index.span_of(place.page, place.start, place.end)
        body = self._bodies[position]
        return end <= body[0] or start >= body[1]

    def _halves(self, folded: str, above: Span, below: Span) -> tuple[Span, Span] | None:
        text, length = self._index.text, len(folded)
        tail_start = max(above[0], above[1] - length)
        tail = text[tail_start : above[1]]
        at = (tail + text[below[0] : min(below[1], below[0] + length)]).find(folded)
        on_first = len(tail) - at
        if at < 0 or not _SHORTEST_HALF <= on_first <= length - _SHORTEST_HALF:
            return None
        first = tail_start + at, above[1]
        second = below[0], below[0] + length - on_first
        is_whole = self._index.is_whole(*first) and self._index.is_whole(*second)
        flagged = any(self._index.is_flagged(*half) for half in (first, second))
        return (first, second) if is_whole and not flagged else None

    def _has_figures_of(self, quote: str, halves: tuple[Span, Span]) -> bool:
        found = [figure for half in halves for figure in self._index.figures_between(*half)]
        return normalization.are_same_figures(found, normalization.copied_figures(quote))

    @cached_property
    def _bodies(self) -> list[Span]:
        """What of each page is left without its running lines; nothing for a single page."""
        pages = self._index.pages
        if len(pages) < _FEWEST_PAGES:
            return []
        seen = Counter(key for page in pages for key in _keys_at_edges(page.text))
        return [self._body(position, seen) for position in range(len(pages))]

    def _body(self, position: int, seen: Counter[str]) -> Span:
        text = self._index.pages[position].text
        top, bottom = _lines(text)
        start = next((line[0] for line in top if not _is_running(text[slice(*line)], seen)), 0)
        stop = next((e for s, e in bottom if not _is_running(text[s:e], seen)), len(text))
        return self._index.place_of(position, start), self._index.place_of(position, stop)


def _keys_at_edges(text: str) -> set[str]:
    return {_key(text[start:stop]) for start, stop in _edges(text)}


def _edges(text: str) -> Iterator[Span]:
    top, bottom = _lines(text)
    yield from top[:_EDGE]
    yield from bottom[:_EDGE]


def _lines(text: str) -> tuple[list[Span], list[Span]]:
    """The first lines that say something, and the last ones, the outermost first."""
    top = _first_lines(text)
    bottom: list[Span] = []
    stop = len(text)
    while stop > 0 and len(bottom) <= _EDGE:
        start = text.rfind("\n", 0, stop) + 1
        if text[start:stop].strip():
            bottom.append((start, stop))
        stop = start - 1
    return top, bottom


def _first_lines(text: str) -> list[Span]:
    top: list[Span] = []
    start = 0
    while start < len(text) and len(top) <= _EDGE:
        newline = text.find("\n", start)
        stop = len(text) if newline < 0 else newline
        if text[start:stop].strip():
            top.append((start, stop))
        start = stop + 1
    return top


def _is_running(line: str, seen: Counter[str]) -> bool:
    key = _key(line)
    return not key or bool(_ROMAN.fullmatch(key)) or seen[key] >= _FEWEST_PAGES


def _key(line: str) -> str:
    """The line as it is on every page; blank for a page number."""
    return _DIGITS.sub("", normalization.fold(line)) if len(line) <= _LONGEST_LINE else line
