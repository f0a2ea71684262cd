"""Prompt injection detection: passages that speak to the model instead of the reader.

They are reported to the owner and can never be evidence. Nothing is blocked: a text about
such attacks is read like any other, only its examples cannot be quoted as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.evidence import injection_languages, injection_patterns
from documents.pipeline.analysis.evidence.disguise import undisguised
from documents.pipeline.analysis.schema import Flagged, SourcePage

LONGEST = 1_200  # characters that one passage may take with it
MOST_PASSAGES = 200
_BEFORE, _AFTER = 120, 160  # characters around a telling word in which a pattern is looked for


def _spaced(pattern: str) -> str:
    """The pattern for a text in which any white space may stand between two words."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


_COMPILED = [
    (words, re.compile(r"(?<![a-zà-ÿ])(?:" + _spaced(pattern) + ")"))
    for words, pattern in injection_patterns.ADDRESSES + injection_languages.ADDRESSES
]

_SENTENCE_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)|[。！？]")
_PARAGRAPH_ENDS = re.compile(r"\n[^\S\n]*\n")


def find(pages: Sequence[SourcePage]) -> list[Flagged]:
    """The passages in the order of the document, none touching another."""
    found = []
    for page in pages:
        for start, end in _united(_passages(page.text)):
            found.append(Flagged(page.number, start, end, page.text[start:end]))
            if len(found) == MOST_PASSAGES:
                return found
    return found


def without(pages: Sequence[SourcePage], flagged: Sequence[Flagged]) -> list[SourcePage]:
    """The pages with blank lines in place of the passages, so that all else stays in its place."""
    blanked = {page.number: page.text for page in pages}
    for passage in flagged:
        text = blanked[passage.page]
        blank = "\n" * (passage.end - passage.start)
        blanked[passage.page] = text[: passage.start] + blank + text[passage.end :]
    return [SourcePage(page.number, blanked[page.number]) for page in pages]


def _passages(text: str) -> Iterator[tuple[int, int]]:
    plain, offsets = undisguised(text)
    for words, pattern in _COMPILED:
        for start in _addresses(plain, words, pattern):
            yield _whole_passage(text, offsets[start] if offsets else start)


def _addresses(text: str, words: Sequence[str], pattern: re.Pattern[str]) -> Iterator[int]:
    for word in words:
        searched = place = 0
        while (place := text.find(word, place)) >= 0:
            begin = max(searched, place - _BEFORE)
            found = pattern.search(text, begin, place + _AFTER)
            if found:
                yield found.start()
                searched = found.end()
            place += len(word)


def _whole_passage(text: str, place: int) -> tuple[int, int]:
    """From the beginning of the sentence to the end of the paragraph: what follows an order
    to the model is most often the order itself."""
    before = text[max(0, place - LONGEST // 2) : place]
    begin = place - len(before) + _last_end(before)
    begin += len(text[begin:place]) - len(text[begin:place].lstrip())
    after = text[place : place + LONGEST]
    paragraph = _PARAGRAPH_ENDS.search(after)
    if paragraph:
        return begin, place + paragraph.start()
    is_whole = place + len(after) == len(text)
    return begin, place + (len(after.rstrip()) if is_whole else _last_end(after) or len(after))


def _last_end(text: str) -> int:
    """Where the last sentence or paragraph of the text ends; 0 where none does."""
    sentences = [found.end() for found in _SENTENCE_ENDS.finditer(text)]
    paragraphs = [found.end() for found in _PARAGRAPH_ENDS.finditer(text)]
    return max([0, *sentences[-1:], *paragraphs[-1:]])


def _united(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united
