"""The text of an HTML page as it grows: lines, cells of tables, quotes and marks."""

from __future__ import annotations

import re

from . import elements, marks
from .elements import Element

_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LOWERED = str.maketrans("0123456789+-−–", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")
_SPACES = re.compile(r"\s+")
_LINE_END = re.compile(r"\r\n?|\n")
_MANY_BREAKS = re.compile(r"\n{3,}")
# With an empty line before and behind.
_APART = frozenset(["p", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"])
_MOST_QUOTES = 5


class ShownText:
    """Quoted mail (`blockquote`) gets the `>` that it has in plain text."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._quotes = 0
        self._breaks = 0  # that wait for words: at either end of a cell they are none
        self._gap = ""  # before the next words on the line
        self._is_struck = False
        self._is_in_row = self._is_row_broken = self._is_cell_empty = False

    def text(self) -> str:
        self._strike(False)
        lines = map(_tidy, "".join(self._pieces).split("\n"))
        return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()

    def start(self, tag: str) -> None:
        if elements.is_cell(tag):
            self._start_cell()
        elif elements.breaks(tag):
            self._break(tag)
        if tag == "tr":
            self._is_in_row = self._is_row_broken = False
        self._quotes += tag == "blockquote"

    def end(self, tag: str) -> None:
        self._quotes -= tag == "blockquote"
        self._is_row_broken |= tag == "table"
        self._is_cell_empty &= not elements.is_cell(tag)
        if elements.breaks(tag):
            self._break(tag)

    def hide(self) -> None:
        """Words stand here that nobody sees."""
        self._pieces.append(marks.HIDDEN)

    def write(self, inside: Element, words: str) -> None:
        """Words that are shown, of this element."""
        if inside.shift:
            words = _shifted(words, inside.shift)
        if not inside.is_preserved:
            self._write_on_line(_SPACES.sub(" ", words), inside)
            return
        for number, line in enumerate(_LINE_END.split(words)):
            self._breaks += number > 0
            self._write_on_line(line, inside)

    def _write_on_line(self, words: str, inside: Element) -> None:
        inked = words.strip()
        if not inked:
            self._gap = self._gap or words
            return
        self._start_line()
        self._is_cell_empty = False
        gap = self._gap or words[: words.index(inked[0])]
        # Spaces are on neither side of what is struck.
        self._strike(self._is_struck and inside.is_struck)
        self._pieces.append(gap)
        self._strike(inside.is_struck)
        self._pieces.append(inked)
        self._gap = words[len(words.rstrip()) :]

    def _start_cell(self) -> None:
        if not self._is_in_row:
            self._start_line()
        elif self._is_row_broken:
            # Of cells with several lines, as layouts have them, each begins a line.
            self._break("")
        else:
            self._strike(False)
            self._pieces.append("\t")
            self._breaks, self._gap = 0, ""
        self._is_in_row = self._is_cell_empty = True

    def _break(self, tag: str) -> None:
        if self._is_cell_empty:
            return
        if tag == "br":
            self._breaks += 1
        else:
            self._breaks = max(self._breaks, 2 if tag in _APART else 1)
        self._gap = ""

    def _start_line(self) -> None:
        if not self._breaks:
            return
        self._strike(False)
        self._is_row_broken |= self._is_in_row
        self._pieces.append(("\n" + "> " * min(self._quotes, _MOST_QUOTES)) * self._breaks)
        self._breaks, self._gap = 0, ""

    def _strike(self, is_struck: bool) -> None:
        if is_struck != self._is_struck:
            self._pieces.append(marks.STRUCK if is_struck else marks.STRUCK_ENDS)
            self._is_struck = is_struck


def _shifted(words: str, shift: int) -> str:
    """Raised and lowered digits, so that they stay apart from a number; "3rd" stays as it is."""
    if any(map(str.isalpha, words)):
        return words
    return words.translate(_RAISED if shift > 0 else _LOWERED)


def _tidy(line: str) -> str:
    """With a tab between cells, and a space for one that is empty between others."""
    cells = [cell.strip() for cell in line.split("\t")]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    filled = [cell for cell in cells if cell]
    return "\t".join(cell or " " for cell in cells) if len(filled) > 1 else "".join(filled)
