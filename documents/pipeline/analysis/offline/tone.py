"""Sentiment by a word list (VADER, English only): the mean over sentences of prose."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from documents.pipeline.analysis.offline.patterns import any_space, either, one_of
from documents.pipeline.analysis.offline.sentences import HEADING, ITEM, TABLE, Sentences
from documents.pipeline.analysis.offline.sentiment_words import NEGATIVE, NO_SENTIMENT
from documents.pipeline.analysis.schema import Sentiment, Tone

# A sentence within this band says nothing of tone; nor does a mean within the second.
SENTENCE_BAND, MEAN_BAND = 0.25, 0.12
TORN_BAND = 0.45
MIXED_SHARE = 0.20
# One sign is believed where sentences of it outnumber those of the other so many times.
OUTNUMBER = 2
# Fewer sentences of prose have no tone worth naming.
FEWEST_SENTENCES, FEWEST_WORDS = 3, 4

# Enough for a steady mean; a 10 MB document has a hundred thousand sentences or more.
MOST_SENTENCES = 4_000

# Papers of form praise nothing when they say "free" or "security".
WITHOUT_TONE = {
    "contract": "contracts and notices",
    "invoice": "invoices and forms",
    "manual": "manuals",
    "list": "lists and tables",
}
_WRITER = one_of("we, I, all of us, the board, the team, the management, everybody, everyone")
_WOULD = one_of("would like to, want to, wish to, would also like to, can only, also, do, must")
_WARMLY = one_of("sincerely, really, warmly, both, all, very much, truly, again, still, deeply")
# Thanks and wishes are courtesies: a dismissal thanks for the work and wishes the best.
COURTESY = any_space(
    rf"\W{{0,3}}(?:{one_of('dear, and, but, finally, once again, again, however, also')}\b"
    r"[^.!?]{0,40}?,? )?"
    + either(
        rf"(?:{_WRITER} )?(?:{_WOULD} )?(?:{_WARMLY} )?{one_of('thank, thanks, appreciate')} ",
        rf"{one_of('many thanks, thanks, with thanks, thank you')}\b",
        rf"{_WRITER} (?:{_WOULD} )?(?:{_WARMLY} )?wish (?:you|him|her|them|all)\b",
        rf"{_WRITER} (?:am|are) (?:\w+ )?{one_of('grateful, thankful, obliged')}\b",
        rf"{_WRITER} (?:hope|trust|look forward)\b",
        rf"{one_of('best wishes, good luck, all the best, congratulations, with best')}\b",
        rf"(?:our|my) {one_of('thanks, best wishes, good wishes, gratitude, congratulations')}\b",
    ),
    re.IGNORECASE,
)
PROSE = re.compile(r"[\"“‘'(]?[A-Z].{10,2000}[.!?…][\"”’')]?", re.DOTALL)
NOBODY = re.compile(rf"\b{one_of('nobody, no one, no-one, hardly anyone, hardly anybody')}\b", re.I)


def assess(sentences: Sentences, language: str | None, kind: str | None = None) -> Sentiment:
    """The tone of the prose; `kind` is the kind of document, where it is known."""
    if language != "en":
        return _not_assessed("The word-list estimate of tone covers English only.")
    if kind in WITHOUT_TONE:
        return _not_assessed(f"Tone is estimated of prose only, not of {WITHOUT_TONE[kind]}.")
    scored = _scored(sentences)
    if len(scored) < FEWEST_SENTENCES:
        return _not_assessed(
            f"There is too little prose: a tone needs {FEWEST_SENTENCES} sentences at least."
        )
    mean = sum(score for score, _ in scored) / len(scored)
    positive = sum(score >= SENTENCE_BAND for score, _ in scored)
    negative = sum(score <= -SENTENCE_BAND for score, _ in scored)
    return Sentiment(
        label=_label(mean, positive, negative, len(scored)),
        score=round(mean, 3),
        rationale=(
            f"Tone by word-list estimate: of {len(scored)} sentences of prose {positive} read"
            f" positive and {negative} negative; the mean score is {mean:+.2f}, and within"
            f" ±{MEAN_BAND:.2f} it counts as neutral."
        ),
        evidence=[sentences.evidence(index) for index in _extremes(scored)],
    )


def polarity(sentence: str) -> Tone:
    """What a single sentence sounds like."""
    score = _compound(sentence)
    if abs(score) < SENTENCE_BAND:
        return "neutral"
    return "positive" if score > 0 else "negative"


def _not_assessed(rationale: str) -> Sentiment:
    return Sentiment("not_assessed", None, rationale, [])


def _scored(sentences: Sentences) -> list[tuple[float, int]]:
    chosen = [index for index in range(len(sentences)) if _is_prose(sentences, index)]
    step = -(-len(chosen) // MOST_SENTENCES) or 1
    return [(_compound(sentences.text(index)), index) for index in chosen[::step]]


def _is_prose(sentences: Sentences, index: int) -> bool:
    if sentences.kind(index) & (HEADING | TABLE | ITEM):
        return False
    source = sentences.source(index)
    is_sentence = source.count(" ") + 1 >= FEWEST_WORDS and PROSE.fullmatch(source) is not None
    return is_sentence and COURTESY.match(source) is None


def _label(mean: float, positive: int, negative: int, total: int) -> Tone:
    if min(positive, negative) >= MIXED_SHARE * total:
        return "mixed"
    if mean > MEAN_BAND and positive >= OUTNUMBER * negative:
        return "positive"
    if mean < -MEAN_BAND and negative >= OUTNUMBER * positive:
        return "negative"
    return "neutral" if abs(mean) <= MEAN_BAND else "mixed"


def _extremes(scored: list[tuple[float, int]]) -> list[int]:
    """The most positive and the most negative sentence, the earlier one on a tie."""
    best = max(scored, key=lambda pair: (pair[0], -pair[1]))
    worst = min(scored)
    extremes = [best[1]] if best[0] >= SENTENCE_BAND else []
    return [*extremes, worst[1]] if worst[0] <= -SENTENCE_BAND else extremes


@lru_cache(maxsize=1024)
def _compound(text: str) -> float:
    scores = _word_list().polarity_scores(NOBODY.sub("not one", text))
    compound = float(scores["compound"])
    # Praise and blame in one sentence: only a clear balance says which is meant.
    is_torn = scores["pos"] > 0 < scores["neg"] and abs(compound) < TORN_BAND
    return 0.0 if is_torn else compound


@cache
def _word_list() -> Any:
    # Imported at first use: the package drags an HTTP client in, which is never called.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    for word in NO_SENTIMENT:
        analyzer.lexicon.pop(word, None)
    analyzer.lexicon.update(dict.fromkeys(NEGATIVE, -2.0))
    return analyzer
