"""Bidirectional text: lines that run from right to left, in the order in which they are read.

A page says where letters stand, not in which order they were written, and PDFium turns words
around one by one: names and brackets change places, and words in presentation forms stay reversed.
So a line with Hebrew or Arabic letters is taken as it stands, from the left, and the algorithm by
which programs laid it out (UAX #9) is run backwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .clusters import Cluster, kind_of, with_spaces
from .positions import ASKEW, Glyph

MAY_BE_IN = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OPENING, _CLOSING = "([{<«‹", ")]}>»›"
_MIRRORED = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)
_MOST = 2_000  # letters of one line
_STOPS = ".,;:!?\u060c\u061b\u061f"

_FROM_RIGHT = re.compile("R(?:[NE]*R)*")
_FROM_LEFT = re.compile("E*L(?:N*[LE])*|E+")


def reordered(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """All of them; those of each line from right to left in the order in which it is read."""
    order: list[Glyph] = []
    brackets: list[Glyph] = []
    is_from_right = False
    for line in _lines(glyphs):
        kinds = {kind_of(glyph.char[0]) for glyph in line}
        # The last line of a paragraph may be a date and a full stop.
        is_from_right = "R" in kinds or (is_from_right and "L" not in kinds)
        order += _read(line, brackets) if is_from_right and _is_level(line) else line
    _mirror(brackets)
    return order


def _lines(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    line: list[Glyph] = []
    for glyph in glyphs:
        if line and (glyph.separator == "\n" or glyph.quarter != line[-1].quarter):
            yield line
            line = []
        line.append(glyph)
    if line:
        yield line


def _read(line: list[Glyph], brackets: list[Glyph]) -> list[Glyph]:
    separator, order = line[0].separator, []
    for cluster in _logical(with_spaces(line), brackets):
        for glyph in cluster:
            glyph.separator, separator = separator, ""
            order.append(glyph)
        # The line's own beginning counts for more than a space before its first letter.
        separator = separator or ("" if cluster else " ")
    return order


def _is_level(line: list[Glyph]) -> bool:
    """Whether it is one line of one direction on the page, too."""
    if len(line) > _MOST:
        return False
    highest = max(glyph.height for glyph in line)
    spread = max(glyph.bottom for glyph in line) - min(glyph.bottom for glyph in line)
    return line[0].quarter != ASKEW and spread < highest


def _logical(seen: list[Cluster], brackets: list[Glyph]) -> list[Cluster]:
    """In the order of reading, from the order in which they stand."""
    kinds = _kinds(seen)
    if _runs_from_right(kinds, *(cluster[0].char for cluster in (seen[0], seen[-1]))):
        return _turned(seen, kinds, brackets)
    order: list[Cluster] = []
    place = 0
    for found in _FROM_RIGHT.finditer(kinds):
        order += seen[place : found.start()]
        order += _turned(seen[found.start() : found.end()], found.group(), brackets)
        place = found.end()
    return order + seen[place:]


def _kinds(seen: list[Cluster]) -> str:
    kinds = "".join(kind_of(cluster[0].char[0]) if cluster else "N" for cluster in seen)
    # Signs in numbers and beside them are part of them.
    kinds = re.sub("(?<=E),(?=E)", "E", kinds)
    kinds = re.sub("(?<=E)%|%(?=E)", "E", kinds)
    return re.sub("[,%]", "N", kinds)


def _runs_from_right(kinds: str, first: str, last: str) -> bool:
    """Whether the line as a whole does: both ends tell, or its full stop, or most letters."""
    letters = re.sub("[NE]", "", kinds) or "R"
    if letters[0] == letters[-1]:
        return letters[0] == "R"
    if (first in _STOPS) != (last in _STOPS):
        return first in _STOPS
    return letters.count("R") > letters.count("L")


def _turned(seen: list[Cluster], kinds: str, brackets: list[Glyph]) -> list[Cluster]:
    """Read from the right; words and numbers that run from the left stay as they are."""
    parts: list[list[Cluster]] = []
    place = 0
    for found in _FROM_LEFT.finditer(kinds):
        start, end = found.start(), _with_closing(seen, *found.span())
        parts += [[cluster] for cluster in seen[place:start]]
        parts.append(seen[start:end])
        place = end
    parts += [[cluster] for cluster in seen[place:]]
    parts.reverse()
    single = (part[0][0] for part in parts if len(part) == 1 and part[0])
    brackets += (glyph for glyph in single if glyph.char in _OPENING + _CLOSING)
    return [cluster for part in parts for cluster in part]


def _with_closing(seen: list[Cluster], start: int, end: int) -> int:
    """Where a run from the left ends: behind a bracket that closes one inside it."""
    inside = "".join(cluster[0].char for cluster in seen[start:end] if cluster)
    while end < len(seen) and seen[end] and (char := seen[end][0].char) in _CLOSING:
        if inside.count(char.translate(_MIRRORED)) <= inside.count(char):
            break
        inside, end = inside + char, end + 1
    return end


def _mirror(brackets: list[Glyph]) -> None:
    """Turn the brackets of a page: fonts tell their shapes, but some programs what was written."""
    told = "".join(glyph.char for glyph in brackets)
    mirrored = told.translate(_MIRRORED)
    if _pairs(mirrored) >= _pairs(told):
        for glyph, char in zip(brackets, mirrored, strict=True):
            glyph.char = char


def _pairs(brackets: str) -> int:
    """How many are closed after they were opened, the next of their kind."""
    kinds = zip(_OPENING, _CLOSING, strict=True)
    told = ("".join(char for char in brackets if char in kind) for kind in map("".join, kinds))
    return sum(len(re.findall(r"[(\[{<«‹][)\]}>»›]", kind)) for kind in told)
