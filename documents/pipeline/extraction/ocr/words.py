"""Words that an OCR engine found on a picture, with its confidence in each: its TSV, not believed.

https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html tells the columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

POOR = 60  # percent; below, about one word in three is wrong
MEAN_OF_READABLE = 40
_MEAN_OF_DOUBT, _SHARE_OF_DOUBT = 70, 0.3
MOST_CHARACTERS = 50_000  # of one page; a page of a newspaper has 30,000

_COLUMNS = 12
_IDEOGRAPH = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_IS_WORD = "5"


class Word(NamedTuple):
    """Where it stands by the engine's count of blocks, paragraphs and lines, and in pixels."""

    page: int
    block: int
    paragraph: int
    line: int
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    text: str


class Recognized(NamedTuple):
    """What was read on one page: words in reading order, and how sure they are."""

    text: str
    confidence: int
    poor_share: float


def words_of(tsv: bytes) -> list[Word]:
    """The words in the engine's order; whatever is no word of a table is passed over."""
    rows = tsv.decode("utf-8", "replace").split("\n")
    return [word for word in map(_word, rows) if word]


def _word(row: str) -> Word | None:
    cells = row.rstrip("\r").split("\t", _COLUMNS - 1)
    if len(cells) < _COLUMNS or cells[0] != _IS_WORD:
        return None
    *places, confidence, text = cells[1:]
    try:
        page, block, paragraph, line, _, left, top, width, height = map(_whole, places)
        sure = float(confidence)
    except ValueError:
        return None
    shown = " ".join(text.split())
    if not shown or not math.isfinite(sure):
        return None
    sure = min(max(sure, 0.0), 100.0)
    right, bottom = left + width, top + height
    return Word(page, block, paragraph, line, left, top, right, bottom, sure, shown)


def _whole(cell: str) -> int:
    """A number of pixels or of places; longer ones are no numbers of a picture."""
    if len(cell) > 9:
        raise ValueError("That is no number of a picture")
    return int(cell)


def recognized(words: Sequence[Word]) -> Recognized | None:
    """The words of one page as its text; None where they are no more than guesses at a picture."""
    poor = sum(word.confidence < POOR for word in words)
    if not trusted_letters(words) or _are_guesses(_mean(words), poor / len(words)):
        return None
    text = "\n\n".join(_paragraphs(words))[:MOST_CHARACTERS]
    return Recognized(text, round(_mean(words)), round(poor / len(words), 3))


def _are_guesses(mean: float, poor_share: float) -> bool:
    """Also letters of another script than the engine knows: they look like some of its own."""
    return mean < MEAN_OF_READABLE or (mean < _MEAN_OF_DOUBT and poor_share > _SHARE_OF_DOUBT)


def worth(words: Iterable[Word]) -> int:
    """By which two readings of a picture are compared: letters that are sure, less the others."""
    words = list(words)
    doubtful = (word.text for word in words if word.confidence < POOR)
    return trusted_letters(words) - sum(len(text) for text in doubtful)


def trusted_letters(words: Iterable[Word]) -> int:
    """How many letters and digits stand in words of two or more that the engine is sure of."""
    sure = (word.text for word in words if word.confidence >= POOR)
    counts = (sum(map(str.isalnum, text)) for text in sure)
    return sum(count for count in counts if count > 1)


def _mean(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words)


def _paragraphs(words: Iterable[Word]) -> Iterator[str]:
    for _, paragraph in groupby(words, key=lambda word: (word.block, word.paragraph)):
        lines = groupby(paragraph, key=lambda word: word.line)
        yield "\n".join(_joined(word.text for word in line) for _, line in lines)


def _joined(texts: Iterable[str]) -> str:
    """A line of words; Chinese and Japanese come sign by sign and are written without spaces."""
    line = ""
    for text in texts:
        is_apart = line and not (_IDEOGRAPH.match(line[-1]) and _IDEOGRAPH.match(text))
        line += f" {text}" if is_apart else text
    return line
