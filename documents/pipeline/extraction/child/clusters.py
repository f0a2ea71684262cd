"""Clusters: what stands together on one place of a line, a letter first and its marks behind it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from .positions import Glyph

_FORMS = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
_LAM, _ALEFS = "\u0644", "\u0622\u0623\u0625\u0627"
_GAP = 0.12  # of the height: a wider one is a space

# One character for each: what runs from the left, from the right, is a number, or neither.
_KINDS = {"L": "L", "R": "R", "AL": "R", "EN": "E", "AN": "E", "ET": "%", "CS": ",", "ES": ","}

Cluster = list[Glyph]  # an empty one is a space


def with_spaces(line: list[Glyph]) -> list[Cluster]:
    """From the left to the right."""
    seen = sorted(_clusters(line), key=lambda cluster: cluster[0].left + cluster[0].right)
    place = {id(glyph): number for number, glyph in enumerate(line)}
    told = seen[:1]
    for left, right in pairwise(seen):
        one, two = sorted((left, right), key=lambda cluster: place[id(cluster[0])])
        is_told = place[id(two[0])] == place[id(one[-1])] + 1
        if is_told and not _is_neutral(left) and not _is_neutral(right):
            is_apart = bool(two[0].separator)
        else:  # PDFium moves signs, but not the spaces around them.
            height = max(left[0].height, right[0].height)
            is_apart = right[0].left - left[0].right > _GAP * height
        told += [[], right] if is_apart else [right]
    return told


def _is_neutral(cluster: Cluster) -> bool:
    return kind_of(cluster[0].char[0]) not in "LRE"


def _clusters(line: list[Glyph]) -> list[Cluster]:
    for glyph in line:
        glyph.char = _in_letters(glyph.char)
    clusters = [[glyph] for glyph in line if not _is_mark(glyph)]
    for mark in filter(_is_mark, line):
        place = next((c for c in clusters if _stands_on(mark, c[0])), None)
        if place is None:
            clusters.append([mark])
        else:
            place.append(mark)
    return list(_with_ligatures(clusters))


def _in_letters(char: str) -> str:
    """Without the forms that Arabic letters take by their place in a word."""
    return unicodedata.normalize("NFKC", char).strip() or char if _FORMS.search(char) else char


def _is_mark(glyph: Glyph) -> bool:
    return unicodedata.category(glyph.char[0]) == "Mn"


def _stands_on(mark: Glyph, letter: Glyph) -> bool:
    return letter.left <= (mark.left + mark.right) / 2 <= letter.right


def _with_ligatures(clusters: list[Cluster]) -> Iterator[Cluster]:
    """Lam and alef drawn as one share a place, which does not tell their order."""
    last: Cluster = []
    for cluster in clusters:
        if last and _are_lam_alef(last[0], cluster[0]):
            last = sorted((*last, *cluster), key=lambda glyph: glyph.char != _LAM)
            continue
        if last:
            yield last
        last = cluster
    if last:
        yield last


def _are_lam_alef(one: Glyph, two: Glyph) -> bool:
    letters = {one.char, two.char}
    return (
        (one.left, one.right) == (two.left, two.right)
        and _LAM in letters
        and not letters.isdisjoint(_ALEFS)
    )


def kind_of(char: str) -> str:
    # A mark for a glyph without a letter runs as the letters around it do.
    if unicodedata.category(char) == "Co":
        return "N"
    return _KINDS.get(unicodedata.bidirectional(char), "N")
