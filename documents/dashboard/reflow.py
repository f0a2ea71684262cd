"""Reflow: prose in lines as wide as the window, columns as they stand in the file.

Nothing is added and nothing taken away: a line end inside a paragraph becomes one space (or, where
a script has none, a mark of no width), so that places in the stored text still hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from documents.dashboard.highlights import Segment
from documents.pipeline.analysis.evidence.normalization import is_spaceless

_BLOCK = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_GAP = re.compile(r"\S(?: {2,}|\t)\s*\S|\|[^|\n]*\|")
_ITEM = re.compile(r"[-–—•●▪◦*·#>|]|\(?\w{1,3}[.)]\s|\d{1,3}(?:\.\d{1,3}){0,4}\s")
_FULL = 0.72  # of the usual line: a shorter one ends where its writer ended it
_SHORTEST = 40  # letters; below, line ends are verses, addresses, headings
_NO_WIDTH = "\u200b"


@dataclass
class Block:
    """A paragraph, a table, or the blank lines between two of them."""

    segments: list[Segment] = field(default_factory=list)
    is_columns: bool = False
    is_blank: bool = False
    tab: int = 8  # how far apart the columns of a table stand, in letters


def blocks(segments: Iterable[Segment]) -> list[Block]:
    """The text of these segments in blocks; a quote that goes on in the next one is cut in two."""
    cut = list(segments)
    text = "".join(segment.text for segment in cut)
    width = _usual_width(text)
    found: list[Block] = []
    edges = _edges(text)
    for start, end in pairwise(edges):
        piece = text[start:end]
        block = Block(
            is_columns=_is_columns(piece), is_blank=not piece.strip(), tab=_tab_width(piece)
        )
        shown = piece if block.is_columns or block.is_blank else _joined(piece, width)
        block.segments = list(_within(cut, start, end, shown))
        found.append(block)
    return found


def _edges(text: str) -> list[int]:
    edges = {0, len(text)}
    for block in _BLOCK.finditer(text):
        edges |= {block.start(), block.end()}
        edges |= {edge for table in _tables(block.group(), block.start()) for edge in table}
    return sorted(edges)


def _tables(block: str, at: int) -> Iterator[tuple[int, int]]:
    """Where lines with gaps follow each other, without the line end behind the last of them."""
    for has_gaps, lines in groupby(block.split("\n"), lambda line: bool(_GAP.search(line.strip()))):
        length = len("\n".join(run := list(lines)))
        if has_gaps and len(run) > 1:
            yield at, at + length
        at += length + 1


def _tab_width(block: str) -> int:
    """The next of 8, 16 … 48 that is wider than every cell before a tab."""
    cells = [cell for line in block.split("\n") for cell in line.split("\t")[:-1]]
    return min(48, 8 * (max(map(len, cells), default=0) // 8 + 1))


def _usual_width(text: str) -> int:
    """How long most of the longer lines are; what they are broken to."""
    lengths = sorted(len(line.strip()) for line in text.splitlines() if line.strip())
    return lengths[len(lengths) * 4 // 5] if lengths else 0


def _is_columns(block: str) -> bool:
    lines = block.strip("\n").split("\n")
    return len(lines) > 1 and all(_GAP.search(line.strip()) for line in lines)


def _joined(block: str, width: int) -> str:
    if width < _SHORTEST:
        return block
    lines = block.split("\n")
    joined = lines[0]
    for line, following in pairwise(lines):
        goes_on = len(line.strip()) >= _FULL * width and not _ITEM.match(following.lstrip())
        joined += (_seam(line, following) if goes_on else "\n") + following
    return joined


def _seam(line: str, following: str) -> str:
    if line and following and is_spaceless(line[-1]) and is_spaceless(following[0]):
        return _NO_WIDTH
    return " "


def _within(segments: list[Segment], start: int, end: int, shown: str) -> Iterator[Segment]:
    """The parts of the segments that lie here, in the letters that are shown."""
    at = 0
    for segment in segments:
        first, last = max(start, at), min(end, at + len(segment.text))
        if first < last:
            is_first = segment.is_first and first == at
            yield replace(segment, text=shown[first - start : last - start], is_first=is_first)
        at += len(segment.text)
