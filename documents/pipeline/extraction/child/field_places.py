"""Form values beside their labels: where a field's text belongs among that of its page."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from .form_fields import Field
from .positions import Glyph, upright
from .runs import Run, is_on_one_line, runs_of

Piece = tuple[str, Run]

MAX_COMPARISONS = 1_000_000
MAX_TRIES = 4  # glyphs of an annotation that is no field, each compared with all fields
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Filled(NamedTuple):
    """A field with the lines of text that stand in it."""

    field: Field
    lines: list[Run]

    @property
    def first(self) -> Run:
        return self.lines[0]


def split(
    glyphs: list[Glyph], fields: list[Field], drawn: dict[int | None, int], rotation: int
) -> tuple[list[Glyph], list[Filled]]:
    """The page's own glyphs, and each field with those it shows.

    `drawn` tells which text object belongs to which annotation.
    """
    if not fields:
        return glyphs, []
    field_of = _fields_of(glyphs, fields, drawn, rotation)
    inside: list[list[Glyph]] = [[] for _ in fields]
    own: list[Glyph] = []
    for glyph in glyphs:
        number = field_of.get(drawn.get(glyph.text_object, -1))
        (own if number is None else inside[number]).append(glyph)
    filled = [
        Filled(field, _lines(field, held, rotation))
        for field, held in zip(fields, inside, strict=True)
        if held or field.mark
    ]
    return own, sorted(filled, key=lambda each: (-each.first.top, each.first.left))


def _fields_of(
    glyphs: list[Glyph], fields: list[Field], drawn: dict[int | None, int], rotation: int
) -> dict[int, int]:
    """Which field an annotation is: that in which one of its glyphs stands, as values overflow."""
    found: dict[int, int] = {}
    tries: Counter[int] = Counter()
    for glyph in glyphs:
        annotation = drawn.get(glyph.text_object)
        if annotation is None or annotation in found or tries[annotation] >= MAX_TRIES:
            continue
        tries[annotation] += 1
        number = next((n for n, each in enumerate(fields) if each.holds(glyph, rotation)), None)
        if number is not None:
            found[annotation] = number
    return found


def _lines(field: Field, held: list[Glyph], rotation: int) -> list[Run]:
    if field.mark:
        return [Run(-1, [Glyph(field.mark, "", *upright(field.box, rotation))])]
    lines = runs_of(held)
    for line in lines:
        if line.text in field.selected:
            line.glyphs[0].char = f"[x] {line.glyphs[0].char}"
    return [Run(line.index, line.glyphs) for line in lines]


def placed(pieces: list[Piece], filled: list[Filled]) -> list[Piece]:
    """Each field's text after the label left of it, before the one right of it, or below."""
    if len(pieces) * len(filled) > MAX_COMPARISONS:
        return pieces + [("\n", line) for each in filled for line in each.lines]
    values: set[int] = set()
    for each in filled:
        pieces = _with(pieces, each, values)
        values |= {id(line) for line in each.lines if not each.field.mark}
    return pieces


def _with(pieces: list[Piece], filled: Filled, values: set[int]) -> list[Piece]:
    pieces = _opened(pieces, filled.first)
    place, separator = _place(pieces, filled.first, values)
    new = [(separator if line is filled.first else "\n", line) for line in filled.lines]
    rest = pieces[place:]
    if rest and is_on_one_line(rest[0][1], filled.lines[-1]):
        rest[0] = (_between(filled, rest[0][1]), rest[0][1])
    return pieces[:place] + new + rest


def _between(filled: Filled, following: Run) -> str:
    """What follows a value further right is the next label; a box to tick stands by its words."""
    last = filled.lines[-1]
    is_far = following.left - last.right > following.height
    return "\t" if is_far and not filled.field.mark else " "


def _place(pieces: list[Piece], line: Run, values: set[int]) -> tuple[int, str]:
    on_row = [(n, run) for n, (_, run) in enumerate(pieces) if is_on_one_line(run, line)]
    left = [(run.right, n) for n, run in on_row if run.left < line.left]
    if left:
        number = max(left)[1]
        return number + 1, "\t" if id(pieces[number][1]) in values else " "
    right = [(run.left, n) for n, run in on_row]
    if right:
        number = min(right)[1]
        is_reversed = _RIGHT_TO_LEFT.search(pieces[number][1].text)
        return (number + 1, " ") if is_reversed else (number, pieces[number][0])
    above = [(run.bottom, -n) for n, (_, run) in enumerate(pieces) if run.bottom > line.bottom]
    return (1 - min(above)[1], "\n") if above else (0, "\n")


def _opened(pieces: list[Piece], line: Run) -> list[Piece]:
    """Where a field lies upon a line, such as dots to write on, the line is cut before it."""
    opened: list[Piece] = []
    for separator, run in pieces:
        if not (run.left < line.left < run.right and is_on_one_line(run, line)):
            opened.append((separator, run))
            continue
        before = [glyph for glyph in run.glyphs if glyph.left + glyph.right < 2 * line.left]
        after = run.glyphs[len(before) :]
        parts = [part for part in (before, after) if part]
        opened.append((separator, Run(run.index, parts[0])))
        opened += [(part[0].separator, Run(run.index, part)) for part in parts[1:]]
    return opened
