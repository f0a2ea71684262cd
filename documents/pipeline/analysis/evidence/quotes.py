"""Grounding: each claim is shown with the document's own words, or not at all.

A quote found letter for letter is `verbatim`, the only kind that counts as verified. One that
differs by a slip of the pen is `close`. What is handed back is always the page's own text, never
the model's copy of it. What stands in a flagged passage is never evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from documents.pipeline.analysis.evidence import (
    labels,
    normalization,
    orders,
    tone_words,
    verbatim,
)
from documents.pipeline.analysis.evidence.close import CloseSearch
from documents.pipeline.analysis.evidence.document_index import DocumentIndex
from documents.pipeline.analysis.evidence.echoes import EchoCheck
from documents.pipeline.analysis.evidence.nearby import lines_that_tell
from documents.pipeline.analysis.evidence.page_breaks import PageBreaks
from documents.pipeline.analysis.evidence.support import names
from documents.pipeline.analysis.evidence.support.judge import Judgement, Passage, judge
from documents.pipeline.analysis.evidence.support.languages import lexicon_of
from documents.pipeline.analysis.evidence.support.passages import sentence_around
from documents.pipeline.analysis.schema import Evidence, Flagged, SourcePage

_PARAGRAPH = re.compile(r"\n\s*\n")
_SAMPLE = 4_000  # characters that tell the language


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
        self._passages: dict[Evidence, Passage] = {}

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
        passages = [self._passage(each) for each in evidence]
        judgement = judge(claim, passages)
        if judgement.support != "contradicted" and orders.is_asked_for(claim, passages):
            return replace(judgement, support="partly", is_asked_for=True)
        return judgement

    def _passage(self, evidence: Evidence) -> Passage:
        """Read once, however many claims rest on it."""
        if evidence not in self._passages:
            self._passages[evidence] = self._read_passage(evidence)
        return self._passages[evidence]

    def _read_passage(self, evidence: Evidence) -> Passage:
        text, words = self._index.page_text(evidence.page), self._words_of(evidence.page)
        if self._breaks.is_running_line(evidence):
            # The text below a head goes on without a full stop, and is no part of it.
            return Passage(evidence.quote, evidence.quote, text, words, is_running_line=True)
        begin, stop = sentence_around(text, evidence.start, evidence.end)
        return Passage(evidence.quote, text[begin:stop], text, words)

    def _words_of(self, page: int) -> frozenset[str]:
        """Each page is taken apart once, whatever rests on it."""
        if page not in self._words:
            words = normalization.words(self._index.page_text(page))
            self._words[page] = frozenset(names.forms(words))
        return self._words[page]

    def names(self, label: str, *, beside: str) -> bool:
        """Whether a topic's label is of words that stand in the document.

        `beside` is what else was said: in another language than the document, labels are, too.
        """
        if not labels.are_in_one_language(beside, self._sample):
            return True
        return labels.is_named(label, self._stems, self._text, lexicon_of(self._sample))

    @cached_property
    def _text(self) -> str:
        return "\n".join(page.text for page in self._index.pages)

    @cached_property
    def _stems(self) -> set[str]:
        return labels.stems(self._text)

    @cached_property
    def _sample(self) -> str:
        return self._text[:_SAMPLE]

    def bears_tone(self, label: str, evidence: Sequence[Evidence]) -> bool:
        """Whether words of the quotes' sentences have this tone; English is judged alone."""
        sentences = [self._passage(each).sentence for each in evidence]
        codes = {lexicon.code for each in sentences if (lexicon := lexicon_of(each))}
        return codes != {"en"} or tone_words.bears(label, sentences)

    def mentions(self, text: str, evidence: Sequence[Evidence]) -> bool:
        """Whether the text stands in whole words where a quote's sentence is, or what leads to it.

        That is its line, the heading of its list, whom "she" means and who wrote "I".
        """
        return bool(self.passages_with(text, evidence))

    def passages_with(self, text: str, evidence: Sequence[Evidence]) -> list[str]:
        """Those lines in which it stands."""
        places = (
            (self._index.page_text(each.page), each.page, place)
            for each in evidence
            for place in lines_that_tell(self._index.page_text(each.page), each.start, each.end)
        )
        return [
            page_text[slice(*place)]
            for page_text, page, place in places
            if verbatim.says(self._index, text, self._index.span_of(page, *place))
        ]

    def sentences_before(self, evidence: Sequence[Evidence]) -> list[str]:
        """The sentences that those of the evidence follow, in the same paragraphs."""
        found: list[str] = []
        for each in evidence:
            text = self._index.page_text(each.page)
            begin, _ = sentence_around(text, each.start, each.end)
            last = len(text[:begin].rstrip())
            if last and not _PARAGRAPH.search(text[last : len(text) - len(text[begin:].lstrip())]):
                found.append(text[slice(*sentence_around(text, last - 1, last))])
        return found

    def echoes_flagged(self, claim: str) -> bool:
        """Whether a claim says what, of the whole document, only a flagged passage says.

        A model that obeyed such a passage may give a sound quote with what it was told to say.
        """
        return self._echoes.is_echo(claim)
