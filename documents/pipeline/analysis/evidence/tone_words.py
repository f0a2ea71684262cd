"""Tone by a word list (VADER, English only): how good or bad the words of a sentence are."""

from __future__ import annotations

from functools import cache
from typing import Any

from documents.pipeline.analysis.evidence.memo import memoized


@memoized
def compound(text: str) -> float:
    """From -1 to 1; 0 where no word of it has a tone."""
    return float(_word_list().polarity_scores(text)["compound"])


def bears(label: str, sentences: list[str]) -> bool:
    """Whether any of the sentences has words of this tone."""
    scores = [compound(sentence) for sentence in sentences]
    if label == "positive":
        return any(score > 0 for score in scores)
    if label == "negative":
        return any(score < 0 for score in scores)
    return label == "neutral" or any(scores)


@cache
def _word_list() -> Any:
    # Imported at first use: the package drags an HTTP client in, which is never called.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
