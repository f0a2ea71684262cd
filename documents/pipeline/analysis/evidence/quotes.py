"""Grounding: each claim is shown with the document's own words, or not at all.

A quote found letter for letter is `verbatim`, the only kind that counts as verified. One that
differs by a slip of the pen is `close`. What is handed back is always the page's own text, never
the model's copy of it. What stands in a flagged passage is never evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from documents.pipeline.analysis.evidence import normalization, verbatim
from documents.pipeline.analysis.evidence.close import CloseSearch
from documents.pipeline.analysis.evidence.document_index import DocumentIndex
from documents.pipeline.analysis.evidence.echoes import EchoCheck
from documents.pipeline.analysis.evidence.nearby import lines_that_tell
from documents.pipeline.analysis.evidence.page_breaks import PageBreaks
from documents.pipeline.analysis.evidence.support import names
from documents.pipeline.analysis.evidence.support.judge import Judgement, Passage, judge
from documents.pipeline.analysis.evidence.support.passages import sentence_around
from documents.pipeline.analysis.schema import Evidence, Flagged, SourcePage


def index(pages: Sequence[SourcePage], flagged: Sequence[Flagged] = ()) -> Grounding:
    """Read all pages once, so that any number of quotes can be looked up."""
    return Grounding(pages, flagged)


class Grounding:
    """Looks up in one document what is quoted from it."""

    def __init__(self, pages: Sequence[SourcePage], flagged: Sequence[Flagged]) -> None:
        self._index = DocumentIndex(pages, flagged)
        self._close = CloseSearch(self._index)
        self._breaks = PageBreaks(self._index)
        self._echoes = EchoCheck(self._index, flagged)
        self._words: dict[int, frozenset[str]] = {}

    def verify(self, quote: str, page: int | None = None) -> Evidence | None:
        """Where the quote stands, looking at the claimed page first; None if it does not."""
        fragments = verbatim.fragments_of(quote)
        if not fragments:
            return None
        if len(fragments) > 1:
            return verbatim.find_fragments(self._index, quote, fragments, page)
        [folded] = fragments
        exact = verbatim.find(self._index, quote, folded, page)
        if exact is None and normalization.weight(folded) >= verbatim.SHORTEST:
            exact = self._breaks.find(quote, folded, page)
        return exact or self._close.find(quote, folded, page)

    def judge(self, claim: str, evidence: Sequence[Evidence]) -> Judgement:
        """Whether the claim follows from its quotes, read with the sentences they stand in."""
        return judge(claim, [self._passage(each) for each in evidence])

    def _passage(self, evidence: Evidence) -> Passage:
        text = self._index.page_text(evidence.page)
        begin, stop = sentence_around(text, evidence.start, evidence.end)
        return Passage(evidence.quote, text[begin:stop], text, self._words_of(evidence.page))

    def _words_of(self, page: int) -> frozenset[str]:
        """Each page is taken apart once, whatever rests on it."""
        if page not in self._words:
            words = normalization.words(self._index.page_text(page))
            self._words[page] = frozenset(names.forms(words))
        return self._words[page]

    def mentions(self, text: str, evidence: Sequence[Evidence]) -> bool:
        """Whether the text stands in whole words where a quote's sentence is, or what leads to it.

        That is its line, the heading of its list, whom "she" means and who wrote "I".
        """
        return any(
            verbatim.says(self._index, text, self._index.span_of(each.page, *place))
            for each in evidence
            for place in lines_that_tell(self._index.page_text(each.page), each.start, each.end)
        )

    def echoes_flagged(self, claim: str) -> bool:
        """Whether a claim says what, of the whole document, only a flagged passage says.

        A model that obeyed such a passage may give a sound quote with what it was told to say.
        """
        return self._echoes.is_echo(claim)
