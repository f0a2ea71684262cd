"""A paper as the rules of facts read it: its lines, and facts cut from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.pipeline.analysis.offline.sentences import Sentences
from documents.pipeline.analysis.schema import Evidence, Fact, FactName, SourcePage

LINE = re.compile(r"\S[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]*")

# A form has its facts on its first pages; a long contract its sums wherever they stand.
PAGES, LINES = 12, 600


@dataclass(frozen=True, slots=True)
class Line:
    page: SourcePage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.page.text[self.start : self.end]


@dataclass(frozen=True)
class PaperText:
    lines: list[Line]
    sentences: Sentences
    language: str | None


def read(pages: Sequence[SourcePage], sentences: Sentences, language: str | None) -> PaperText:
    lines = [
        Line(page, found.start(), found.start() + len(found.group().rstrip()))
        for page in pages[:PAGES]
        for found in LINE.finditer(page.text)
    ]
    return PaperText(lines[:LINES], sentences, language)


def fact(name: FactName, line: Line, start: int, end: int, normalized: str | None = None) -> Fact:
    """The fact at these offsets of the page; its quote is the line, which names it."""
    text = line.page.text
    first, last = min(line.start, start), max(line.end, end)
    evidence = Evidence(line.page.number, first, last, text[first:last], "verbatim")
    return Fact(name, " ".join(text[start:end].split()), normalized, [evidence])
