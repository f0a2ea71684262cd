"""Tables: the cells of a row on one line, a tab between them.

A tab, as no sentence holds one, and what reads the text later knows it for the end of a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .averages import mean
from .bands import Band, Row
from .runs import Run, separator

Piece = tuple[str, Run]

_SHORT = 40  # letters in a cell, on average
_LETTERS_IN_A_DATE = 10


def rows(band: Band) -> Iterator[Piece]:
    """Each row on a line; a tab also for each cell that is empty, up to the row's last."""
    for cells in band.cells:
        before = "\n"
        for cell in cells:
            if not cell:
                # Not two tabs in a row: they would be taken for one that was typed twice.
                before += " \t" if before != "\n" else ""
                continue
            yield before, cell[0]
            for last, run in pairwise(cell):
                yield separator(last, run), run
            before = "\t"


def is_drawn_by_columns(band: Band, drawn: list[Run]) -> bool:
    """Whether it is a table although its columns are drawn one after the other.

    Lists in columns, addresses and signatures side by side look much like one: what tells a
    table is that its columns differ in kind, and that its rows are whole.
    """
    return (
        _columns_in_turn(band, drawn)
        and _share_of_whole_rows(band) >= 0.75
        and all(_mean_length(band, number) <= _SHORT for number in range(len(band.columns)))
        and _columns_differ(band)
    )


def _columns_in_turn(band: Band, drawn: list[Run]) -> bool:
    column_of = {
        run.index: number
        for cells in band.cells
        for number, cell in enumerate(cells)
        for run in cell
    }
    numbers = [column_of.get(run.index, -1) for run in drawn]
    return all(one <= two for one, two in pairwise(numbers))


def _share_of_whole_rows(band: Band) -> float:
    return mean(all(cells) for cells in band.cells)


def _mean_length(band: Band, number: int) -> float:
    return mean(sum(len(run.text) for run in row) for row in band.column(number))


def _columns_differ(band: Band) -> bool:
    shares = [_share_of_numbers(band.column(number)) for number in range(len(band.columns))]
    return max(shares) >= 0.6 and min(shares) <= 0.25


def _share_of_numbers(lines: list[Row]) -> float:
    """How many cells are a number, a date or an amount; the header is none."""
    cells = [" ".join(run.text for run in row) for row in lines[1:]]
    return mean(map(_is_number, cells)) if cells else 0.0


def _is_number(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and sum(map(str.isalpha, cell)) <= _LETTERS_IN_A_DATE
