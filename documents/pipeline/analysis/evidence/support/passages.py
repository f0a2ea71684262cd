"""Passages: the whole sentence around a quote, which may deny what the quote alone says."""

from __future__ import annotations

import re

_FARTHEST = 400  # characters
_ABBREVIATED = re.compile(
    r"(?:\b(?:\w|Dr|Mr|Mrs|Ms|Prof|Nr|No|St|Art|Abs|bzw|ca|vs|etc|Inc|Ltd|Co|Mme|Sr|Sra|bzgl|vgl"
    r"|Fig|Sec|Tel|approx|dept|est)|(?<!\d)\d{1,2})\.$"
)
_END = re.compile(
    r"[.!?…]+[\"”’»)\]]*(?=\s)|[。！？]|\n\s*\n"
    r"|\n(?=\s*(?:[•*–—-]|\d+[.)]|\w\))\s|[^\n]{0,80}:[ \t]*\n)"
)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences of a page that the place between two offsets has a part in."""
    return _begin_of(text, start), _end_of(text, end)


def _begin_of(text: str, start: int) -> int:
    first = max(0, start - _FARTHEST)
    begin = first
    for found in _END.finditer(text, first, start):
        if found.end() <= start and _is_end(text, found):
            begin = found.end()
    return begin


def _end_of(text: str, end: int) -> int:
    if re.search(r"[.!?…。！？]\W*$", text[max(0, end - 3) : end]):
        return end
    for found in _END.finditer(text, end, end + _FARTHEST):
        if _is_end(text, found):
            return found.end()
    return min(len(text), end + _FARTHEST)


def _is_end(text: str, found: re.Match[str]) -> bool:
    """Not behind an abbreviation or in a date such as "3. April"."""
    if found[0][0] != ".":
        return True
    before = text[max(0, found.start() - 8) : found.start() + 1]
    return not _ABBREVIATED.search(before)
