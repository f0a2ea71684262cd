"""Front matter: title pages and contents, known by what most of their lines are."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.sentence_boundaries import ENDED
from documents.pipeline.analysis.offline.sentences import Sentences

# So many entries in a row, but one, are contents without a heading.
DENSE = 5

# A title page has so many lines, in documents of so many sentences.
TITLES, LONG = 12, 100

# Pages that may be contents, and the share of their lines that are entries.
FRONT, LED = 40, 0.35

# "3.1.3 The stable distribution . . . . 8"
LEADERS = re.compile(r"(?:[.·…_-] ?){5}")
# "3.1.4 Another distribution 12"
SECTION = re.compile(r"\s{0,9}(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){1,3}\.?\s?[^\W\d_]")


def pages_of_contents(sentences: Sentences) -> frozenset[int]:
    """Pages on which every second line or third is an entry: the rest are their other halves."""
    found = set()
    for number, page in enumerate(sentences.pages[:FRONT]):
        lines = [line for line in page.text[:8_000].splitlines() if line.strip()]
        entries = sum(map(_is_led, lines))
        if entries >= DENSE and entries >= LED * len(lines):
            found.add(number)
    return frozenset(found)


def _is_led(line: str) -> bool:
    if LEADERS.search(line):
        return True
    return SECTION.match(line) is not None and line.rstrip()[-1].isdigit()


def titles(sentences: Sentences) -> frozenset[int]:
    """At the head of a long document: names, dates and titles, which end in no full stop."""
    if len(sentences) < LONG:
        return frozenset()
    ended = [ENDED.search(sentences.text(index)) is not None for index in range(LONG)]
    # In lists, and in scripts that have no full stop, its lack says nothing.
    if sum(ended) * 3 < LONG:
        return frozenset()
    return frozenset(index for index in range(TITLES) if not ended[index])
