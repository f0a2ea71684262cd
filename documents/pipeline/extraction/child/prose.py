"""Running text in columns, told apart from the cells of a table."""

from __future__ import annotations

from itertools import pairwise

from .averages import mean, median
from .bands import Band, Row
from .positions import HYPHENS
from .runs import Run

_WORDS_A_LINE = 2.5
_LETTERS_A_LINE = 10  # in writing without spaces
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "。", "؟")


def is_drawn_by_rows(band: Band, drawn: list[Run]) -> bool:
    """Whether the drawing goes on to the next column of the row more often than down a column."""
    row_of = {run.index: number for number, row in enumerate(band.rows) for run in row}
    steps = [row_of[two.index] - row_of[one.index] for one, two in pairwise(drawn)]
    two_sided = sum(len(row) > 1 for row in band.rows)
    return steps.count(0) >= 0.6 * two_sided and not any(step < 0 for step in steps)


def is_prose(band: Band) -> bool:
    return all(_is_column_of_prose(band, number) for number in range(len(band.columns)))


def _is_column_of_prose(band: Band, number: int) -> bool:
    lines = band.column(number)
    if len(lines) < 3:
        return False
    texts = [" ".join(run.text for run in line) for line in lines]
    words = mean(len(text.split()) for text in texts)
    if words < _WORDS_A_LINE:
        # Chinese and Japanese: a line is one word of many letters that fills the column.
        is_unspaced = mean(map(len, texts)) >= _LETTERS_A_LINE and max(texts[0]) > "\u2e80"
        return is_unspaced and median(_fills(lines)) > 0.9
    running = mean(_runs_on(one, two) for one, two in pairwise(texts))
    filled = median(_fills(lines))
    return filled > 0.6 and (running >= 0.5 or (running >= 0.2 and filled > 0.85))


def _fills(lines: list[Row]) -> list[float]:
    """How much of the column's width each line takes."""
    left = min(row[0].left for row in lines)
    right = max(row[-1].right for row in lines)
    return [(row[-1].right - row[0].left) / max(right - left, 0.01) for row in lines]


def _runs_on(line: str, following: str) -> bool:
    """Whether a sentence goes on: in writing without capitals, whenever none has ended."""
    if line.endswith((*HYPHENS, "-")):
        return True
    first = following[:1]
    return not line.endswith(_SENTENCE_ENDS) and not (first.isupper() or not first.isalpha())
