"""Is the quote in the document? Each claim is shown with the document's own words, or not at all.

A quote found letter for letter is `verbatim`, the only kind that counts as verified. One that
differs by a slip of the pen is `close`. What is handed back is always the page's own text, never
the model's copy of it. What stands in a flagged passage is never evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.close import CloseSearch, is_close_to
from documents.pipeline.analysis.evidence.document_index import DocumentIndex
from documents.pipeline.analysis.evidence.excerpts import excerpt, is_sentence
from documents.pipeline.analysis.schema import Evidence, Flagged, SourcePage

SHORTEST = 12  # letters; anything shorter is found by chance
SHORTEST_FRAGMENT = 4
LONGEST_GAP = 400  # letters an ellipsis may stand for

_TAG = re.compile(r"<[^<>]*>")
_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.{3,})\s*[\])]|…|\.{3,}")


def index(pages: Sequence[SourcePage], flagged: Sequence[Flagged] = ()) -> Grounding:
    """Read all pages once, so that any number of quotes can be looked up."""
    return Grounding(pages, flagged)


class Grounding:
    """Looks up quotes in a document, and whether a claim repeats a flagged passage."""

    def __init__(self, pages: Sequence[SourcePage], flagged: Sequence[Flagged]) -> None:
        self._index = DocumentIndex(pages, flagged)
        self._passages_on: defaultdict[int, list[Flagged]] = defaultdict(list)
        for passage in flagged:
            self._passages_on[passage.page].append(passage)
        self._close = CloseSearch(self._index)

    def verify(self, quote: str, page: int | None = None) -> Evidence | None:
        """Where the quote stands, looking at the claimed page first; None if it does not."""
        fragments = [normalization.fold(part) for part in _ELLIPSIS.split(quote)]
        fragments = [fragment for fragment in fragments if fragment]
        if not fragments:
            return None
        if len(fragments) > 1:
            return self._find_fragments(quote, fragments, page)
        [whole] = fragments
        return self._find_exactly(quote, whole, page) or self._close.find(quote, whole, page)

    def mentions(self, text: str, pages: Sequence[int]) -> bool:
        """Whether one of these pages has the text as whole words, however short it is."""
        return any(self._says(text, span) for span in self._index.spans_of(pages))

    def echoes_flagged(self, claim: str) -> bool:
        """Whether a claim says what, of the whole document, only a flagged passage says.

        A model that obeyed such a passage may give a sound quote with what it was told to say.
        """
        if not self._index.flagged:
            return False
        plain = _TAG.sub(" ", claim)
        longer = [word for word in normalization.words(plain) if len(word) > 3]
        planted = [word for word in longer if word in self._only_flagged]
        if planted and 2 * len(planted) >= len(longer):
            return True
        folded = normalization.fold(plain)
        return (
            len(folded) >= SHORTEST_FRAGMENT
            and any(is_close_to(folded, self._index.text[a:b]) for a, b in self._index.flagged)
            and not self._says(plain, (0, len(self._index.text)))
        )

    @cached_property
    def _only_flagged(self) -> frozenset[str]:
        """The longer words of flagged passages that stand nowhere else."""
        inside: set[str] = set()
        outside: set[str] = set()
        for page in self._index.pages:
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
            self._index.is_whole(start, start + len(folded))
            and not self._index.is_flagged(start, start + len(folded))
            for start in self._index.occurrences(folded, *span)
        )

    # Verbatim

    def _find_exactly(self, quote: str, folded: str, page: int | None) -> Evidence | None:
        is_short = normalization.weight(folded) < SHORTEST
        for start in self._places(folded, page):
            end = start + len(folded)
            evidence = excerpt(self._index, start, end, "verbatim")
            if evidence is None or (is_short and not is_sentence(self._index, evidence)):
                continue
            if normalization.numbers(quote) == self._index.numbers_between(start, end):
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
            found = [number for span in spans for number in self._index.numbers_between(*span)]
            evidence = excerpt(self._index, start, spans[-1][1], "verbatim")
            if evidence and found == normalization.numbers(_ELLIPSIS.sub(" | ", quote)):
                return evidence
        return None

    def _follow(self, start: int, fragments: list[str]) -> list[tuple[int, int]] | None:
        page_end = self._index.end_of_page(start)
        spans = [(start, start + len(fragments[0]))]
        for fragment in fragments[1:]:
            begin = spans[-1][1]
            stop = min(page_end, begin + LONGEST_GAP + len(fragment))
            whole = (
                place
                for place in self._index.occurrences(fragment, begin, stop)
                if self._index.is_whole(place, place + len(fragment))
            )
            place = next(whole, None)
            if place is None:
                return None
            spans.append((place, place + len(fragment)))
        return spans if spans[0][1] <= page_end else None

    def _places(self, folded: str, page: int | None) -> Iterator[int]:
        """Every place of the words: on the claimed page, beside it, then anywhere."""
        seen = set()
        for begin, stop in self._index.nearest_first(page):
            for start in self._index.occurrences(folded, begin, stop):
                if start not in seen and self._index.is_whole(start, start + len(folded)):
                    yield start
                seen.add(start)
