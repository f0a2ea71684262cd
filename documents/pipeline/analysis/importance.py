"""Relevance ranking: which parts matter most, when the budget does not pay for a whole document."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.evidence import normalization

BEGINNING = 0.5  # the first part says what the document is
_TELLING_TERMS = 4_000
_SHORTEST_WORD = 3

Weights = dict[str, float]


def ranked(chunks: Sequence[Chunk]) -> list[int]:
    """The places of the chunks, most telling first; the same for the same text every time.

    A chunk tells most when its words are those of the whole document (TF-IDF centroid):
    appendices, lists and boilerplate in a corner of it share few of them.
    """
    counts = [_words(chunk) for chunk in chunks]
    centroid = _centroid(counts)
    scores = [_closeness(count, centroid) for count in counts]
    scores[:1] = [score + BEGINNING for score in scores[:1]]
    return sorted(range(len(chunks)), key=lambda place: (-round(scores[place], 9), place))


def _words(chunk: Chunk) -> Counter[str]:
    text = "\n".join(piece.text for piece in chunk.pieces)
    return Counter(
        word for word in normalization.words(text) if len(word) >= _SHORTEST_WORD and word.isalpha()
    )


def _centroid(counts: Sequence[Counter[str]]) -> Weights:
    """Words that come often, and in many chunks, though not in every one alike."""
    total = Counter[str]()
    spread = Counter[str]()
    for count in counts:
        total.update(count)
        spread.update(count.keys())
    rarity = {word: math.log(1 + len(counts) / in_chunks) for word, in_chunks in spread.items()}
    weights = {word: (1 + math.log(n)) * rarity[word] * spread[word] for word, n in total.items()}
    heaviest = sorted(weights, key=lambda word: (-weights[word], word))[:_TELLING_TERMS]
    return {word: weights[word] for word in heaviest}


def _closeness(count: Counter[str], centroid: Weights) -> float:
    """The cosine between the words of a chunk and the centroid."""
    # In order of the words: the sum of floats must not hang on the hash seed.
    shared = sum((1 + math.log(count[word])) * weight
                 for word, weight in centroid.items() if word in count)  # fmt: skip
    length = math.sqrt(sum(sorted((1 + math.log(n)) ** 2 for n in count.values())))
    return shared / (length * _norm(centroid)) if length else 0.0


def _norm(weights: Weights) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
