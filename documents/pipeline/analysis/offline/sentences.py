"""The sentences of a document, kept as offsets so that every claim can point at its words."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.offline import layout, sentence_boundaries
from documents.pipeline.analysis.schema import Evidence, SourcePage

HEADING, ITEM, TABLE, FIRST, FRAGMENT, CUT, NO_MATERIAL = 1, 2, 4, 8, 16, 32, 64

SOMETHING = re.compile(r"[^\W_]")


class Sentences:
    """All sentences of a document as four small arrays: two million fit in 26 MB."""

    def __init__(self, pages: Sequence[SourcePage]) -> None:
        self.pages = pages
        self._page = array("I")
        self._start = array("I")
        self._end = array("I")
        self._kind = array("B")

    def __len__(self) -> int:
        return len(self._start)

    def add(self, page: int, start: int, end: int, kind: int) -> None:
        self._page.append(page)
        self._start.append(start)
        self._end.append(end)
        self._kind.append(kind)

    def mark(self, index: int, kind: int) -> None:
        self._kind[index] |= kind

    def kind(self, index: int) -> int:
        return self._kind[index]

    def page(self, index: int) -> int:
        """The place of its page among those read."""
        return self._page[index]

    def source(self, index: int) -> str:
        """The sentence exactly as the page has it, line breaks and all."""
        return self.pages[self._page[index]].text[self._start[index] : self._end[index]]

    def gap(self, index: int) -> str:
        """What stands between a sentence and the one before it; nothing across pages."""
        if not index or self._page[index] != self._page[index - 1]:
            return ""
        return self.pages[self._page[index]].text[self._end[index - 1] : self._start[index]]

    def text(self, index: int) -> str:
        return " ".join(self.source(index).split())

    def speaker(self, index: int) -> str | None:
        """Who says it, where the line opens with a name and a colon."""
        source = self.source(index)[:160]
        match = layout.SPEAKER.match(source)
        if not match or not self._kind[index] & FIRST or layout.MAIL_LABEL.match(source):
            return None
        return " ".join(match.group().split()).rstrip(" :")

    def turns(self) -> int:
        """How many of the first sentences open with a speaker who speaks more than once."""
        speakers = Counter(map(self.speaker, range(min(len(self), 400))))
        return sum(count for name, count in speakers.items() if name and count > 1)

    def is_transcript(self) -> bool:
        return self.turns() * 3 > min(len(self), 400)

    def without_bullet(self, index: int) -> Evidence:
        source = self.source(index)
        bullet = layout.LEAD_IN.match(source)
        start = bullet.end() if bullet and bullet.end() < len(source) else 0
        return self.evidence_within(index, start, len(source))

    def texts(self) -> Iterator[str]:
        return map(self.text, range(len(self)))

    def evidence(self, index: int) -> Evidence:
        return self.evidence_within(index, 0, self._end[index] - self._start[index])

    def evidence_within(self, index: int, start: int, end: int) -> Evidence:
        """A part of the sentence; offsets count within its source."""
        page = self.pages[self._page[index]]
        first, last = self._start[index] + start, self._start[index] + end
        return Evidence(page.number, first, last, page.text[first:last], "verbatim")


def read(pages: Sequence[SourcePage], language: str | None = None) -> Sentences:
    """The sentences of pages that are in one language."""
    sentences = Sentences(pages)
    repeated = layout.running_lines(pages)
    for number, page in enumerate(pages):
        before = len(sentences)
        for block in layout.blocks(page.text, repeated):
            _read_block(sentences, number, page.text, block, language)
        if 0 < before < len(sentences):
            _mark_cut(sentences, before)
        if before < len(sentences) and sentences.source(before)[0].islower():
            sentences.mark(before, CUT)
    return sentences


def _mark_cut(sentences: Sentences, first: int) -> None:
    """Mark the two parts of a sentence that the end of a page divides; neither says it all."""
    last = first - 1
    parts_are_prose = not (sentences.kind(last) | sentences.kind(first)) & (HEADING | ITEM | TABLE)
    if parts_are_prose and not sentence_boundaries.ENDED.search(sentences.source(last)):
        sentences.mark(last, CUT)
        sentences.mark(first, CUT)


def _read_block(
    sentences: Sentences, page: int, text: str, block: layout.Block, language: str | None
) -> None:
    kind = _kind_of(text, block)
    if kind & (HEADING | TABLE):
        spans: Iterator[tuple[int, int]] = iter([(block.start, block.end)])
    else:
        spans = sentence_boundaries.spans(text, block.start, block.end, language)
    position = FIRST
    for start, end in spans:
        for first, last in sentence_boundaries.divided(text, start, end):
            if SOMETHING.search(text, first, last):
                fragment = FRAGMENT if first > start else 0
                sentences.add(page, first, last, kind | position | fragment)
                position = 0


def _kind_of(text: str, block: layout.Block) -> int:
    kind = (ITEM if block.is_item else 0) | (TABLE if block.is_table else 0)
    is_short = block.end - block.start <= 90 and block.lines == 1
    if block.is_label or (is_short and not block.is_bullet and not block.is_table):
        line = text[block.start : block.end]
        if block.is_label or (line[-1] not in ".!?;,。！？…؟।" and len(line.split()) <= 12):
            kind |= HEADING
    return kind
