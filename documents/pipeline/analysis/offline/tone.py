"""Sentiment by a word list (VADER, English only): the mean over sentences, not of the whole."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from documents.pipeline.analysis.offline.sentences import HEADING, TABLE, Sentences
from documents.pipeline.analysis.schema import Sentiment

NEUTRAL_BAND = 0.10
MIXED_SHARE = 0.20

# Enough for a steady mean; a 10 MB document has a hundred thousand sentences or more.
MOST_SENTENCES = 4_000


def assess(sentences: Sentences, language: str | None) -> Sentiment:
    if language != "en":
        return Sentiment(
            "not_assessed", None, "The word-list estimate of tone covers English only.", []
        )
    scored = _scored(sentences)
    if not scored:
        return Sentiment("not_assessed", None, "There are no sentences to assess.", [])
    mean = sum(score for score, _ in scored) / len(scored)
    positive = sum(score > NEUTRAL_BAND for score, _ in scored)
    negative = sum(score < -NEUTRAL_BAND for score, _ in scored)
    return Sentiment(
        label=_label(mean, positive / len(scored), negative / len(scored)),
        score=round(mean, 3),
        rationale=(
            f"Tone by word-list estimate: of {len(scored)} sentences {positive} read positive"
            f" and {negative} negative; the mean score is {mean:+.2f}."
        ),
        evidence=[sentences.evidence(index) for index in _extremes(scored)],
    )


def _scored(sentences: Sentences) -> list[tuple[float, int]]:
    chosen = [
        index for index in range(len(sentences)) if not sentences.kind(index) & (HEADING | TABLE)
    ] or list(range(len(sentences)))
    step = -(-len(chosen) // MOST_SENTENCES) or 1
    return [(_compound(sentences.text(index)), index) for index in chosen[::step]]


def _label(mean: float, positive: float, negative: float) -> Any:
    if positive >= MIXED_SHARE and negative >= MIXED_SHARE:
        return "mixed"
    if mean > NEUTRAL_BAND:
        return "positive"
    return "negative" if mean < -NEUTRAL_BAND else "neutral"


def _extremes(scored: list[tuple[float, int]]) -> list[int]:
    """The most positive and the most negative sentence, the earlier one on a tie."""
    best = max(scored, key=lambda pair: (pair[0], -pair[1]))
    worst = min(scored)
    extremes = [best[1]] if best[0] > NEUTRAL_BAND else []
    return [*extremes, worst[1]] if worst[0] < -NEUTRAL_BAND else extremes


@lru_cache(maxsize=1024)
def _compound(text: str) -> float:
    return float(_word_list().polarity_scores(text)["compound"])


@cache
def _word_list() -> Any:
    # Imported at first use: the package drags an HTTP client in, which is never called.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
