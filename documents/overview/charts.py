"""Charts drawn by the server as SVG: columns of one or several stacked parts.

A template writes the markup; here is where everything stands. Colors are classes, as the content
policy allows no style inside a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 130  # in units of the drawing, which grows with the page
BOTTOM = 110  # where columns stand; their labels are below
TOP = 14
GAP = 0.25  # of the place of a column


@dataclass(frozen=True)
class Part:
    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    x: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Chart:
    id: str
    title: str
    told: str  # the same in a sentence, for whoever does not see it
    parts: list[Part]
    labels: list[Label]
    highest: str  # what the top line stands for
    is_empty: bool
    width: int = WIDTH
    height: int = HEIGHT
    top: int = TOP
    bottom: int = BOTTOM


def columns(
    id: str,
    *,
    title: str,
    told: str,
    columns: Sequence[Mapping[str, float]],
    names: Sequence[str],
    highest: str,
) -> Chart:
    """A column for each mapping of series to value, named below where there is room."""
    most = max((sum(column.values()) for column in columns), default=0)
    step = WIDTH / max(len(columns), 1)
    parts = [
        part
        for place, column in enumerate(columns)
        for part in _column(column, place * step, step, most)
    ]
    return Chart(id, title, told, parts, _labels(names, step), highest, is_empty=not most)


def _column(column: Mapping[str, float], left: float, step: float, most: float) -> list[Part]:
    parts, y = [], float(BOTTOM)
    for series, value in column.items():
        if not value:
            continue
        height = (BOTTOM - TOP) * value / most
        y -= height
        x, width = left + step * GAP / 2, step * (1 - GAP)
        parts.append(Part(series, round(x, 2), round(y, 2), round(width, 2), round(height, 2)))
    return parts


def _labels(names: Sequence[str], step: float) -> list[Label]:
    """Of the first, the middle and the last column: more would run into each other."""
    if not names:
        return []
    last = len(names) - 1
    middle = last // 2
    return [
        Label(0, names[0], "start"),
        Label(round((middle + 0.5) * step, 2), names[middle]),
        Label(WIDTH, names[last], "end"),
    ]
