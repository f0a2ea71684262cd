"""Extractive summary: sentences near the TF-IDF centroid, chosen by maximal marginal relevance."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from heapq import nlargest

from documents.pipeline.analysis.offline import centroid, layout, manner, material, words
from documents.pipeline.analysis.offline import language as languages
from documents.pipeline.analysis.offline.centroid import Centroid, Terms
from documents.pipeline.analysis.offline.sentences import (
    CUT,
    FRAGMENT,
    HEADING,
    ITEM,
    NO_MATERIAL,
    TABLE,
    Sentences,
)
from documents.pipeline.analysis.offline.shape import Shape

# Measured on news, bills and meetings: the first sentence counts for more than the best word.
POSITION, POSITION_DECAY = 1.2, 6
CANDIDATES = 200

# What is as like a chosen sentence as this says nothing new; the last may exceed the room.
REPETITION, OVERRUN = 0.95, 15

SHORTEST_ITEM = 4  # words, of a list among prose

NEVER = -math.inf


@dataclass(slots=True)
class _Candidate:
    index: int
    score: float
    vector: dict[str, float]
    likeness: float = 0.0  # To the likest of those chosen.


def choose(
    sentences: Sentences, stop_words: frozenset[str], language: str | None = None
) -> list[int]:
    """Indexes of the chosen sentences; empty where there is nothing to tell.

    `language` is that of the document: what is in another is not chosen.
    """
    material.mark(sentences, language)
    terms, shape = _count(sentences, stop_words)
    center = centroid.of(terms, len(sentences))
    scores = _scores(sentences, center, shape)
    best = nlargest(CANDIDATES, range(len(scores)), key=lambda index: (scores[index], -index))
    candidates = [
        _Candidate(index, scores[index], center.vector(sentences.text(index)))
        for index in best
        if scores[index] > NEVER
    ]
    return sorted(_most_telling_and_new(candidates, sentences, shape, language))


def _count(sentences: Sentences, stop_words: frozenset[str]) -> tuple[Terms, Shape]:
    terms, shape = Terms(stop_words), Shape(is_transcript=sentences.is_transcript())
    for index, text in enumerate(sentences.texts()):
        kind = sentences.kind(index)
        if not kind & (TABLE | NO_MATERIAL) and not text.isupper():
            shape.add(text, kind)
            terms.add(text)
    return terms, shape


def _scores(sentences: Sentences, center: Centroid, shape: Shape) -> array[float]:
    """Closeness to the centroid from 0 to 1, plus position and cues, minus what reads badly."""
    closeness = _closeness(sentences, center, shape)
    most = max(closeness, default=0.0)
    scale = 1 / most if most > 0 else 1.0
    scores, position = array("d"), 0
    for index, close in enumerate(closeness):
        if close == NEVER:
            scores.append(NEVER)
            continue
        text, is_fragment = sentences.text(index), bool(sentences.kind(index) & FRAGMENT)
        bonus = POSITION / (1 + position / POSITION_DECAY)
        scores.append(close * scale + bonus + manner.weigh(text, is_fragment=is_fragment))
        position += not manner.opens_no_story(text)
    return scores


def _closeness(sentences: Sentences, center: Centroid, shape: Shape) -> array[float]:
    everything_counts = shape.units < 3
    tells_a_story = shape.prose > 2 * shape.items
    closeness = array("d")
    for index, text in enumerate(sentences.texts()):
        kind = sentences.kind(index)
        fits = _is_eligible(text, kind, everything_counts)
        # Among prose, names and the end of what a sentence began say nothing.
        fits = fits and not (tells_a_story and kind & ITEM and _continues(text))
        closeness.append(center.closeness(text) if fits else NEVER)
    return closeness


def _is_eligible(text: str, kind: int, everything_counts: bool) -> bool:
    if everything_counts:
        return not kind & (TABLE | NO_MATERIAL)
    return not kind & (HEADING | TABLE | CUT | NO_MATERIAL) and not text.isupper()


def _continues(text: str) -> bool:
    item = layout.LEAD_IN.sub("", text, count=1)
    return not item[:1].isupper() or words.count(item) < SHORTEST_ITEM


def _most_telling_and_new(
    candidates: list[_Candidate], sentences: Sentences, shape: Shape, language: str | None
) -> list[int]:
    """Take the best again and again, each time less willing to hear the same words twice."""
    most_sentences, room = shape.room
    chosen: list[int] = []
    left = candidates
    while left and room > 0 and len(chosen) < most_sentences:
        # The earlier sentence wins a tie.
        best = max(left, key=lambda each: (each.score - each.likeness, -each.index))
        left = [each for each in left if each is not best]
        if chosen and best.score < 0:
            break
        length = words.count(sentences.text(best.index))
        if _is_foreign(sentences.text(best.index), language):
            continue
        if not chosen or length <= room + OVERRUN:
            chosen.append(best.index)
            room -= length
            left = _without_repetitions(left, best)
    return chosen


def _is_foreign(text: str, language: str | None) -> bool:
    """Whether the sentence is plainly in another language than the document."""
    return language is not None and languages.is_in_another(text, language)


def _without_repetitions(candidates: list[_Candidate], chosen: _Candidate) -> list[_Candidate]:
    for each in candidates:
        each.likeness = max(each.likeness, centroid.likeness(chosen.vector, each.vector))
    return [each for each in candidates if each.likeness < REPETITION]
