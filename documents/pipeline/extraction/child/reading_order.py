"""Reading order: columns one after the other, the cells of a table's row together.

The order in which a page is drawn stands unless positions speak clearly against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from . import prose, tables
from .bands import Band, bands_of, rows_of
from .positions import HYPHENS
from .runs import Run, separator

Piece = tuple[str, Run]  # what separates it from the piece before, and the piece

MAX_RUNS = 3_000


def pieces(runs: list[Run], *, by_position: bool) -> list[Piece]:
    """The runs of one direction in the order they are read.

    `by_position` is for pages whose drawing order is known to mean nothing.
    """
    if len(runs) > MAX_RUNS:
        return list(_as_drawn(runs))
    rows = rows_of(runs)
    bands = bands_of(rows)
    drawn = [run for row in rows for run in row] if by_position else runs
    arranged = [(band, _arranged(band, by_position=by_position)) for band in bands]
    return list(_with_bands(drawn, [(band, new) for band, new in arranged if new]))


def _arranged(band: Band, *, by_position: bool) -> list[Piece]:
    """A band in its own order, or nothing where it may stay as it is drawn."""
    drawn = sorted(band.runs, key=lambda run: run.index)
    is_by_rows = by_position or prose.is_drawn_by_rows(band, drawn)
    if is_by_rows and prose.is_prose(band):
        return [piece for number in range(len(band.columns)) for piece in _lines(band, number)]
    if is_by_rows or tables.is_drawn_by_columns(band, drawn):
        return list(tables.rows(band))
    return []


def _lines(band: Band, number: int) -> Iterator[Piece]:
    for row in band.column(number):
        yield "\n", row[0]
        for last, run in pairwise(row):
            yield separator(last, run), run


def _with_bands(runs: Sequence[Run], arranged: list[tuple[Band, list[Piece]]]) -> Iterator[Piece]:
    """The runs in their order, but each band whole where its first run stands."""
    band_of = {run.index: number for number, (band, _) in enumerate(arranged) for run in band.runs}
    told: set[int] = set()
    rest: list[Run] = []
    for run in runs:
        number = band_of.get(run.index)
        if number is None:
            rest.append(run)
        elif number not in told:
            told.add(number)
            yield from _as_drawn(rest)
            rest = []
            yield from arranged[number][1]
    yield from _as_drawn(rest)


def _as_drawn(runs: Sequence[Run]) -> Iterator[Piece]:
    """PDFium's own separators between what it told in this order, and lines for the others."""
    if not runs:
        return
    yield "\n", runs[0]
    for last, run in pairwise(runs):
        yield separator(last, run), run


def joined(pieces_: Sequence[Piece]) -> str:
    """The text; a hyphen's mark stands right before the rest of its word, as PDFium writes it."""
    parts: list[str] = []
    for between, run in pieces_:
        if parts and not (between == "\n" and parts[-1][-1:] in tuple(HYPHENS)):
            parts.append(between)
        parts.append(run.text)
    return "".join(parts)
