"""Topic labels: a document is about what it has a word of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.support.languages import lexicon_of
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

_STEM = 4  # letters by which a word is known in its other forms
_SHORTEST = 3  # letters of a word that says something
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿ก-๛]")


def stems(text: str) -> set[str]:
    """Of the words of a text; "budgets" and "budgeted" are one."""
    return {_stem(word) for word in normalization.words(text)}


def is_named(label: str, known: set[str], text: str, lexicon: Lexicon | None = None) -> bool:
    """Whether half of a label's words stand in the text, in whatever form.

    `known` are the `stems` of the text. "Of" and "the" do not count.
    """
    if _UNSPACED.search(label):
        return any(label[at : at + 2] in text for at in range(max(1, len(label) - 1)))
    words = list(_telling(normalization.words(label), lexicon))
    found = sum(_stem(word) in known for word in words)
    return not words or 2 * found >= len(words)


def _telling(words: Iterable[str], lexicon: Lexicon | None) -> Iterable[str]:
    for word in words:
        is_small = len(word) < _SHORTEST and not word.isdigit()
        if not is_small and not (lexicon and word in lexicon.common):
            yield word


def _stem(word: str) -> str:
    for ending in ("es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)[:_STEM]
    return word[:_STEM]


def are_in_one_language(one: str, other: str) -> bool:
    """False only where both are known and differ: words of two languages cannot be compared."""
    mine, theirs = lexicon_of(one), lexicon_of(other)
    return mine is None or theirs is None or mine is theirs
