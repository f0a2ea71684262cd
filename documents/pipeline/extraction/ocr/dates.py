"""Dates that an OCR engine took apart: digits after a period stand closer than words do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from .words import Word

# Day, month and year in digits, with a bracket or the sign that ends a sentence.
_DATE = re.compile(r"\(?\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})[.,;:)]?")
# Of the usual gap of the line: printed spaces are seldom so narrow.
_CLOSE = 0.85
# Around the narrow sign of a one there is room, and nobody writes two numbers like "17.1 1.2022".
_CLOSE_IN_MONTH = 1.3
_IN_MONTH = re.compile(r"\(?\d{1,2}\.\d \d\.(?:19|20)\d\d[.,;:)]?")
_FEWEST_GAPS = 3  # fewer tell nothing of what is usual


def whole(words: Sequence[Word]) -> list[Word]:
    """The same words, where two of a line are the parts of one date: as one."""
    return [
        word
        for _, line in groupby(words, key=lambda each: (each.block, each.paragraph, each.line))
        for word in _whole_in(list(line))
    ]


def _whole_in(line: Sequence[Word]) -> Iterator[Word]:
    waiting: Word | None = None
    usual = _usual_gap(line)
    for word in line:
        if waiting and _are_one(waiting, word, usual):
            waiting = _together(waiting, word)
            continue
        if waiting:
            yield waiting
        waiting = word
    if waiting:
        yield waiting


def _are_one(word: Word, following: Word, usual: float) -> bool:
    is_in_month = _IN_MONTH.fullmatch(f"{word.text} {following.text}")
    nearness = _CLOSE_IN_MONTH if is_in_month else _CLOSE
    return _are_parts(word, following) and _gap(word, following) < nearness * usual


def _usual_gap(line: Sequence[Word]) -> float:
    gaps = [_gap(*pair) for pair in pairwise(line) if not _are_parts(*pair)]
    return median(gaps) if len(gaps) >= _FEWEST_GAPS else 0


def _gap(word: Word, following: Word) -> int:
    return following.left - word.right


def _are_parts(word: Word, following: Word) -> bool:
    return bool(_DATE.fullmatch(word.text + following.text))


def _together(word: Word, following: Word) -> Word:
    return word._replace(
        top=min(word.top, following.top),
        right=following.right,
        bottom=max(word.bottom, following.bottom),
        confidence=min(word.confidence, following.confidence),
        text=word.text + following.text,
    )
