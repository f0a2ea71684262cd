"""Tokenization: content words without stop words; character bigrams where no spaces are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

WORD = re.compile(r"\w+(?:['’\-]\w+)*")
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿ก-๛ກ-໿က-႟ក-៿]")
RUN_OF_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿ก-๛ກ-໿က-႟ក-៿]+")


def listed(words: str) -> frozenset[str]:
    """The words of a list written down as running text."""
    return frozenset(words.split())


# A form letter or a log says the same over and over; each saying is taken apart once.
@lru_cache(maxsize=1024)
def content_words(text: str, stop_words: frozenset[str]) -> tuple[str, ...]:
    """Lower-cased words without small words, bare numbers and single letters, in order."""
    if not text.isascii() and UNSPACED.search(text):
        return tuple(_pairs(text, stop_words))
    return tuple(
        word
        for word in WORD.findall(text.lower())
        if len(word) > 1 and word not in stop_words and not word.isdigit()
    )


def _pairs(text: str, stop_words: frozenset[str]) -> Iterator[str]:
    for run in RUN_OF_UNSPACED.findall(text):
        if len(run) == 1:
            yield run
        for first, second in pairwise(run):
            if first + second not in stop_words:
                yield first + second
    for word in WORD.findall(RUN_OF_UNSPACED.sub(" ", text.lower())):
        if len(word) > 1 and not word.isdigit():
            yield word


def count(text: str) -> int:
    """Roughly how many words; two characters count as one where there are no spaces."""
    if text.isascii() or not UNSPACED.search(text):
        return text.count(" ") + 1
    unspaced = len(UNSPACED.findall(text))
    return unspaced // 2 + len(RUN_OF_UNSPACED.sub(" ", text).split())
