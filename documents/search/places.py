"""Where the terms stand that were asked for: on which pages, and where in a text as it was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from documents.models import SearchEntry
from documents.search import terms
from documents.search.terms import Term

LENGTH = 220  # characters of a snippet
LEAD = 60  # of them before the first match

Span = tuple[int, int]


@dataclass(frozen=True)
class Segment:
    """A piece of a snippet."""

    text: str
    is_match: bool = False


def pages_with(entry: SearchEntry, asked: Sequence[Term]) -> Counter[int]:
    """How many of the terms stand on which page, where there are any."""
    lines = enumerate(entry.text.split("\n"), start=entry.first_page)
    return +Counter({number: count(line, asked) for number, line in lines})


def count(folded: str, asked: Sequence[Term]) -> int:
    """How many of the terms a text has that is folded already."""
    return sum(bool(_pattern(term).search(folded)) for term in asked)


def _pattern(term: Term) -> re.Pattern[str]:
    end = "" if term.is_prefix else r"(?!\S)"
    return re.compile(rf"(?<!\S){re.escape(term.text)}{end}")


def spans(text: str, asked: Sequence[Term]) -> list[Span]:
    """Each place of the terms in a text, whole words, in their order and apart."""
    if terms.is_plain(text):  # Fifty pages are shown at once, and most are.
        return [match.span() for match in _plain_pattern(asked).finditer(text.lower())]
    found: list[Span] = []
    is_met = _matcher(asked)
    for run in terms.runs(text):
        if is_met(run[0]):
            _unite(found, _within(run, asked, is_met))
    return found


def _plain_pattern(asked: Sequence[Term]) -> re.Pattern[str]:
    ends = (re.escape(term.text) + ("[a-z0-9]*" if term.is_prefix else "") for term in asked)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(ends)})(?![a-z0-9])")


def _matcher(asked: Sequence[Term]) -> Callable[[str], bool]:
    """Whether a run of letters has any of the terms; asked of every word of a page."""
    whole = {term.text for term in asked if not term.is_prefix}
    beginnings = tuple(term.text for term in asked if term.is_prefix)

    def is_met(run: str) -> bool:
        found = terms.of_run(run)
        return any(term in whole or term.startswith(beginnings) for term in found)

    return is_met


def _within(
    run: re.Match[str], asked: Sequence[Term], is_met: Callable[[str], bool]
) -> Iterator[Span]:
    """Which of the letters that stand together were asked for."""
    pieces = [piece for piece in terms.pieces(run) if is_met(piece[0])]
    if not pieces:  # A word that is broken at the end of its line.
        yield run.span()
    for piece in pieces:
        start = run.start() + piece.start()
        letters = _letters(piece[0], asked) if terms.is_spaceless(piece[0]) else []
        for first, last in list(letters) or [(0, len(piece[0]))]:
            yield start + first, start + last


def _letters(piece: str, asked: Sequence[Term]) -> Iterator[Span]:
    """Where words have no spaces between them, the letters alone."""
    for at in range(len(piece)):
        for term in asked:
            if piece.startswith(term.text, at):
                yield at, at + len(term.text)


def _unite(found: list[Span], more: Iterator[Span]) -> None:
    for start, end in more:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))


def snippet(text: str, asked: Sequence[Term]) -> list[Segment]:
    """Where a text has most of the terms close together, cut so that each can be marked."""
    places = spans(text, asked)
    start = max(0, _densest(places) - LEAD)
    end = min(len(text), start + LENGTH)
    # Not in the middle of a word, unless that has no end.
    start = start if start == 0 else text.find(" ", start, start + LEAD // 2) + 1 or start
    end = end if end == len(text) else max(text.rfind(" ", start + LENGTH // 2, end), end - LEAD)
    return list(_segments(text, start, end, places))


def _densest(places: Sequence[Span]) -> int:
    """Where the most places begin that one snippet has room for; the first of such."""
    room = LENGTH - LEAD
    starts = [start for start, _ in places]
    near = ((sum(start <= one < start + room for one in starts[at : at + 20]), -start)
            for at, start in enumerate(starts))  # fmt: skip
    return -max(near, default=(0, 0))[1]


def _segments(text: str, start: int, end: int, places: Sequence[Span]) -> Iterator[Segment]:
    at, before = start, "… " if start else ""
    for first, last in places:
        if first < start or last > end:
            continue
        if between := before + _in_one_line(text[at:first]):
            yield Segment(between)
        yield Segment(_in_one_line(text[first:last]), is_match=True)
        at, before = last, ""
    if rest := before + _in_one_line(text[at:end]) + (" …" if end < len(text) else ""):
        yield Segment(rest)


def _in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
