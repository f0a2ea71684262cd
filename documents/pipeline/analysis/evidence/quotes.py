"""Grounding: each claim is shown with the document's own words, or not at all.

A quote found letter for letter is `verbatim`, the only kind that counts as verified. One that
differs by a slip of the pen is `close`. What is handed back is always the page's own text, never
the model's copy of it. What stands in a flagged passage is never evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from documents.pipeline.analysis.evidence import normalization, verbatim
from documents.pipeline.analysis.evidence.close import CloseSearch, is_close_to
from documents.pipeline.analysis.evidence.document_index import DocumentIndex
from documents.pipeline.analysis.schema import Evidence, Flagged, SourcePage

_TAG = re.compile(r"<[^<>]*>")


def index(pages: Sequence[SourcePage], flagged: Sequence[Flagged] = ()) -> Grounding:
    """Read all pages once, so that any number of quotes can be looked up."""
    return Grounding(pages, flagged)


class Grounding:
    """Looks up in one document what is quoted from it."""

    def __init__(self, pages: Sequence[SourcePage], flagged: Sequence[Flagged]) -> None:
        self._index = DocumentIndex(pages, flagged)
        self._close = CloseSearch(self._index)
        self._flagged = flagged

    def verify(self, quote: str, page: int | None = None) -> Evidence | None:
        """Where the quote stands, looking at the claimed page first; None if it does not."""
        fragments = verbatim.fragments_of(quote)
        if not fragments:
            return None
        if len(fragments) > 1:
            return verbatim.find_fragments(self._index, quote, fragments, page)
        [folded] = fragments
        exact = verbatim.find(self._index, quote, folded, page)
        return exact or self._close.find(quote, folded, page)

    def mentions(self, text: str, pages: Sequence[int]) -> bool:
        """Whether one of these pages has the text as whole words, however short it is."""
        spans = self._index.spans_of(pages)
        return any(verbatim.says(self._index, text, span) for span in spans)

    def echoes_flagged(self, claim: str) -> bool:
        """Whether a claim says what, of the whole document, only a flagged passage says.

        A model that obeyed such a passage may give a sound quote with what it was told to say.
        """
        if not self._flagged:
            return False
        plain = _TAG.sub(" ", claim)
        longer = [word for word in normalization.words(plain) if len(word) > 3]
        planted = [word for word in longer if word in self._planted_words]
        if planted and 2 * len(planted) >= len(longer):
            return True
        folded = normalization.fold(plain)
        return (
            len(folded) >= verbatim.SHORTEST_FRAGMENT
            and self._repeats_a_passage(folded)
            and not verbatim.says(self._index, plain, (0, len(self._index.text)))
        )

    def _repeats_a_passage(self, folded: str) -> bool:
        text = self._index.text
        return any(is_close_to(folded, text[start:end]) for start, end in self._index.flagged)

    @cached_property
    def _planted_words(self) -> frozenset[str]:
        """The words of flagged passages that stand nowhere else."""
        passages_on: defaultdict[int, list[Flagged]] = defaultdict(list)
        for passage in self._flagged:
            passages_on[passage.page].append(passage)
        inside: set[str] = set()
        outside: set[str] = set()
        for page in self._index.pages:
            begin = 0
            for passage in passages_on[page.number]:
                outside.update(normalization.words(page.text[begin : passage.start]))
                inside.update(normalization.words(page.text[passage.start : passage.end]))
                begin = passage.end
            outside.update(normalization.words(page.text[begin:]))
        return frozenset(inside - outside)
