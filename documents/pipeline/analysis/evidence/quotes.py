"""Is the quote in the document? Each claim is shown with the document's own words, or not at all.

A quote found letter for letter is `verbatim`, the only kind that counts as verified. One that
differs by a slip of the pen is `close`. What is handed back is always the page's own text, never
the model's copy of it. What stands in a flagged passage is never evidence.
"""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.schema import Evidence, Flagged, Match, SourcePage

SHORTEST = 12  # letters; anything shorter is found by chance
SHORTEST_FRAGMENT = 4
SHORTEST_CLOSE = 24
LONGEST_CLOSE = 1_200
LONGEST_GAP = 400  # letters an ellipsis may stand for
CLOSE_ENOUGH = 90
CANDIDATES = 7
OCCURRENCES = 100  # places looked at before a repetitive page is given up

_TAG = re.compile(r"<[^<>]*>")
_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.{3,})\s*[\])]|…|\.{3,}")
_SIGNS = re.compile(r"[-+−±]?[$€£¥₹]?\s?$")
_UNITS = re.compile(r"\s?[%‰]|[°$€£¥₹]")
_FULL_STOP = re.compile(r"[.!?…](?!\w)|[。！？]")
_IN_NUMBER = re.compile(r"(?<=\d)[.,]?(?=\d)|(?<=\d[.,])(?=\d)")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?…。！？\n])[\s\"'“”‘’«»()\[\]•*–—-]*$")
_SENTENCE_ENDS = re.compile(r"[\s\"'“”‘’«»()\[\],;:]*(?:[.!?…。！？\n]|$)")

# Close matches are looked for in pieces of a page, so that a long page costs no more than many.
_BLOCK = 4_000
_OVERLAP = 800


@dataclass(frozen=True)
class _Block:
    start: int  # in the folded document
    end: int


def index(pages: Sequence[SourcePage], flagged: Sequence[Flagged] = ()) -> Grounding:
    """Read all pages once, so that any number of quotes can be looked up."""
    return Grounding(pages, flagged)


