"""Verbatim matches: exact search for a quote, and for the fragments that an ellipsis leaves of it.

A match begins and ends with whole words and has the numbers of the quote, written alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.document_index import DocumentIndex, Span
from documents.pipeline.analysis.evidence.excerpts import excerpt, is_sentence
from documents.pipeline.analysis.schema import Evidence

SHORTEST = 12  # letters; anything shorter is found by chance
SHORTEST_FRAGMENT = 4
LONGEST_GAP = 400  # letters an ellipsis may stand for

_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.{3,})\s*[\])]|…|\.{3,}")


def fragments_of(quote: str) -> list[str]:
    """What the quote says between its ellipses, folded; empty where it says nothing."""
    fragments = (normalization.fold(part) for part in _ELLIPSIS.split(quote))
    return [fragment for fragment in fragments if fragment]


def find(index: DocumentIndex, quote: str, folded: str, page: int | None) -> Evidence | None:
    """The quote word for word, nearest to the claimed page; if it is short, a whole sentence."""
    is_short = normalization.weight(folded) < SHORTEST
    for start in _places(index, folded, page):
        end = start + len(folded)
        evidence = excerpt(index, start, end, "verbatim")
        if evidence is None or (is_short and not is_sentence(index, evidence)):
            continue
        if _has_figures(index.figures_between(start, end), quote):
            return evidence
    return None


def find_fragments(
    index: DocumentIndex, quote: str, fragments: Sequence[str], page: int | None
) -> Evidence | None:
    """An ellipsis leaves words out: the fragments must follow each other on one page."""
    is_short = normalization.weight("".join(fragments)) < SHORTEST
    if is_short or min(map(len, fragments)) < SHORTEST_FRAGMENT:
        return None
    for start in _places(index, fragments[0], page):
        spans = _follow(index, start, fragments)
        if spans is None:
            continue
        found = [number for span in spans for number in index.figures_between(*span)]
        evidence = excerpt(index, start, spans[-1][1], "verbatim")
        if evidence and _has_figures(found, _ELLIPSIS.sub(" | ", quote)):
            return evidence
    return None


def _has_figures(found: list[str], quote: str) -> bool:
    return normalization.are_same_figures(found, normalization.copied_figures(quote))


def says(index: DocumentIndex, text: str, span: Span) -> bool:
    """Whether the span has the text as whole words, flagged passages left aside."""
    folded = normalization.fold(text)
    return bool(folded) and any(
        index.is_whole(start, start + len(folded))
        and not index.is_flagged(start, start + len(folded))
        for start in index.occurrences(folded, *span)
    )


def _places(index: DocumentIndex, folded: str, page: int | None) -> Iterator[int]:
    """Every place of the words: on the claimed page, beside it, then anywhere."""
    seen = set()
    for begin, stop in index.nearest_first(page):
        for start in index.occurrences(folded, begin, stop):
            if start not in seen and index.is_whole(start, start + len(folded)):
                yield start
            seen.add(start)


def _follow(index: DocumentIndex, start: int, fragments: Sequence[str]) -> list[Span] | None:
    """Where the fragments stand when the first begins at `start`; None if they do not follow."""
    page_end = index.end_of_page(start)
    spans = [(start, start + len(fragments[0]))]
    for fragment in fragments[1:]:
        begin = spans[-1][1]
        stop = min(page_end, begin + LONGEST_GAP + len(fragment))
        for place in index.occurrences(fragment, begin, stop):
            if index.is_whole(place, place + len(fragment)):
                spans.append((place, place + len(fragment)))
                break
        else:
            return None
    return spans if spans[0][1] <= page_end else None
