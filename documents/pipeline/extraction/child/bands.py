"""Bands: rows of a page one below the other that share a gutter, the sign of columns or a table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from .averages import median
from .runs import Run, is_on_one_line

MIN_ROWS = 3
MAX_CELLS = 60  # a row of more is no table, and would take long to compare
_GUTTER = 0.75  # narrowest, in heights of the letters
_FAR = 2.6  # a row further below the last, in heights, begins something new

Interval = tuple[float, float]
Row = list[Run]


class Band:
    """Rows from top to bottom, and the columns they have in common, from left to right."""

    def __init__(self, rows: list[Row], columns: list[Interval]) -> None:
        self.rows, self.columns = rows, columns

    @cached_property
    def cells(self) -> list[list[Row]]:
        """For each row, what stands in each column."""
        return [[self._within(row, column) for column in self.columns] for row in self.rows]

    def column(self, number: int) -> list[Row]:
        """What stands in one column, line by line."""
        return [cells[number] for cells in self.cells if cells[number]]

    @property
    def runs(self) -> list[Run]:
        return [run for row in self.rows for run in row]

    @staticmethod
    def _within(row: Row, column: Interval) -> Row:
        return [run for run in row if column[0] <= (run.left + run.right) / 2 <= column[1]]


def rows_of(runs: Iterable[Run]) -> list[Row]:
    """Runs that share a line, from the top; within a row from left to right."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: -(run.top + run.bottom)):
        if rows and is_on_one_line(rows[-1][0], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def bands_of(rows: list[Row]) -> list[Band]:
    """Where at least `MIN_ROWS` rows have something on both sides of the same gutter."""
    bands: list[Band] = []
    current: list[Row] = []
    gutters: list[Interval] = []
    for row in rows:
        shared = _shared(gutters, row) if current and _is_near(current[-1], row) else []
        if not shared:
            _keep(current, bands)
            current, shared = [], _gaps([row])
        # A line on one side only, before any gutter is known, waits for the next row.
        current, gutters = ([*current, row], shared) if shared else ([], [])
    _keep(current, bands)
    return bands


def _keep(rows: list[Row], bands: list[Band]) -> None:
    gaps = _gaps(rows) if len(rows) >= MIN_ROWS else []
    if not gaps:
        return
    runs = [run for row in rows for run in row]
    edges = [
        min(run.left for run in runs),
        *((gap[0] + gap[1]) / 2 for gap in gaps),
        max(run.right for run in runs),
    ]
    band = Band(rows, list(pairwise(edges)))
    if sum(sum(map(bool, cells)) > 1 for cells in band.cells) >= MIN_ROWS:
        bands.append(band)


def _is_near(above: Row, row: Row) -> bool:
    distance = min(run.bottom for run in above) - max(run.top for run in row)
    return distance <= _FAR * _height([above, row])


def _height(rows: list[Row]) -> float:
    return median(run.height for row in rows for run in row)


def _shared(gutters: list[Interval], row: Row) -> list[Interval]:
    """What a row leaves of the gutters: the parts of them that it does not cross."""
    smallest = _GUTTER * _height([row])
    left: list[Interval] = []
    for start, end in gutters:
        if end - start < smallest:
            continue
        pieces = [(start, end)]
        # Of letters without height, even those beside the gutter leave a part of no width.
        for run in row if smallest <= 0 else _crossing(row, start, end):
            pieces = [
                part
                for a, b in pieces
                for part in ((a, min(b, run.left)), (max(a, run.right), b))
                if part[1] - part[0] >= smallest
            ]
        left += dict.fromkeys(pieces)
    return left


def _crossing(row: Row, start: float, end: float) -> Row:
    return [
        run
        for run in row
        # Either edge, as the boxes of some fonts are inside out.
        if (run.left < end or run.right < end) and (run.left > start or run.right > start)
    ]


def _gaps(rows: list[Row]) -> list[Interval]:
    """The intervals between left and right that no row has anything in."""
    if any(len(row) > MAX_CELLS for row in rows):
        return []
    spans = sorted((run.left, run.right) for row in rows for run in row)
    smallest = _GUTTER * _height(rows)
    gaps, reach = [], spans[0][1]
    for left, right in spans[1:]:
        if left - reach >= smallest:
            gaps.append((reach, left))
        reach = max(reach, right)
    return gaps
