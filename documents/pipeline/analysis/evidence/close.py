"""Close matches: approximate search for a quote that differs by a slip of the pen.

Blocks of pages that share its rarest words are aligned with it, letter by letter; guards then
see that no figure, negation or longer word differs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.document_index import DocumentIndex, Span
from documents.pipeline.analysis.evidence.excerpts import excerpt
from documents.pipeline.analysis.schema import Evidence

SHORTEST = 24  # letters; anything shorter is like too much else
LONGEST = 1_200
# No proof by itself: even at 95, nine of ten quotes with a changed digit pass. Hence the
# guards in `_says_the_same`.
CLOSE_ENOUGH = 90  # of 100
CANDIDATES = 7

# Pieces of a page, so that a long page costs no more than many.
_BLOCK = 4_000
_OVERLAP = 800


@dataclass
class _Blocks:
    """Overlapping pieces of all pages, and an inverted index: which of them have a word."""

    spans: list[Span] = field(default_factory=list)
    having: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, span: Span, words: Sequence[str]) -> None:
        for word in set(words):
            self.having[word].append(len(self.spans))
        self.spans.append(span)

    def sharing(self, words: Sequence[str]) -> dict[int, float]:
        """Blocks that share the rarest of the words, and how much that says (IDF)."""
        shared: defaultdict[int, float] = defaultdict(float)
        known = [self.having[word] for word in dict.fromkeys(words) if word in self.having]
        for blocks in sorted(known, key=len)[:CANDIDATES]:
            rarity = math.log((len(self.spans) + 1) / len(blocks))
            for block in blocks:
                shared[block] += rarity
        return shared


class CloseSearch:
    """Finds close matches in one document."""

    def __init__(self, index: DocumentIndex) -> None:
        self._index = index

    def find(self, quote: str, folded: str, page: int | None) -> Evidence | None:
        """The most alike place that says the same, among the few blocks worth a look."""
        if normalization.weight(folded) < SHORTEST or len(folded) > LONGEST:
            return None
        best: tuple[float, Evidence] | None = None
        for span in self._candidates(quote, page):
            aligned = self._align(folded, span)
            if aligned is None or (best and aligned[0] <= best[0]):
                continue
            score, start, end = aligned
            evidence = excerpt(self._index, start, end, "close")
            if evidence and _says_the_same(quote, evidence.quote):
                best = (score, evidence)
        return best[1] if best else None

    def _candidates(self, quote: str, page: int | None) -> list[Span]:
        """The few blocks that share the quote's rarest words; the claimed page breaks ties."""
        spans = self._blocks.spans
        claimed = self._index.position_of(page)
        ranked = nsmallest(
            CANDIDATES,
            ((-score, self._index.position_at(spans[block][0]) != claimed, block)
             for block, score in self._blocks.sharing(normalization.words(quote)).items()),
        )  # fmt: skip
        return [spans[block] for *_, block in ranked]

    @cached_property
    def _blocks(self) -> _Blocks:
        """Left until a quote is not found exactly: most documents never need it."""
        blocks = _Blocks()
        for position, page in enumerate(self._index.pages):
            for begin in range(0, len(page.text), _BLOCK):
                stop = begin + _BLOCK + _OVERLAP
                start, end = (self._index.place_of(position, offset) for offset in (begin, stop))
                blocks.add((start, end), normalization.words(page.text[begin:stop]))
        return blocks

    def _align(self, folded: str, span: Span) -> tuple[float, int, int] | None:
        """How alike the most similar part of the span is, and where it begins and ends."""
        start, end = span
        text = self._index.text[start:end]
        if len(text) < len(folded):
            score = fuzz.ratio(folded, text, score_cutoff=CLOSE_ENOUGH)
            return (score, start, end) if score else None
        found = fuzz.partial_ratio_alignment(folded, text, score_cutoff=CLOSE_ENOUGH)
        if found is None or found.dest_end <= found.dest_start:
            return None
        return found.score, start + found.dest_start, start + found.dest_end


def is_close_to(folded: str, passage: str) -> bool:
    """Whether the passage has the folded text in it, as it is or with slips."""
    if len(folded) < SHORTEST or len(passage) < len(folded):
        return folded in passage
    return fuzz.partial_ratio(folded, passage, score_cutoff=CLOSE_ENOUGH) > 0


def _says_the_same(quote: str, found: str) -> bool:
    """A likeness of letters says little: figures, negations and every longer word must agree."""
    figures = (normalization.copied_figures(text) for text in (quote, found))
    if not normalization.are_same_figures(*figures):
        return False
    quoted, present = normalization.words(quote), normalization.words(found)
    return normalization.negations(quoted) == normalization.negations(present) and all(
        _is_among(word, present) for word in quoted if len(word) > 3
    )


def _is_among(word: str, present: list[str]) -> bool:
    slips = 2 if len(word) >= 9 else 1
    return word in present or any(
        Levenshtein.distance(word, other, score_cutoff=slips) <= slips for other in present
    )
