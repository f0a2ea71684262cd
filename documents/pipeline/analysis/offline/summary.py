"""The sentences that say most of what a document says, in the document's own order."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from documents.pipeline.analysis.offline import words
from documents.pipeline.analysis.offline.sentences import (
    CUT,
    FRAGMENT,
    HEADING,
    ITEM,
    TABLE,
    Sentences,
)

# Measured on news, bills and meetings: the first sentence counts for more than the best word.
POSITION, POSITION_DECAY = 1.2, 6
CUE = 0.1
CANDIDATES, NOVELTY = 200, 0.5

# A greeting or an agreement is shorter than this, in words.
SMALL_TALK = 15

# Terms weighed at most; beyond it the rare ones are forgotten, so that memory stays bounded.
MOST_TERMS = 400_000
TELLING_TERMS = 4_000

CUES = re.compile(
    r"\b(?:in (?:summary|conclusion|short)|overall|to (?:sum up|conclude)|the (?:main|key|aim"
    r"|purpose"
    r"|goal|result|decision)s?\b|this (?:paper|report|document|study|act|bill|article)|we (?:show"
    r"|found|propose|decided|agreed)|decided|agreed|resolved|conclud(?:e|es|ed)|recommend(?:s|ed)?"
    r"|significant(?:ly)?|important(?:ly)?|requires?|amends?|prohibits?|authori[sz]es|directs"
    r"|en résumé|en conclusion|zusammenfassend|insgesamt|en resumen|in sintesi|podsumowując)\b",
    re.IGNORECASE,
)
LEANS_ON_OTHERS = re.compile(
    r"(?:He|She|It|They|This|That|These|Those|His|Her|Their|But|And|So|Such|However|Also|Then"
    r"|Therefore|Moreover|Il|Elle|Ils|Elles|Mais|Er|Sie|Es|Aber|Él|Ella|Pero)\b"
)
QUOTED = re.compile(r"[\"“”„«‘`]")
FILLER = re.compile(
    r"\b(?:um+|uh+|mm+|mm-hmm|yeah|yep|okay|ok|oh|hmm|hi|hello|hey|dear|thanks|thank you|regards"
    r"|cheers|sincerely|good morning|good afternoon|welcome|bye)\b",
    re.IGNORECASE,
)
BOILERPLATE = re.compile(
    r"may be cited as|table of contents|all rights reserved|©|copyright|click here|unsubscribe"
    r"|is confidential|intended recipient|https?://|www\.|^\s*(?:From|To|Cc|Sent|Date|Subject|Page|Present|Apologies|Attend\w+|Participants|Absent)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Candidate:
    index: int
    score: float
    vector: dict[str, float]


def choose(sentences: Sentences, stop_words: frozenset[str]) -> list[int]:
    """Indexes of the chosen sentences; empty only where there are none at all."""
    terms, shape = _count(sentences, stop_words)
    telling = _telling_terms(terms, len(sentences))
    scores = _scores(sentences, stop_words, telling, shape)
    best = nlargest(CANDIDATES, range(len(scores)), key=lambda index: (scores[index], -index))
    candidates = [
        _Candidate(index, scores[index], _vector(sentences.text(index), stop_words, telling))
        for index in best
        if scores[index] > -math.inf
    ]
    return sorted(_most_telling_and_new(candidates, sentences, shape))


@dataclass(slots=True)
class _Shape:
    """What kind of text it is, as far as the length of its summary goes."""

    words: int = 0
    prose: int = 0
    items: int = 0
    headings: int = 0
    is_transcript: bool = False

    @property
    def room(self) -> tuple[int, int]:
        """The most sentences, and the most words."""
        units = self.prose + self.items
        if self.words < 60:
            return max(1, min(2, units // 3)), 60
        if self.is_transcript and self.words > 600:
            return 12, 130
        is_structured = (self.items + self.headings) * 6 >= units
        if is_structured and self.words > 250:
            return 12, max(60, min(170, self.words // 5))
        if self.words <= 1_200:
            return min(3, max(1, units // 3)), 110
        return 12, max(80, min(170, self.words // 15))


def _count(sentences: Sentences, stop_words: frozenset[str]) -> tuple[Counter[str], _Shape]:
    """In how many sentences each word stands, and the shape of the document."""
    terms: Counter[str] = Counter()
    shape = _Shape(is_transcript=sentences.is_transcript())
    for index, text in enumerate(sentences.texts()):
        kind = sentences.kind(index)
        if kind & TABLE or text.isupper():
            continue
        shape.words += words.count(text)
        if kind & HEADING:
            shape.headings += 1
        elif kind & ITEM:
            shape.items += 1
        else:
            shape.prose += 1
        terms.update(set(words.content_words(text, stop_words)))
        if len(terms) > MOST_TERMS:
            terms = _forget_rare(terms)
    return terms, shape


def _forget_rare(terms: Counter[str]) -> Counter[str]:
    fewest = 2
    while len(terms) > MOST_TERMS // 2:
        terms = Counter({term: n for term, n in terms.items() if n >= fewest})
        fewest *= 2
    return terms


def _telling_terms(terms: Counter[str], total: int) -> dict[str, float]:
    """The weight of each word in the document's centroid: frequent, yet not in every sentence."""
    weights = {
        term: count * math.log(1 + total / count) for term, count in terms.items() if count > 1
    } or {term: math.log(1 + total) for term in terms}
    heaviest = nlargest(TELLING_TERMS, weights, key=lambda term: (weights[term], term))
    return {term: weights[term] * math.log(1 + total / terms[term]) for term in heaviest}