class Grounding:
    """All pages folded into one string, with the way back to each page's own text."""

    def __init__(self, pages: Sequence[SourcePage], flagged: Sequence[Flagged]) -> None:
        self._pages = list(pages)
        self._positions = {page.number: position for position, page in enumerate(self._pages)}
        self._offsets: list[array[int]] = []
        self._bases = [0]
        folded_pages = []
        for page in self._pages:
            folded, offsets = normalization.fold_with_offsets(page.text)
            folded_pages.append(folded)
            self._offsets.append(offsets)
            self._bases.append(self._bases[-1] + len(folded))
        self._folded = "".join(folded_pages)
        self._flagged = [self._span(passage) for passage in flagged]
        self._passages_on: defaultdict[int, list[Flagged]] = defaultdict(list)
        for passage in flagged:
            self._passages_on[passage.page].append(passage)
        self._blocks: list[_Block] = []
        self._blocks_with: dict[str, list[int]] = {}

    def verify(self, quote: str, page: int | None = None) -> Evidence | None:
        """Where the quote stands, looking at the claimed page first; None if it does not."""
        fragments = [normalization.fold(part) for part in _ELLIPSIS.split(quote)]
        fragments = [fragment for fragment in fragments if fragment]
        if not fragments:
            return None
        if len(fragments) > 1:
            return self._find_fragments(quote, fragments, page)
        return self._find_exactly(quote, fragments[0], page) or self._find_closely(
            quote, fragments[0], page
        )

    def mentions(self, text: str, pages: Sequence[int]) -> bool:
        """Whether one of these pages has the text as whole words, however short it is."""
        positions = (self._positions[page] for page in pages if page in self._positions)
        spans = ((self._bases[position], self._bases[position + 1]) for position in positions)
        return any(self._says(text, span) for span in spans)

    def echoes_flagged(self, claim: str) -> bool:
        """Whether a claim says what, of the whole document, only a flagged passage says.

        A model that obeyed such a passage may give a sound quote with what it was told to say.
        """
        if not self._flagged:
            return False
        plain = _TAG.sub(" ", claim)
        longer = [word for word in normalization.words(plain) if len(word) > 3]
        planted = [word for word in longer if word in self._only_flagged]
        if planted and 2 * len(planted) >= len(longer):
            return True
        folded = normalization.fold(plain)
        return (
            len(folded) >= SHORTEST_FRAGMENT
            and any(self._repeats(folded, span) for span in self._flagged)
            and not self._says(plain, (0, len(self._folded)))
        )

    @cached_property
    def _only_flagged(self) -> frozenset[str]:
        """The longer words of flagged passages that stand nowhere else."""
        inside: set[str] = set()
        outside: set[str] = set()
        for page in self._pages:
            begin = 0
            for passage in self._passages_on.get(page.number, []):
                outside.update(normalization.words(page.text[begin : passage.start]))
                inside.update(normalization.words(page.text[passage.start : passage.end]))
                begin = passage.end
            outside.update(normalization.words(page.text[begin:]))
        return frozenset(inside - outside)

    def _says(self, text: str, span: tuple[int, int]) -> bool:
        folded = normalization.fold(text)
        return bool(folded) and any(
            self._is_whole(start, start + len(folded))
            and not self._is_flagged(start, start + len(folded))
            for start in self._occurrences(folded, *span)
        )

    def _repeats(self, folded: str, span: tuple[int, int]) -> bool:
        passage = self._folded[slice(*span)]
        if len(folded) < SHORTEST_CLOSE or len(passage) < len(folded):
            return folded in passage
        return fuzz.partial_ratio(folded, passage, score_cutoff=CLOSE_ENOUGH) > 0

    # Flagged passages

    def _span(self, passage: Flagged) -> tuple[int, int]:
        """Where the passage stands in the folded document."""
        position = self._positions[passage.page]
        base, offsets = self._bases[position], self._offsets[position]
        return (
            base + bisect_left(offsets, passage.start),
            base + bisect_left(offsets, passage.end),
        )

    def _is_flagged(self, start: int, end: int) -> bool:
        """Whether any letter between two places belongs to a flagged passage."""
        return any(start < stop and begin < end for begin, stop in self._flagged)

    # Verbatim

    def _find_exactly(self, quote: str, folded: str, page: int | None) -> Evidence | None:
        is_short = normalization.weight(folded) < SHORTEST
        for start in self._places(folded, page):
            end = start + len(folded)
            evidence = self._evidence(start, end, "verbatim")
            if evidence is None or (is_short and not self._is_sentence(evidence)):
                continue
            if normalization.numbers(quote) == self._numbers(start, end):
                return evidence
        return None

    def _find_fragments(
        self, quote: str, fragments: list[str], page: int | None
    ) -> Evidence | None:
        """An ellipsis leaves words out: the parts must follow each other on one page."""
        if min(map(len, fragments)) < SHORTEST_FRAGMENT or normalization.weight(
            "".join(fragments)
        ) < (SHORTEST):
            return None
        for start in self._places(fragments[0], page):
            spans = self._follow(start, fragments)
            if spans is None:
                continue
            found = [number for span in spans for number in self._numbers(*span)]
            evidence = self._evidence(start, spans[-1][1], "verbatim")
            if evidence and found == normalization.numbers(_ELLIPSIS.sub(" | ", quote)):
                return evidence
        return None

    def _follow(self, start: int, fragments: list[str]) -> list[tuple[int, int]] | None:
        page_end = self._bases[self._page_at(start) + 1]
        spans = [(start, start + len(fragments[0]))]
        for fragment in fragments[1:]:
            begin = spans[-1][1]
            stop = min(page_end, begin + LONGEST_GAP + len(fragment))
            whole = (
                place
                for place in self._occurrences(fragment, begin, stop)
                if self._is_whole(place, place + len(fragment))
            )
            place = next(whole, None)
            if place is None:
                return None
            spans.append((place, place + len(fragment)))
        return spans if spans[0][1] <= page_end else None

    def _places(self, folded: str, page: int | None) -> Iterator[int]:
        """Every place of the words: on the claimed page, beside it, then anywhere."""
        seen = set()
        for begin, stop in self._ranges(page):
            for start in self._occurrences(folded, begin, stop):
                if start not in seen and self._is_whole(start, start + len(folded)):
                    yield start
                seen.add(start)

    def _ranges(self, page: int | None) -> Iterator[tuple[int, int]]:
        position = self._positions.get(page) if page is not None else None
        if position is not None:
            yield self._bases[position], self._bases[position + 1]
            last = len(self._pages)
            yield self._bases[max(position - 1, 0)], self._bases[min(position + 2, last)]
        yield 0, len(self._folded)

    def _occurrences(self, folded: str, begin: int, stop: int) -> Iterator[int]:
        for _ in range(OCCURRENCES):
            begin = self._folded.find(folded, begin, stop)
            if begin < 0:
                return
            yield begin
            begin += 1

    # Close

    def _find_closely(self, quote: str, folded: str, page: int | None) -> Evidence | None:
        if not normalization.weight(folded) >= SHORTEST_CLOSE or len(folded) > LONGEST_CLOSE:
            return None
        best: tuple[float, Evidence] | None = None
        for block in self._candidates(quote, page):
            aligned = self._align(folded, block)
            if aligned is None or (best and aligned[0] <= best[0]):
                continue
            score, start, end = aligned
            evidence = self._evidence(start, end, "close")
            if evidence and _says_the_same(quote, evidence.quote):
                best = (score, evidence)
        return best[1] if best else None

    def _align(self, folded: str, block: _Block) -> tuple[float, int, int] | None:
        text = self._folded[block.start : block.end]
        if len(text) < len(folded):
            score = fuzz.ratio(folded, text, score_cutoff=CLOSE_ENOUGH)
            return (score, block.start, block.end) if score else None
        found = fuzz.partial_ratio_alignment(folded, text, score_cutoff=CLOSE_ENOUGH)
        if found is None or found.dest_end <= found.dest_start:
            return None
        return found.score, block.start + found.dest_start, block.start + found.dest_end

    def _candidates(self, quote: str, page: int | None) -> list[_Block]:
        """The few pieces that share the quote's rarest words; the claimed page breaks ties."""
        if not self._blocks:
            self._build_blocks()
        shared: defaultdict[int, float] = defaultdict(float)
        total = len(self._blocks) + 1
        known = [
            self._blocks_with[w] for w in set(normalization.words(quote)) if w in self._blocks_with
        ]
        for blocks in sorted(known, key=len)[:CANDIDATES]:
            rarity = math.log(total / len(blocks))
            for block in blocks:
                shared[block] += rarity
        claimed = self._positions.get(page) if page is not None else None
        ranked = nsmallest(
            CANDIDATES,
            ((-n, self._page_at(self._blocks[block].start) != claimed, block)
             for block, n in shared.items()),
        )  # fmt: skip
        return [self._blocks[block] for *_, block in ranked]

    def _build_blocks(self) -> None:
        """Left until a quote is not found exactly: most documents never need it."""
        blocks_with = defaultdict(list)
        for position, page in enumerate(self._pages):
            offsets, base = self._offsets[position], self._bases[position]
            for begin in range(0, len(page.text), _BLOCK):
                stop = begin + _BLOCK + _OVERLAP
                start, end = bisect_left(offsets, begin), bisect_left(offsets, stop)
                for word in set(normalization.words(page.text[begin:stop])):
                    blocks_with[word].append(len(self._blocks))
                self._blocks.append(_Block(base + start, base + end))
        self._blocks_with = dict(blocks_with)

    # Back to the page

    def _page_at(self, place: int) -> int:
        return min(bisect_right(self._bases, place) - 1, len(self._pages) - 1)

    def _evidence(self, start: int, end: int, match: Match) -> Evidence | None:
        """The page's own text at that place; over a page break, the longer part.

        None where the place is flagged.
        """
        if self._is_flagged(start, end):
            return None
        position = max(
            range(self._page_at(start), self._page_at(end - 1) + 1),
            key=lambda page: min(end, self._bases[page + 1]) - max(start, self._bases[page]),
        )
        base, offsets = self._bases[position], self._offsets[position]
        page = self._pages[position]
        first = offsets[max(start, self._bases[position]) - base]
        last = offsets[min(end, self._bases[position + 1]) - base - 1] + 1
        if match == "close":
            first, last = _snap(page.text, first, last)
        first, last = _with_signs(page.text, first, last)
        return Evidence(page.number, first, last, page.text[first:last], match)

    def _is_whole(self, start: int, end: int) -> bool:
        """Neither end cuts a word or a number: "5 million" is not found in "3.5 million"."""
        return self._is_edge(start) and self._is_edge(end)

    def _is_edge(self, place: int) -> bool:
        position = self._page_at(place)
        base, offsets = self._bases[position], self._offsets[position]
        if place in (base, self._bases[position + 1]):
            return True
        before, after = offsets[place - base - 1], offsets[place - base]
        return before != after and _is_border(self._pages[position].text, before, after)

    def _is_sentence(self, evidence: Evidence) -> bool:
        text = self._pages[self._positions[evidence.page]].text
        begins = _SENTENCE_BEGINS.search(text[max(0, evidence.start - 40) : evidence.start])
        # The full stop belongs to the quote already; without one a line's end will do.
        ends = _FULL_STOP.match(text, evidence.end - 1) or _SENTENCE_ENDS.match(text, evidence.end)
        return bool(begins and ends)

    def _numbers(self, start: int, end: int) -> list[str]:
        """The numbers between two places, also over a page break."""
        found = []
        for position in range(self._page_at(start), self._page_at(end - 1) + 1):
            base, offsets = self._bases[position], self._offsets[position]
            first, last = max(start, base), min(end, self._bases[position + 1])
            if first < last:
                text = self._pages[position].text
                part = text[offsets[first - base] : offsets[last - base - 1] + 1]
                found += normalization.numbers(part)
        return found


