"""Excerpts: from a place in the document index back to the page's own words."""

from __future__ import annotations

import re

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.document_index import DocumentIndex
from documents.pipeline.analysis.schema import Evidence, Match

_SIGNS = re.compile(r"[-+−±]?[$€£¥₹]?\s?$")
_UNITS = re.compile(r"\s?[%‰]|[°$€£¥₹]")
_FULL_STOP = re.compile(r"[.!?…](?!\w)|[。！？]")
_IN_NUMBER = re.compile(r"(?<=\d)[.,]?(?=\d)|(?<=\d[.,])(?=\d)")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?…。！？\n])[\s\"'“”‘’«»()\[\]•*–—-]*$")
_SENTENCE_ENDS = re.compile(r"[\s\"'“”‘’«»()\[\],;:]*(?:[.!?…。！？\n]|$)")


def excerpt(index: DocumentIndex, start: int, end: int, match: Match) -> Evidence | None:
    """The page's own text at that place; over a page break, the longer part.

    None where the place is flagged.
    """
    if index.is_flagged(start, end):
        return None
    page, first, last, _ = max(index.parts(start, end), key=lambda part: part.letters)
    if match == "close":
        first, last = _snap(page.text, first, last)
    first, last = _with_signs(page.text, first, last)
    return Evidence(page.number, first, last, page.text[first:last], match)


def is_sentence(index: DocumentIndex, evidence: Evidence) -> bool:
    """Whether it begins where a sentence begins and ends where one ends."""
    text = index.page_text(evidence.page)
    begins = _SENTENCE_BEGINS.search(text[max(0, evidence.start - 40) : evidence.start])
    # The full stop belongs to the quote already; without one a line's end will do.
    ends = _FULL_STOP.match(text, evidence.end - 1) or _SENTENCE_ENDS.match(text, evidence.end)
    return bool(begins and ends)


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