def _scores(
    sentences: Sentences, stop_words: frozenset[str], telling: dict[str, float], shape: _Shape
) -> array[float]:
    """Closeness to the centroid from 0 to 1, plus position and cues, minus what reads badly."""
    everything_counts = shape.prose + shape.items < 3
    closeness, eligible = array("d"), array("b")
    for index, text in enumerate(sentences.texts()):
        fits = _is_eligible(text, sentences.kind(index), everything_counts)
        eligible.append(fits)
        closeness.append(_closeness(text, stop_words, telling) if fits else -math.inf)
    most = max(closeness, default=0.0) if any(eligible) else 0.0
    scale = 1 / most if most > 0 else 1.0
    scores, position = array("d"), 0
    for index, close in enumerate(closeness):
        if not eligible[index]:
            scores.append(-math.inf)
            continue
        text = sentences.text(index)
        bonus = POSITION / (1 + position / POSITION_DECAY)
        scores.append(
            close * scale
            + bonus
            + _manner(text, is_fragment=bool(sentences.kind(index) & FRAGMENT))
        )
        # A greeting or a list of those present does not open the story.
        position += not (BOILERPLATE.search(text) or _is_small_talk(text))
    return scores


def _is_small_talk(text: str) -> bool:
    return words.count(text) < SMALL_TALK and bool(FILLER.search(text))


def _is_eligible(text: str, kind: int, everything_counts: bool) -> bool:
    if everything_counts:
        return not kind & TABLE
    return not kind & (HEADING | TABLE | CUT) and not text.isupper()


def _closeness(text: str, stop_words: frozenset[str], telling: dict[str, float]) -> float:
    found = set(words.content_words(text, stop_words))
    if not found:
        return 0.0
    # sorted(): the order of a sum of floats must not hang on the hash seed.
    weight = sum(sorted(telling[word] for word in found if word in telling))
    return weight / math.sqrt(len(found) + 4)


@lru_cache(maxsize=1024)
def _manner(text: str, *, is_fragment: bool) -> float:
    """Bonus and penalties that have to do with how a sentence is put."""
    length = words.count(text)
    manner = CUE if CUES.search(text) else 0.0
    if length < 9:
        manner -= 0.12 * (9 - length)
    elif length > 60:
        manner -= 0.2
    if text.endswith("?") or "?" in text[-3:]:
        manner -= 0.4
    if QUOTED.match(text):
        manner -= 0.2
    if LEANS_ON_OTHERS.match(text) or is_fragment:
        manner -= 0.1
    if FILLER.search(text):
        manner -= 0.9 if length < SMALL_TALK else 0.25
    if BOILERPLATE.search(text):
        manner -= 2.0
    if sum(map(str.isdigit, text)) * 4 > len(text):
        manner -= 0.4
    return manner


def _vector(text: str, stop_words: frozenset[str], telling: dict[str, float]) -> dict[str, float]:
    weights = {
        word: math.sqrt(telling.get(word, 0.1)) for word in words.content_words(text, stop_words)
    }
    norm = math.sqrt(sum(sorted(weight * weight for weight in weights.values()))) or 1.0
    return {word: weight / norm for word, weight in weights.items()}


def _most_telling_and_new(
    candidates: list[_Candidate], sentences: Sentences, shape: _Shape
) -> list[int]:
    """Take the best again and again, each time less willing to hear the same words twice."""
    most_sentences, most_words = shape.room
    chosen: list[int] = []
    likeness = dict.fromkeys((candidate.index for candidate in candidates), 0.0)
    left, room = candidates, most_words
    while left and room > 0 and len(chosen) < most_sentences:
        # The earlier sentence wins a tie.
        best = max(left, key=lambda c: (c.score - NOVELTY * 2 * likeness[c.index], -c.index))
        left = [candidate for candidate in left if candidate is not best]
        if chosen and best.score < 0:
            break
        length = words.count(sentences.text(best.index))
        if chosen and length > room + 15:
            continue
        chosen.append(best.index)
        room -= length
        for candidate in left:
            alike = sum(sorted(w * candidate.vector.get(t, 0.0) for t, w in best.vector.items()))
            likeness[candidate.index] = max(likeness[candidate.index], alike)
        left = [candidate for candidate in left if likeness[candidate.index] < 0.95]
    return chosen