def _is_border(text: str, before: int, after: int) -> bool:
    """Whether a word ends at `before` and another begins at `after`."""
    if after - before == 1:
        return normalization.is_spaceless(text[before]) or normalization.is_spaceless(text[after])
    between = text[before + 1 : after]
    return not (text[before].isdigit() and text[after].isdigit() and between in (".", ","))


def _snap(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen to whole words: an alignment may begin or end inside one."""
    while start and not _is_word_edge(text, start):
        start -= 1
    while end < len(text) and not _is_word_edge(text, end):
        end += 1
    return start, end


def _is_word_edge(text: str, place: int) -> bool:
    if _IN_NUMBER.match(text, place):
        return False
    pair = text[place - 1 : place + 1]
    return not all(normalization.is_wordlike(c) and not normalization.is_spaceless(c) for c in pair)


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Keep a number's sign, currency or percent, which give it its meaning, and a full stop."""
    if text[start].isdigit() and (signs := _SIGNS.search(text, max(0, start - 3), start)):
        is_part_of_word = signs.start() and normalization.is_wordlike(text[signs.start() - 1])
        start = start if is_part_of_word or not signs[0].strip() else signs.start()
    if text[end - 1].isdigit() and (unit := _UNITS.match(text, end)):
        end = unit.end()
    return start, end + bool(_FULL_STOP.match(text, end))


def _says_the_same(quote: str, found: str) -> bool:
    """A likeness of letters says little: figures, negations and every longer word must agree."""
    if normalization.numbers(quote) != normalization.numbers(found):
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
