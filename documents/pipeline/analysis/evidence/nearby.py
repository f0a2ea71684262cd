"""Who and when: a task's owner and date count only where its quote names them, or what leads to it.

Elsewhere in the document a name may belong to somebody else's task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from documents.pipeline.analysis.evidence.support.passages import sentence_around

_FARTHEST = 600  # characters from a list item to the line above the list
_HEADING = 80
_LONGEST_ROW = 200
_BULLET = re.compile(r"\s*(?:[•*–—-]|\d+[.)]|\w\)|\[.?\]|[☐☑])\s")
_SENTENCE_END = re.compile(r"[.!?。！？]\s*$")
_SENTENCES = re.compile(r"[.!?]\s+\S|[。！？]\S")
_THEY = re.compile(
    r"\b(?:he|she|they|him|her|them|er|sie|ihr|ihm|ihn|il|elle|ils|elles|él|ella|ellos|ellas|он"
    r"|она|они|ему|ей)\b",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\s*(?:this|it|the deadline|deadline|due|that|dies|das|die frist|frist|ce|cela|le délai|délai"
    r"|échéance|esto|el plazo|plazo|срок)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\b(?:i|we|my|our|us|you|your|please|ich|wir|mein|unser|du|sie|bitte|je|j'|nous|vous|yo"
    r"|nosotros|usted|ustedes|por favor|я|мы|вы|прошу)\b",
    re.IGNORECASE,
)
_CORRESPONDENT = re.compile(
    r"^[ \t>]*(?:(?:from|to|cc|von|an|de|à|para|от|кому)[ \t]*:|dear|hi|hello|hallo|liebe|lieber"
    r"|sehr geehrte|bonjour|chère?|estimad[oa]|querid[oa]|hola|уважаем)[^\n]{0,120}$",
    re.IGNORECASE | re.MULTILINE,
)

Range = tuple[int, int]  # two offsets in a page


def lines_that_tell(text: str, start: int, end: int) -> Iterator[Range]:
    """Where the owner and the date of what stands between two offsets may be written."""
    sentence = begin, stop = sentence_around(text, start, end)
    yield sentence
    row = _row(text, start, end)
    if row[1] - row[0] <= _LONGEST_ROW and not _SENTENCES.search(text, *row):
        yield row
    yield from _heading_above(text, begin)
    if _THEY.search(text, begin, stop) and begin:
        last = len(text[:begin].rstrip())
        yield sentence_around(text, max(0, last - 1), last)
    following = len(text) - len(text[stop:].lstrip())
    if _THIS.match(text, following):
        yield sentence_around(text, following, following + 1)
    if _SPEAKS.search(text, begin, stop):
        yield from ((found.start(), found.end()) for found in _CORRESPONDENT.finditer(text))
        yield from _signatures(text, stop)


def _row(text: str, start: int, end: int) -> Range:
    """The line, for a table has no sentences."""
    newline = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if newline < 0 else newline


def _heading_above(text: str, begin: int) -> Iterator[Range]:
    """The line that a list stands under: "Maria Lopez:"."""
    line_start = text.rfind("\n", 0, begin) + 1
    farthest = max(0, begin - _FARTHEST)
    while line_start > farthest:
        line_end = line_start - 1
        line_start = text.rfind("\n", 0, line_end) + 1
        line = text[line_start:line_end]
        if not line.strip() or _BULLET.match(line):
            continue
        if line.rstrip().endswith(":") or _is_heading(line):
            yield line_start, line_end
        return


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING and not _SENTENCE_END.search(line) and line.strip()[0].isupper()


def _signatures(text: str, stop: int) -> Iterator[Range]:
    """Short last lines: who wrote "I will send it"."""
    place = stop
    for line in text[stop:].splitlines(keepends=True):
        if line.strip() and len(line) <= _HEADING and not _SENTENCE_END.search(line):
            yield place, place + len(line)
        place += len(line)
