"""ROUGE-1 and ROUGE-2 (Lin 2004): the words and pairs of words that two summaries share, as F1."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

# A letter of Chinese, Japanese or Thai counts as a word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|[^\W_]+")


def scores(summary: str, reference: str) -> tuple[float, float]:
    """ROUGE-1 and ROUGE-2 in percent; no stemming, all words count."""
    mine, its = (WORD.findall(text.lower()) for text in (summary, reference))
    pairs = Counter(pairwise(mine)), Counter(pairwise(its))
    return _f1(Counter(mine), Counter(its)), _f1(*pairs)


def _f1(
    mine: Counter[str] | Counter[tuple[str, str]], its: Counter[str] | Counter[tuple[str, str]]
) -> float:
    shared = sum(min(count, its[gram]) for gram, count in mine.items())  # type: ignore[index]
    total = mine.total() + its.total()
    return 200 * shared / total if total else 0.0
