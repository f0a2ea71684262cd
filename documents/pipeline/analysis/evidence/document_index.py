"""Document index: all pages as one normalized text, with the way back to each page's own.

A place counts letters of the normalized text, an offset those of a page. A position is where
a page stands among the pages, which its number need not be.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.schema import Flagged, SourcePage

OCCURRENCES = 100  # places looked at before a repetitive page is given up

Span = tuple[int, int]  # two places


class Part(NamedTuple):
    """What of a span stands on one page: two offsets, and how many letters it is."""

    page: SourcePage
    start: int
    end: int
    letters: int


class DocumentIndex:
    """Reads all pages once; knows which places belong to flagged passages."""

    def __init__(self, pages: Sequence[SourcePage], flagged: Sequence[Flagged] = ()) -> None:
        self.pages = list(pages)
        self._positions = {page.number: position for position, page in enumerate(self.pages)}
        self._offsets: list[array[int]] = []
        self._bases = [0]
        folded_pages = []
        for page in self.pages:
            folded, offsets = normalization.fold_with_offsets(page.text)
            folded_pages.append(folded)
            self._offsets.append(offsets)
            self._bases.append(self._bases[-1] + len(folded))
        self.text = "".join(folded_pages)
        self.flagged = [self.span_of(each.page, each.start, each.end) for each in flagged]

    # Pages

    def position_of(self, number: int | None) -> int | None:
        """None where no page has this number."""
        return None if number is None else self._positions.get(number)

    def position_at(self, place: int) -> int:
        return min(bisect_right(self._bases, place) - 1, len(self.pages) - 1)

    def page_text(self, number: int) -> str:
        return self.pages[self._positions[number]].text

    def end_of_page(self, place: int) -> int:
        """Where the page with this place ends."""
        return self._bases[self.position_at(place) + 1]

    def nearest_first(self, number: int | None) -> Iterator[Span]:
        """The page, then it and the pages beside it, then all; only all where it is unknown."""
        position = self.position_of(number)
        if position is not None:
            yield self._bases[position], self._bases[position + 1]
            last = len(self.pages)
            yield self._bases[max(position - 1, 0)], self._bases[min(position + 2, last)]
        yield 0, len(self.text)

    # Places

    def occurrences(self, folded: str, begin: int, stop: int) -> Iterator[int]:
        for _ in range(OCCURRENCES):
            begin = self.text.find(folded, begin, stop)
            if begin < 0:
                return
            yield begin
            begin += 1

    def place_of(self, position: int, offset: int) -> int:
        """The place of the first letter at this offset of a page or after it."""
        return self._bases[position] + bisect_left(self._offsets[position], offset)

    def parts(self, start: int, end: int) -> Iterator[Part]:
        """What stands between two places, page by page; pages without a letter are left out."""
        for position in range(self.position_at(start), self.position_at(end - 1) + 1):
            base, offsets = self._bases[position], self._offsets[position]
            first, last = max(start, base), min(end, self._bases[position + 1])
            if first < last:
                begin, stop = offsets[first - base], offsets[last - base - 1] + 1
                yield Part(self.pages[position], begin, stop, last - first)

    def figures_between(self, start: int, end: int) -> list[str]:
        """The figures between two places, also over a page break."""
        found = []
        for page, begin, stop, _ in self.parts(start, end):
            found += normalization.figures(page.text[begin:stop])
        return found

    def is_flagged(self, start: int, end: int) -> bool:
        """Whether any letter between two places belongs to a flagged passage."""
        return any(start < stop and begin < end for begin, stop in self.flagged)

    def is_whole(self, start: int, end: int) -> bool:
        """Neither end cuts a word or a number: "5 million" is not found in "3.5 million"."""
        return self._is_edge(start) and self._is_edge(end)

    def _is_edge(self, place: int) -> bool:
        position = self.position_at(place)
        base, offsets = self._bases[position], self._offsets[position]
        if place in (base, self._bases[position + 1]):
            return True
        before, after = offsets[place - base - 1], offsets[place - base]
        return before != after and _is_border(self.pages[position].text, before, after)

    def span_of(self, number: int, start: int, end: int) -> Span:
        """The places of what stands between two offsets of a page."""
        position = self._positions[number]
        return self.place_of(position, start), self.place_of(position, end)


def _is_border(text: str, before: int, after: int) -> bool:
    """Whether a word ends at `before` and another begins at `after`."""
    if after - before == 1:
        return normalization.is_spaceless(text[before]) or normalization.is_spaceless(text[after])
    between = text[before + 1 : after]
    return not (text[before].isdigit() and text[after].isdigit() and between in (".", ","))
