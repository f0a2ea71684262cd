"""The TF-IDF centroid of a document: how telling each of its words is, and sentences near it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from heapq import nlargest

from documents.pipeline.analysis.offline import words

# Terms weighed at most; beyond it the rare ones are forgotten, so that memory stays bounded.
MOST_TERMS = 400_000
TELLING_TERMS = 4_000

# The weight of a word the centroid does not hold.
UNTELLING = 0.1


class Terms:
    """In how many sentences each word stands."""

    def __init__(self, stop_words: frozenset[str]) -> None:
        self.stop_words = stop_words
        self.counts: Counter[str] = Counter()

    def add(self, text: str) -> None:
        self.counts.update(set(words.content_words(text, self.stop_words)))
        if len(self.counts) > MOST_TERMS:
            self._forget_rare()

    def _forget_rare(self) -> None:
        fewest = 2
        while len(self.counts) > MOST_TERMS // 2:
            self.counts = Counter({term: n for term, n in self.counts.items() if n >= fewest})
            fewest *= 2


@dataclass(frozen=True, slots=True)
class Centroid:
    weights: dict[str, float]
    stop_words: frozenset[str]

    def closeness(self, text: str) -> float:
        found = set(words.content_words(text, self.stop_words))
        if not found:
            return 0.0
        # sorted(): the order of a sum of floats must not hang on the hash seed.
        weight = sum(sorted(self.weights[word] for word in found if word in self.weights))
        return weight / math.sqrt(len(found) + 4)

    def vector(self, text: str) -> dict[str, float]:
        """The sentence as a vector of length 1, for its likeness (cosine) to others."""
        weights = {
            word: math.sqrt(self.weights.get(word, UNTELLING))
            for word in words.content_words(text, self.stop_words)
        }
        norm = math.sqrt(sum(sorted(weight * weight for weight in weights.values()))) or 1.0
        return {word: weight / norm for word, weight in weights.items()}


def of(terms: Terms, sentences: int) -> Centroid:
    """Weigh highest what is frequent, yet not in every one of the sentences."""
    counts = terms.counts
    weights = {
        term: count * math.log(1 + sentences / count) for term, count in counts.items() if count > 1
    } or {term: math.log(1 + sentences) for term in counts}
    heaviest = nlargest(TELLING_TERMS, weights, key=lambda term: (weights[term], term))
    telling = {term: weights[term] * math.log(1 + sentences / counts[term]) for term in heaviest}
    return Centroid(telling, terms.stop_words)


def likeness(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(sorted(weight * other.get(term, 0.0) for term, weight in one.items()))
